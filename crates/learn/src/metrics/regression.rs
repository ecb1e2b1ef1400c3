//! How far predicted numbers are from the true ones.

use super::MetricError;
use super::input::require_numbers;
use crate::stats;

/// Mean absolute error, in the unit of the targets.
///
/// # Errors
/// Lists of different length, empty ones, or a number that is not finite.
pub fn mae(predicted: &[f64], actual: &[f64]) -> Result<f64, MetricError> {
    mean_of("mean absolute error", predicted, actual, |p, a| {
        (p - a).abs()
    })
}

/// Root of the mean squared error, in the unit of the targets.
///
/// # Errors
/// Lists of different length, empty ones, or a number that is not finite.
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
/// Lists of different length, empty ones, or a number that is not finite.
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

/// Mean absolute percentage error in percent: `100 / n * sum |p - a| / |a|`.
///
/// # Errors
/// Lists of different length, empty ones, a number that is not finite, or an actual value of 0,
/// which has no percentage: use [`wape`] or [`smape`] there.
pub fn mape(predicted: &[f64], actual: &[f64]) -> Result<f64, MetricError> {
    const METRIC: &str = "mean absolute percentage error";
    if let Some(position) = actual.iter().position(|&a| a == 0.0) {
        return Err(MetricError::OutOfRange {
            metric: METRIC,
            position,
            allowed: "actual values are not 0; use WAPE or sMAPE for such data",
        });
    }
    mean_of(METRIC, predicted, actual, |p, a| {
        100.0 * ((p - a) / a).abs()
    })
}

/// Weighted absolute percentage error in percent: `100 * sum |p - a| / sum |a|`.
///
/// # Errors
/// Lists of different length, empty ones, a number that is not finite, or actual values that are
/// all 0.
pub fn wape(predicted: &[f64], actual: &[f64]) -> Result<f64, MetricError> {
    const METRIC: &str = "weighted absolute percentage error";
    let error = mean_of(METRIC, predicted, actual, |p, a| (p - a).abs())?;
    let size = mean_of(METRIC, predicted, actual, |_, a| a.abs())?;
    if size == 0.0 {
        return Err(MetricError::Undefined {
            metric: METRIC,
            needs: "an actual value other than 0",
        });
    }
    Ok(100.0 * error / size)
}

/// Coefficient of determination: 1 is perfect, 0 is as good as the mean of the actual values,
/// negative is worse.
///
/// # Errors
/// Lists of different length, empty ones, a number that is not finite, or actual values that do
/// not vary (scikit-learn makes that 0 or 1; there is nothing to explain).
pub fn r_squared(predicted: &[f64], actual: &[f64]) -> Result<f64, MetricError> {
    const METRIC: &str = "R squared";
    let error = mean_of(METRIC, predicted, actual, |p, a| (p - a).powi(2))?;
    // Asked by value: rounding of the mean leaves equal values with a tiny variance.
    if actual.iter().all(|&a| a == actual[0]) {
        return Err(MetricError::Undefined {
            metric: METRIC,
            needs: "actual values that vary",
        });
    }
    Ok(1.0 - error / stats::variance(actual))
}

fn mean_of(
    metric: &'static str,
    predicted: &[f64],
    actual: &[f64],
    error: impl Fn(f64, f64) -> f64,
) -> Result<f64, MetricError> {
    require_numbers(metric, predicted, actual)?;
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

    /// Worked by hand: shares 1/6, 1, 0, 1/7; absolute errors 2 of 12.5.
    #[test]
    fn percentages_agree_with_hand_work() {
        let predicted = [2.5, 0.0, 2.0, 8.0];
        let actual = [3.0, -0.5, 2.0, 7.0];

        let expected = 25.0 * (1.0 / 6.0 + 1.0 + 1.0 / 7.0);
        assert!((mape(&predicted, &actual).unwrap() - expected).abs() < 1e-12);
        assert_eq!(wape(&predicted, &actual), Ok(16.0));
    }

    /// Source: the example of scikit-learn 1.9 `r2_score`.
    #[test]
    fn r_squared_agrees_with_scikit_learn() {
        let r = r_squared(&[2.5, 0.0, 2.0, 8.0], &[3.0, -0.5, 2.0, 7.0]).unwrap();

        assert!((r - 0.948_608_137_044_967_9).abs() < 1e-12);
    }

    #[test]
    fn figures_that_divide_by_nothing_do_not_exist() {
        assert!(matches!(
            mape(&[1.0, 1.0], &[1.0, 0.0]),
            Err(MetricError::OutOfRange { position: 1, .. })
        ));
        assert!(matches!(
            wape(&[1.0, 1.0], &[0.0, 0.0]),
            Err(MetricError::Undefined { .. })
        ));
        assert!(matches!(
            r_squared(&[1.0, 1.0, 1.0], &[0.1, 0.1, 0.1]),
            Err(MetricError::Undefined { .. })
        ));
    }

    #[test]
    fn the_first_missing_number_is_named() {
        assert_eq!(
            mae(&[1.0, 2.0, 3.0], &[1.0, f64::NAN, f64::NAN]),
            Err(MetricError::NotFinite {
                metric: "mean absolute error",
                position: 1
            })
        );
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
