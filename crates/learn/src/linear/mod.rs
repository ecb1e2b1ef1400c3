//! Linear models: regression with ridge, lasso and elastic net, logistic regression for two and
//! for many classes, and the linear support vector machine.
//!
//! All minimize a weighted mean loss plus one [`Penalty`], on dense or sparse rows
//! ([`Design`](crate::Design)). Columns are centered and scaled inside, without filling up sparse
//! tables, and coefficients come back in the units of the columns. Weights are relative: all of
//! them times two give the same model.
//!
//! | Penalty | Regression | Logistic | Support vectors |
//! |---|---|---|---|
//! | squares only | normal equations, or coordinate descent when wide | L-BFGS | L-BFGS |
//! | with absolute values | coordinate descent | proximal Newton | - |

mod class_weights;
mod descent;
mod elastic_net;
mod explain;
mod folder;
mod lbfgs;
mod logistic;
mod losses;
mod path;
mod penalty;
mod proximal;
mod ridge;
mod scores;
mod smooth;
mod standardize;
mod svm;

pub use class_weights::ClassWeights;
pub use elastic_net::{ElasticNetParams, LinearRegression, ValidElasticNetParams};
pub use explain::Contributions;
pub use folder::{LinearKind, NamedLinear, NamedLogistic, NamedRegression};
pub use logistic::{LogisticParams, LogisticRegression, ValidLogisticParams};
pub use path::lambda_grid;
pub use penalty::Penalty;
pub use scores::LinearScores;
pub use svm::{LinearSvm, LinearSvmParams, ValidLinearSvmParams};

pub(crate) use losses::{sigmoid, softmax};
pub(crate) use scores::classes_of;

use serde::{Deserialize, Serialize};

use crate::LearnError;

/// How a solver ended.
///
/// A model that did not converge is still a model; whoever fits decides whether to use it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Convergence {
    /// Rounds that the solver made.
    pub n_iterations: usize,
    /// Whether the violation fell to the tolerance.
    pub converged: bool,
    /// How far from optimal the end is, in the solver's own measure (see the parameters'
    /// `tolerance`).
    pub violation: f64,
}

/// Refuses a tolerance or a limit of rounds that no solver can work with.
pub(crate) fn require_solver(tolerance: f64, max_iterations: usize) -> Result<(), LearnError> {
    if !(tolerance > 0.0 && tolerance.is_finite()) {
        return Err(LearnError::Parameter {
            name: "tolerance",
            value: tolerance.to_string(),
            allowed: "a tolerance is a number above 0",
        });
    }
    if max_iterations == 0 {
        return Err(LearnError::Parameter {
            name: "max_iterations",
            value: "0".into(),
            allowed: "there is at least 1 iteration",
        });
    }
    Ok(())
}

/// Weights that sum to 1.
fn shares(mut weights: Vec<f64>) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= total;
    }
    weights
}

#[cfg(test)]
pub(crate) mod oracle;
#[cfg(test)]
mod tests;
