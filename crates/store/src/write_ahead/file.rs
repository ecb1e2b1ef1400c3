//! The database's file, read beside SQLite.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::StoreError;

/// The database's file, open for as long as the store is.
///
/// It must never be opened and closed beside SQLite: on POSIX systems closing any handle of a file
/// drops all locks that the process has on it, those of SQLite's connections included, and another
/// process could then take away the log that is in use. So there is one handle, and the store keeps it.
#[derive(Debug, Clone)]
pub struct DatabaseFile {
    path: PathBuf,
    handle: Arc<Mutex<File>>,
}

impl DatabaseFile {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(failed(path))?;
        Ok(Self {
            path: path.to_owned(),
            handle: Arc::new(Mutex::new(file)),
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Fills `piece` with what stands from `offset` on, and tells how much of it there is; blocks.
    ///
    /// # Errors
    /// [`StoreError::File`] where it cannot be read.
    pub fn read_at(&self, offset: u64, piece: &mut [u8]) -> Result<usize, StoreError> {
        let mut file = self.handle.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))
            .map_err(failed(&self.path))?;
        let mut n_read = 0;
        while n_read < piece.len() {
            match file
                .read(&mut piece[n_read..])
                .map_err(failed(&self.path))?
            {
                0 => break,
                n_bytes => n_read += n_bytes,
            }
        }
        Ok(n_read)
    }
}

/// By what it is seen that nobody has changed a database's file: its length, and when it was last
/// written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its length.
    pub bytes: u64,
    /// When it was written, in nanoseconds since the epoch.
    pub modified_nanos: u64,
}

impl Stamp {
    /// Of a file as it is; it is not opened for that.
    ///
    /// # Errors
    /// [`StoreError::File`] where it is not there.
    pub fn of(path: &Path) -> Result<Self, StoreError> {
        let metadata = std::fs::metadata(path).map_err(failed(path))?;
        let modified = metadata.modified().map_err(failed(path))?;
        let since_epoch = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Self {
            bytes: metadata.len(),
            modified_nanos: u64::try_from(since_epoch.as_nanos()).unwrap_or(u64::MAX),
        })
    }

    /// Of the file of a closed database; none where some of the records are still in its log.
    ///
    /// # Errors
    /// As [`Stamp::of`].
    pub fn of_closed(path: &Path) -> Result<Option<Self>, StoreError> {
        let log = super::log::path_beside(path);
        let is_left = std::fs::metadata(log).is_ok_and(|log| log.len() > 0);
        if is_left {
            return Ok(None);
        }
        Self::of(path).map(Some)
    }
}

/// The store's error for a failure of the system at a file.
pub(super) fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    move |error| StoreError::File {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}
