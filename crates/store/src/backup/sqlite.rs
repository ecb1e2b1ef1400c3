//! SQLite: the copy is a database file of its own, compact and of one instant.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::ConnectionTrait;
use sqlx::{ConnectOptions as _, Connection as _};

use super::Examination;
use super::contents::{self, column};
use crate::StoreError;
use crate::connection::sqlite;

/// Steps of SQLite's machine between two looks at whether it should stop; a few milliseconds.
const N_STEPS: i32 = 100_000;
/// Complaints that are told; the first ones say enough.
const N_COMPLAINTS_MAX: u32 = 20;

/// Which checks a look includes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checks {
    /// None.
    None,
    /// The whole file: pages, rows and what the indices say of them.
    Integrity,
}

/// Writes all that is committed to a new file and syncs it.
///
/// The connection is one of its own: those that read for the server may not write anywhere
/// (`query_only`), and the only one that writes has other work.
pub(crate) async fn vacuum_into(path: &Path, target: &Path) -> Result<(), StoreError> {
    let name = target.to_str().ok_or_else(|| StoreError::File {
        path: target.to_owned(),
        reason: "its name is not UTF-8".to_owned(),
    })?;
    let mut connection = sqlite::look_options(path).connect().await?;
    let stop = StopOnDrop::default();
    let is_stopped = Arc::clone(&stop.0);
    let go_on = move || !is_stopped.load(Ordering::Relaxed);
    let mut handle = connection.lock_handle().await?;
    handle.set_progress_handler(N_STEPS, go_on);
    drop(handle);
    sqlx::query("VACUUM INTO ?")
        .bind(name)
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    sync(target).await
}

/// SQLite does not sync what it vacuums into.
async fn sync(target: &Path) -> Result<(), StoreError> {
    let synced = match tokio::fs::File::open(target).await {
        Ok(file) => file.sync_all().await,
        Err(error) => Err(error),
    };
    synced.map_err(|error| StoreError::File {
        path: target.to_owned(),
        reason: error.to_string(),
    })
}

pub(super) async fn examine(
    connection: &impl ConnectionTrait,
    checks: Checks,
) -> Result<Examination, StoreError> {
    let complaints = match checks {
        Checks::None => Vec::new(),
        Checks::Integrity => complaints(connection).await?,
    };
    let contents = contents::of(connection).await?;
    Ok(Examination {
        contents,
        complaints,
    })
}

async fn complaints(connection: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let check = format!("PRAGMA integrity_check({N_COMPLAINTS_MAX})");
    let said: Vec<String> = column(connection, &check).await?;
    let broken = column(
        connection,
        "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check",
    );
    let broken: Vec<String> = broken.await?;
    let broken = broken
        .iter()
        .map(|table| format!("a row of {table} names a record that is not there"));
    let is_complaint = |said: &String| said != "ok";
    Ok(said
        .into_iter()
        .filter(is_complaint)
        .chain(broken)
        .collect())
}

/// Dropping a caller does not stop a statement that runs on SQLite's own thread; this does.
#[derive(Debug, Default)]
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
