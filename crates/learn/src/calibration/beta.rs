//! Beta calibration: a logistic curve that may bend differently near 0 and near 1.

use serde::{Deserialize, Serialize};

use super::logistic::Problem;
use super::{
    Calibrate, CalibrationError, log_odds, require_outcomes, require_probabilities, sigmoid,
};
use crate::probability::short_of_certainty;

/// The penalty of the authors' package (`C = 99999999999`): too small to move a result, enough for
/// perfectly separated outcomes to have one.
const RIDGE: f64 = 1e-11;

/// `P(happens | s) = 1 / (1 + 1 / (exp(c) * s^a / (1 - s)^b))` with `a` and `b` at least 0.
///
/// Contains the identity (`a = b = 1`, `c = 0`), so probabilities that are right already are left
/// alone, which Platt scaling of probabilities cannot do.
///
/// # Source
/// Kull, Silva Filho & Flach (2017), "Beta calibration: a well-founded and easily implemented
/// improvement on logistic calibration for binary classifiers", and their package `betacal`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Beta {
    a: f64,
    b: f64,
    c: f64,
}

impl Beta {
    /// Fits the three numbers. Scores are probabilities, `(n_samples,)`.
    ///
    /// Where `a` or `b` would fall below 0, which would turn a ranking around, it is 0 and the
    /// others are fitted anew.
    ///
    /// # Errors
    /// Lists of different length, a score that is no probability, or outcomes that are all alike.
    pub fn fit(probabilities: &[f64], outcomes: &[bool]) -> Result<Self, CalibrationError> {
        require_probabilities(probabilities)?;
        let (n_positive, _) = require_outcomes(probabilities, outcomes)?;
        let base = log_odds(n_positive as f64 / outcomes.len() as f64);
        let targets: Vec<f64> = outcomes
            .iter()
            .map(|&outcome| f64::from(u8::from(outcome)))
            .collect();
        let rows: Vec<[f64; 3]> = probabilities
            .iter()
            .map(|&probability| {
                let [low, high] = log_features(probability);
                [low, high, 1.0]
            })
            .collect();
        let [a, b, c] = solve(&rows, &targets, [0.0, 0.0, base]);
        if a >= 0.0 && b >= 0.0 {
            return Ok(Self { a, b, c });
        }
        let kept = usize::from(a < 0.0);
        let rows: Vec<[f64; 2]> = rows.iter().map(|row| [row[kept], 1.0]).collect();
        let [rise, c] = solve(&rows, &targets, [0.0, base]);
        let (rise, c) = if rise > 0.0 { (rise, c) } else { (0.0, base) };
        Ok(if kept == 0 {
            Self { a: rise, b: 0.0, c }
        } else {
            Self { a: 0.0, b: rise, c }
        })
    }

    /// The exponents and the offset, `[a, b, c]`.
    pub fn parameters(&self) -> [f64; 3] {
        [self.a, self.b, self.c]
    }
}

impl Calibrate for Beta {
    fn probability(&self, score: f64) -> f64 {
        let [low, high] = log_features(score);
        sigmoid(self.a * low + self.b * high + self.c)
    }

    fn predict(&self, scores: &[f64]) -> Result<Vec<f64>, CalibrationError> {
        require_probabilities(scores)?;
        Ok(scores
            .iter()
            .map(|&score| self.probability(score))
            .collect())
    }
}

/// `ln s` and `-ln(1 - s)`, both rising.
fn log_features(probability: f64) -> [f64; 2] {
    let probability = short_of_certainty(probability);
    [probability.ln(), -(-probability).ln_1p()]
}

fn solve<const P: usize>(rows: &[[f64; P]], targets: &[f64], start: [f64; P]) -> [f64; P] {
    Problem {
        rows,
        targets,
        ridge: RIDGE,
    }
    .solve(start)
}
