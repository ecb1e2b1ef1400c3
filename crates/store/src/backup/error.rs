//! Why records could not be copied or brought back, and what to do about it.

use std::path::PathBuf;

use thiserror::Error;

use crate::StoreError;

/// A copy of the records that was not made or not brought back.
#[derive(Debug, Error)]
pub enum CopyError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no database to copy.
    #[error("there are no records at {}; name the data directory with --data-dir", path.display())]
    NoRecords {
        /// Where they were looked for.
        path: PathBuf,
    },
    /// One of PostgreSQL's programs is not on this machine.
    #[error(
        "{program} is needed to copy records on PostgreSQL and is not on this machine; install PostgreSQL's client programs (on Debian: apt-get install postgresql-client)"
    )]
    ProgramMissing {
        /// The program.
        program: &'static str,
    },
    /// One of PostgreSQL's programs failed.
    #[error("{program} failed: {reason}")]
    ProgramFailed {
        /// The program.
        program: &'static str,
        /// What it said.
        reason: String,
    },
    /// The database that should be filled has tables.
    #[error(
        "the database has {n_tables} tables already; restore into an empty one and leave this as it is"
    )]
    NotEmpty {
        /// How many.
        n_tables: u64,
    },
    /// The address leads to another schema than the tables were in.
    #[error(
        "the backup's tables are in the schema {expected:?} and the address leads to {found:?}; add ?options[search_path]={expected} to the address"
    )]
    OtherNamespace {
        /// The schema of the backup.
        expected: String,
        /// The schema of the address.
        found: String,
    },
}
