//! Writing one file: under a temporary name, synced, then renamed, so that a name never stands for
//! half a file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::TimestampMicrosecondType;
use object_store::{ObjectStoreExt, PutPayload};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use rapport_domain::Timestamp;
use uuid::Uuid;

use crate::{Lake, LakeError, LakeLocation, Segment, event_schema};

/// Rows of a row group: small enough that one customer's history reads little.
const ROW_GROUP_ROWS: usize = 128 * 1024;
/// Rows of a page, the unit that a reader can leave out.
const PAGE_ROWS: usize = 4 * 1024;

/// A fresh path for events as they arrive.
pub(crate) fn inbox_path() -> String {
    format!("inbox/{}.parquet", Uuid::now_v7())
}

/// A fresh path for compacted events.
pub(crate) fn bucket_path(month: &str, bucket: u32) -> String {
    format!(
        "month={month}/bucket={bucket:03}/{}.parquet",
        Uuid::now_v7()
    )
}

/// Where a file's bytes go until it is finished.
pub(crate) enum Output {
    /// A temporary file beside its final name.
    File {
        file: BufWriter<File>,
        temporary: PathBuf,
        path: PathBuf,
    },
    /// A buffer that is put into an object store at the end.
    Memory(Vec<u8>),
}

impl Output {
    /// Makes a file durable under its name and tells its size.
    pub(crate) fn finish_file(self) -> Result<u64, LakeError> {
        match self {
            Self::File {
                file,
                temporary,
                path,
            } => sync_and_rename(file, &temporary, &path),
            Self::Memory(buffer) => Ok(buffer.len() as u64),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::File { file, .. } => file.write(bytes),
            Self::Memory(buffer) => buffer.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::File { file, .. } => file.flush(),
            Self::Memory(_) => Ok(()),
        }
    }
}

/// Writes sorted batches to one new file.
pub(crate) struct SegmentWriter {
    writer: ArrowWriter<Output>,
    path: String,
    bucket: Option<(u32, u32)>,
    rows: u64,
    min_at: i64,
    max_at: i64,
}

impl SegmentWriter {
    /// Starts a file at `path` below the lake's root; `bucket` is its number and how many there are.
    pub(crate) fn create(
        location: &LakeLocation,
        path: &str,
        bucket: Option<(u32, u32)>,
    ) -> Result<Self, LakeError> {
        let output = match location {
            LakeLocation::Directory(root) => open_temporary(&root.join(path))?,
            LakeLocation::ObjectStore { .. } => Output::Memory(Vec::new()),
        };
        let writer = ArrowWriter::try_new(output, event_schema(), Some(properties(bucket)?))?;
        Ok(Self {
            writer,
            path: path.to_owned(),
            bucket,
            rows: 0,
            min_at: i64::MAX,
            max_at: i64::MIN,
        })
    }

    /// Adds rows; batches come in the file's order.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        let times = batch["occurred_at"].as_primitive::<TimestampMicrosecondType>();
        for &micros in times.values() {
            self.min_at = self.min_at.min(micros);
            self.max_at = self.max_at.max(micros);
        }
        self.rows += batch.num_rows() as u64;
        self.writer.write(batch)?;
        Ok(())
    }

    /// Bytes that the row group under way holds in memory.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.writer.memory_size()
    }

    /// Ends the row group under way, which frees its memory.
    pub(crate) fn flush(&mut self) -> Result<(), LakeError> {
        Ok(self.writer.flush()?)
    }

    /// Syncs the file and gives it its name.
    pub(crate) async fn finish(self, lake: &Lake) -> Result<Segment, LakeError> {
        let Self {
            writer,
            path,
            bucket,
            rows,
            min_at,
            max_at,
        } = self;
        let bytes = match writer.into_inner()? {
            Output::File {
                file,
                temporary,
                path,
            } => sync_and_rename(file, &temporary, &path)?,
            Output::Memory(buffer) => {
                let n_bytes = buffer.len() as u64;
                lake.store
                    .put(&lake.location.path_of(&path), PutPayload::from(buffer))
                    .await?;
                n_bytes
            }
        };
        Ok(Segment {
            path,
            rows,
            bytes,
            bucket: bucket.map(|(bucket, _)| bucket),
            n_buckets: bucket.map(|(_, n_buckets)| n_buckets),
            min_at: Timestamp::from_micros(min_at),
            max_at: Timestamp::from_micros(max_at),
        })
    }
}

fn properties(bucket: Option<(u32, u32)>) -> Result<WriterProperties, LakeError> {
    let sorting = (0..3)
        .map(|column_idx| SortingColumn {
            column_idx,
            descending: false,
            nulls_first: false,
        })
        .collect();
    let mut metadata = vec![
        KeyValue::new("rapport.schema".to_owned(), "1".to_owned()),
        KeyValue::new(
            "rapport.sort".to_owned(),
            "customer_id,occurred_at,event_id".to_owned(),
        ),
    ];
    if let Some((bucket, n_buckets)) = bucket {
        metadata.push(KeyValue::new(
            "rapport.bucket".to_owned(),
            format!("{bucket}/{n_buckets}"),
        ));
    }
    Ok(common_properties()?
        .set_sorting_columns(Some(sorting))
        .set_key_value_metadata(Some(metadata))
        .build())
}

/// Compression and sizes of every file.
pub(crate) fn common_properties() -> Result<WriterPropertiesBuilder, LakeError> {
    Ok(WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS))
}

pub(crate) fn open_temporary(path: &Path) -> Result<Output, LakeError> {
    let temporary = path.with_extension("parquet.part");
    let directory = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(io("make the directory", directory))?;
    let file = File::create(&temporary).map_err(io("write", &temporary))?;
    Ok(Output::File {
        file: BufWriter::new(file),
        temporary,
        path: path.to_owned(),
    })
}

/// Makes the file durable under its name and tells its size.
fn sync_and_rename(file: BufWriter<File>, temporary: &Path, path: &Path) -> Result<u64, LakeError> {
    let file = file
        .into_inner()
        .map_err(|error| io("write", temporary)(error.into_error()))?;
    file.sync_all().map_err(io("sync", temporary))?;
    let n_bytes = file.metadata().map_err(io("read", temporary))?.len();
    std::fs::rename(temporary, path).map_err(io("rename", temporary))?;
    // The name itself must survive a power cut as well.
    let directory = path.parent().unwrap_or(Path::new("."));
    if let Ok(handle) = File::open(directory) {
        handle.sync_all().map_err(io("sync", directory))?;
    }
    Ok(n_bytes)
}

pub(crate) fn io<'a>(
    action: &'static str,
    path: &'a Path,
) -> impl FnOnce(std::io::Error) -> LakeError + use<'a> {
    move |source| LakeError::Io {
        action,
        path: path.display().to_string(),
        source,
    }
}
