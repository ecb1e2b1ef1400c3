//! What can go wrong while learning, whatever is learned.

/// Why learning stopped or refused its input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LearnError {
    /// Somebody asked to stop.
    #[error("the work was cancelled")]
    Cancelled,
    /// Time ran out.
    #[error("the time limit was reached; give more time or less data")]
    DeadlineExceeded,
    /// Nothing to learn from.
    #[error("{found} rows are too few; give at least {needed}")]
    TooFewRows {
        /// The least that the method works on.
        needed: usize,
        /// What came.
        found: usize,
    },
    /// The table has another width or length than the model or the other argument.
    #[error("expected {expected} {what}, found {found}")]
    Shape {
        /// Rows, columns, labels, ...
        what: &'static str,
        /// What was expected.
        expected: usize,
        /// What came.
        found: usize,
    },
    /// A number that is missing or infinite where the method needs all of them.
    #[error("row {row}, column {column} is not a finite number; impute missing values first")]
    NotFinite {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
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
