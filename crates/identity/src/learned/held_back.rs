//! What learners say of pairs that they have not learned from, and what is chosen by it.

use rapport_learn::calibration::{Calibrate, Platt};
use rapport_learn::metrics::{Linkage, average_precision, log_loss};
use serde::{Deserialize, Serialize};

use super::Learner;
use crate::IdentityError;

/// How a learner did on the decisions that were held back from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldBack {
    /// Which.
    pub learner: Learner,
    /// Share of the pairs found that are the same, at its threshold.
    pub precision: f64,
    /// Share of the pairs that are the same that it found.
    pub recall: f64,
    /// The harmonic mean of the two.
    pub f1: f64,
    /// Area under precision over recall.
    pub average_precision: f64,
    /// Mean loss of its calibrated probabilities, in nats.
    pub log_loss: f64,
}

/// A learner with what turns its log odds into probabilities and those into decisions.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) calibrator: Platt,
    /// Pairs with this probability or more are the same.
    pub(super) threshold: f64,
    pub(super) held_back: HeldBack,
}

impl Judged {
    /// Calibrates held-back log odds and finds the threshold.
    pub(super) fn new(
        learner: Learner,
        log_odds: &[f64],
        outcomes: &[bool],
    ) -> Result<Self, IdentityError> {
        let calibrator = Platt::fit(log_odds, outcomes)?;
        let probabilities = calibrator.predict(log_odds)?;
        let threshold = threshold(&probabilities, outcomes);
        let found = decided(&probabilities, outcomes, threshold);
        let held_back = HeldBack {
            learner,
            precision: found.precision,
            recall: found.recall,
            f1: found.f1,
            average_precision: average_precision(&probabilities, outcomes)?,
            log_loss: log_loss(&probabilities, outcomes)?,
        };
        Ok(Self {
            calibrator,
            threshold,
            held_back,
        })
    }
}

/// How well log odds that saw no decision agree with decisions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rated {
    /// The harmonic mean of precision and recall at the best threshold.
    pub f1: f64,
    /// Mean loss of the calibrated probabilities, in nats.
    pub log_loss: f64,
}

/// Rates log odds of any scale as [`LearnedComparer`](super::LearnedComparer) rates what its learners say of
/// decisions that were held back from them: calibrated, and at the threshold that it would choose.
///
/// # Errors
/// [`IdentityError`] for lists of different length, a number that is not finite, or outcomes all alike.
pub fn rate(log_odds: &[f64], outcomes: &[bool]) -> Result<Rated, IdentityError> {
    // The name of the learner is not looked at.
    let judged = Judged::new(Learner::Trees, log_odds, outcomes)?;
    Ok(Rated {
        f1: judged.held_back.f1,
        log_loss: judged.held_back.log_loss,
    })
}

/// Precision, recall and F1 of decisions at a threshold.
pub(super) fn decided(probabilities: &[f64], outcomes: &[bool], threshold: f64) -> Linkage {
    let is_found = |probability: &f64| *probability >= threshold;
    let both = || probabilities.iter().zip(outcomes);
    let n_found = both().filter(|(p, _)| is_found(p)).count() as u64;
    let n_true = both().filter(|(_, outcome)| **outcome).count() as u64;
    let n_right = both()
        .filter(|(p, outcome)| is_found(p) && **outcome)
        .count() as u64;
    Linkage::of_pairs(n_right, n_found, n_true)
}

/// Thresholds that are tried lie this far apart, in log odds.
const STEP: f64 = 0.05;
/// Log odds beyond which no threshold lies.
const LOG_ODDS_MAX: f64 = 4.0;
/// How far from a threshold, in log odds, a pair counts for both sides.
const SOFTNESS: f64 = 0.4;

/// The probability from which on pairs should be called the same for the highest F1.
///
/// F1 over thresholds is jagged: where few pairs lie near the threshold, its highest point is an accident of
/// those that were held back. So a pair counts by how far beyond the threshold it lies, and the curve is
/// smooth.
fn threshold(probabilities: &[f64], outcomes: &[bool]) -> f64 {
    let log_odds: Vec<f64> = probabilities
        .iter()
        .map(|&p| (p / (1.0 - p)).ln())
        .collect();
    let n_true = outcomes.iter().filter(|outcome| **outcome).count() as f64;
    let f1 = |threshold: f64| {
        let (mut found, mut right) = (0.0, 0.0);
        for (log_odds, &outcome) in log_odds.iter().zip(outcomes) {
            let counts = sigmoid((log_odds - threshold) / SOFTNESS);
            found += counts;
            right += if outcome { counts } else { 0.0 };
        }
        2.0 * right / (found + n_true)
    };
    let n_steps = (2.0 * LOG_ODDS_MAX / STEP) as i32;
    let tried = (0..=n_steps).map(|step| f64::from(step) * STEP - LOG_ODDS_MAX);
    let best = tried.map(|threshold| (threshold, f1(threshold)));
    let best = best.max_by(|a, b| a.1.total_cmp(&b.1));
    sigmoid(best.map_or(0.0, |(threshold, _)| threshold))
}

fn sigmoid(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
