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
    /// A number of a category that is none.
    #[error(
        "row {row}, column {column} is no category; number them from 0 up and leave missing ones NaN"
    )]
    Category {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
    },
    /// A number below zero where counts are needed.
    #[error("row {row}, column {column} is negative; give counts, and hash text without signs")]
    Negative {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
    },
    /// A row to unlearn that the model cannot have learned.
    #[error("the row is not part of the model; unlearn what was learned, once, as it was")]
    NotLearned,
    /// A target that is missing or infinite.
    #[error("the target of row {row} is not a finite number; leave out rows without a target")]
    Target {
        /// Row, from 0.
        row: usize,
    },
    /// A class number that does not exist.
    #[error("row {row} has label {label}; labels lie from 0 to below {n_classes}")]
    Label {
        /// Row, from 0.
        row: usize,
        /// What came.
        label: u32,
        /// How many classes there are.
        n_classes: usize,
    },
    /// A token number that does not exist.
    #[error("sequence {sequence} has token {token}; tokens lie from 0 to below {n_tokens}")]
    Token {
        /// Which sequence, from 0.
        sequence: usize,
        /// What came.
        token: usize,
        /// How many tokens there are.
        n_tokens: usize,
    },
    /// A class that no row shows.
    #[error("no row of class {class} has any weight; give rows of every class, or leave it out")]
    EmptyClass {
        /// The class, from 0.
        class: usize,
    },
    /// A weight that is negative, missing or infinite, or weights that are all zero.
    #[error("the weight of row {row} is of no use; weights are finite, from 0 up, and not all 0")]
    Weight {
        /// Row, from 0.
        row: usize,
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
