//! Copies of the records as of one instant, made beside whoever writes them, and what they hold.

mod address;
pub(crate) mod contents;
mod error;
mod program;
mod server;
pub(crate) mod sqlite;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::connection::close_pool;
use crate::{DatabaseUrl, StoreConfig, StoreError, connection, migrations};

pub use contents::{Contents, NamedFiles};
pub use error::CopyError;

/// How a copy of the records is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyKind {
    /// A database file as in a data directory.
    Sqlite,
    /// An archive of `pg_dump`.
    Postgres,
}

impl CopyKind {
    /// The kind that a database is copied as.
    pub const fn of(config: &StoreConfig) -> Self {
        match config.url {
            DatabaseUrl::Sqlite(_) => Self::Sqlite,
            DatabaseUrl::Postgres(_) => Self::Postgres,
        }
    }

    /// Name of the copy's file.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Sqlite => "records.sqlite",
            Self::Postgres => "records.pgdump",
        }
    }
}

/// What a look into a database file found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// What it holds.
    pub contents: Contents,
    /// What the database itself says is wrong with it; empty where nothing is.
    pub complaints: Vec<String>,
}

/// Copies the records to `target`, a file that is not there yet, as of one instant, and tells what
/// the copy holds. Others may go on reading and writing. Dropped, it stops; what it wrote stays.
///
/// # Errors
/// [`CopyError::NoRecords`] where there is no database; [`CopyError::ProgramMissing`] and
/// [`CopyError::ProgramFailed`] on PostgreSQL, whose own programs make the copy;
/// [`CopyError::Store`] where the database fails or the disk is full.
pub async fn copy(config: &StoreConfig, target: &Path) -> Result<Contents, CopyError> {
    match &config.url {
        DatabaseUrl::Sqlite(path) => {
            let no_records = || CopyError::NoRecords { path: path.clone() };
            path.exists().then_some(()).ok_or_else(no_records)?;
            // Before the copy is made: what a newer program wrote cannot be told.
            examine_schema(path).await?;
            sqlite::vacuum_into(path, target).await?;
            Ok(examine_file(target, sqlite::Checks::None).await?.contents)
        }
        DatabaseUrl::Postgres(address) => server::dump(address, target).await,
    }
}

/// Looks into a database file that nobody writes, without making a file beside it.
///
/// # Errors
/// [`StoreError`] where it cannot be read or a newer program wrote it.
pub async fn examine(file: &Path) -> Result<Examination, StoreError> {
    examine_file(file, sqlite::Checks::Integrity).await
}

/// Looks into the records that are in use, and tells what they hold and what is wrong with them.
///
/// # Errors
/// As for [`copy`].
pub async fn examine_records(config: &StoreConfig) -> Result<Examination, CopyError> {
    match &config.url {
        DatabaseUrl::Sqlite(path) if !path.exists() => {
            Err(CopyError::NoRecords { path: path.clone() })
        }
        DatabaseUrl::Sqlite(path) => {
            let connection = connection::sqlite::look(path).await?;
            let found = sqlite::examine(&connection, sqlite::Checks::Integrity).await;
            close_pool(&connection).await;
            Ok(found.map_err(|error| connection::sqlite::name_file(error, path))?)
        }
        DatabaseUrl::Postgres(address) => Ok(Examination {
            contents: server::contents(address).await?,
            complaints: Vec::new(),
        }),
    }
}

/// Fills an empty database on a server from an archive of `pg_dump`; all of it or nothing.
///
/// `namespace` is the schema that the tables were in; the address must lead to one of that name.
///
/// # Errors
/// [`CopyError::NotEmpty`] where there are tables already, [`CopyError::OtherNamespace`] where the
/// address leads to another schema, [`CopyError::ProgramMissing`], [`CopyError::ProgramFailed`],
/// and [`CopyError::Store`] where the server cannot be reached.
pub async fn restore(
    address: &str,
    archive: &Path,
    namespace: &str,
) -> Result<Contents, CopyError> {
    server::restore(address, archive, namespace).await
}

/// Whether [`restore`] would be let into the database; nothing is written.
///
/// # Errors
/// [`CopyError::NotEmpty`], [`CopyError::OtherNamespace`] and [`CopyError::Store`] as there.
pub async fn check_target(address: &str, namespace: &str) -> Result<(), CopyError> {
    server::check_target(address, namespace).await
}

/// Whether an archive of `pg_dump` can be read to its list of contents.
///
/// # Errors
/// [`CopyError::ProgramMissing`] and [`CopyError::ProgramFailed`] with what it says.
pub async fn check_archive(archive: &Path) -> Result<(), CopyError> {
    server::check_archive(archive).await
}

async fn examine_schema(path: &Path) -> Result<(), StoreError> {
    let connection = connection::sqlite::look(path).await?;
    let pending = migrations::pending(&connection).await;
    close_pool(&connection).await;
    pending.map_err(|error| connection::sqlite::name_file(error, path))?;
    Ok(())
}

async fn examine_file(file: &Path, checks: sqlite::Checks) -> Result<Examination, StoreError> {
    let connection = connection::sqlite::look_at_still(file).await?;
    let found = sqlite::examine(&connection, checks).await;
    close_pool(&connection).await;
    found.map_err(|error| connection::sqlite::name_file(error, file))
}
