//! Why trees were not boosted.

use crate::LearnError;

/// Why trees were not boosted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BoostingError {
    /// A target that the loss is not defined for.
    #[error("the target of row {row} is {value}; {allowed}")]
    Target {
        /// Row, from 0.
        row: usize,
        /// What stands there.
        value: String,
        /// What the loss takes.
        allowed: &'static str,
    },
    /// A weight that is negative or not a number.
    #[error("the weight of row {row} is {value}; use numbers from 0 up")]
    Weight {
        /// Row, from 0.
        row: usize,
        /// What stands there.
        value: String,
    },
    /// Weights that leave nothing to learn from.
    #[error("all weights are 0; give at least one row a positive weight")]
    NoWeight,
    /// A category that is not one.
    #[error(
        "row {row}, column {column} holds category {value}; number categories from 0 to 65535 and leave missing ones NaN"
    )]
    Category {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
        /// What stands there.
        value: String,
    },
    /// A direction asked of a column of categories, which have no order.
    #[error(
        "column {column} holds categories, which have no order; constrain numeric columns only"
    )]
    MonotoneCategory {
        /// Column, from 0.
        column: usize,
    },
    /// What any learner can run into.
    #[error(transparent)]
    Learn(#[from] LearnError),
}
