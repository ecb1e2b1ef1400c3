//! Platt scaling: a logistic curve through the scores.

use serde::{Deserialize, Serialize};

use super::logistic::Problem;
use super::{Calibrate, CalibrationError, log_odds, require_finite, require_outcomes, sigmoid};
use crate::stats;

/// `P(happens | score) = 1 / (1 + exp(slope * score + intercept))`, the slope never above 0.
///
/// Two numbers, so a hundred rows are enough, and smoothed targets, so that scores which separate
/// the outcomes perfectly still give probabilities short of 0 and 1. It bends one way only: scores
/// that are too sure at one end and not at the other want [`Beta`](super::Beta) or
/// [`Isotonic`](super::Isotonic).
///
/// ```
/// use rapport_learn::calibration::{Calibrate, Platt};
///
/// let margins = [-2.0, -1.0, -0.5, 0.3, 0.4, 2.5];
/// let platt = Platt::fit(&margins, &[false, false, true, false, true, true])?;
///
/// let probabilities = platt.predict(&[-3.0, 3.0])?;
/// assert!(probabilities[0] < 0.5 && probabilities[1] > 0.5);
/// # Ok::<(), rapport_learn::calibration::CalibrationError>(())
/// ```
///
/// # Source
/// Platt (1999), "Probabilistic Outputs for Support Vector Machines and Comparisons to Regularized
/// Likelihood Methods"; solved as in Lin, Lin & Weng (2007).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Platt {
    slope: f64,
    intercept: f64,
}

impl Platt {
    /// Fits the curve. Scores are `(n_samples,)`, of any scale.
    ///
    /// Scores that run against the outcomes are not turned around: all get the base rate.
    ///
    /// # Errors
    /// Lists of different length, a score that is not finite, or outcomes that are all alike.
    pub fn fit(scores: &[f64], outcomes: &[bool]) -> Result<Self, CalibrationError> {
        require_finite(scores)?;
        let (n_positive, n_negative) = require_outcomes(scores, outcomes)?;
        let targets = smoothed_targets(outcomes, n_positive as f64, n_negative as f64);
        // The solution does not depend on shift and scale, the number of steps does.
        let center = stats::mean(scores);
        let spread = match stats::variance(scores).sqrt() {
            deviation if deviation > 0.0 => deviation,
            _ => 1.0,
        };
        let rows: Vec<[f64; 2]> = scores
            .iter()
            .map(|score| [(score - center) / spread, 1.0])
            .collect();
        let problem = Problem {
            rows: &rows,
            targets: &targets,
            ridge: 0.0,
        };
        let base = log_odds(stats::mean(&targets));
        let [rise, at_center] = problem.solve([0.0, base]);
        if rise <= 0.0 {
            return Ok(Self {
                slope: 0.0,
                intercept: -base,
            });
        }
        Ok(Self {
            slope: -rise / spread,
            intercept: rise * center / spread - at_center,
        })
    }

    /// Platt's A, at most 0.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// Platt's B.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }
}

impl Calibrate for Platt {
    fn probability(&self, score: f64) -> f64 {
        sigmoid(-(self.slope * score + self.intercept))
    }
}

/// What a uniform prior makes of the two outcomes: `(n+ + 1) / (n+ + 2)` and `1 / (n- + 2)`.
fn smoothed_targets(outcomes: &[bool], n_positive: f64, n_negative: f64) -> Vec<f64> {
    let happened = (n_positive + 1.0) / (n_positive + 2.0);
    let did_not = 1.0 / (n_negative + 2.0);
    outcomes
        .iter()
        .map(|&outcome| if outcome { happened } else { did_not })
        .collect()
}
