//! What can go wrong while a twin is planned or written.

use std::io;

/// Why there is no twin, or why its files are not complete.
#[derive(Debug, thiserror::Error)]
pub enum TwinError {
    /// The number of customers is zero or too large for the identifiers.
    #[error("a twin has 1 to {max} customers, not {n}; choose a number between them")]
    Customers {
        /// As asked for.
        n: u64,
        /// The most that are possible.
        max: u64,
    },
    /// The period ends before it begins, is too short or too long.
    #[error("the period has {days} whole days; move start or end so that there are {min} to {max}")]
    Period {
        /// Whole days between start and end.
        days: i64,
        /// The fewest days.
        min: i64,
        /// The most days.
        max: i64,
    },
    /// The period leaves the years whose Chinese New Year is known.
    #[error("the calendar of festivals covers {first} to {last}; keep start and end inside")]
    Calendar {
        /// First year that is known.
        first: i64,
        /// Last year that is known.
        last: i64,
    },
    /// A share lies outside of 0 to 1,000.
    #[error("{name} counts per thousand; give 0 to 1000 instead of {value}")]
    Share {
        /// The parameter.
        name: &'static str,
        /// As given.
        value: u32,
    },
    /// The mix of cultures adds up to nothing or to too much.
    #[error(
        "the weights of the cultures add up to {total}; give at least one above zero, and at most 1000000 in all"
    )]
    Cultures {
        /// Sum of the weights.
        total: u64,
    },
    /// Campaigns would overlap.
    #[error("campaigns need {min} to {max} days between them, not {days}")]
    CampaignInterval {
        /// As given.
        days: u32,
        /// The fewest days.
        min: u32,
        /// The most days.
        max: u32,
    },
    /// A file could not be made or written.
    #[error("could not write {path}; check free space and permissions, then run again")]
    Write {
        /// The file, relative to the twin's directory.
        path: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl TwinError {
    pub(crate) fn write(path: &str, source: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            source,
        }
    }
}
