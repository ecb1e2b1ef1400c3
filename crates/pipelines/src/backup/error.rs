//! Why a backup was not made, not checked or not brought back, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use rapport_domain::Timestamp;
use rapport_lake::LakeError;
use rapport_store::StoreError;
use rapport_store::backup::CopyError;
use rapport_store::write_ahead::LogError;
use thiserror::Error;

use super::archive::Reachable;

use crate::error::PipelineError;

/// A failure around backups. Nothing half-done is left that would pass for a backup or for data.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The records could not be copied or brought back.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// The events could not be copied or brought back.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The settings or the data directory do not allow it.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// A file cannot be read or written.
    #[error("cannot {action} {}; check its permissions: {source}", path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The disk is full.
    #[error(
        "the disk is full at {}; nothing was kept, free some space or name a folder on another disk",
        path.display()
    )]
    DiskFull {
        /// What was being written.
        path: PathBuf,
    },
    /// A folder is no backup.
    #[error("{} is no backup: it has no manifest.json{hint}", path.display())]
    NoBackup {
        /// The folder.
        path: PathBuf,
        /// What may be meant instead; begins with a semicolon where there is something.
        hint: String,
    },
    /// The making of a backup was broken off.
    #[error("the backup {} was never finished; use another one and delete this", path.display())]
    Unfinished {
        /// The folder.
        path: PathBuf,
    },
    /// A backup's list of contents is not what was written.
    #[error("manifest.json of the backup is damaged ({reason}); use another backup")]
    BadManifest {
        /// What is wrong with it.
        reason: String,
    },
    /// A newer program made the backup.
    #[error("a newer version ({program}) made the backup; install that version or a later one")]
    Newer {
        /// The version that made it.
        program: String,
    },
    /// The place to restore to has files.
    #[error(
        "{place} is not empty; restore into a new or empty folder, and move it to its place when all is well"
    )]
    NotEmpty {
        /// The place.
        place: String,
    },
    /// A backup of one kind of database is restored to another.
    #[error("the backup holds records of {backup} and the settings name {settings}; {remedy}")]
    OtherDatabase {
        /// What the backup holds.
        backup: &'static str,
        /// What the settings name.
        settings: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// The log of the records cannot be followed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A piece of an archive is none.
    #[error("{} is no piece of an archive: {reason}", path.display())]
    BadPiece {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The database's file was written while it was copied.
    #[error("another program has written the records while they were copied; it is tried again")]
    WrittenMeanwhile,
    /// An archive with states that its data directory knows nothing of.
    #[error(
        "the archive has states that this data directory knows nothing of; it begins anew with a copy"
    )]
    StrangeArchive,
    /// An archive where it would be taken for something else.
    #[error(
        "the archive {address} lies inside of {inside}; give it a place of its own, best on another disk"
    )]
    Within {
        /// The archive.
        address: String,
        /// The data directory or the lake.
        inside: String,
    },
    /// There is no archive.
    #[error("{address} is no archive; the setting `archive` names the one that a server keeps")]
    NoArchive {
        /// The address.
        address: String,
    },
    /// An archive from which nothing can be brought back.
    #[error(
        "the archive has no state yet; its first one comes once the server has copied the records"
    )]
    NoState,
    /// An instant before the first that can be reached.
    #[error("the archive does not reach back to {at}; it has {}", spans(reachable))]
    TooEarly {
        /// The instant.
        at: Timestamp,
        /// What can be reached.
        reachable: Vec<Reachable>,
    },
    /// Pieces on the way to an instant are missing.
    #[error(
        "the archive lacks {missing} and cannot lead to {at}; it has {}; name one of those with --at",
        spans(reachable)
    )]
    Gap {
        /// The instant.
        at: Timestamp,
        /// What is missing.
        missing: String,
        /// What can be reached.
        reachable: Vec<Reachable>,
    },
    /// A backup that is named already; two began in the same second.
    #[error("there is a backup {} already; try again", path.display())]
    Taken {
        /// The folder.
        path: PathBuf,
    },
    /// A backup is not what was written; nothing was restored.
    #[error(
        "the backup is damaged and nothing was restored: {}; restore another one",
        list(problems)
    )]
    Damaged {
        /// What is wrong with it.
        problems: Vec<Problem>,
    },
}

impl BackupError {
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Io {
                action,
                path,
                source,
            },
        }
    }
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        Self::Copy(error.into())
    }
}

impl From<tokio::task::JoinError> for BackupError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Pipeline(error.into())
    }
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// A file is not there.
    #[error("{path} is missing")]
    Missing {
        /// The file.
        path: String,
    },
    /// A file holds other bytes than were written.
    #[error("{path} is damaged: {reason}")]
    Damaged {
        /// The file.
        path: String,
        /// How that is known.
        reason: String,
    },
    /// A table has another number of rows than were copied.
    #[error("table {table} has {found} rows instead of {expected}")]
    Rows {
        /// The table.
        table: String,
        /// As copied.
        expected: u64,
        /// As found.
        found: u64,
    },
    /// A file was not in the data directory any more when the backup was made.
    #[error("{path} was missing or damaged already when the backup was made")]
    Lacking {
        /// The file.
        path: String,
    },
    /// The database has found something wrong with itself.
    #[error("the records: {complaint}")]
    Records {
        /// What it says.
        complaint: String,
    },
}

fn spans(reachable: &[Reachable]) -> String {
    if reachable.is_empty() {
        return "no instant that can be reached".to_owned();
    }
    let told: Vec<String> = reachable.iter().map(Reachable::to_string).collect();
    told.join(", and ")
}

fn list(problems: &[Problem]) -> String {
    const N_MAX: usize = 10;
    let told: Vec<String> = problems
        .iter()
        .take(N_MAX)
        .map(Problem::to_string)
        .collect();
    let more = match problems.len().saturating_sub(N_MAX) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    told.join(", ") + &more
}
