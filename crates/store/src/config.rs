//! Where the records are.

use std::path::{Path, PathBuf};

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

/// What a store needs to know before it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// The database.
    pub url: DatabaseUrl,
}

impl StoreConfig {
    /// SQLite in a data directory, as `records.sqlite`.
    pub fn in_directory(directory: &Path) -> Self {
        Self {
            url: DatabaseUrl::Sqlite(directory.join("records.sqlite")),
        }
    }

    /// A PostgreSQL server.
    pub fn postgres(address: impl Into<String>) -> Self {
        Self {
            url: DatabaseUrl::Postgres(address.into()),
        }
    }
}
