//! What can go wrong with records, and what to do about it.

use std::path::PathBuf;

use rapport_domain::{FieldRule, IdentityRefusal, Invalid};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use thiserror::Error;

use crate::custom_fields::{Holder, UNIQUE_PREFIX};
use crate::lists::QueryError;
use crate::models::StageRefusal;

/// An operation on the records that did not happen. Nothing of it was written.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has the data directory open.
    #[error(
        "the data directory is in use (lock {}); stop the other rapport process or name another directory",
        path.display()
    )]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The database was written by a newer version.
    #[error(
        "the database is newer than this program (it knows {}); install the version that wrote it or a later one",
        names.join(", ")
    )]
    NewerSchema {
        /// Migrations that this program does not know.
        names: Vec<String>,
    },
    /// A move of records from SQLite was broken off.
    #[error(
        "the move of the records into this database was broken off; run `rapport migrate` again until it ends, or empty the schema"
    )]
    HalfMoved,
    /// The folder for the database does not exist.
    #[error("there is no folder {}; create it or name another data directory", path.display())]
    DirectoryMissing {
        /// The folder.
        path: PathBuf,
    },
    /// The file is something else than a database.
    #[error("{} is not a database; move it away or name another data directory", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The database file is damaged.
    #[error("the database is damaged; stop the program and restore a backup")]
    Corrupted,
    /// The database may not be written.
    #[error("the database cannot be written; give this user write access to the data directory")]
    ReadOnly,
    /// The disk is full.
    #[error("the disk is full; nothing of this change was kept, free some space and try again")]
    DiskFull,
    /// Another writer held the database for too long.
    #[error("the database is busy; try again")]
    Busy,
    /// A list would have read more than one list may.
    #[error(
        "this list was stopped, for it read too many records; add a filter that few records meet, or sort by another field"
    )]
    TooCostly,
    /// The server of the database does not answer.
    #[error("the database cannot be reached ({reason}); check its address and that it runs")]
    Unreachable {
        /// What the driver said.
        reason: String,
    },
    /// The store was closed or its writer stopped.
    #[error("the records are closed; restart the program")]
    Closed,
    /// A change of fields that the user's role keeps from being set.
    #[error(
        "your role does not let you set {}; leave it out or ask an administrator",
        fields.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>().join(", ")
    )]
    FieldsNotAllowed {
        /// The fields by the names under which the API sets them, and what the role takes away of each.
        fields: Vec<(String, FieldRule)>,
    },
    /// Somebody else changed the record in the meantime.
    #[error(
        "the {object} was changed meanwhile (version {found}, expected {expected}); read it again and repeat the change"
    )]
    Conflict {
        /// Kind of record.
        object: &'static str,
        /// The version that the caller had read.
        expected: i64,
        /// The version that is stored.
        found: i64,
    },
    /// A record of the pool that somebody has.
    #[error("the {object} is somebody's already; claim another one")]
    AlreadyClaimed {
        /// Kind of record.
        object: &'static str,
    },
    /// A claim of who has as many records as the pool's rule allows.
    #[error(
        "you have {n_max} records of the kind {object}, as many as the rule of the pool allows; give one back first"
    )]
    ClaimLimit {
        /// Kind of record.
        object: &'static str,
        /// As many may be owned.
        n_max: u32,
    },
    /// A step that the record's state does not allow.
    #[error("the {object} is {state}; this can no longer be done with it")]
    WrongState {
        /// Kind of record.
        object: &'static str,
        /// The state it is in.
        state: String,
    },
    /// An import whose batches left no journal.
    #[error(
        "{rows} rows of the import were read in by an earlier version, which kept no journal; it cannot be taken back"
    )]
    NotJournaled {
        /// Rows without a journal.
        rows: u64,
    },
    /// There is no such record.
    #[error("there is no {object} {key}")]
    NotFound {
        /// Kind of record.
        object: &'static str,
        /// What was looked for.
        key: String,
    },
    /// A record that is seen and is somebody else's to change.
    #[error(
        "this {object} may be changed by {}; ask there",
        owner.as_ref().map_or_else(|| "administrators".to_owned(), |name| format!("{name}, whose it is, and by administrators"))
    )]
    NotAllowed {
        /// Kind of record.
        object: &'static str,
        /// Name of the colleague in charge.
        owner: Option<String>,
    },
    /// A record with this key exists already.
    #[error("this {object} exists already; change the existing one")]
    Duplicate {
        /// Kind of record.
        object: &'static str,
    },
    /// A value of a unique custom field that another record has.
    #[error("the {object} {:?} ({}) has this {key} already; correct it in one of the two", holder.name, holder.id)]
    Taken {
        /// Kind of record.
        object: String,
        /// Key of the field.
        key: String,
        /// The record that has the value.
        holder: Holder,
    },
    /// A value of a unique custom field that a record has which is not seen.
    #[error("a {object} that you do not see has this {key} already; choose another value")]
    TakenUnseen {
        /// Kind of record.
        object: String,
        /// Key of the field.
        key: String,
    },
    /// A value of a unique custom field that another record has got in the same moment.
    #[error(
        "another record has just got a value that must be unique; send the change again to see which"
    )]
    TakenMeanwhile,
    /// A delivery of events whose key is that of one that was taken in.
    #[error("this delivery was taken in already; there is no need to send it again")]
    AlreadyDelivered,
    /// A record names another that does not exist.
    #[error("the {object} names a record that does not exist; name another or none")]
    BrokenReference {
        /// Kind of record.
        object: &'static str,
    },
    /// A record that should go is still named by others.
    #[error("the {object} is still in use; remove what names it first")]
    StillInUse {
        /// Kind of record.
        object: &'static str,
    },
    /// A change would leave nobody who can manage users.
    #[error("this is the last active administrator; make somebody else an administrator first")]
    LastAdministrator,
    /// A worker acted on a job whose lease it no longer holds.
    #[error("the lease of job {job} is over; another worker may have it, stop working on it")]
    LeaseLost {
        /// The job.
        job: rapport_domain::JobId,
    },
    /// A stage of a model that was not changed.
    #[error(transparent)]
    Stage(#[from] StageRefusal),
    /// An operation on who is whom that cannot happen.
    #[error(transparent)]
    Identity(#[from] IdentityRefusal),
    /// A pair of contacts that nothing is left to decide of.
    #[error("{state}; read the pair again, and take the operation back first if that was wrong")]
    PairDecided {
        /// What became of it.
        state: String,
    },
    /// A list was asked for in a way that is not known.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A record breaks its own rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A stored value cannot be read.
    #[error("column {column} holds a value that cannot be read ({reason}); restore a backup")]
    Decode {
        /// The column.
        column: &'static str,
        /// What is wrong with the value.
        reason: String,
    },
    /// A password could not be hashed.
    #[error("the password could not be hashed: {reason}")]
    Hashing {
        /// What went wrong.
        reason: String,
    },
    /// Reading or writing a file beside the database failed.
    #[error("{} cannot be used: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Anything else that the database refused.
    #[error("the database refused: {0}")]
    Database(DbErr),
}

impl StoreError {
    /// Whether the connection itself is in doubt, so that a shared transaction must be given up.
    pub(crate) const fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::DiskFull
                | Self::Corrupted
                | Self::ReadOnly
                | Self::Busy
                | Self::Closed
                | Self::Unreachable { .. }
        )
    }

    /// Names the kind of record in errors that the database could not name itself.
    pub(crate) fn about(self, object: &'static str) -> Self {
        match self {
            Self::Duplicate { .. } => Self::Duplicate { object },
            Self::BrokenReference { .. } => Self::BrokenReference { object },
            other => other,
        }
    }

    /// What the database says of a broken reference, where it was met on deleting.
    pub(crate) fn of_delete(self) -> Self {
        match self {
            Self::BrokenReference { object } => Self::StillInUse { object },
            other => other,
        }
    }

    /// A record that is not there.
    pub(crate) fn not_found(object: &'static str, key: impl ToString) -> Self {
        let key = key.to_string();
        Self::NotFound { object, key }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        let sqlx_error = match &error {
            DbErr::Conn(RuntimeErr::SqlxError(e))
            | DbErr::Exec(RuntimeErr::SqlxError(e))
            | DbErr::Query(RuntimeErr::SqlxError(e)) => e,
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => return Self::Closed,
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => return Self::Busy,
            _ => return Self::Database(error),
        };
        classify(sqlx_error).unwrap_or(Self::Database(error))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        classify(&error).unwrap_or_else(|| {
            Self::Database(DbErr::Conn(RuntimeErr::SqlxError(std::sync::Arc::new(
                error,
            ))))
        })
    }
}

/// Whether the index of a unique custom field refused. PostgreSQL names it apart, SQLite in its message.
fn is_of_custom_field(error: &dyn sqlx::error::DatabaseError) -> bool {
    let named = error.constraint().unwrap_or_else(|| error.message());
    named.contains(UNIQUE_PREFIX)
}

/// The error behind a driver's message, by SQLite result code or PostgreSQL SQLSTATE.
fn classify(error: &sqlx::Error) -> Option<StoreError> {
    use sqlx::error::ErrorKind;
    let database = match error {
        sqlx::Error::Database(database) => database,
        sqlx::Error::PoolTimedOut => return Some(StoreError::Busy),
        sqlx::Error::PoolClosed => return Some(StoreError::Closed),
        sqlx::Error::Io(io) => {
            let reason = io.to_string();
            return Some(StoreError::Unreachable { reason });
        }
        _ => return None,
    };
    let object = "record";
    match database.kind() {
        ErrorKind::UniqueViolation if is_of_custom_field(&**database) => {
            return Some(StoreError::TakenMeanwhile);
        }
        ErrorKind::UniqueViolation => return Some(StoreError::Duplicate { object }),
        ErrorKind::ForeignKeyViolation => return Some(StoreError::BrokenReference { object }),
        _ => {}
    }
    let code = database.code()?;
    if let Some(postgres) = database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        return match postgres.code() {
            "53100" => Some(StoreError::DiskFull),
            // A statement that ran out of its time; only lists have a limit.
            "57014" => Some(StoreError::TooCostly),
            "25006" => Some(StoreError::ReadOnly),
            "40001" | "40P01" | "55P03" => Some(StoreError::Busy),
            // Going down, coming up, or without a connection left.
            "57P01" | "57P02" | "57P03" | "53300" => Some(StoreError::Unreachable {
                reason: postgres.message().to_owned(),
            }),
            code if code.starts_with("08") => Some(StoreError::Unreachable {
                reason: postgres.message().to_owned(),
            }),
            _ => None,
        };
    }
    // The low byte of an extended result code is the primary one (sqlite.org/rescode.html).
    match code.parse::<u32>().ok()? & 0xFF {
        5 | 6 => Some(StoreError::Busy),
        8 | 14 => Some(StoreError::ReadOnly),
        // Interrupted; only lists are.
        9 => Some(StoreError::TooCostly),
        11 => Some(StoreError::Corrupted),
        13 => Some(StoreError::DiskFull),
        26 => Some(StoreError::NotADatabase {
            path: PathBuf::new(),
        }),
        _ => None,
    }
}
