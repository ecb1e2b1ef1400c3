//! Errors of forecasts on a scale that series of any size share.

use super::input::{require_finite, require_positive};
use super::{MetricError, mae};
use crate::stats;

/// Mean absolute scaled error: the forecast's mean error over that of the seasonal naive method
/// inside of the history.
///
/// Below 1 the forecast errs less than repeating the value of one season before did, one step
/// ahead, on the history.
///
/// # Shapes and units
/// - `predicted` and `actual`: `(horizon,)`;
/// - `history`: `(n_past,)`, what was known when the forecast was made, oldest first;
/// - `season_length`: steps per season, 1 for none.
///
/// # Errors
/// Lists of different length, empty ones, a number that is not finite, a history of no more than
/// one season, or one that repeats itself exactly.
///
/// # Source
/// Hyndman & Koehler (2006), "Another look at measures of forecast accuracy".
pub fn mase(
    predicted: &[f64],
    actual: &[f64],
    history: &[f64],
    season_length: usize,
) -> Result<f64, MetricError> {
    let error = mae(predicted, actual)?;
    Ok(error / naive_error(history, season_length)?)
}

/// Mean absolute change of a history over one season, above 0.
fn naive_error(history: &[f64], season_length: usize) -> Result<f64, MetricError> {
    const METRIC: &str = "mean absolute scaled error";
    require_positive("season_length", season_length)?;
    require_finite(METRIC, history)?;
    let changes: Vec<f64> = history
        .iter()
        .zip(history.iter().skip(season_length))
        .map(|(before, after)| (after - before).abs())
        .collect();
    let error = stats::mean(&changes);
    if error == 0.0 {
        return Err(MetricError::Undefined {
            metric: METRIC,
            needs: "a history longer than one season that changes from one to the next",
        });
    }
    Ok(error)
}

/// The two errors that the M4 competition weighed, each averaged over all series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForecastErrors {
    /// In percent, `[0, 200]`.
    pub smape: f64,
    /// Against the seasonal naive method.
    pub mase: f64,
}

/// Overall weighted average of M4: below 1 beats the benchmark, which is its Naive 2.
///
/// The mean of the two ratios. Errors are averaged over series *before* they are divided.
///
/// # Errors
/// A number that is not finite (position 0 is sMAPE, 1 is MASE), or a benchmark without error.
///
/// # Source
/// Makridakis, Spiliotis & Assimakopoulos (2020), "The M4 Competition: 100,000 time series and 61
/// forecasting methods".
pub fn owa(method: ForecastErrors, benchmark: ForecastErrors) -> Result<f64, MetricError> {
    const METRIC: &str = "overall weighted average";
    require_finite(METRIC, &[method.smape, method.mase])?;
    require_finite(METRIC, &[benchmark.smape, benchmark.mase])?;
    if benchmark.smape <= 0.0 || benchmark.mase <= 0.0 {
        return Err(MetricError::Undefined {
            metric: METRIC,
            needs: "a benchmark with errors above 0",
        });
    }
    Ok(f64::midpoint(
        method.smape / benchmark.smape,
        method.mase / benchmark.mase,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: changes over two steps are 2, 2, 4 with mean 8/3; errors 1 and 3.
    #[test]
    fn errors_are_scaled_by_the_seasonal_change_of_the_history() {
        let history = [1.0, 5.0, 3.0, 7.0, 7.0];

        let scaled = mase(&[8.0, 6.0], &[7.0, 9.0], &history, 2).unwrap();

        assert!((scaled - 2.0 / (8.0 / 3.0)).abs() < 1e-12);
    }

    #[test]
    fn scale_of_the_series_plays_no_part() {
        let times = |values: &[f64]| -> Vec<f64> { values.iter().map(|v| 1000.0 * v).collect() };
        let (predicted, actual, history) = ([4.0, 5.0], [3.0, 7.0], [1.0, 2.0, 4.0]);

        let small = mase(&predicted, &actual, &history, 1).unwrap();
        let large = mase(&times(&predicted), &times(&actual), &times(&history), 1).unwrap();

        assert!((small - large).abs() < 1e-12);
    }

    #[test]
    fn a_history_that_does_not_change_scales_nothing() {
        for history in [&[2.0, 2.0, 2.0][..], &[1.0], &[]] {
            assert!(matches!(
                mase(&[1.0], &[2.0], history, 1),
                Err(MetricError::Undefined { .. })
            ));
        }
        assert!(mase(&[1.0], &[2.0], &[1.0, 2.0], 0).is_err());
    }

    /// Source: Makridakis et al. (2020), table 4: sMAPE and MASE of Smyl's winner (OWA 0.821), of
    /// Montero-Manso et al. (0.838) and of Naive 2.
    #[test]
    fn weighted_averages_of_m4_come_out_again() {
        let naive_2 = ForecastErrors {
            smape: 13.564,
            mase: 1.912,
        };
        for (smape, mase, expected) in [(11.374, 1.536, 0.821), (11.720, 1.551, 0.838)] {
            let found = owa(ForecastErrors { smape, mase }, naive_2).unwrap();

            assert!((found - expected).abs() < 0.000_5, "{found}");
        }
        assert_eq!(owa(naive_2, naive_2), Ok(1.0));
    }
}
