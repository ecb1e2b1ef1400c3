//! How good probabilities or scores of many classes are.

use super::input::{require_finite, require_positive};
use super::{MetricError, require_pairs};
use crate::Matrix;
use crate::probability::{is_distribution, short_of_certainty};

/// Mean negative logarithm of the probability given to the true class, in nats.
///
/// # Shapes
/// - `probabilities`: `(n_samples, n_classes)`, each row adds up to 1;
/// - `actual`: `(n_samples,)`, classes counted from 0.
///
/// Probabilities are kept `1e-15` away from 0 and 1, as in [`log_loss`](super::log_loss).
///
/// # Errors
/// A class that has no column, a row that is no distribution, lists of different length, or empty
/// ones. Positions are rows.
pub fn multiclass_log_loss(probabilities: &Matrix, actual: &[u32]) -> Result<f64, MetricError> {
    const METRIC: &str = "multi-class log loss";
    require_class_columns(METRIC, probabilities, actual)?;
    if let Some(position) = probabilities.rows().position(|row| !is_distribution(row)) {
        return Err(MetricError::OutOfRange {
            metric: METRIC,
            position,
            allowed: "the probabilities of a row lie from 0 to 1 and add up to 1",
        });
    }
    let sum: f64 = probabilities
        .rows()
        .zip(actual)
        .map(|(row, &class)| -short_of_certainty(row[class as usize]).ln())
        .sum();
    Ok(sum / actual.len() as f64)
}

/// Share of rows whose true class is among the `k` best-scored.
///
/// Of tied classes those of higher number come first, as in scikit-learn's
/// `top_k_accuracy_score`.
///
/// # Shapes
/// - `scores`: `(n_samples, n_classes)`;
/// - `actual`: `(n_samples,)`, classes counted from 0.
///
/// # Errors
/// A class that has no column, a row with a score that is not finite, lists of different length,
/// empty ones, or `k` of 0. Positions are rows.
pub fn top_k_accuracy(scores: &Matrix, actual: &[u32], k: usize) -> Result<f64, MetricError> {
    const METRIC: &str = "top-k accuracy";
    require_positive("k", k)?;
    require_class_columns(METRIC, scores, actual)?;
    let n_hits = scores
        .rows()
        .zip(actual)
        .filter(|&(row, &class)| n_ahead(row, class as usize) < k)
        .count();
    Ok(n_hits as f64 / actual.len() as f64)
}

/// Number of classes that are listed before this one.
fn n_ahead(scores: &[f64], class: usize) -> usize {
    let own = scores[class];
    scores
        .iter()
        .enumerate()
        .filter(|&(other, &score)| score > own || (score == own && other > class))
        .count()
}

fn require_class_columns(
    metric: &'static str,
    table: &Matrix,
    actual: &[u32],
) -> Result<(), MetricError> {
    require_pairs(metric, table.n_rows(), actual.len())?;
    for (position, (row, &class)) in table.rows().zip(actual).enumerate() {
        require_finite(metric, row).map_err(|_| MetricError::NotFinite { metric, position })?;
        if class as usize >= row.len() {
            return Err(MetricError::OutOfRange {
                metric,
                position,
                allowed: "every true class has a column",
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: scikit-learn 1.9 `log_loss` on the first five rows, `top_k_accuracy_score` on all.
    #[test]
    fn figures_agree_with_scikit_learn_ties_included() {
        let probabilities = Matrix::from_rows(&[
            [0.2, 0.5, 0.3],
            [0.4, 0.4, 0.2],
            [0.1, 0.1, 0.8],
            [0.6, 0.3, 0.1],
            [0.25, 0.5, 0.25],
            [0.0, 1.0, 0.0],
        ]);
        let actual = [1, 0, 2, 1, 2, 0];

        let some = probabilities.select_rows(&[0, 1, 2, 3, 4]);
        let loss = multiclass_log_loss(&some, &actual[..5]).unwrap();

        assert!((loss - 0.884_569_725_838_827_4).abs() < 1e-12);
        for (k, expected) in [(1, 1.0 / 3.0), (2, 5.0 / 6.0), (3, 1.0)] {
            let found = top_k_accuracy(&probabilities, &actual, k).unwrap();
            assert!((found - expected).abs() < 1e-12, "{k}: {found}");
        }
    }

    #[test]
    fn bad_rows_are_named() {
        let row_of = |table: &Matrix, actual: &[u32]| match multiclass_log_loss(table, actual) {
            Err(MetricError::OutOfRange { position, .. }) => position,
            other => panic!("expected a refused row, got {other:?}"),
        };

        assert_eq!(
            row_of(&Matrix::from_rows(&[[0.5, 0.5], [0.5, 0.6]]), &[0, 0]),
            1
        );
        assert_eq!(
            row_of(&Matrix::from_rows(&[[0.5, 0.5], [0.5, 0.5]]), &[1, 2]),
            1
        );
        assert!(matches!(
            top_k_accuracy(&Matrix::from_rows(&[[0.5, f64::NAN]]), &[0], 1),
            Err(MetricError::NotFinite { position: 0, .. })
        ));
        assert!(top_k_accuracy(&Matrix::zeros(1, 2), &[0], 0).is_err());
        assert!(top_k_accuracy(&Matrix::zeros(0, 2), &[], 1).is_err());
    }
}
