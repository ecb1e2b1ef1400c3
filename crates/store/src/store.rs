//! The open store: one writer that shares commits, a pool of readers, and the lock on the folder.

use std::path::Path;
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use rapport_domain::{Access, Author};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend};

use crate::connection::{DirectoryLock, Pauser, Writer, close_pool, postgres, sqlite};
use crate::custom_fields::FieldCache;
use crate::lens::Lens;
use crate::write_ahead::DatabaseFile;
use crate::{Checkpoints, DatabaseUrl, StoreConfig, StoreError, search, transfer, upgrade};

/// The records of one workspace. Cheap to clone; all clones share the connections.
///
/// A store sees everything, as the system does, until it is made to look through a user's eyes by
/// [`Store::as_seen_by`].
///
/// Writes are acknowledged after their commit is on the disk. Writes that wait at the same time
/// share one commit. Dropping the last clone releases the data directory.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
    lens: Lens,
}

#[derive(Debug)]
struct Inner {
    reader: DatabaseConnection,
    lister: DatabaseConnection,
    writer: Writer,
    custom_fields: FieldCache,
    /// The file, where somebody follows its log.
    file: Option<DatabaseFile>,
    /// Held for as long as the store is open; PostgreSQL needs none.
    _lock: Option<DirectoryLock>,
}

impl Store {
    /// Opens the database, making it where there is none, and brings its schema up to date: in one
    /// transaction, so that a kill leaves it as the version before knows it. Of a file that is
    /// brought up to date a copy stays beside it.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where another process has the folder, [`StoreError::NewerSchema`]
    /// where a newer program wrote the database, [`StoreError::HalfMoved`] where a move from SQLite
    /// was broken off, [`StoreError::DirectoryMissing`],
    /// [`StoreError::NotADatabase`], [`StoreError::Corrupted`], [`StoreError::ReadOnly`],
    /// [`StoreError::Unreachable`] as their names say.
    pub async fn open(config: &StoreConfig) -> Result<Self, StoreError> {
        match &config.url {
            DatabaseUrl::Sqlite(path) => {
                let lock = DirectoryLock::acquire(path)?;
                let connections =
                    sqlite::connect(path, config.list_cost, config.checkpoints).await?;
                upgrade::bring_up_to_date(&connections.writer, Some(path))
                    .await
                    .map_err(|error| sqlite::name_file(error, path))?;
                Ok(Self::over(Inner {
                    reader: connections.reader,
                    lister: connections.lister,
                    writer: Writer::shared(connections.writer),
                    custom_fields: FieldCache::default(),
                    file: followed(path, config.checkpoints)?,
                    _lock: Some(lock),
                }))
            }
            DatabaseUrl::Postgres(address) => {
                let connection = postgres::connect(address).await?;
                transfer::refuse_unfinished(&connection).await?;
                upgrade::bring_up_to_date(&connection, None).await?;
                Ok(Self::over(Inner {
                    reader: connection.clone(),
                    lister: postgres::lister(address, config.list_cost)?,
                    writer: Writer::pooled(connection),
                    custom_fields: FieldCache::default(),
                    file: None,
                    _lock: None,
                }))
            }
        }
    }

    fn over(inner: Inner) -> Self {
        let backend = inner.reader.get_database_backend();
        tracing::info!(?backend, "the records are open");
        Self {
            inner: Arc::new(inner),
            lens: Lens::default(),
        }
    }

    /// The same records as one user sees them: what the user may not see is not listed, found, counted
    /// or summed, and what the user may not change is not changed.
    #[must_use]
    pub fn as_seen_by(&self, access: Arc<Access>) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            lens: Lens::of(access),
        }
    }

    /// The same records as somebody writes them: what is changed through it is noted in this name.
    #[must_use]
    pub fn in_name_of(&self, author: Author) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            lens: self.lens.in_name_of(author),
        }
    }

    /// In whose name this store writes.
    pub fn author(&self) -> Option<Author> {
        self.lens.author()
    }

    /// Through whose eyes this store looks.
    pub(crate) const fn lens(&self) -> &Lens {
        &self.lens
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError`] where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.inner.reader.ping().await?)
    }

    /// Waits for what is being written, then closes the connections. Later calls through this store
    /// or its clones answer [`StoreError::Closed`].
    pub async fn close(&self) {
        close_pool(&self.inner.lister).await;
        close_pool(&self.inner.reader).await;
        // Last, since the last connection to close moves the write-ahead log into the file.
        self.inner.writer.close().await;
    }

    /// The file and the door by which its writer is told to wait, where somebody may follow its log.
    pub(crate) fn followed(&self) -> Option<(&DatabaseFile, Pauser)> {
        Some((self.inner.file.as_ref()?, self.inner.writer.pauser()?))
    }

    /// The connections that read what is committed.
    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.inner.reader
    }

    /// The connections of lists: as the readers', but a statement that costs too much is stopped.
    pub(crate) fn lister(&self) -> &DatabaseConnection {
        &self.inner.lister
    }

    /// The definitions of custom fields that were read last.
    pub(crate) fn custom_fields(&self) -> &FieldCache {
        &self.inner.custom_fields
    }

    /// The dialect that hand-written statements must speak.
    pub(crate) fn backend(&self) -> DbBackend {
        self.inner.reader.get_database_backend()
    }

    /// Gives back the pages that a large piece of work has gathered in memory.
    pub(crate) async fn release_memory(&self) -> Result<(), StoreError> {
        if self.backend() == DbBackend::Sqlite {
            self.write(|tx| {
                async move {
                    tx.execute_unprepared("PRAGMA shrink_memory").await?;
                    Ok(())
                }
                .boxed()
            })
            .await?;
        }
        Ok(())
    }

    /// Runs `work` in a transaction and answers once it is durable; an error undoes all of it. What
    /// it wrote is found by search from then on.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> BoxFuture<'c, Result<T, StoreError>>
            + Send
            + 'static,
    {
        let searched = self.write_unsearched(move |tx| {
            async move {
                let value = work(tx).await?;
                search::settle(tx).await?;
                Ok(value)
            }
            .boxed()
        });
        searched.await
    }

    /// As [`write`](Self::write), of what touches nothing that search finds.
    pub(crate) async fn write_unsearched<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> BoxFuture<'c, Result<T, StoreError>>
            + Send
            + 'static,
    {
        self.inner.writer.write(work).await
    }
}

fn followed(path: &Path, checkpoints: Checkpoints) -> Result<Option<DatabaseFile>, StoreError> {
    match checkpoints {
        Checkpoints::Automatic => Ok(None),
        Checkpoints::ByFollower => DatabaseFile::open(path).map(Some),
    }
}
