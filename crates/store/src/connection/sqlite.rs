//! SQLite: one connection that writes, four that read, four that list, write-ahead log, full
//! synchronization.

use std::path::Path;
use std::time::Duration;

use sea_orm::DatabaseConnection;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};

use crate::{Checkpoints, ListCost, StoreError};

/// Readers at the same time. Each holds its own page cache, which the idle memory pays for.
const N_READERS: u32 = 4;

/// Pages that the writer may keep, as SQLite spells 128 MiB. Imports touch the pages of several
/// indices at random, and a page that has to leave the cache is written twice. Idle, the writer
/// gives them back: see [`crate::Store::release_memory`].
const WRITER_CACHE: &str = "-131072";

/// Rows that the writer's thread may be ahead of who takes them. With sqlx's own 50, the reading of a
/// batch's records is mostly two threads that wake each other.
const N_ROWS_AHEAD: usize = 1_000;

/// Lists at the same time. Their connections are apart from the other readers', for they are stopped
/// where they cost too much.
const N_LISTERS: u32 = 4;

/// The pools of a file.
pub(crate) struct Connections {
    pub(crate) reader: DatabaseConnection,
    pub(crate) lister: DatabaseConnection,
    pub(crate) writer: DatabaseConnection,
}

/// Opens a file, making it where there is none.
///
/// `synchronous=FULL` because a commit in WAL mode with `NORMAL` may be lost with the power, and
/// a write is acknowledged only once it is durable.
pub(crate) async fn connect(
    path: &Path,
    list_cost: ListCost,
    checkpoints: Checkpoints,
) -> Result<Connections, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", "-8192")
        .statement_cache_capacity(64)
        .disable_statement_logging();
    // The writer comes first: it makes the file and switches it to the write-ahead log.
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(
            options
                .clone()
                .row_buffer_size(N_ROWS_AHEAD)
                .pragma("cache_size", WRITER_CACHE)
                .pragma("wal_autocheckpoint", pages_of_log(checkpoints)),
        )
        .await
        .map_err(|error| name_file(error.into(), path))?;
    let reader = SqlitePoolOptions::new()
        .max_connections(N_READERS)
        .acquire_timeout(Duration::from_secs(30))
        .connect_lazy_with(options.clone().pragma("query_only", "ON"));
    let kilosteps_max = list_cost.kilosteps_max;
    let lister = SqlitePoolOptions::new()
        .max_connections(N_LISTERS)
        .acquire_timeout(Duration::from_secs(30))
        .after_connect(move |connection, _| Box::pin(limit_steps(connection, kilosteps_max)))
        // Each statement takes its connection from the pool anew, and so its steps.
        .before_acquire(move |connection, _| {
            Box::pin(async move {
                limit_steps(connection, kilosteps_max).await?;
                Ok(true)
            })
        })
        .connect_lazy_with(options.pragma("query_only", "ON"));
    Ok(Connections {
        reader: reader.into(),
        lister: lister.into(),
        writer: writer.into(),
    })
}

/// Pages in the log from which the writer moves it into the file; none means never.
const fn pages_of_log(checkpoints: Checkpoints) -> &'static str {
    match checkpoints {
        Checkpoints::Automatic => "8192",
        Checkpoints::ByFollower => "0",
    }
}

/// Opens a connection that may move the log into the file and otherwise only looks.
pub(crate) async fn mover(path: &Path) -> Result<DatabaseConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .pragma("wal_autocheckpoint", "0")
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await
        .map_err(|error| name_file(error.into(), path))?;
    Ok(pool.into())
}

/// Stops the next statement of a connection after so many thousand steps.
async fn limit_steps(
    connection: &mut SqliteConnection,
    mut kilosteps_left: u32,
) -> Result<(), sqlx::Error> {
    let mut handle = connection.lock_handle().await?;
    handle.set_progress_handler(1000, move || {
        kilosteps_left = kilosteps_left.saturating_sub(1);
        kilosteps_left > 0
    });
    Ok(())
}

/// Opens an existing file for a look, without a right to change it.
pub(crate) async fn look(path: &Path) -> Result<DatabaseConnection, StoreError> {
    open_one(path, look_options(path)).await
}

/// Opens a file that nobody writes for a look. No file is made beside it, so that it may lie where
/// nothing can be written.
pub(crate) async fn look_at_still(path: &Path) -> Result<DatabaseConnection, StoreError> {
    open_one(path, look_options(path).immutable(true)).await
}

/// How an existing file is opened without a right to change it.
pub(crate) fn look_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(Duration::from_secs(10))
        .disable_statement_logging()
}

async fn open_one(
    path: &Path,
    options: SqliteConnectOptions,
) -> Result<DatabaseConnection, StoreError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .map_err(|error| name_file(error.into(), path))?;
    Ok(pool.into())
}

/// Puts the file's name into an error that needs it.
pub(crate) fn name_file(error: StoreError, path: &Path) -> StoreError {
    match error {
        StoreError::NotADatabase { .. } => StoreError::NotADatabase {
            path: path.to_owned(),
        },
        other => other,
    }
}
