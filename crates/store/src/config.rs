//! Where the records are.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// The database that holds the records.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file; it is made where it does not exist. Its folder must exist and holds the
    /// file `lock`, by which one process at a time owns the folder.
    Sqlite(PathBuf),
    /// A PostgreSQL server, such as `postgres://user:password@host/database`.
    Postgres(String),
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            // The address may hold a password.
            Self::Postgres(_) => f.write_str("Postgres(..)"),
        }
    }
}

/// What one statement of a list may cost before it is stopped, so that no filter takes a reader
/// from all others for long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListCost {
    /// Steps of SQLite's virtual machine, in thousands. A step takes some 10 to 20 ns, a record that
    /// is looked at some ten to fifty steps.
    pub kilosteps_max: u32,
    /// Time on PostgreSQL, which counts nothing else.
    pub time_max: Duration,
}

impl Default for ListCost {
    /// Some three to five seconds on either database.
    fn default() -> Self {
        Self {
            kilosteps_max: 250_000,
            time_max: Duration::from_secs(5),
        }
    }
}

/// Who moves the write-ahead log of SQLite into its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checkpoints {
    /// The writer, by itself, whenever the log has grown long.
    Automatic,
    /// Nobody but the [`Follower`](crate::write_ahead::Follower), which must have read the log before.
    ByFollower,
}

/// What a store needs to know before it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// The database.
    pub url: DatabaseUrl,
    /// What lists may cost.
    pub list_cost: ListCost,
    /// Who moves the log into the file; PostgreSQL sees to that itself.
    pub checkpoints: Checkpoints,
}

impl StoreConfig {
    /// SQLite in a data directory, as `records.sqlite`.
    pub fn in_directory(directory: &Path) -> Self {
        Self {
            url: DatabaseUrl::Sqlite(Self::file_in_directory(directory)),
            list_cost: ListCost::default(),
            checkpoints: Checkpoints::Automatic,
        }
    }

    /// The SQLite file of a data directory.
    pub fn file_in_directory(directory: &Path) -> PathBuf {
        directory.join("records.sqlite")
    }

    /// A PostgreSQL server.
    pub fn postgres(address: impl Into<String>) -> Self {
        Self {
            url: DatabaseUrl::Postgres(address.into()),
            list_cost: ListCost::default(),
            checkpoints: Checkpoints::Automatic,
        }
    }
}
