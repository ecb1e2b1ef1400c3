//! How well records were put together: by pairs of records, and record by record.

use std::collections::HashMap;

use super::{MetricError, require_pairs};

/// Precision, recall and their harmonic mean, each in `[0, 1]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Linkage {
    /// Share of what was put together that belongs together; 1 where nothing was.
    pub precision: f64,
    /// Share of what belongs together that was put together; 1 where nothing does.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

impl Linkage {
    /// From counts of pairs: put together and right, put together, belonging together.
    pub fn of_pairs(n_right: u64, n_found: u64, n_true: u64) -> Self {
        let share = |of: u64| {
            if of == 0 {
                1.0
            } else {
                n_right as f64 / of as f64
            }
        };
        Self::new(share(n_found), share(n_true))
    }

    fn new(precision: f64, recall: f64) -> Self {
        let sum = precision + recall;
        let f1 = if sum > 0.0 {
            2.0 * precision * recall / sum
        } else {
            0.0
        };
        Self {
            precision,
            recall,
            f1,
        }
    }
}

/// Agreement of groups with the truth, counted over pairs of rows: `(n_samples,)` each.
///
/// # Errors
/// Lists of different length, or empty ones.
///
/// # Source
/// Menestrina, Whang & Garcia-Molina (2010), "Evaluating Entity Resolution Results" (pairwise measure).
pub fn pairwise(predicted: &[u32], actual: &[u32]) -> Result<Linkage, MetricError> {
    require_pairs("pairwise linkage", predicted.len(), actual.len())?;
    let within = |counts: &HashMap<(u32, u32), u64>| counts.values().map(|n| n * (n - 1) / 2).sum();
    let both = counts(predicted, actual);
    Ok(Linkage::of_pairs(
        within(&both),
        within(&counts(predicted, predicted)),
        within(&counts(actual, actual)),
    ))
}

/// Agreement of groups with the truth, averaged over rows: of the rows that stand with a row, how many
/// belong with it, and the other way around.
///
/// # Errors
/// Lists of different length, or empty ones.
///
/// # Source
/// Bagga & Baldwin (1998), "Algorithms for Scoring Coreference Chains".
pub fn b_cubed(predicted: &[u32], actual: &[u32]) -> Result<Linkage, MetricError> {
    require_pairs("B-cubed", predicted.len(), actual.len())?;
    let both = counts(predicted, actual);
    let (of_predicted, of_actual) = (counts(predicted, predicted), counts(actual, actual));
    // Summed in the order of rows, so that the last digits are the same in every run.
    let (mut precision, mut recall) = (0.0, 0.0);
    for (&p, &a) in predicted.iter().zip(actual) {
        let together = both[&(p, a)] as f64;
        precision += together / of_predicted[&(p, p)] as f64;
        recall += together / of_actual[&(a, a)] as f64;
    }
    let n = actual.len() as f64;
    Ok(Linkage::new(precision / n, recall / n))
}

fn counts(left: &[u32], right: &[u32]) -> HashMap<(u32, u32), u64> {
    let mut counts = HashMap::new();
    for pair in left.iter().copied().zip(right.iter().copied()) {
        *counts.entry(pair).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: groups {0, 1, 2}, {3, 4}; truth {0, 1}, {2, 3, 4}.
    #[test]
    fn five_rows_worked_by_hand() {
        let (predicted, actual) = ([0, 0, 0, 1, 1], [7, 7, 8, 8, 8]);

        let pairs = pairwise(&predicted, &actual).unwrap();
        let rows = b_cubed(&predicted, &actual).unwrap();

        assert_eq!((pairs.precision, pairs.recall, pairs.f1), (0.5, 0.5, 0.5));
        // Rows' precisions 2/3, 2/3, 1/3, 1, 1 and recalls 1, 1, 1/3, 2/3, 2/3.
        assert!((rows.precision - 11.0 / 15.0).abs() < 1e-12);
        assert!((rows.recall - 11.0 / 15.0).abs() < 1e-12);
    }

    #[test]
    fn groups_that_are_the_truth_are_perfect_whatever_their_names() {
        let perfect = Linkage {
            precision: 1.0,
            recall: 1.0,
            f1: 1.0,
        };

        assert_eq!(pairwise(&[3, 3, 9], &[0, 0, 1]), Ok(perfect));
        assert_eq!(b_cubed(&[3, 3, 9], &[0, 0, 1]), Ok(perfect));
        assert_eq!(pairwise(&[0, 1], &[5, 6]), Ok(perfect));
        assert!(pairwise(&[0], &[]).is_err());
    }
}
