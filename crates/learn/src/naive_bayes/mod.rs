//! Naive Bayes: features taken as independent within a class. Quick, frugal with rows, and a
//! baseline that text models must beat.
//!
//! Its ranking is good and its probabilities are too sure of themselves: calibrate them before
//! anybody reads them as such.

mod counts;
mod gaussian;
mod nb_svm;

pub use counts::{BernoulliNb, BernoulliNbParams, MultinomialNb, MultinomialNbParams};
pub use counts::{ValidBernoulliNbParams, ValidMultinomialNbParams};
pub use gaussian::{GaussianNb, GaussianNbParams, ValidGaussianNbParams};
pub use nb_svm::{NbRatios, NbSvm, NbSvmParams, ValidNbSvmParams};

use crate::LearnError;

/// Refuses fewer than two classes.
fn require_n_classes(n_classes: usize) -> Result<(), LearnError> {
    if n_classes >= 2 {
        return Ok(());
    }
    Err(LearnError::Parameter {
        name: "n_classes",
        value: n_classes.to_string(),
        allowed: "there are at least 2 classes to tell apart",
    })
}

/// Refuses smoothing that leaves a probability of zero.
fn require_alpha(alpha: f64) -> Result<(), LearnError> {
    if alpha > 0.0 && alpha.is_finite() {
        return Ok(());
    }
    Err(LearnError::Parameter {
        name: "alpha",
        value: alpha.to_string(),
        allowed: "smoothing is a finite number above 0",
    })
}

/// Weight of each class's rows.
fn class_totals(labels: &[u32], weights: &[f64], n_classes: usize) -> Vec<f64> {
    let mut totals = vec![0.0; n_classes];
    for (&label, weight) in labels.iter().zip(weights) {
        totals[label as usize] += weight;
    }
    totals
}

#[cfg(test)]
mod tests;
