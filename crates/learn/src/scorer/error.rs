//! Why nothing was scored.

use crate::LearnError;
use crate::boosting::BoostingError;
use crate::metrics::MetricError;
use crate::table::TableError;

/// Why nothing was scored.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScorerError {
    /// Only one outcome: there is nothing to tell apart.
    #[error("in the {rows} rows it {}; give rows of both outcomes", how_often(.outcome))]
    SingleOutcome {
        /// Which rows.
        rows: &'static str,
        /// The outcome that they have.
        outcome: bool,
    },
    /// The table is wrong.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Trees were not boosted.
    #[error(transparent)]
    Boosting(#[from] BoostingError),
    /// A figure does not exist.
    #[error(transparent)]
    Metric(#[from] MetricError),
    /// Learning stopped.
    #[error(transparent)]
    Learn(#[from] LearnError),
}

fn how_often(outcome: &bool) -> &'static str {
    if *outcome {
        "always happens"
    } else {
        "never happens"
    }
}
