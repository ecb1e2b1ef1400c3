//! Intervals around predicted numbers.

use serde::{Deserialize, Serialize};

use super::{ConformalError, Interval, Level, conformal_quantile, require_finite, require_length};

/// Intervals of one width around every prediction: the quantile of absolute residuals.
///
/// Covers as promised on average, too much where the noise is small and too little where it is
/// large; with an idea of the noise per row use [`NormalizedConformal`].
///
/// ```
/// use rapport_learn::conformal::{Level, SplitConformal};
///
/// let predicted: Vec<f64> = (0..19).map(f64::from).collect();
/// let actual: Vec<f64> = predicted.iter().map(|p| p + 0.5).collect();
///
/// let model = SplitConformal::fit(&predicted, &actual, Level::new(0.9)?)?;
///
/// assert_eq!(model.interval(100.0).upper, 100.5);
/// # Ok::<(), rapport_learn::conformal::ConformalError>(())
/// ```
///
/// # Source
/// Lei, G'Sell, Rinaldo, Tibshirani & Wasserman (2018), "Distribution-Free Predictive Inference
/// for Regression", algorithm 2.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SplitConformal {
    level: Level,
    radius: f64,
}

impl SplitConformal {
    /// Learns the width from calibration rows, `(n_samples,)` each.
    ///
    /// # Errors
    /// Lists of different length, a number that is not finite, or too few rows for the level.
    pub fn fit(predicted: &[f64], actual: &[f64], level: Level) -> Result<Self, ConformalError> {
        let residuals = absolute_residuals(predicted, actual)?;
        let radius = conformal_quantile(&residuals, level)?;
        Ok(Self { level, radius })
    }

    /// The interval around one prediction.
    pub fn interval(&self, predicted: f64) -> Interval {
        Interval::around(predicted, self.radius)
    }

    /// How far intervals reach to either side.
    pub fn radius(&self) -> f64 {
        self.radius
    }

    /// The coverage that was promised.
    pub fn level(&self) -> Level {
        self.level
    }
}

/// Predictions, each with an estimate of its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScaledPoints<'a> {
    /// `(n_samples,)`.
    pub points: &'a [f64],
    /// `(n_samples,)`, above 0: a predicted standard deviation, the spread of an ensemble, ...
    /// Only their proportions matter.
    pub scales: &'a [f64],
}

/// Intervals as wide as the row is uncertain: the quantile of residuals over their scales.
///
/// The better the scales, the more even the coverage from row to row; the promise on average
/// holds with bad ones too. Scales must come from other rows than the calibration rows.
///
/// # Source
/// Lei et al. (2018), section 5.2, "Locally-Weighted Conformal Inference".
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NormalizedConformal {
    level: Level,
    factor: f64,
}

impl NormalizedConformal {
    /// Learns how many scales wide intervals are from calibration rows; `actual` is
    /// `(n_samples,)`.
    ///
    /// # Errors
    /// Lists of different length, a number that is not finite, a scale not above 0, or too few
    /// rows for the level.
    pub fn fit(
        predicted: ScaledPoints<'_>,
        actual: &[f64],
        level: Level,
    ) -> Result<Self, ConformalError> {
        require_length("scales", actual.len(), predicted.scales.len())?;
        require_finite("scales", predicted.scales)?;
        if let Some(position) = predicted.scales.iter().position(|&scale| scale <= 0.0) {
            return Err(ConformalError::Scale { position });
        }
        let residuals = absolute_residuals(predicted.points, actual)?;
        let scores: Vec<f64> = residuals
            .iter()
            .zip(predicted.scales)
            .map(|(residual, scale)| residual / scale)
            .collect();
        let factor = conformal_quantile(&scores, level)?;
        Ok(Self { level, factor })
    }

    /// The interval around one prediction; its scale is above 0.
    pub fn interval(&self, predicted: f64, scale: f64) -> Interval {
        Interval::around(predicted, self.factor * scale)
    }

    /// How many scales intervals reach to either side.
    pub fn factor(&self) -> f64 {
        self.factor
    }

    /// The coverage that was promised.
    pub fn level(&self) -> Level {
        self.level
    }
}

/// How far predictions were off, whatever the direction.
pub(super) fn absolute_residuals(
    predicted: &[f64],
    actual: &[f64],
) -> Result<Vec<f64>, ConformalError> {
    require_length("predictions", actual.len(), predicted.len())?;
    require_finite("predictions", predicted)?;
    require_finite("actual values", actual)?;
    Ok(predicted
        .iter()
        .zip(actual)
        .map(|(p, a)| (p - a).abs())
        .collect())
}
