//! The silhouette: how much nearer rows are to their own cluster than to the next one.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use rand::seq::index::sample;

use super::input::require_finite_rows;
use super::{MetricError, require_pairs};
use crate::{Matrix, map_parts, rng};

/// Rows whose distances are worked out together: one part for one thread.
const PART: usize = 64;

/// Mean over rows of `(b - a) / max(a, b)`, in `[-1, 1]`: `a` is the mean distance to the other
/// rows of the own cluster, `b` to the rows of the nearest other one. A row alone counts 0.
///
/// Time is quadratic in the rows; [`silhouette_sampled`] bounds it.
///
/// # Errors
/// Lists of different length, a number of clusters outside of `2..n`, or a row with a number that is
/// not finite. Positions are rows.
///
/// # Source
/// Rousseeuw (1987), "Silhouettes: a graphical aid to the interpretation and validation of cluster
/// analysis".
pub fn silhouette(records: &Matrix, labels: &[u32]) -> Result<f64, MetricError> {
    let mut figures = silhouettes(records, &[labels], NonZeroUsize::MIN);
    figures.pop().expect("one labeling gives one figure")
}

/// The [`silhouette`] of at most `size` rows, drawn without replacement.
///
/// # Errors
/// As [`silhouette`]: clusters are those of the rows that were drawn, numbers those of all rows.
pub fn silhouette_sampled(
    records: &Matrix,
    labels: &[u32],
    size: usize,
    seed: u64,
) -> Result<f64, MetricError> {
    require_pairs("silhouette", records.n_rows(), labels.len())?;
    // Before the draw, which would hide the row or give it another number.
    require_finite_rows("silhouette", records)?;
    if records.n_rows() <= size {
        return silhouette(records, labels);
    }
    let mut generator = rng(seed, "silhouette");
    let drawn = sample(&mut generator, records.n_rows(), size).into_vec();
    let labels: Vec<u32> = drawn.iter().map(|&row| labels[row]).collect();
    silhouette(&records.select_rows(&drawn), &labels)
}

/// The [`silhouette`] of several labelings of the same rows: distances are worked out once.
///
/// One entry per labeling, in order.
pub fn silhouettes(
    records: &Matrix,
    labelings: &[&[u32]],
    threads: NonZeroUsize,
) -> Vec<Result<f64, MetricError>> {
    if let Err(error) = require_finite_rows("silhouette", records) {
        return vec![Err(error); labelings.len()];
    }
    let checked: Vec<Result<Labeling, MetricError>> = labelings
        .iter()
        .map(|labels| Labeling::of(records.n_rows(), labels))
        .collect();
    let usable: Vec<&Labeling> = checked.iter().filter_map(|l| l.as_ref().ok()).collect();
    let columns = transposed(records);
    let n = records.n_rows();
    let parts = map_parts(threads, 0..n.div_ceil(PART), |part| {
        sums_of_part(
            records,
            &columns,
            &usable,
            part * PART..n.min((part + 1) * PART),
        )
    });
    let mut sums = vec![0.0; usable.len()];
    for part in parts {
        for (sum, value) in sums.iter_mut().zip(part) {
            *sum += value;
        }
    }
    let mut sums = sums.into_iter();
    checked
        .into_iter()
        .map(|labeling| {
            labeling.map(|_| sums.next().expect("one sum per usable labeling") / n as f64)
        })
        .collect()
}

/// Clusters by position and their sizes.
struct Labeling {
    members: Vec<usize>,
    counts: Vec<f64>,
}

impl Labeling {
    fn of(n_rows: usize, labels: &[u32]) -> Result<Self, MetricError> {
        require_pairs("silhouette", n_rows, labels.len())?;
        let (members, k) = positions(labels);
        if k < 2 || k >= n_rows {
            return Err(MetricError::Undefined {
                metric: "silhouette",
                needs: "at least 2 clusters and more rows than clusters",
            });
        }
        let mut counts = vec![0.0; k];
        for &idx in &members {
            counts[idx] += 1.0;
        }
        Ok(Self { members, counts })
    }

    /// The silhouette of one row, given its summed distances to each cluster.
    fn of_row(&self, row: usize, distances: &[f64]) -> f64 {
        let own = self.members[row];
        if self.counts[own] <= 1.0 {
            return 0.0;
        }
        let within = distances[own] / (self.counts[own] - 1.0);
        let next = (0..self.counts.len())
            .filter(|&idx| idx != own)
            .map(|idx| distances[idx] / self.counts[idx])
            .fold(f64::INFINITY, f64::min);
        let larger = within.max(next);
        if larger > 0.0 {
            (next - within) / larger
        } else {
            0.0
        }
    }
}

/// Summed silhouettes of a range of rows, one sum per labeling.
fn sums_of_part(
    records: &Matrix,
    columns: &[f64],
    labelings: &[&Labeling],
    rows: std::ops::Range<usize>,
) -> Vec<f64> {
    let n = records.n_rows();
    let mut distances = vec![0.0; n];
    let mut sums = vec![0.0; labelings.len()];
    let mut by_cluster = Vec::new();
    for row in rows {
        distances.fill(0.0);
        for (&value, column) in records.row(row).iter().zip(columns.chunks_exact(n)) {
            for (distance, other) in distances.iter_mut().zip(column) {
                *distance += (value - other) * (value - other);
            }
        }
        for distance in &mut distances {
            *distance = distance.sqrt();
        }
        for (sum, labeling) in sums.iter_mut().zip(labelings) {
            by_cluster.clear();
            by_cluster.resize(labeling.counts.len(), 0.0);
            for (&idx, distance) in labeling.members.iter().zip(&distances) {
                by_cluster[idx] += distance;
            }
            *sum += labeling.of_row(row, &by_cluster);
        }
    }
    sums
}

/// Column after column, so that the distances of one row to all others are worked out in lanes.
fn transposed(records: &Matrix) -> Vec<f64> {
    let mut columns = Vec::with_capacity(records.values().len());
    for column in 0..records.n_columns() {
        columns.extend(records.column(column));
    }
    columns
}

/// Labels as positions `0..k` in order of first appearance, and `k`.
pub(super) fn positions(labels: &[u32]) -> (Vec<usize>, usize) {
    let mut position_of: HashMap<u32, usize> = HashMap::new();
    let members = labels
        .iter()
        .map(|&label| {
            let next = position_of.len();
            *position_of.entry(label).or_insert(next)
        })
        .collect();
    (members, position_of.len())
}

#[cfg(test)]
mod tests {
    use super::*;

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
    const ALONE: [u32; 8] = [0, 0, 0, 1, 1, 1, 1, 3];

    /// Source: scikit-learn 1.9 `silhouette_score` on these points; `ALONE` has a cluster of one.
    #[test]
    fn agrees_with_scikit_learn() {
        let found = silhouettes(&points(), &[&LABELS, &ALONE], NonZeroUsize::MIN);

        for (figure, expected) in found
            .into_iter()
            .zip([0.692_377_544_900_058_4, 0.373_566_885_254_699_67])
        {
            assert!((figure.unwrap() - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn threads_do_not_change_the_figure() {
        let rows: Vec<[f64; 2]> = (0..300)
            .map(|i| [f64::from(i % 17), f64::from(i % 5)])
            .collect();
        let records = Matrix::from_rows(&rows);
        let labels: Vec<u32> = (0..300).map(|i| i % 3).collect();

        let one = silhouettes(&records, &[&labels], NonZeroUsize::MIN);
        let three = silhouettes(&records, &[&labels], NonZeroUsize::new(3).unwrap());

        assert_eq!(one, three);
    }

    #[test]
    fn one_bad_labeling_leaves_the_others_alone() {
        let found = silhouettes(&points(), &[&[0; 8], &LABELS], NonZeroUsize::MIN);

        assert!(found[0].is_err());
        assert!(found[1].is_ok());
    }

    #[test]
    fn a_row_that_is_no_number_is_named_even_where_it_is_not_drawn() {
        let mut records = points();
        records.row_mut(5)[1] = f64::NAN;
        let refused = Err(MetricError::NotFinite {
            metric: "silhouette",
            position: 5,
        });

        assert_eq!(silhouette(&records, &LABELS), refused);
        for seed in 0..4 {
            assert_eq!(silhouette_sampled(&records, &LABELS, 5, seed), refused);
        }
    }

    #[test]
    fn equal_rows_in_two_clusters_count_nothing() {
        let records = Matrix::zeros(4, 3);

        assert_eq!(silhouette(&records, &[0, 0, 1, 1]), Ok(0.0));
    }

    #[test]
    fn a_sample_comes_near_the_whole() {
        let rows: Vec<[f64; 1]> = (0..1000)
            .map(|i| [f64::from(i % 10) + if i % 2 == 0 { 0.0 } else { 100.0 }])
            .collect();
        let records = Matrix::from_rows(&rows);
        let labels: Vec<u32> = (0..1000).map(|i| i % 2).collect();

        let whole = silhouette(&records, &labels).unwrap();
        let sampled = silhouette_sampled(&records, &labels, 200, 1).unwrap();

        assert!((whole - sampled).abs() < 0.01);
        assert_eq!(
            silhouette_sampled(&records, &labels, 5000, 1).unwrap(),
            whole
        );
    }
}
