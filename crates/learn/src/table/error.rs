//! What can be wrong with a table.

use super::Kind;
use crate::LearnError;

/// Why a table was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// No rows or no columns.
    #[error("the table is empty; give at least one column and one row")]
    Empty,
    /// A row with more or fewer cells than there are columns.
    #[error("row {row} has {found} cells for {expected} columns; mend or leave out the row")]
    RowWidth {
        /// Row, from 0.
        row: usize,
        /// Columns.
        expected: usize,
        /// Cells.
        found: usize,
    },
    /// Two columns of one name.
    #[error("two columns are named {name:?}; give each its own name")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A column that the table lacks.
    #[error("there is no column {name:?}; give the columns that were there in training")]
    UnknownColumn {
        /// Its name.
        name: String,
    },
    /// A column of numbers where categories are needed, or the other way round.
    #[error("column {name:?} is not {expected}; read it as such")]
    OtherKind {
        /// Its name.
        name: String,
        /// What is needed.
        expected: Kind,
    },
    /// A cell of a numeric column that is no number.
    #[error(
        "column {name:?}, row {row}: {text:?} is not a number; mend it or read the column as categories"
    )]
    NotANumber {
        /// Column.
        name: String,
        /// Row, from 0.
        row: usize,
        /// What stands there.
        text: String,
    },
    /// A number that is infinite, or missing where it may not be.
    #[error("column {name:?}, row {row} is not a finite number; impute or leave out the row")]
    NotFinite {
        /// Column.
        name: String,
        /// Row, from 0.
        row: usize,
    },
    /// A category that was not there in training, where that was said to matter.
    #[error(
        "column {name:?}, row {row}: {level:?} was not there in training; fit again or allow unknown categories"
    )]
    UnknownLevel {
        /// Column.
        name: String,
        /// Row, from 0.
        row: usize,
        /// The category.
        level: String,
    },
    /// A category to ask for that no training row has.
    #[error("column {name:?} has no category {level:?}; ask for one that training rows have")]
    UnknownCategory {
        /// Column.
        name: String,
        /// The category.
        level: String,
    },
    /// A column of one value, where there must be something to learn.
    #[error("column {name:?} is {value:?} in every row; leave it out, there is nothing to learn")]
    SingleValue {
        /// Column.
        name: String,
        /// The value.
        value: String,
    },
    /// A label that was not there in training.
    #[error(
        "row {row}: the label {label:?} was not there in training; leave out the row or train again"
    )]
    UnknownLabel {
        /// Row, from 0.
        row: usize,
        /// The label.
        label: String,
    },
    /// One label only.
    #[error("all rows have the label {label:?}; give rows of at least two classes")]
    SingleClass {
        /// The label.
        label: String,
    },
    /// An encoding by targets of a table that has none.
    #[error("the table has no target to encode categories by; add it or choose another encoding")]
    NoTarget,
    /// Wrong for any learner.
    #[error(transparent)]
    Learn(#[from] LearnError),
}
