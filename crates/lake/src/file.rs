//! Writing one file of events: sorted rows in, a durable file and its catalogue entry out.

use std::path::{Path, PathBuf};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::TimestampMicrosecondType;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use rapport_domain::Timestamp;
use uuid::Uuid;

use crate::durable::{DurableFile, write_error};
use crate::{Lake, LakeError, LakeLocation, Segment, event_schema, upload};

/// Rows of a row group: small enough that one customer's history reads little.
const ROW_GROUP_ROWS: usize = 128 * 1024;
/// Rows of a page, the unit that a reader can leave out.
const PAGE_ROWS: usize = 4 * 1024;

/// A reader of one page needs the whole dictionary of its row group, so that it is kept small.
const DICTIONARY_BYTES: usize = 32 * 1024;
/// Columns whose values hardly repeat: differences from the value before pack tighter than a
/// dictionary and each page stands alone.
const PLAIN_COLUMNS: [(&str, Encoding); 7] = [
    ("customer_id", Encoding::DELTA_BYTE_ARRAY),
    ("occurred_at", Encoding::DELTA_BINARY_PACKED),
    ("event_id", Encoding::DELTA_BYTE_ARRAY),
    ("message_id", Encoding::DELTA_BYTE_ARRAY),
    ("received_at", Encoding::DELTA_BINARY_PACKED),
    ("order_id", Encoding::DELTA_BYTE_ARRAY),
    ("properties", Encoding::PLAIN),
];

/// A fresh path for events as they arrive.
pub(crate) fn inbox_path() -> String {
    format!("inbox/{}.parquet", Uuid::now_v7())
}

/// The path of compacted events; the files of one merge differ in month and bucket only.
pub(crate) fn bucket_path(month: &str, bucket: u32, run: Uuid) -> String {
    format!("month={month}/bucket={bucket:03}/{run}.parquet")
}

/// Writes sorted batches to one new file. Works without an async runtime: it blocks.
pub(crate) struct SegmentWriter {
    writer: ArrowWriter<DurableFile>,
    /// Where the bytes go: the final place in a directory, a staging place for an object store.
    file: PathBuf,
    path: String,
    bucket: Option<(u32, u32)>,
    rows: u64,
    min_at: i64,
    max_at: i64,
}

impl SegmentWriter {
    /// Starts a file at `path` below the lake's root; `bucket` is its number and how many there are.
    pub(crate) fn create(
        lake: &Lake,
        path: String,
        bucket: Option<(u32, u32)>,
    ) -> Result<Self, LakeError> {
        let file = match &lake.location {
            LakeLocation::Directory(root) => root.join(&path),
            LakeLocation::ObjectStore { .. } => lake.staging_file(),
        };
        let output = DurableFile::create(&file)?;
        let writer = ArrowWriter::try_new(output, event_schema(), Some(properties(bucket)))
            .map_err(write_error(&file))?;
        Ok(Self {
            writer,
            file,
            path,
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
        self.writer.write(batch).map_err(write_error(&self.file))
    }

    /// Bytes that the row group under way holds in memory.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.writer.memory_size()
    }

    /// Ends the row group under way, which frees its memory.
    pub(crate) fn flush(&mut self) -> Result<(), LakeError> {
        self.writer.flush().map_err(write_error(&self.file))
    }

    /// Syncs the file and gives it its name.
    pub(crate) fn finish(self) -> Result<Written, LakeError> {
        let output = self.writer.into_inner().map_err(write_error(&self.file))?;
        let bytes = output.finish()?;
        let segment = Segment {
            path: self.path,
            rows: self.rows,
            bytes,
            bucket: self.bucket.map(|(bucket, _)| bucket),
            n_buckets: self.bucket.map(|(_, n_buckets)| n_buckets),
            min_at: Timestamp::from_micros(self.min_at),
            max_at: Timestamp::from_micros(self.max_at),
        };
        Ok(Written {
            segment,
            file: self.file,
        })
    }
}

/// A finished file of this machine.
pub(crate) struct Written {
    segment: Segment,
    file: PathBuf,
}

impl Written {
    /// Brings the file to where the lake lies: nothing to do in a directory.
    pub(crate) async fn publish(self, lake: &Lake) -> Result<Segment, LakeError> {
        if matches!(lake.location, LakeLocation::ObjectStore { .. }) {
            let path = lake.location.path_of(&self.segment.path);
            upload::move_into(&lake.store, &path, &self.file).await?;
        }
        Ok(self.segment)
    }
}

impl Lake {
    /// A fresh place on this machine for a file that will move into an object store.
    fn staging_file(&self) -> PathBuf {
        let directory = self.options.spill_dir.clone();
        let name = format!("rapport-lake-{}.parquet", Uuid::now_v7());
        directory.unwrap_or_else(std::env::temp_dir).join(name)
    }
}

fn properties(bucket: Option<(u32, u32)>) -> WriterProperties {
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
    let mut builder = common_properties()
        .set_sorting_columns(Some(sorting))
        .set_key_value_metadata(Some(metadata))
        .set_dictionary_page_size_limit(DICTIONARY_BYTES);
    for (column, encoding) in PLAIN_COLUMNS {
        builder = builder
            .set_column_dictionary_enabled(column.into(), false)
            .set_column_encoding(column.into(), encoding);
    }
    builder.build()
}

/// Compression and sizes of every file.
pub(crate) fn common_properties() -> WriterPropertiesBuilder {
    let level = ZstdLevel::try_new(1).expect("zstd has a level 1");
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS)
}

/// Writes one batch of any schema as one durable file; blocks.
pub(crate) fn write_batch(path: &Path, batch: &RecordBatch) -> Result<(), LakeError> {
    let output = DurableFile::create(path)?;
    let properties = common_properties().build();
    let mut writer = ArrowWriter::try_new(output, batch.schema(), Some(properties))
        .map_err(write_error(path))?;
    writer.write(batch).map_err(write_error(path))?;
    writer.into_inner().map_err(write_error(path))?.finish()?;
    Ok(())
}
