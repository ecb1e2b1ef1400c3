//! The write-ahead log of SQLite, followed: what was committed since a position is read out of it, page
//! by page, and moved into the file only after that. This is what an archive is made of that can be
//! brought back as of any of its instants; on PostgreSQL the server's own archiving does the same.
//!
//! What always holds: the file together with the log beside it is the state of the last commit. The
//! file is only ever changed by a checkpoint, and a log only begins anew, with other salts, after a
//! checkpoint has moved all of it. So where nobody but the follower makes checkpoints
//! ([`Checkpoints::ByFollower`](crate::Checkpoints::ByFollower)), and makes each only after it has read
//! all, no commit can pass by it.

mod file;
mod log;
#[cfg(test)]
mod tests;

use std::path::Path;

use sea_orm::{DatabaseConnection, DbBackend};

use crate::backup::NamedFiles;
use crate::backup::contents::files_of_today;
use crate::connection::{Pauser, close_pool, sqlite};
use crate::sql::Sql;
use crate::{Store, StoreError};

pub use crate::connection::Pause;
pub use file::{DatabaseFile, Stamp};
pub use log::{LogError, Mark, Position, Reading};

/// Follows the log of an open store; there is one at a time.
#[derive(Debug)]
pub struct Follower {
    connection: DatabaseConnection,
    pauser: Pauser,
    file: DatabaseFile,
}

impl Follower {
    /// Begins to follow; none where the store was not opened for it, or is on PostgreSQL.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be opened once more.
    pub async fn open(store: &Store) -> Result<Option<Self>, StoreError> {
        let Some((file, pauser)) = store.followed() else {
            return Ok(None);
        };
        Ok(Some(Self {
            connection: sqlite::mover(file.path()).await?,
            pauser,
            file: file.clone(),
        }))
    }

    /// The database's file.
    pub const fn file(&self) -> &DatabaseFile {
        &self.file
    }

    /// Where the database's file lies.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Keeps the writer from writing until the answer is dropped; what it is at is done first. Those
    /// who want to write wait meanwhile, and none of them fails for it.
    ///
    /// # Errors
    /// [`StoreError::Closed`] where the store is closed.
    pub async fn pause(&self) -> Result<Pause, StoreError> {
        self.pauser.pause().await
    }

    /// Moves the log into the file as far as readers let it, and tells whether that was all of it. The
    /// caller has read all of the log before, and keeps the writer waiting.
    ///
    /// # Errors
    /// [`StoreError`] where the disk refuses; the log is as good as before then.
    pub async fn checkpoint(&self, _pause: &Pause) -> Result<bool, StoreError> {
        self.move_log().await
    }

    /// As [`Follower::checkpoint`], of a log that nobody will read, beside whoever writes.
    ///
    /// # Errors
    /// As there.
    pub async fn checkpoint_unread(&self) -> Result<(), StoreError> {
        self.move_log().await.map(|_| ())
    }

    async fn move_log(&self) -> Result<bool, StoreError> {
        let mut sql = Sql::new(DbBackend::Sqlite);
        sql.push("PRAGMA wal_checkpoint(PASSIVE)");
        let rows = sql.all(&self.connection).await?;
        let Some(row) = rows.first() else {
            return Ok(false);
        };
        let number = |idx: usize| row.try_get_by_index::<i64>(idx);
        let (is_busy, n_frames, n_moved) = (number(0)?, number(1)?, number(2)?);
        Ok(is_busy == 0 && n_frames == n_moved)
    }

    /// The files that the records name, as of the last commit.
    ///
    /// # Errors
    /// [`StoreError`] where they cannot be read.
    pub async fn named_files(&self) -> Result<NamedFiles, StoreError> {
        files_of_today(&self.connection).await
    }

    /// Closes the connection, so that it is not the last one of the store.
    pub async fn close(self) {
        close_pool(&self.connection).await;
    }
}
