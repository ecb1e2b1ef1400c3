//! Why records cannot be matched.

use rapport_learn::LearnError;
use thiserror::Error;

/// Records or settings that the matcher cannot use.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// Fewer than two records.
    #[error("there are {n_records} records; matching needs at least 2")]
    TooFew {
        /// How many there are.
        n_records: usize,
    },
    /// Columns of different length.
    #[error("column {column:?} has {found} values and the others have {expected}; give every record a cell")]
    Ragged {
        /// The column.
        column: String,
        /// Its values.
        found: usize,
        /// Values of the first column.
        expected: usize,
    },
    /// Nothing to compare by.
    #[error("no column says who a record is of; give at least one name, address, date or number that is filled")]
    NothingToCompare,
    /// More columns than a comparison can hold.
    #[error("{found} columns are compared and {most} can be; leave out those that say least")]
    TooManyFields {
        /// Columns that would be compared.
        found: usize,
        /// The most there may be.
        most: usize,
    },
    /// More records than positions can count.
    #[error("{n_records} records are more than {most}; match them in parts")]
    TooMany {
        /// How many there are.
        n_records: usize,
        /// The most there may be.
        most: usize,
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
    /// Verified keys put records together of which a rule says that they are never the same.
    #[error(
        "records {left} and {right} have one verified key and two ids of one source; \
         correct the key or the source, or take the rule back"
    )]
    Contradiction {
        /// A record's position.
        left: usize,
        /// The other's.
        right: usize,
    },
    /// The caller's wish to stop, or its deadline.
    #[error(transparent)]
    Learn(#[from] LearnError),
}
