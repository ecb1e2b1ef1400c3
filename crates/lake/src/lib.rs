#![doc = include_str!("../README.md")]

mod batch;
mod bucket;
mod compact;
mod damage;
mod depot;
mod durable;
mod error;
mod file;
mod link;
mod location;
mod marker;
mod month;
mod persons;
mod plan;
mod query;
mod reader;
mod segment;
mod snapshot;
mod sweep;
mod table;
mod transfer;
mod upload;
mod withdraw;
mod writers;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::execution::runtime_env::RuntimeEnv;
use object_store::{ObjectStore, ObjectStoreExt};
use rapport_domain::{Event, ImportId};

pub use arrow::record_batch::RecordBatch;
pub use batch::{event_schema, texts_of, to_events};
pub use bucket::bucket_of;
pub use compact::CompactOptions;
pub use depot::{Depot, Keeper};
pub use durable::{private_directories, write_file};
pub use error::LakeError;
pub use link::Links;
pub use location::LakeLocation;
pub use plan::next_merge;
pub use query::{BatchStream, SqlValue};
pub use segment::Segment;
pub use snapshot::{Place, Snapshot};
pub use table::{TextTable, first_float, read_table_rows, read_text_table, write_table};
pub use transfer::Pieces;
pub use withdraw::{EventKeys, Leaving, Withdrawn};

/// How much all queries of a lake together may use.
#[derive(Debug, Clone)]
pub struct LakeOptions {
    /// Memory in bytes for sorting and grouping; beyond it they spill.
    pub memory_limit_bytes: usize,
    /// Partitions that a query is spread over: the number of cores that it may use.
    pub n_partitions: usize,
    /// Directory for what spills, and for files on their way into an object store; none for the
    /// system's temporary directory.
    pub spill_dir: Option<PathBuf>,
}

impl Default for LakeOptions {
    fn default() -> Self {
        let n_partitions = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            memory_limit_bytes: 512 * 1024 * 1024,
            n_partitions,
            spill_dir: None,
        }
    }
}

/// The event history at one place. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Lake {
    location: LakeLocation,
    store: Arc<dyn ObjectStore>,
    runtime: Arc<RuntimeEnv>,
    options: LakeOptions,
}

impl Lake {
    /// Opens the lake; a directory is made where it is missing.
    ///
    /// # Errors
    /// [`LakeError::Io`] where the directory cannot be made or read.
    pub fn open(location: LakeLocation, options: LakeOptions) -> Result<Self, LakeError> {
        let store = location.connect()?;
        let runtime = reader::runtime(&options, &store)?;
        Ok(Self {
            location,
            store,
            runtime,
            options,
        })
    }

    /// The directory that it lies in; none where it is an object store.
    pub fn directory(&self) -> Option<&Path> {
        match &self.location {
            LakeLocation::Directory(path) => Some(path),
            LakeLocation::ObjectStore { .. } => None,
        }
    }

    /// Writes and syncs one file of events under a new name.
    ///
    /// The file counts for nothing until its [`Segment`] stands in the caller's catalogue.
    ///
    /// # Errors
    /// [`LakeError::NoEvents`] for an empty slice; [`LakeError::Io`] where the file cannot be
    /// written, a full disk included.
    pub async fn write_segment(&self, events: &[Event]) -> Result<Segment, LakeError> {
        self.write(events, None).await
    }

    /// As [`Lake::write_segment`], of events that an import brings in:
    /// [`without_import`](Lake::without_import) finds them again, wherever they were moved since.
    ///
    /// # Errors
    /// As [`Lake::write_segment`].
    pub async fn write_import(
        &self,
        events: &[Event],
        import: ImportId,
    ) -> Result<Segment, LakeError> {
        self.write(events, Some(import)).await
    }

    async fn write(
        &self,
        events: &[Event],
        import: Option<ImportId>,
    ) -> Result<Segment, LakeError> {
        if events.is_empty() {
            return Err(LakeError::NoEvents);
        }
        let batch = batch::from_events(events, import)?;
        let lake = self.clone();
        let written = blocking(move || {
            let mut writer = file::SegmentWriter::create(&lake, file::inbox_path(), None)?;
            writer.write(&batch)?;
            writer.finish()
        });
        written.await?.publish(self).await
    }

    /// Deletes files. The caller has taken their catalogue rows away before, and waits until the
    /// readers of older snapshots are done: a reader whose file goes away gets an error.
    ///
    /// # Errors
    /// [`LakeError::Store`] where a file is there and cannot be deleted; a missing one is fine.
    pub async fn remove(&self, segments: &[Segment]) -> Result<(), LakeError> {
        for segment in segments {
            self.remove_path(&segment.path).await?;
        }
        Ok(())
    }

    /// Deletes the file at a path below the root.
    ///
    /// # Errors
    /// As [`Lake::remove`].
    pub async fn remove_path(&self, path: &str) -> Result<(), LakeError> {
        match self.store.delete(&self.location.path_of(path)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// A consistent reader over exactly these files and the events that are not flushed yet.
    ///
    /// The caller takes both from one transaction of its catalogue, so that an event is in one of
    /// them and never in both.
    ///
    /// # Errors
    /// [`LakeError::Query`] where a file is missing or damaged; the message names it.
    pub async fn snapshot(
        &self,
        segments: &[Segment],
        inbox: &[Event],
    ) -> Result<Snapshot, LakeError> {
        let persons = persons::Persons::default();
        Snapshot::open(self, segments.to_vec(), inbox.to_vec(), persons)
    }
}

/// Runs work that encodes and syncs files off the runtime's own threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LakeError> + Send + 'static,
) -> Result<T, LakeError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
