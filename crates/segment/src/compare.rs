//! Which method and which number of segments.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};

use rand::seq::index::sample;
use rapport_learn::metrics::silhouettes;
use rapport_learn::{Check, Context, Fit, Matrix, Progress, rng};
use serde::{Deserialize, Serialize};

use crate::distance::nearest;
use crate::stability::stability;
use crate::ward::Grown;
use crate::{KMeansParams, Method, SegmentError};

/// Numbers of segments that a team can tell apart and act on.
const USEFUL: RangeInclusive<usize> = 4..=8;
/// Stability from which segments are taken for real.
const STABLE: f64 = 0.85;
/// Silhouette above which there is a reasonable structure (Kaufman & Rousseeuw, 1990, "Finding
/// Groups in Data").
const APART: f64 = 0.5;
/// Stability from which segments may be worked with.
const USABLE: f64 = 0.75;
/// How far below the most stable a candidate may be when none is stable.
const NEARLY_AS_STABLE: f64 = 0.05;
/// Share of the best score from which more segments are preferred.
const NEARLY_AS_GOOD: f64 = 0.9;
/// Share of customers below which a segment is too small to work with, and above which it says
/// nothing about most of them.
const SMALLEST_SHARE: f64 = 0.02;
const LARGEST_SHARE: f64 = 0.65;
/// Rows that silhouettes are worked out on at most; time grows with their square.
const SILHOUETTE_ROWS: usize = 5_000;
/// Restarts of k-means on each resample; the candidate itself gets the default.
const RESAMPLE_RESTARTS: usize = 3;
/// Rows that Ward's tree is grown on at most; one number for the candidate and for resamples, or
/// its stability would be that of smaller trees.
const WARD_ROWS: usize = 2_500;

/// One method with one number of segments, and how good it is.
///
/// # The rule
/// 1. Candidates with a segment of less than 2 % or more than 65 % of customers are set aside, as
///    long as any other is left: a handful of odd customers is no segment to work with, and one
///    that holds nearly everybody says nothing.
/// 2. Of the rest the first of these groups that is not empty: any number that is stable (0.85) and
///    plainly apart (silhouette above 0.5), where customers do come in kinds; four to eight segments
///    with a stability of at least 0.85; four to eight with at least 0.75; any number with at least
///    0.85; whatever is within 0.05 of the most stable. Where customers do not come in kinds, two
///    segments nearly always separate best and nearly always say least.
/// 3. Within the group, stability times silhouette ranks; of those within a tenth of the best, the
///    one with the most segments wins, and of two methods with one k the more stable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The way to segment.
    pub method: Method,
    /// The number of segments.
    pub k: usize,
    /// Mean adjusted Rand index over pairs of resamples.
    pub stability_ari: f64,
    /// Silhouette, if it exists.
    pub silhouette: Option<f64>,
    /// Share of customers in the smallest segment.
    pub smallest_share: f64,
    /// Share of customers in the largest segment.
    pub largest_share: f64,
}

impl Candidate {
    fn is_balanced(&self) -> bool {
        self.smallest_share >= SMALLEST_SHARE && self.largest_share <= LARGEST_SHARE
    }

    /// What ranks candidates that are stable enough.
    fn score(&self) -> f64 {
        self.stability_ari * self.silhouette.unwrap_or(0.0).max(0.0)
    }
}

/// Counts resamples and tells of each: they are what takes the time.
pub(crate) struct Tally<'a> {
    n_done: AtomicU64,
    n_resamples: u64,
    progress: &'a dyn Progress,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(n_resamples: usize, context: &Context<'a>) -> Self {
        let tally = Self {
            n_done: AtomicU64::new(0),
            n_resamples: n_resamples as u64,
            progress: context.progress,
        };
        tally.progress.report("compare", 0, tally.n_resamples);
        tally
    }

    fn count(&self) {
        let n_done = self.n_done.fetch_add(1, Ordering::Relaxed) + 1;
        self.progress.report("compare", n_done, self.n_resamples);
    }
}

/// A candidate with its centers.
#[derive(Debug)]
pub(crate) struct Trial {
    pub(crate) candidate: Candidate,
    pub(crate) centers: Matrix,
    pub(crate) labels: Vec<u32>,
}

/// Fits one method for every k of a range on prepared rows and measures stability.
///
/// Silhouettes are left open; [`measure`] fills them for all trials at once.
pub(crate) fn trials(
    method: Method,
    rows: &Matrix,
    ks: RangeInclusive<usize>,
    n_resamples: usize,
    tally: &Tally<'_>,
    context: &Context<'_>,
) -> Result<Vec<Trial>, SegmentError> {
    let fitted = centers_for(method, rows, &ks, false, context)?;
    let stabilities = stability(rows.n_rows(), n_resamples, context, |drawn, context| {
        let resample = rows.select_rows(drawn);
        let labelings = centers_for(method, &resample, &ks, true, context)?
            .iter()
            .map(|centers| nearest(rows, centers))
            .collect();
        tally.count();
        labelings
    })?;
    ks.zip(fitted)
        .zip(stabilities)
        .map(|((k, centers), stability_ari)| {
            let labels = nearest(rows, &centers)?;
            let (smallest_share, largest_share) = extreme_shares(&labels, k);
            let candidate = Candidate {
                method,
                k,
                stability_ari,
                silhouette: None,
                smallest_share,
                largest_share,
            };
            Ok(Trial {
                candidate,
                centers,
                labels,
            })
        })
        .collect()
}

/// Centers for every k. A resample gets a smaller effort: it is one of many.
fn centers_for(
    method: Method,
    rows: &Matrix,
    ks: &RangeInclusive<usize>,
    is_resample: bool,
    context: &Context<'_>,
) -> Result<Vec<Matrix>, SegmentError> {
    if method == Method::Ward {
        let grown = Grown::on(rows, WARD_ROWS, context)?;
        return ks.clone().map(|k| grown.centers(k)).collect();
    }
    ks.clone()
        .map(|k| kmeans_centers(rows, k, is_resample, context))
        .collect()
}

fn kmeans_centers(
    rows: &Matrix,
    k: usize,
    is_resample: bool,
    context: &Context<'_>,
) -> Result<Matrix, SegmentError> {
    let params = KMeansParams::new(k);
    let params = if is_resample {
        params.n_init(RESAMPLE_RESTARTS)
    } else {
        params
    };
    match params.check()?.fit(rows, context) {
        // A resample may have missed a kind of customer that is rare.
        Err(SegmentError::TooFewDistinct { found, .. }) if is_resample => {
            kmeans_centers(rows, found, is_resample, context)
        }
        fitted => Ok(fitted?.centers().clone()),
    }
}

/// The silhouettes of labelings of prepared rows, on a sample of them.
pub(crate) fn measure(
    rows: &Matrix,
    labelings: &[&[u32]],
    context: &Context<'_>,
) -> Result<Vec<Option<f64>>, SegmentError> {
    context.proceed()?;
    let n = rows.n_rows();
    let found = if n > SILHOUETTE_ROWS {
        let mut generator = rng(context.seed, "silhouette sample");
        let drawn = sample(&mut generator, n, SILHOUETTE_ROWS).into_vec();
        let sampled: Vec<Vec<u32>> = labelings
            .iter()
            .map(|labels| drawn.iter().map(|&row| labels[row]).collect())
            .collect();
        let sampled: Vec<&[u32]> = sampled.iter().map(Vec::as_slice).collect();
        silhouettes(&rows.select_rows(&drawn), &sampled, context.threads)
    } else {
        silhouettes(rows, labelings, context.threads)
    };
    Ok(found.into_iter().map(Result::ok).collect())
}

/// The candidate that the rule picks, by its place.
pub(crate) fn choose(candidates: &[Candidate]) -> Option<usize> {
    let mut left: Vec<usize> = (0..candidates.len()).collect();
    keep_if_any(&mut left, |i| candidates[i].is_balanced());
    let mut left = most_trusted(candidates, &left);
    let best = left
        .iter()
        .map(|&i| candidates[i].score())
        .fold(f64::NEG_INFINITY, f64::max);
    left.retain(|&i| candidates[i].score() >= NEARLY_AS_GOOD * best);
    left.into_iter().max_by(|&a, &b| {
        let by_k = candidates[a].k.cmp(&candidates[b].k);
        let (a_stable, b_stable) = (candidates[a].stability_ari, candidates[b].stability_ari);
        // Among equals the earlier candidate wins.
        by_k.then(a_stable.total_cmp(&b_stable)).then(b.cmp(&a))
    })
}

/// The first group of the rule that has anybody in it.
fn most_trusted(candidates: &[Candidate], left: &[usize]) -> Vec<usize> {
    let most_stable = left
        .iter()
        .map(|&i| candidates[i].stability_ari)
        .fold(f64::NEG_INFINITY, f64::max);
    let groups: [&dyn Fn(&Candidate) -> bool; 5] = [
        &|c| c.stability_ari >= STABLE && c.silhouette.is_some_and(|s| s > APART),
        &|c| USEFUL.contains(&c.k) && c.stability_ari >= STABLE,
        &|c| USEFUL.contains(&c.k) && c.stability_ari >= USABLE,
        &|c| c.stability_ari >= STABLE,
        &|c| c.stability_ari >= most_stable - NEARLY_AS_STABLE,
    ];
    groups
        .into_iter()
        .map(|belongs| {
            let members = left.iter().copied().filter(|&i| belongs(&candidates[i]));
            members.collect::<Vec<usize>>()
        })
        .find(|members| !members.is_empty())
        .unwrap_or_default()
}

fn keep_if_any(left: &mut Vec<usize>, is_good: impl Fn(usize) -> bool) {
    if left.iter().any(|&i| is_good(i)) {
        left.retain(|&i| is_good(i));
    }
}

/// The shares of the smallest and the largest segment.
fn extreme_shares(labels: &[u32], k: usize) -> (f64, f64) {
    let mut counts = vec![0_usize; k];
    for &label in labels {
        counts[label as usize] += 1;
    }
    let share = |count: Option<&usize>| *count.unwrap_or(&0) as f64 / labels.len() as f64;
    (share(counts.iter().min()), share(counts.iter().max()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(method: Method, k: usize, stability_ari: f64, silhouette: f64) -> Candidate {
        Candidate {
            method,
            k,
            stability_ari,
            silhouette: Some(silhouette),
            smallest_share: 0.1,
            largest_share: 0.5,
        }
    }

    fn chosen_k(candidates: &[Candidate]) -> Option<usize> {
        choose(candidates).map(|at| candidates[at].k)
    }

    #[test]
    fn kinds_that_are_plainly_apart_win_whatever_their_number() {
        let candidates = [
            candidate(Method::KMeans, 2, 0.99, 0.55),
            candidate(Method::KMeans, 3, 0.99, 0.75),
            candidate(Method::KMeans, 4, 0.87, 0.60),
        ];

        assert_eq!(chosen_k(&candidates), Some(3));
    }

    #[test]
    fn a_useful_number_wins_over_two_segments_that_separate_best() {
        let candidates = [
            candidate(Method::KMeans, 2, 0.99, 0.50),
            candidate(Method::KMeans, 3, 0.95, 0.47),
            candidate(Method::KMeans, 5, 0.90, 0.30),
        ];

        assert_eq!(chosen_k(&candidates), Some(5));
    }

    #[test]
    fn more_segments_win_when_they_are_nearly_as_good() {
        let candidates = [
            candidate(Method::KMeans, 4, 0.97, 0.241),
            candidate(Method::KMeans, 5, 0.97, 0.232),
            candidate(Method::KMeans, 6, 0.852, 0.220),
        ];

        assert_eq!(chosen_k(&candidates), Some(5));
    }

    #[test]
    fn usable_segments_of_a_useful_number_win_over_stable_halves() {
        let candidates = [
            candidate(Method::KMeans, 2, 0.98, 0.40),
            candidate(Method::KMeans, 5, 0.78, 0.20),
            candidate(Method::KMeans, 6, 0.60, 0.80),
        ];

        assert_eq!(chosen_k(&candidates), Some(5));
    }

    #[test]
    fn two_segments_are_taken_where_more_would_not_come_out_again() {
        let candidates = [
            candidate(Method::KMeans, 2, 0.90, 0.20),
            candidate(Method::KMeans, 5, 0.60, 0.80),
        ];

        assert_eq!(chosen_k(&candidates), Some(2));
    }

    #[test]
    fn without_a_stable_candidate_the_least_unstable_compete() {
        let candidates = [
            candidate(Method::KMeans, 2, 0.50, 0.20),
            candidate(Method::KMeans, 3, 0.47, 0.30),
            candidate(Method::KMeans, 4, 0.30, 0.90),
        ];

        assert_eq!(chosen_k(&candidates), Some(3));
    }

    #[test]
    fn overlapping_segments_do_not_win_by_their_number() {
        let candidates = [
            candidate(Method::KMeans, 4, 0.90, -0.10),
            candidate(Method::KMeans, 5, 0.90, 0.05),
            candidate(Method::KMeans, 6, 0.90, -0.20),
        ];

        assert_eq!(chosen_k(&candidates), Some(5));
    }

    #[test]
    fn tiny_and_all_embracing_segments_are_avoided() {
        let mut candidates = [
            candidate(Method::KMeans, 5, 0.99, 0.90),
            candidate(Method::KMeans, 6, 0.99, 0.90),
            candidate(Method::KMeans, 4, 0.90, 0.40),
        ];
        candidates[0].smallest_share = 0.001;
        candidates[1].largest_share = 0.9;

        assert_eq!(chosen_k(&candidates), Some(4));
    }

    #[test]
    fn of_two_methods_with_one_k_the_more_stable_wins() {
        let candidates = [
            candidate(Method::KMeans, 3, 0.9, 0.40),
            candidate(Method::Ward, 3, 0.95, 0.39),
        ];

        assert_eq!(choose(&candidates), Some(1));
        assert_eq!(choose(&[]), None);
    }
}
