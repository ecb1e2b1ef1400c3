//! Figures that say how good a result is: plain functions, one each, shared by all engines.
//!
//! A figure that does not exist for its input (the area under a curve with one class, the
//! silhouette of one cluster) is [`MetricError::Undefined`], never a made-up number.

mod classification;
mod clusters;
mod probability;
mod regression;
mod silhouette;

pub use classification::{ConfusionMatrix, F1Average, accuracy, confusion_matrix, f1};
pub use clusters::{adjusted_rand_index, calinski_harabasz, davies_bouldin, inertia};
pub use probability::{auc, brier, log_loss};
pub use regression::{mae, rmse, smape};
pub use silhouette::{silhouette, silhouette_sampled, silhouettes};

/// Why a figure does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// Two lists that belong together differ in length.
    #[error("{left} values were compared with {right}; give two lists of one length")]
    LengthMismatch {
        /// Length of the first.
        left: usize,
        /// Length of the second.
        right: usize,
    },
    /// The definition needs something that the input lacks.
    #[error("the {metric} is undefined here: it needs {needs}")]
    Undefined {
        /// Which figure.
        metric: &'static str,
        /// What is lacking.
        needs: &'static str,
    },
}

/// Refuses lists of different length and empty ones.
fn require_pairs(metric: &'static str, left: usize, right: usize) -> Result<(), MetricError> {
    if left != right {
        return Err(MetricError::LengthMismatch { left, right });
    }
    if left == 0 {
        return Err(MetricError::Undefined {
            metric,
            needs: "at least one row",
        });
    }
    Ok(())
}
