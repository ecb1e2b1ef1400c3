//! A look at the records from outside: nothing is made, changed or locked.

use crate::connection::{DirectoryLock, close_pool, postgres, sqlite};
use crate::{DatabaseUrl, StoreConfig, StoreError, migrations};

/// What a look at a database found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Whether another process has the data directory open.
    pub is_in_use: bool,
    /// Migrations that opening the database would run, in order.
    pub pending: Vec<String>,
}

/// Looks at a database; none where there is no file yet.
///
/// # Errors
/// [`StoreError::NewerSchema`] where a newer program wrote the database,
/// [`StoreError::NotADatabase`], [`StoreError::Corrupted`], [`StoreError::Unreachable`] as their
/// names say.
pub async fn inspect(config: &StoreConfig) -> Result<Option<Inspection>, StoreError> {
    let (connection, is_in_use) = match &config.url {
        DatabaseUrl::Sqlite(path) if !path.exists() => return Ok(None),
        DatabaseUrl::Sqlite(path) => (sqlite::look(path).await?, DirectoryLock::is_held(path)),
        DatabaseUrl::Postgres(address) => (postgres::connect(address).await?, false),
    };
    let pending = migrations::pending(&connection).await;
    close_pool(&connection).await;
    let pending = pending.map_err(|error| match &config.url {
        DatabaseUrl::Sqlite(path) => sqlite::name_file(error, path),
        DatabaseUrl::Postgres(_) => error,
    })?;
    Ok(Some(Inspection { is_in_use, pending }))
}
