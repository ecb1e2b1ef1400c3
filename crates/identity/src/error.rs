//! Why records cannot be matched.

use rapport_learn::LearnError;
use rapport_learn::boosting::BoostingError;
use rapport_learn::calibration::CalibrationError;
use rapport_learn::metrics::MetricError;
use rapport_nn::NnError;
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
    #[error(
        "column {column:?} has {found} values and the others have {expected}; give every record a cell"
    )]
    Ragged {
        /// The column.
        column: String,
        /// Its values.
        found: usize,
        /// Values of the first column.
        expected: usize,
    },
    /// Nothing to compare by.
    #[error(
        "no column says who a record is of; give at least one name, address, date or number that is filled"
    )]
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
    /// Records without a field that a comparer has learned from.
    #[error(
        "there is no field {field:?}, which the comparer has learned from; give it, blank where it is not known"
    )]
    MissingField {
        /// Its name.
        field: String,
    },
    /// Too few decisions to learn from.
    #[error(
        "{n_same} pairs are said to be the same and {n_different} to be different; \
         decide at least {needed} of either kind"
    )]
    TooFewDecisions {
        /// Different pairs that are the same.
        n_same: usize,
        /// Different pairs that are not.
        n_different: usize,
        /// How many of either kind are needed.
        needed: usize,
    },
    /// A pair of which a record does not exist, or is the same one.
    #[error("pair {pair} names the records {left} and {right} of {n_records}; name two that exist")]
    Pair {
        /// The pair's position, from 0.
        pair: usize,
        /// Its first record.
        left: u32,
        /// Its second record.
        right: u32,
        /// How many records there are.
        n_records: usize,
    },
    /// Trees that could not be boosted.
    #[error(transparent)]
    Boosting(#[from] BoostingError),
    /// Figures that are not defined.
    #[error(transparent)]
    Metric(#[from] MetricError),
    /// Scores that could not be calibrated.
    #[error(transparent)]
    Calibration(#[from] CalibrationError),
    /// A network that could not be trained.
    #[error(transparent)]
    Network(#[from] NnError),
    /// The caller's wish to stop, or its deadline.
    #[error(transparent)]
    Learn(#[from] LearnError),
}
