//! What can go wrong with files of events, and what to do about it.

use thiserror::Error;

/// A failure of the lake.
#[derive(Debug, Error)]
pub enum LakeError {
    /// A file or directory cannot be read or written.
    #[error("cannot {action} {path}; check the disk's space and permissions")]
    Io {
        /// What was being done.
        action: &'static str,
        /// Where.
        path: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The object store refused.
    #[error("the object store failed ({0}); check its address and credentials")]
    Store(#[from] object_store::Error),
    /// Columns that do not fit together: a mistake of ours.
    #[error("event columns do not fit the schema")]
    Arrow(#[from] arrow::error::ArrowError),
    /// A query failed, or a file that it reads is missing or damaged.
    #[error("the query over events failed: {0}")]
    Query(#[from] datafusion::error::DataFusionError),
    /// A file is missing, has not the size that it was written with, or cannot be decoded.
    #[error(
        "event file {path} is missing or damaged (it was written with {expected} bytes); restore it from a backup"
    )]
    Damaged {
        /// Path below the lake's root.
        path: String,
        /// Size as written.
        expected: u64,
    },
    /// Nothing to write.
    #[error("there are no events to write")]
    NoEvents,
    /// A row does not hold what the schema promises.
    #[error("event {event_id} has an invalid {column}; restore its file from a backup")]
    BadRow {
        /// The row's event id.
        event_id: String,
        /// The column.
        column: &'static str,
    },
    /// A file of somebody else that is no table.
    #[error("{path} cannot be read as Parquet ({reason}); write it anew, or as CSV")]
    Table {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The place is another workspace's.
    #[error(
        "{location} belongs to workspace {owner}; name another place, or delete the file {marker} there if that workspace is gone"
    )]
    Foreign {
        /// The place.
        location: String,
        /// The workspace that has it.
        owner: String,
        /// Name of the file that says so.
        marker: &'static str,
    },
    /// A depot without the file by which it is known: another one lies in its place, or none.
    #[error(
        "{location} lacks the file {marker} by which it is known; is its disk mounted? Where it was emptied on purpose, name another place"
    )]
    Unmarked {
        /// The depot.
        location: String,
        /// Name of the file.
        marker: &'static str,
    },
    /// A depot that somebody else of the same workspace has claimed since.
    #[error(
        "{location} is kept by another server or command of this workspace, which began later; give each data directory a place of its own and start again"
    )]
    TakenOver {
        /// The depot.
        location: String,
    },
    /// A location of a kind that this build cannot reach.
    #[error("cannot use {location:?}: {reason}")]
    Location {
        /// What was asked for.
        location: String,
        /// Why not, and what to do.
        reason: String,
    },
}
