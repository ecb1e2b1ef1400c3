//! How far predicted numbers are from the true ones.

use super::{MetricError, require_pairs};

/// Mean absolute error, in the unit of the targets.
///
/// # Errors
/// Lists of different length, or empty ones.
pub fn mae(predicted: &[f64], actual: &[f64]) -> Result<f64, MetricError> {
    mean_of("mean absolute error", predicted, actual, |p, a| {
        (p - a).abs()
    })
}

/// Root of the mean squared error, in the unit of the targets.
///
/// # Errors
/// Lists of different length, or empty ones.
pub fn rmse(predicted: &[f64], actual: &[f64]) -> Result<f64, MetricError> {
    mean_of("root mean squared error", predicted, actual, |p, a| {
        (p - a).powi(2)
    })
    .map(f64::sqrt)
}

/// Symmetric mean absolute percentage error in percent, `[0, 200]`.
///
/// `200 / n * sum |p - a| / (|p| + |a|)`; a pair of two zeros counts as no error.
///
/// # Errors
/// Lists of different length, or empty ones.
///
/// # Source
/// Makridakis, Spiliotis & Assimakopoulos (2020), "The M4 Competition".
pub fn smape(predicted: &[f64], actual: &[f64]) -> Result<f64, MetricError> {
    mean_of("sMAPE", predicted, actual, |p, a| {
        let scale = p.abs() + a.abs();
        if scale == 0.0 {
            0.0
        } else {
            200.0 * (p - a).abs() / scale
        }
    })
}

fn mean_of(
    metric: &'static str,
    predicted: &[f64],
    actual: &[f64],
    error: impl Fn(f64, f64) -> f64,
) -> Result<f64, MetricError> {
    require_pairs(metric, predicted.len(), actual.len())?;
    let sum: f64 = predicted
        .iter()
        .zip(actual)
        .map(|(&p, &a)| error(p, a))
        .sum();
    Ok(sum / predicted.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: errors 0.5, 0.5, 0, 1.
    #[test]
    fn errors_agree_with_hand_work() {
        let predicted = [2.5, 0.0, 2.0, 8.0];
        let actual = [3.0, -0.5, 2.0, 7.0];

        assert_eq!(mae(&predicted, &actual), Ok(0.5));
        assert_eq!(rmse(&predicted, &actual), Ok(0.375_f64.sqrt()));
        // 50 * (0.5 / 5.5 + 0.5 / 0.5 + 0 / 4 + 1 / 15)
        let expected = 50.0 * (1.0 / 11.0 + 1.0 + 1.0 / 15.0);
        assert!((smape(&predicted, &actual).unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn two_zeros_are_no_error() {
        assert_eq!(smape(&[0.0, 0.0], &[0.0, 1.0]), Ok(100.0));
    }

    #[test]
    fn lists_that_do_not_match_are_refused() {
        assert_eq!(
            mae(&[1.0], &[]),
            Err(MetricError::LengthMismatch { left: 1, right: 0 })
        );
        assert!(rmse(&[], &[]).is_err());
    }
}
