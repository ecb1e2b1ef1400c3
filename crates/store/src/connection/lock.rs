//! The advisory lock by which one process owns a data directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use crate::StoreError;

const FILE_NAME: &str = "lock";

/// A held lock. The system releases it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Whether another process holds the folder of a database file. Makes no file.
    pub(crate) fn is_held(database: &Path) -> bool {
        let file = File::open(directory_of(database).join(FILE_NAME));
        file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// Locks the folder of a database file through the file `lock` beside it.
    pub(crate) fn acquire(database: &Path) -> Result<Self, StoreError> {
        let directory = directory_of(database);
        if !directory.is_dir() {
            let path = directory.to_owned();
            return Err(StoreError::DirectoryMissing { path });
        }
        let path = directory.join(FILE_NAME);
        let opened = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let file = opened.map_err(|error| match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
            ErrorKind::StorageFull => StoreError::DiskFull,
            _ => StoreError::File {
                path: path.clone(),
                reason: error.to_string(),
            },
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path }),
            Err(TryLockError::Error(error)) => Err(StoreError::File {
                path,
                reason: error.to_string(),
            }),
        }
    }
}

fn directory_of(database: &Path) -> &Path {
    match database.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
