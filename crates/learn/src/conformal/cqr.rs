//! Conformalized quantile regression: predicted quantiles, moved until they cover.

use serde::{Deserialize, Serialize};

use super::{ConformalError, Interval, Level, conformal_quantile, require_finite, require_length};
use crate::metrics::Intervals;

/// Moves both predicted quantiles outward by one margin, or inward where they covered too much.
///
/// Keeps what quantile regression knows of skewed and uneven noise, and adds the guarantee that
/// it lacks. The score of a row is `max(lower - y, y - upper)`: how far outside of its predicted
/// range the actual value lies, negative inside.
///
/// # Source
/// Romano, Patterson & Candès (2019), "Conformalized Quantile Regression", algorithm 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cqr {
    level: Level,
    margin: f64,
}

impl Cqr {
    /// Learns the margin from calibration rows; `actual` is `(n_samples,)`.
    ///
    /// The quantiles need not be those of the level (0.05 and 0.95 for 0.9), but are best when
    /// they are.
    ///
    /// # Errors
    /// Lists of different length, a number that is not finite, or too few rows for the level.
    pub fn fit(
        quantiles: Intervals<'_>,
        actual: &[f64],
        level: Level,
    ) -> Result<Self, ConformalError> {
        for (what, values) in [
            ("lower quantiles", quantiles.lower),
            ("upper quantiles", quantiles.upper),
        ] {
            require_length(what, actual.len(), values.len())?;
            require_finite(what, values)?;
        }
        require_finite("actual values", actual)?;
        let scores: Vec<f64> = quantiles
            .lower
            .iter()
            .zip(quantiles.upper)
            .zip(actual)
            .map(|((lower, upper), a)| (lower - a).max(a - upper))
            .collect();
        let margin = conformal_quantile(&scores, level)?;
        Ok(Self { level, margin })
    }

    /// The interval for one pair of predicted quantiles.
    ///
    /// Quantiles that cross, by themselves or moved inward, become the one number between them.
    pub fn interval(&self, lower: f64, upper: f64) -> Interval {
        let (moved_lower, moved_upper) = (lower - self.margin, upper + self.margin);
        if moved_lower <= moved_upper {
            return Interval {
                lower: moved_lower,
                upper: moved_upper,
            };
        }
        Interval::around(f64::midpoint(lower, upper), 0.0)
    }

    /// How far quantiles are moved outward; negative is inward.
    pub fn margin(&self) -> f64 {
        self.margin
    }

    /// The coverage that was promised.
    pub fn level(&self) -> Level {
        self.level
    }
}
