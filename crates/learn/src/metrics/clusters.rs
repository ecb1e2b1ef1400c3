//! How good a partition is, by itself and against another.

use std::collections::HashMap;

use super::input::require_finite_rows;
use super::{MetricError, require_pairs};
use crate::Matrix;

/// Agreement of two partitions, corrected for chance: 1 when they are the same up to names, about
/// 0 for unrelated ones, negative when they agree less than chance would.
///
/// Two partitions that both put everything together, or both keep everything apart, agree: 1.
///
/// # Errors
/// Lists of different length, or empty ones.
///
/// # Source
/// Hubert & Arabie (1985), "Comparing partitions", in its form by pairs.
pub fn adjusted_rand_index(left: &[u32], right: &[u32]) -> Result<f64, MetricError> {
    require_pairs("adjusted Rand index", left.len(), right.len())?;
    let both = pairs_together(&contingency(left, right));
    let in_left = pairs_together(&sizes(left));
    let in_right = pairs_together(&sizes(right));
    let all = choose_two(left.len() as u64);
    if all == 0.0 {
        return Ok(1.0);
    }
    let expected = in_left * in_right / all;
    let most = f64::midpoint(in_left, in_right);
    if most == expected {
        return Ok(1.0);
    }
    Ok((both - expected) / (most - expected))
}

/// Sum of squared distances to the nearest center: `(n_samples, d)` against `(k, d)`.
///
/// # Errors
/// [`MetricError::Undefined`] without centers or with columns that do not match, and
/// [`MetricError::NotFinite`] for a row or a center with a number that is not finite.
pub fn inertia(records: &Matrix, centers: &Matrix) -> Result<f64, MetricError> {
    if centers.n_rows() == 0 || centers.n_columns() != records.n_columns() {
        return Err(MetricError::Undefined {
            metric: "inertia",
            needs: "at least one center, as wide as the rows",
        });
    }
    require_finite_rows("inertia", records)?;
    require_finite_rows("inertia", centers)?;
    Ok(records
        .rows()
        .map(|row| {
            centers
                .rows()
                .map(|center| squared_distance(row, center))
                .fold(f64::INFINITY, f64::min)
        })
        .sum())
}

/// Spread between clusters over spread within them, corrected for their number; higher is better.
///
/// `(between / (k - 1)) / (within / (n - k))`; 1 when nothing varies within clusters, as
/// scikit-learn has it.
///
/// # Errors
/// Lists of different length, a number of clusters outside of `2..n`, or a row with a number that is
/// not finite. Positions are rows.
///
/// # Source
/// Caliński & Harabasz (1974), "A dendrite method for cluster analysis".
pub fn calinski_harabasz(records: &Matrix, labels: &[u32]) -> Result<f64, MetricError> {
    let clusters = Clusters::of("Calinski-Harabasz index", records, labels)?;
    let (n, k) = (labels.len() as f64, clusters.n_clusters() as f64);
    let mut overall = vec![0.0; records.n_columns()];
    for row in records.rows() {
        for (sum, value) in overall.iter_mut().zip(row) {
            *sum += value / n;
        }
    }
    let between: f64 = (0..clusters.n_clusters())
        .map(|idx| clusters.counts[idx] * squared_distance(clusters.means.row(idx), &overall))
        .sum();
    let within: f64 = records
        .rows()
        .zip(&clusters.members)
        .map(|(row, &idx)| squared_distance(row, clusters.means.row(idx)))
        .sum();
    if within == 0.0 {
        return Ok(1.0);
    }
    Ok(between * (n - k) / (within * (k - 1.0)))
}

/// Mean likeness of each cluster to the one most like it; lower is better, 0 is best.
///
/// # Errors
/// Lists of different length, a number of clusters outside of `2..n`, or a row with a number that is
/// not finite. Positions are rows.
///
/// # Source
/// Davies & Bouldin (1979), "A cluster separation measure".
pub fn davies_bouldin(records: &Matrix, labels: &[u32]) -> Result<f64, MetricError> {
    let clusters = Clusters::of("Davies-Bouldin index", records, labels)?;
    let k = clusters.n_clusters();
    let mut spread = vec![0.0; k];
    for (row, &idx) in records.rows().zip(&clusters.members) {
        spread[idx] += squared_distance(row, clusters.means.row(idx)).sqrt() / clusters.counts[idx];
    }
    let likeness = |i: usize, j: usize| {
        let apart = squared_distance(clusters.means.row(i), clusters.means.row(j)).sqrt();
        // Clusters on the same spot count as not alike, as in scikit-learn.
        if apart == 0.0 {
            0.0
        } else {
            (spread[i] + spread[j]) / apart
        }
    };
    let sum: f64 = (0..k)
        .map(|i| {
            (0..k)
                .filter(|&j| j != i)
                .map(|j| likeness(i, j))
                .fold(0.0, f64::max)
        })
        .sum();
    Ok(sum / k as f64)
}

/// Squared Euclidean distance.
fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum()
}

/// Clusters by position instead of by label, with their sizes and means.
struct Clusters {
    members: Vec<usize>,
    counts: Vec<f64>,
    means: Matrix,
}

impl Clusters {
    fn of(metric: &'static str, records: &Matrix, labels: &[u32]) -> Result<Self, MetricError> {
        require_pairs(metric, records.n_rows(), labels.len())?;
        let (members, k) = super::silhouette::positions(labels);
        if k < 2 || k >= labels.len() {
            return Err(MetricError::Undefined {
                metric,
                needs: "at least 2 clusters and more rows than clusters",
            });
        }
        require_finite_rows(metric, records)?;
        let mut counts = vec![0.0; k];
        let mut means = Matrix::zeros(k, records.n_columns());
        for (row, &idx) in records.rows().zip(&members) {
            counts[idx] += 1.0;
            for (sum, value) in means.row_mut(idx).iter_mut().zip(row) {
                *sum += value;
            }
        }
        for (idx, count) in counts.iter().enumerate() {
            for sum in means.row_mut(idx) {
                *sum /= count;
            }
        }
        Ok(Self {
            members,
            counts,
            means,
        })
    }

    fn n_clusters(&self) -> usize {
        self.counts.len()
    }
}

/// Rows by pair of labels.
fn contingency(left: &[u32], right: &[u32]) -> Vec<u64> {
    let n_left = left.iter().max().map_or(0, |&label| label as usize + 1);
    let n_right = right.iter().max().map_or(0, |&label| label as usize + 1);
    // Labels are small numbers as a rule; wild ones (hashes) go through a map.
    if n_left.saturating_mul(n_right) <= 1 << 16 {
        let mut counts = vec![0; n_left * n_right];
        for (&l, &r) in left.iter().zip(right) {
            counts[l as usize * n_right + r as usize] += 1;
        }
        return counts;
    }
    let mut counts: HashMap<(u32, u32), u64> = HashMap::new();
    for pair in left.iter().copied().zip(right.iter().copied()) {
        *counts.entry(pair).or_default() += 1;
    }
    counts.into_values().collect()
}

/// Rows by label.
fn sizes(labels: &[u32]) -> Vec<u64> {
    let mut counts: HashMap<u32, u64> = HashMap::new();
    for &label in labels {
        *counts.entry(label).or_default() += 1;
    }
    counts.into_values().collect()
}

/// Pairs of rows that stand together.
fn pairs_together(counts: &[u64]) -> f64 {
    counts.iter().map(|&count| choose_two(count)).sum()
}

/// `n (n - 1) / 2`. Below 2^53 every partial sum is a whole number, hence exact in any order.
fn choose_two(n: u64) -> f64 {
    n as f64 * (n as f64 - 1.0) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eight points in two clumps and a pair far away.
    fn points() -> Matrix {
        Matrix::from_rows(&[
            [1.0, 2.0],
            [1.5, 1.8],
            [1.0, 0.6],
            [5.0, 8.0],
            [8.0, 8.0],
            [9.0, 11.0],
            [8.0, 2.0],
            [10.0, 2.0],
        ])
    }

    const LABELS: [u32; 8] = [0, 0, 0, 1, 1, 1, 2, 2];

    /// Source: scikit-learn 1.9 `adjusted_rand_score`.
    #[test]
    fn rand_index_agrees_with_scikit_learn() {
        for (left, right, expected) in [
            (vec![0, 0, 1, 1], vec![0, 0, 1, 2], 0.571_428_571_428_571_4),
            (
                vec![0, 0, 0, 1, 1, 1],
                vec![0, 0, 1, 1, 2, 2],
                0.242_424_242_424_242_43,
            ),
            (vec![0, 0, 1, 1], vec![0, 1, 0, 1], -0.5),
            (vec![1, 1, 0, 0], vec![0, 0, 1, 1], 1.0),
        ] {
            let found = adjusted_rand_index(&left, &right).unwrap();
            assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
        }
    }

    #[test]
    fn trivial_partitions_agree_with_themselves_and_with_nothing_else() {
        assert_eq!(adjusted_rand_index(&[0, 0, 0], &[4, 4, 4]), Ok(1.0));
        assert_eq!(adjusted_rand_index(&[0, 1, 2], &[7, 8, 9]), Ok(1.0));
        assert_eq!(adjusted_rand_index(&[0, 0, 0], &[0, 1, 2]), Ok(0.0));
        assert_eq!(adjusted_rand_index(&[3], &[9]), Ok(1.0));
        assert!(adjusted_rand_index(&[], &[]).is_err());
    }

    #[test]
    fn wild_labels_count_like_small_ones() {
        let wild = [u32::MAX, u32::MAX, 7, 7];

        assert_eq!(
            adjusted_rand_index(&wild, &[0, 0, 1, 2]),
            adjusted_rand_index(&[1, 1, 0, 0], &[0, 0, 1, 2])
        );
    }

    /// Source: scikit-learn 1.9 `calinski_harabasz_score` and `davies_bouldin_score`.
    #[test]
    fn indices_agree_with_scikit_learn() {
        let ch = calinski_harabasz(&points(), &LABELS).unwrap();
        let db = davies_bouldin(&points(), &LABELS).unwrap();

        assert!((ch - 26.653_747_219_132_363).abs() < 1e-9, "{ch}");
        assert!((db - 0.382_796_637_536_837_3).abs() < 1e-9, "{db}");
    }

    #[test]
    fn one_cluster_has_no_index() {
        assert!(calinski_harabasz(&points(), &[0; 8]).is_err());
        assert!(davies_bouldin(&points(), &[0, 1, 2, 3, 4, 5, 6, 7]).is_err());
    }

    #[test]
    fn a_row_that_is_no_number_has_no_figure() {
        for value in [f64::NAN, f64::INFINITY] {
            let mut records = points();
            records.row_mut(3)[0] = value;
            let is_refused =
                |found| matches!(found, Err(MetricError::NotFinite { position: 3, .. }));

            assert!(is_refused(calinski_harabasz(&records, &LABELS)));
            assert!(is_refused(davies_bouldin(&records, &LABELS)));
            assert!(is_refused(inertia(&records, &Matrix::zeros(1, 2))));
            assert!(is_refused(inertia(&points(), &records)));
        }
    }

    /// Worked by hand.
    #[test]
    fn inertia_takes_the_nearest_center() {
        let rows = Matrix::from_rows(&[[0.0, 0.0], [3.0, 4.0], [10.0, 0.0]]);
        let centers = Matrix::from_rows(&[[0.0, 0.0], [10.0, 1.0]]);

        assert_eq!(inertia(&rows, &centers), Ok(26.0));
        assert!(inertia(&rows, &Matrix::zeros(0, 2)).is_err());
    }
}
