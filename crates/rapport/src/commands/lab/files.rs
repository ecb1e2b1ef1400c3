//! What the tasks of the lab have in common: files in, progress and errors out.

use std::path::{Path, PathBuf};

use anyhow::Result;
use rapport_learn::Progress;
use rapport_pipelines::lab::{LabError, LabTable};

use crate::output::BadInput;

/// Reads a file that may be left out.
pub(super) fn read_one(path: Option<&Path>, has_header: bool) -> Result<Option<LabTable>> {
    let table = path.map(|path| LabTable::read(path, has_header));
    table.transpose().map_err(as_bad_input)
}

/// Reads files of one shape as one table.
pub(super) fn read_all(paths: &[PathBuf], has_header: bool) -> Result<LabTable> {
    let mut tables = paths.iter().map(|path| LabTable::read(path, has_header));
    let first = tables
        .next()
        .ok_or_else(|| BadInput("name a training file".to_owned()))?;
    let mut all = first.map_err(as_bad_input)?;
    for table in tables {
        all.append(table.map_err(as_bad_input)?)
            .map_err(as_bad_input)?;
    }
    Ok(all)
}

/// Refuses a model folder that is there already, before any work.
pub(super) fn require_new(folder: Option<&Path>) -> Result<()> {
    match folder {
        Some(folder) if folder.exists() => {
            let folder = folder.display();
            Err(BadInput(format!("{folder} exists already; choose another folder")).into())
        }
        _ => Ok(()),
    }
}

/// Tells in the log how many rows of each table are left out.
pub(super) fn warn_of_rejected<'t>(tables: impl IntoIterator<Item = &'t LabTable>) {
    for table in tables {
        if table.n_rejected > 0 {
            let n = table.n_rejected;
            tracing::warn!(
                file = table.file,
                "{n} rows cannot be taken apart and are left out"
            );
        }
    }
}

/// Bad arguments and unreadable data end with code 2; a failure of learning with 1.
pub(super) fn as_bad_input(error: LabError) -> anyhow::Error {
    match error {
        LabError::Learn(error) => error.into(),
        other => BadInput(other.to_string()).into(),
    }
}

/// Tells progress in the log, on standard error.
pub(super) struct Logged;

impl Progress for Logged {
    fn report(&self, step: &str, done: u64, total: u64) {
        tracing::info!(done, total, "{step}");
    }
}
