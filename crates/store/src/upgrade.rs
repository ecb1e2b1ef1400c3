//! Bringing a database up to date, with a way back: of a file a copy stays beside it, and all steps
//! are one transaction on either database.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sea_orm::DatabaseConnection;

use crate::backup::sqlite;
use crate::{StoreError, migrations};

/// What the name of a copy begins with; the first step that the copy lacks follows.
const COPY_PREFIX: &str = "records.before-";
/// How a copy that is being made ends.
const UNFINISHED: &str = ".part";

/// Runs the steps that a database lacks. `file` is where SQLite has it.
///
/// # Errors
/// [`StoreError::NewerSchema`] where a newer program wrote it; [`StoreError`] where the copy cannot be
/// made for another reason than a full disk, or a step fails. The database is as it was then.
pub(crate) async fn bring_up_to_date(
    connection: &DatabaseConnection,
    file: Option<&Path>,
) -> Result<(), StoreError> {
    let is_new = migrations::known(connection).await?.is_empty();
    let pending = migrations::pending(connection).await?;
    let Some(first) = pending.first() else {
        return Ok(());
    };
    if let Some(file) = file.filter(|_| !is_new) {
        copy_aside(file, first).await?;
    }
    if !is_new {
        tracing::info!(
            steps = pending.join(", "),
            "bringing the records up to date"
        );
    }
    migrations::migrate(connection).await
}

/// Copies a file to one beside it that is named after the first step that it lacks, and deletes the
/// copies of earlier upgrades: one way back is kept.
async fn copy_aside(file: &Path, first: &str) -> Result<(), StoreError> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let target = folder.join(format!("{COPY_PREFIX}{first}.sqlite"));
    let unfinished = target.with_extension(format!("sqlite{UNFINISHED}"));
    remove(&unfinished)?;
    match sqlite::vacuum_into(file, &unfinished).await {
        Ok(()) => {}
        Err(StoreError::DiskFull) => {
            remove(&unfinished)?;
            tracing::warn!(
                "no room for a copy of the records from before the upgrade; should the upgrade fail \
                 they stay as they are, but there is no way back once it has succeeded"
            );
            return Ok(());
        }
        Err(error) => {
            remove(&unfinished)?;
            return Err(error);
        }
    }
    fs::rename(&unfinished, &target).map_err(|error| failed(&target, &error))?;
    for old in copies(folder)? {
        if old != target {
            remove(&old)?;
        }
    }
    tracing::info!(copy = %target.display(), "copied the records before the upgrade");
    Ok(())
}

/// Copies of earlier upgrades, finished or not.
fn copies(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    let mut copies = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| failed(folder, &error))?;
        if entry.file_name().to_string_lossy().starts_with(COPY_PREFIX) {
            copies.push(entry.path());
        }
    }
    Ok(copies)
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(path, &error)),
        _ => Ok(()),
    }
}

fn failed(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::File {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}
