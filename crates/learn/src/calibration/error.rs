//! Why nothing was calibrated.

use crate::LearnError;
use crate::metrics::MetricError;

/// Why nothing was calibrated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalibrationError {
    /// One outcome per score is needed.
    #[error("{scores} scores came with {outcomes} outcomes; give one outcome per score")]
    LengthMismatch {
        /// Scores, or rows of logits.
        scores: usize,
        /// Outcomes, or classes.
        outcomes: usize,
    },
    /// A score that is missing or infinite.
    #[error("score {position} is not a finite number; leave that row out")]
    NotFinite {
        /// Where, from 0.
        position: usize,
    },
    /// A score outside of `[0, 1]` where a probability is needed.
    #[error("score {position} is no probability; give scores from 0 to 1 or use Platt scaling")]
    NotProbability {
        /// Where, from 0.
        position: usize,
    },
    /// Nothing to tell apart.
    #[error("all outcomes are alike; hold back more rows, so that both outcomes occur")]
    OneOutcome,
    /// The rarer outcome cannot stand in every fold.
    #[error(
        "the rarer outcome occurs {found} times; hold back rows until it occurs {needed} times"
    )]
    TooFewOutcomes {
        /// One per fold.
        needed: usize,
        /// What came.
        found: usize,
    },
    /// A true class without a column.
    #[error("row {row} has class {class}, but there are columns for {n_classes} classes")]
    UnknownClass {
        /// Row, from 0.
        row: usize,
        /// Its class, from 0.
        class: u32,
        /// Columns.
        n_classes: usize,
    },
    /// What can go wrong in any learning.
    #[error(transparent)]
    Learn(#[from] LearnError),
    /// A calibrated figure that does not exist.
    #[error(transparent)]
    Metric(#[from] MetricError),
}
