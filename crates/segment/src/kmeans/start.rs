//! Where Lloyd's algorithm starts.

use rand::RngExt;
use rand::seq::index::sample;
use rapport_learn::{Context, Matrix, rng};

use crate::SegmentError;
use crate::distance::squared_distance;

/// Draws rows without replacement, ascending.
pub(super) fn sample_rows(n_rows: usize, size: usize, seed: u64) -> Vec<usize> {
    let mut drawn = sample(&mut rng(seed, "k-means sample"), n_rows, size).into_vec();
    drawn.sort_unstable();
    drawn
}

/// Centers by k-means++: each next one is a row drawn with the chance of its squared distance to
/// the centers so far; of several draws the one that lowers the summed distance most is kept.
///
/// # Errors
/// [`SegmentError::TooFewDistinct`] when fewer rows differ than centers are wanted.
pub(super) fn plus_plus(
    records: &Matrix,
    k: usize,
    restart: usize,
    context: &Context<'_>,
) -> Result<Matrix, SegmentError> {
    let mut generator = rng(context.seed, &format!("k-means start {restart}"));
    // The number of draws that Arthur and Vassilvitskii used in their own experiments.
    let n_draws = 2 + (k as f64).ln() as usize;
    let first = generator.random_range(0..records.n_rows());
    let mut chosen = vec![first];
    let mut distances = distances_to(records, first);
    while chosen.len() < k {
        context.proceed()?;
        let total: f64 = distances.iter().sum();
        if total == 0.0 {
            return Err(SegmentError::TooFewDistinct {
                needed: k,
                found: chosen.len(),
            });
        }
        let mut best: Option<(f64, usize, Vec<f64>)> = None;
        for _ in 0..n_draws {
            let candidate = row_at(&distances, generator.random::<f64>() * total);
            let mut nearest = distances_to(records, candidate);
            let mut sum = 0.0;
            for (new, old) in nearest.iter_mut().zip(&distances) {
                *new = new.min(*old);
                sum += *new;
            }
            if best.as_ref().is_none_or(|best| sum < best.0) {
                best = Some((sum, candidate, nearest));
            }
        }
        let (_, candidate, nearest) = best.expect("there is at least one draw");
        chosen.push(candidate);
        distances = nearest;
    }
    Ok(records.select_rows(&chosen))
}

fn distances_to(records: &Matrix, center: usize) -> Vec<f64> {
    let center = records.row(center);
    records
        .rows()
        .map(|row| squared_distance(row, center))
        .collect()
}

/// The row at which the running sum of weights passes `target`; never one of weight zero.
fn row_at(weights: &[f64], target: f64) -> usize {
    let mut sum = 0.0;
    let mut last = 0;
    for (row, &weight) in weights.iter().enumerate() {
        if weight > 0.0 {
            sum += weight;
            last = row;
            if sum > target {
                break;
            }
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use rapport_learn::{Cancellation, Silent};

    use super::*;

    #[test]
    fn rows_of_no_weight_are_never_drawn() {
        let weights = [0.0, 1.0, 0.0, 2.0, 0.0];

        assert_eq!(row_at(&weights, 0.0), 1);
        assert_eq!(row_at(&weights, 0.999), 1);
        assert_eq!(row_at(&weights, 1.0), 3);
        // Rounding may put the target at or past the whole sum.
        assert_eq!(row_at(&weights, 3.0), 3);
    }

    #[test]
    fn starts_are_different_rows_and_repeat_with_the_seed() {
        let records = Matrix::from_rows(&[[0.0], [0.0], [5.0], [5.0], [9.0]]);
        let cancel = Cancellation::default();
        let context = Context::new(3, &Silent, &cancel);

        let mut starts = plus_plus(&records, 3, 0, &context).unwrap();

        assert_eq!(starts, plus_plus(&records, 3, 0, &context).unwrap());
        starts.values_mut().sort_by(f64::total_cmp);
        assert_eq!(starts.values(), [0.0, 5.0, 9.0]);
        assert!(matches!(
            plus_plus(&records, 4, 0, &context),
            Err(SegmentError::TooFewDistinct { found: 3, .. })
        ));
    }
}
