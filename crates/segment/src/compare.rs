//! Which method and which number of segments.

use std::ops::RangeInclusive;

use rand::seq::index::sample;
use rapport_learn::metrics::silhouettes;
use rapport_learn::{Check, Context, Fit, Matrix, rng};
use serde::{Deserialize, Serialize};

use crate::distance::nearest;
use crate::stability::stability;
use crate::ward::Grown;
use crate::{KMeansParams, Method, SegmentError};

/// Stability from which segments are taken for real.
const STABLE: f64 = 0.85;
/// How far below the most stable a candidate may be when none is stable.
const NEARLY_AS_STABLE: f64 = 0.05;
/// Share of the best silhouette from which more segments are preferred.
const NEARLY_AS_APART: f64 = 0.85;
/// Share of customers below which a segment is too small to work with.
const SMALLEST_SHARE: f64 = 0.02;
/// Rows that silhouettes are worked out on at most; time grows with their square.
const SILHOUETTE_ROWS: usize = 5_000;
/// Restarts of k-means on each resample; the candidate itself gets the default.
const RESAMPLE_RESTARTS: usize = 3;
/// Rows that Ward's tree is grown on at most, for the candidate and for each resample.
const WARD_ROWS: usize = 5_000;
const WARD_RESAMPLE_ROWS: usize = 1_500;

/// One method with one number of segments, and how good it is.
///
/// # The rule
/// 1. Candidates whose smallest segment holds less than 2 % of customers are set aside, as long as
///    any other is left: a handful of odd customers is no segment to work with.
/// 2. Of the rest, those with a stability of at least 0.85 stay; if none reaches that, those within
///    0.05 of the most stable.
/// 3. Of these, the one with the most segments whose silhouette is within 15 % of the best: two
///    segments nearly always separate best, and nearly always say least. Between two methods of one
///    k the more stable wins.
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
    context: &Context<'_>,
) -> Result<Vec<Trial>, SegmentError> {
    let fitted = centers_for(method, rows, &ks, false, context)?;
    let stabilities = stability(rows.n_rows(), n_resamples, context, |drawn, context| {
        let resample = rows.select_rows(drawn);
        centers_for(method, &resample, &ks, true, context)?
            .iter()
            .map(|centers| nearest(rows, centers))
            .collect()
    })?;
    ks.zip(fitted)
        .zip(stabilities)
        .map(|((k, centers), stability_ari)| {
            let labels = nearest(rows, &centers)?;
            let candidate = Candidate {
                method,
                k,
                stability_ari,
                silhouette: None,
                smallest_share: smallest_share(&labels, k),
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
        let size = if is_resample {
            WARD_RESAMPLE_ROWS
        } else {
            WARD_ROWS
        };
        let grown = Grown::on(rows, size, context)?;
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
    keep_if_any(&mut left, |i| {
        candidates[i].smallest_share >= SMALLEST_SHARE
    });
    let most_stable = left
        .iter()
        .map(|&i| candidates[i].stability_ari)
        .fold(f64::NEG_INFINITY, f64::max);
    let bar = if most_stable >= STABLE {
        STABLE
    } else {
        most_stable - NEARLY_AS_STABLE
    };
    keep_if_any(&mut left, |i| candidates[i].stability_ari >= bar);
    let apart = |i: usize| candidates[i].silhouette.unwrap_or(-1.0);
    let best = left
        .iter()
        .map(|&i| apart(i))
        .fold(f64::NEG_INFINITY, f64::max);
    keep_if_any(&mut left, |i| apart(i) >= NEARLY_AS_APART * best);
    left.into_iter().max_by(|&a, &b| {
        let by_k = candidates[a].k.cmp(&candidates[b].k);
        let (a_stable, b_stable) = (candidates[a].stability_ari, candidates[b].stability_ari);
        // Among equals the earlier candidate wins.
        by_k.then(a_stable.total_cmp(&b_stable)).then(b.cmp(&a))
    })
}

fn keep_if_any(left: &mut Vec<usize>, is_good: impl Fn(usize) -> bool) {
    if left.iter().any(|&i| is_good(i)) {
        left.retain(|&i| is_good(i));
    }
}

fn smallest_share(labels: &[u32], k: usize) -> f64 {
    let mut counts = vec![0_usize; k];
    for &label in labels {
        counts[label as usize] += 1;
    }
    counts.into_iter().min().unwrap_or(0) as f64 / labels.len() as f64
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
        }
    }

    #[test]
    fn more_segments_win_when_they_stand_nearly_as_far_apart() {
        let candidates = [
            candidate(Method::KMeans, 2, 0.99, 0.50),
            candidate(Method::KMeans, 3, 0.95, 0.47),
            candidate(Method::KMeans, 4, 0.90, 0.30),
        ];

        assert_eq!(choose(&candidates), Some(1));
    }

    #[test]
    fn unstable_candidates_lose_whatever_their_silhouette() {
        let candidates = [
            candidate(Method::KMeans, 2, 0.90, 0.20),
            candidate(Method::KMeans, 5, 0.60, 0.80),
        ];

        assert_eq!(choose(&candidates), Some(0));
    }

    #[test]
    fn without_a_stable_candidate_the_least_unstable_compete() {
        let candidates = [
            candidate(Method::KMeans, 2, 0.50, 0.20),
            candidate(Method::KMeans, 3, 0.47, 0.30),
            candidate(Method::KMeans, 4, 0.30, 0.90),
        ];

        assert_eq!(choose(&candidates), Some(1));
    }

    #[test]
    fn tiny_segments_are_avoided() {
        let mut candidates = [
            candidate(Method::KMeans, 2, 0.99, 0.90),
            candidate(Method::KMeans, 3, 0.90, 0.40),
        ];
        candidates[0].smallest_share = 0.001;

        assert_eq!(choose(&candidates), Some(1));
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
