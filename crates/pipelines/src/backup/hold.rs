//! A hold on files: while somebody copies them, nobody deletes them.
//!
//! The copy is made by another process than the server's. Both look at a lock on one file of the data
//! directory, which the system gives back when a process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::error::PipelineError;

const FILE_NAME: &str = "hold";

/// Held by whoever copies; several may at the same time.
#[derive(Debug)]
pub(crate) struct Hold {
    _file: File,
}

impl Hold {
    /// Takes hold, once those are done who are deleting at this moment.
    pub(crate) async fn take(data_dir: &Path) -> Result<Self, PipelineError> {
        let data_dir = data_dir.to_owned();
        let taken = tokio::task::spawn_blocking(move || {
            let file = open(&data_dir)?;
            file.lock_shared()
                .map_err(PipelineError::io("lock", &data_dir))?;
            Ok(Self { _file: file })
        });
        taken.await?
    }
}

/// Held by whoever deletes.
#[derive(Debug)]
pub(crate) struct Clearance {
    _file: File,
}

impl Clearance {
    /// None while somebody copies, or while another deletes: then it is done later.
    pub(crate) fn take(data_dir: &Path) -> Result<Option<Self>, PipelineError> {
        let file = open(data_dir)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(PipelineError::io("lock", data_dir)(error)),
        }
    }
}

fn open(data_dir: &Path) -> Result<File, PipelineError> {
    let path = data_dir.join(FILE_NAME);
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(PipelineError::io("open", &path))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[tokio::test]
    async fn nothing_is_deleted_while_somebody_copies() {
        let dir = TempDir::new().unwrap();
        let may_delete = || Clearance::take(dir.path()).unwrap().is_some();
        assert!(may_delete());

        let first = Hold::take(dir.path()).await.unwrap();
        let second = Hold::take(dir.path()).await.unwrap();
        assert!(!may_delete());
        drop(first);
        assert!(!may_delete());
        drop(second);

        assert!(may_delete());
    }
}
