//! Figures that say how good a result is: plain functions, one each, shared by all engines.
//!
//! A figure that does not exist for its input (the area under a curve with one class, the
//! silhouette of one cluster) is [`MetricError::Undefined`], never a made-up number.

mod agreement;
mod classification;
mod clusters;
mod crps;
mod forecast;
mod gains;
mod input;
mod interval;
mod ks;
mod linkage;
mod multiclass;
mod precision_recall;
mod probability;
mod ranking;
mod regression;
mod reliability;
mod roc;
mod silhouette;
mod sweep;
mod uplift;

pub use agreement::{balanced_accuracy, mcc};
pub use classification::{ConfusionMatrix, F1Average, accuracy, confusion_matrix, f1};
pub use clusters::{adjusted_rand_index, calinski_harabasz, davies_bouldin, inertia};
pub use crps::{crps_ensemble, crps_gaussian};
pub use forecast::{ForecastErrors, mase, owa};
pub use gains::{GainsPoint, gain_at, gains_curve, lift_at};
pub use interval::{Intervals, coverage, mean_width, pinball, winkler};
pub use ks::{ks, ks_two_sample};
pub use linkage::{Linkage, b_cubed, pairwise};
pub use multiclass::{multiclass_log_loss, top_k_accuracy};
pub use precision_recall::{PrecisionRecallPoint, average_precision, precision_recall_curve};
pub use probability::{auc, brier, log_loss};
pub use ranking::{
    hit_rate_at_k, map_at_k, mean_over_users, mrr_at_k, ndcg_at_k, precision_at_k, recall_at_k,
};
pub use regression::{mae, mape, r_squared, rmse, smape, wape};
pub use reliability::{Bins, ReliabilityBin, ece, reliability_curve};
pub use roc::{RocPoint, roc_curve};
pub use silhouette::{silhouette, silhouette_sampled, silhouettes};
pub use uplift::{QiniPoint, TopShare, Trial, perfect_qini_curve, qini_auc, qini_curve, uplift_at};

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
    /// A number that is missing or infinite.
    #[error("the {metric} needs finite numbers and entry {position} is none; leave that row out")]
    NotFinite {
        /// Which figure.
        metric: &'static str,
        /// Where in its list, from 0.
        position: usize,
    },
    /// An entry that the figure is not defined for.
    #[error("the {metric} cannot take entry {position}: {allowed}")]
    OutOfRange {
        /// Which figure.
        metric: &'static str,
        /// Where in its list, from 0.
        position: usize,
        /// What an entry may be.
        allowed: &'static str,
    },
    /// A setting out of its range.
    #[error("{name} is {value}; {allowed}")]
    Parameter {
        /// The setting.
        name: &'static str,
        /// What it was set to.
        value: String,
        /// What it may be.
        allowed: &'static str,
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

#[cfg(test)]
mod curve_tests;
