//! From scores to probabilities that come true as often as they say.
//!
//! Every calibrator is fitted on scores and outcomes that the scoring model has *not* learned
//! from: on its own training rows a model is surer than it may be, and a calibrator would keep
//! that. None ever turns a ranking around: a higher score never gets a lower probability, so the
//! area under the curve stays (up to new ties).
//!
//! | Calibrator | Takes | When |
//! |---|---|---|
//! | [`Platt`] | any score | few rows, or scores that are no probabilities |
//! | [`Beta`] | probabilities | distortions that differ near 0 and near 1 |
//! | [`Isotonic`] | any score | thousands of rows and a distortion of any shape |
//! | [`Temperature`] | logits of many classes | networks that are too sure |
//!
//! [`ChooseCalibrator`] tries them on held-back rows beside leaving the probabilities alone.

mod beta;
mod choose;
mod error;
mod isotonic;
mod logistic;
mod platt;
mod temperature;

pub use beta::Beta;
pub use choose::{
    Calibrator, CalibratorChoice, CandidateLoss, ChooseCalibrator, HeldBack, Method,
    ValidChooseCalibrator,
};
pub use error::CalibrationError;
pub use isotonic::{Isotonic, isotonic_regression};
pub use platt::Platt;
pub use temperature::Temperature;

use crate::probability::short_of_certainty;

/// A fitted map from scores to probabilities that never falls.
pub trait Calibrate {
    /// The probability for one score, `[0, 1]`; of a score that is no number, anything.
    fn probability(&self, score: f64) -> f64;

    /// The probabilities for scores, `(n_samples,)`.
    ///
    /// # Errors
    /// The first score that is not finite, or that this calibrator does not take.
    fn predict(&self, scores: &[f64]) -> Result<Vec<f64>, CalibrationError> {
        require_finite(scores)?;
        Ok(scores
            .iter()
            .map(|&score| self.probability(score))
            .collect())
    }
}

/// The logistic function, without overflow at either end.
fn sigmoid(z: f64) -> f64 {
    if z >= 0.0 {
        1.0 / (1.0 + (-z).exp())
    } else {
        let odds = z.exp();
        odds / (1.0 + odds)
    }
}

/// Logarithm of the odds of a probability, kept finite.
fn log_odds(probability: f64) -> f64 {
    let probability = short_of_certainty(probability);
    probability.ln() - (-probability).ln_1p()
}

fn require_finite(scores: &[f64]) -> Result<(), CalibrationError> {
    match scores.iter().position(|score| !score.is_finite()) {
        None => Ok(()),
        Some(position) => Err(CalibrationError::NotFinite { position }),
    }
}

fn require_probabilities(scores: &[f64]) -> Result<(), CalibrationError> {
    require_finite(scores)?;
    match scores.iter().position(|score| !(0.0..=1.0).contains(score)) {
        None => Ok(()),
        Some(position) => Err(CalibrationError::NotProbability { position }),
    }
}

/// How many rows happened and how many did not; refuses what nothing can be learned from.
fn require_outcomes(scores: &[f64], outcomes: &[bool]) -> Result<(usize, usize), CalibrationError> {
    if scores.len() != outcomes.len() {
        return Err(CalibrationError::LengthMismatch {
            scores: scores.len(),
            outcomes: outcomes.len(),
        });
    }
    let n_positive = outcomes.iter().filter(|&&outcome| outcome).count();
    let n_negative = outcomes.len() - n_positive;
    if n_positive == 0 || n_negative == 0 {
        return Err(CalibrationError::OneOutcome);
    }
    Ok((n_positive, n_negative))
}

#[cfg(test)]
mod choose_tests;
#[cfg(test)]
mod tests;
