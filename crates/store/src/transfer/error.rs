//! Why records were not moved to a server, and what to do about it.

use std::path::PathBuf;

use sqlx::postgres::PgDatabaseError;
use thiserror::Error;

use crate::StoreError;

/// A move that did not come to its end. The file that it reads is as it was.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TransferError {
    /// The file or the server failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no file to move.
    #[error("there are no records at {}; name the data directory with --data-dir", path.display())]
    NoRecords {
        /// Where they were looked for.
        path: PathBuf,
    },
    /// The file is of an earlier version.
    #[error(
        "the records are of an earlier version (they lack {}); start `rapport serve` with this version once, then move them",
        pending.join(", ")
    )]
    Behind {
        /// Steps that the file lacks.
        pending: Vec<String>,
    },
    /// The address is none.
    #[error("the address cannot be read ({reason}); give postgres://USER:PASSWORD@HOST/DATABASE")]
    Address {
        /// What is wrong with it.
        reason: String,
    },
    /// No server answers.
    #[error("the server cannot be reached ({reason}); check its address and that it runs")]
    Unreachable {
        /// What the driver said.
        reason: String,
    },
    /// The server does not let us in.
    #[error("the server refuses ({reason}); check user, password and name of the database")]
    Refused {
        /// What it said.
        reason: String,
    },
    /// The user may not make tables.
    #[error(
        "the user may not do this there ({reason}); as the database's owner, say GRANT CREATE, USAGE ON SCHEMA to it"
    )]
    NoRights {
        /// What the server said.
        reason: String,
    },
    /// The server is too old.
    #[error("the server is PostgreSQL {found}; version {oldest} or later is needed")]
    OldServer {
        /// Its major version.
        found: i32,
        /// The oldest that will do.
        oldest: i32,
    },
    /// The database cannot hold every text.
    #[error("the database is encoded in {found}; make one with ENCODING 'UTF8'")]
    Encoding {
        /// Its encoding.
        found: String,
    },
    /// The database has tables that no move has made.
    #[error(
        "the database has {n_tables} tables already; move into an empty one, or name an empty schema with ?options[search_path]=NAME"
    )]
    NotEmpty {
        /// How many.
        n_tables: usize,
    },
    /// A move of other records was begun there.
    #[error(
        "the move of another data directory into this database was broken off; finish that one, or empty the schema and run this again"
    )]
    OtherMove,
    /// The file was written since the move began.
    #[error(
        "table {table} was changed since the move began; empty the schema on the server and run this again"
    )]
    Changed {
        /// The table.
        table: String,
    },
    /// The databases do not have the same tables or columns.
    #[error("the databases differ in what they hold: {reason}; this is a mistake of this program")]
    Schema {
        /// What differs.
        reason: String,
    },
    /// A value that has no counterpart on the server.
    #[error(
        "column {column} of {table}, in row {row} from 1, {reason}; mend it and run this again"
    )]
    Unfit {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The row in the order of the file.
        row: u64,
        /// What is wrong with the value.
        reason: String,
    },
    /// What arrived is not what was sent.
    #[error(
        "table {table} is not the same on both sides: {sent_rows} rows with checksum {sent} were sent, {found_rows} with {found} arrived; nothing of it was kept"
    )]
    Mismatch {
        /// The table.
        table: String,
        /// Rows that were sent.
        sent_rows: u64,
        /// Their checksum.
        sent: String,
        /// Rows that are there.
        found_rows: u64,
        /// Their checksum.
        found: String,
    },
}

impl From<sqlx::Error> for TransferError {
    fn from(error: sqlx::Error) -> Self {
        let reason = match &error {
            sqlx::Error::Database(database) => database.message().to_owned(),
            other => other.to_string(),
        };
        match &error {
            sqlx::Error::Configuration(_) => Self::Address { reason },
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => Self::Unreachable { reason },
            sqlx::Error::Database(database) => {
                let postgres = database.try_downcast_ref::<PgDatabaseError>();
                match postgres.map(PgDatabaseError::code) {
                    // Insufficient privilege, and a transaction that may only read.
                    Some("42501" | "25006") => Self::NoRights { reason },
                    // Invalid authorization, and a database that is not there.
                    Some(code) if code.starts_with("28") || code == "3D000" => {
                        Self::Refused { reason }
                    }
                    _ => Self::Store(error.into()),
                }
            }
            _ => Self::Store(error.into()),
        }
    }
}
