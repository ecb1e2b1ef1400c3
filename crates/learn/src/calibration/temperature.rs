//! Temperature scaling: one number that makes a network as sure as it may be.

use serde::{Deserialize, Serialize};

use super::CalibrationError;
use crate::{LearnError, Matrix};

/// Bounds of the logarithm of the inverse temperature, those of scikit-learn: 22,000 times hotter
/// is no information, 22,000 times colder is certainty.
const LOG_INVERSE_MAX: f64 = 10.0;
/// Width at which the logarithm of the temperature has settled.
const TOLERANCE: f64 = 1e-13;
/// Bisection alone takes 48 steps to [`TOLERANCE`]; Newton's steps take about eight.
const N_STEPS_MAX: usize = 100;

/// `softmax(logits / temperature)`.
///
/// The order of classes stays, and so does accuracy; only the confidence changes. Above 1 the
/// logits were too sure, below 1 not sure enough. For two classes without logits see
/// [`Platt`](super::Platt).
///
/// # Source
/// Guo, Pleiss, Sun & Weinberger (2017), "On Calibration of Modern Neural Networks".
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Temperature {
    temperature: f64,
}

impl Temperature {
    /// Finds the temperature of least log loss.
    ///
    /// # Shapes
    /// - `logits`: `(n_samples, n_classes)`, logarithms of probabilities up to a constant per row;
    /// - `actual`: `(n_samples,)`, classes counted from 0.
    ///
    /// # Errors
    /// No rows, lists of different length, fewer than two classes, a logit that is not finite, or
    /// a class without a column.
    pub fn fit(logits: &Matrix, actual: &[u32]) -> Result<Self, CalibrationError> {
        require_classes(logits, actual)?;
        // The loss is convex in the inverse temperature, so its slope changes sign once.
        let (mut low, mut high) = (-LOG_INVERSE_MAX, LOG_INVERSE_MAX);
        let mut at = 0.0;
        for _ in 0..N_STEPS_MAX {
            let (slope, curvature) = derivatives(logits, actual, f64::exp(at));
            if slope == 0.0 {
                break;
            }
            if slope > 0.0 {
                high = at;
            } else {
                low = at;
            }
            let newton = at - slope / curvature;
            let next = if newton > low && newton < high {
                newton
            } else {
                f64::midpoint(low, high)
            };
            let has_settled = (next - at).abs() < TOLERANCE;
            at = next;
            if has_settled {
                break;
            }
        }
        Ok(Self {
            temperature: f64::exp(-at),
        })
    }

    /// What logits are divided by, above 0.
    pub fn temperature(&self) -> f64 {
        self.temperature
    }

    /// Probabilities of every class: `(n_samples, n_classes)`, each row adds up to 1.
    ///
    /// # Errors
    /// A logit that is not finite.
    pub fn predict(&self, logits: &Matrix) -> Result<Matrix, CalibrationError> {
        logits.require_finite()?;
        let mut probabilities = logits.clone();
        for row in probabilities.rows_mut() {
            softmax(row, 1.0 / self.temperature);
        }
        Ok(probabilities)
    }
}

/// First derivative of the mean log loss by the logarithm of the inverse temperature, and its
/// second where that is above 0.
fn derivatives(logits: &Matrix, actual: &[u32], inverse: f64) -> (f64, f64) {
    let (mut slope, mut curvature) = (0.0, 0.0);
    let mut probabilities = vec![0.0; logits.n_columns()];
    for (row, &class) in logits.rows().zip(actual) {
        probabilities.copy_from_slice(row);
        softmax(&mut probabilities, inverse);
        let moment = |power: i32| -> f64 {
            row.iter()
                .zip(&probabilities)
                .map(|(logit, probability)| probability * logit.powi(power))
                .sum()
        };
        let mean = moment(1);
        slope += mean - row[class as usize];
        curvature += moment(2) - mean * mean;
    }
    let n = actual.len() as f64;
    let slope = inverse * slope / n;
    // By the chain rule; the slope's own part vanishes at the optimum.
    (slope, inverse * inverse * curvature / n + slope)
}

/// Turns logits into probabilities in place.
fn softmax(row: &mut [f64], inverse: f64) {
    let highest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for value in &mut *row {
        *value = (inverse * (*value - highest)).exp();
    }
    let sum: f64 = row.iter().sum();
    for value in row {
        *value /= sum;
    }
}

fn require_classes(logits: &Matrix, actual: &[u32]) -> Result<(), CalibrationError> {
    if logits.n_rows() != actual.len() {
        return Err(CalibrationError::LengthMismatch {
            scores: logits.n_rows(),
            outcomes: actual.len(),
        });
    }
    if actual.is_empty() {
        return Err(LearnError::TooFewRows {
            needed: 1,
            found: 0,
        }
        .into());
    }
    let n_classes = logits.n_columns();
    if n_classes < 2 {
        return Err(LearnError::Shape {
            what: "classes",
            expected: 2,
            found: n_classes,
        }
        .into());
    }
    logits.require_finite()?;
    match actual.iter().position(|&class| class as usize >= n_classes) {
        None => Ok(()),
        Some(row) => Err(CalibrationError::UnknownClass {
            row,
            class: actual[row],
            n_classes,
        }),
    }
}
