//! The rows of a Parquet file.
//!
//! Columns of structures are taken apart, so that `address.city` is a column; lists stay JSON texts.
//! Texts are read as views into their pages: one long text that a million rows share is held once.

mod cell_text;
mod delta;
mod footer;
mod limits;
mod pages;
mod shared;
mod thrift;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use rapport_domain::RejectedRow;

use self::pages::Volume;
use self::shared::SharedSource;
use super::csv_rows::name_columns;
use super::{BadCell, MAX_ROW_BYTES, RawRow, bad_row};
use crate::IngestError;
use crate::source::Source;

pub use limits::MAX_PARQUET_ROWS;

/// Rows that are decoded at once.
const BATCH_ROWS: usize = 1024;

/// Structures within structures are taken apart to this depth; what is deeper stays JSON text.
const MAX_DEPTH: usize = 8;

/// Rows of a Parquet file, one by one. Their lines are their numbers, from 1.
pub(crate) struct ColumnarRows {
    source: SharedSource,
    metadata: ArrowReaderMetadata,
    /// The group of rows after the one that is read.
    next_group: usize,
    /// What is left of the group that is read.
    batches: Option<ParquetRecordBatchReader>,
    volume: Volume,
    columns: Vec<String>,
    /// Where each column stands: positions of the structures that lead to it, then its own.
    paths: Vec<Vec<usize>>,
    batch: Vec<Column>,
    /// Rows of the batch, and those of them that are handed out.
    n_batch: usize,
    at: usize,
    line: u64,
    n_rows: u64,
    n_bytes: u64,
}

/// A column of a batch.
struct Column {
    /// The structures that it stands in; where one of them is nothing, the cell is empty.
    within: Vec<ArrayRef>,
    values: ArrayRef,
}

impl ColumnarRows {
    /// Opens a file. `columns` are the names that a mapping expects.
    pub(crate) fn open<R: Source>(
        source: R,
        columns: Option<&[String]>,
    ) -> Result<Self, IngestError> {
        let source = SharedSource::new(source).map_err(IngestError::Read)?;
        footer::check(&source)?;
        let told = guarded(|| ArrowReaderMetadata::load(&source, ArrowReaderOptions::new()))?;
        limits::check(told.metadata(), source.n_bytes())?;
        let options = ArrowReaderOptions::new().with_schema(as_views(told.schema()));
        let metadata = Arc::clone(told.metadata());
        let metadata = guarded(|| ArrowReaderMetadata::try_new(metadata, options))?;
        let (names, paths) = leaves(metadata.schema());
        let n_rows = limits::n_rows(metadata.metadata());
        let n_bytes = source.n_bytes();
        let rows = Self {
            source,
            metadata,
            next_group: 0,
            batches: None,
            volume: Volume::default(),
            columns: name_columns(names),
            paths,
            batch: Vec::new(),
            n_batch: 0,
            at: 0,
            line: 1,
            n_rows,
            n_bytes,
        };
        if let Some(expected) = columns.filter(|&expected| expected != rows.columns) {
            return Err(IngestError::ColumnsChanged {
                expected: expected.join(", "),
                found: rows.columns.join(", "),
            });
        }
        Ok(rows)
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Bytes of the file up to the rows that were handed out, as a share of its rows.
    pub(crate) fn n_bytes(&self) -> u64 {
        self.n_bytes_taken().round() as u64
    }

    pub(crate) fn n_bytes_taken(&self) -> f64 {
        let n_taken = (self.line - 1) as f64;
        self.n_bytes as f64 * (n_taken / self.n_rows.max(1) as f64).min(1.0)
    }

    /// The next row; `None` at the end of the file.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, IngestError> {
        while self.at >= self.n_batch {
            match self.next_batch()? {
                Some(batch) => self.take_apart(&batch),
                None => return self.check_end(),
            }
        }
        let row = self.row(self.at);
        self.at += 1;
        self.line += 1;
        Ok(Some(row))
    }

    /// The next rows of a group, whose pages are looked at before any of them is decoded.
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, IngestError> {
        loop {
            if let Some(batches) = &mut self.batches
                && let Some(batch) = guarded(|| batches.next().transpose())?
            {
                return Ok(Some(batch));
            }
            let idx = self.next_group;
            let Some(group) = self.metadata.metadata().row_groups().get(idx) else {
                return Ok(None);
            };
            pages::check(&self.source, group, &mut self.volume)?;
            let (source, metadata) = (self.source.clone(), self.metadata.clone());
            let batches = guarded(|| {
                ParquetRecordBatchReaderBuilder::new_with_metadata(source, metadata)
                    .with_row_groups(vec![idx])
                    .with_batch_size(BATCH_ROWS)
                    .build()
            })?;
            self.batches = Some(batches);
            self.next_group += 1;
        }
    }

    /// A file that ends before the rows that it declares was cut or lies.
    fn check_end(&self) -> Result<Option<RawRow>, IngestError> {
        let n_read = self.line - 1;
        if n_read == self.n_rows {
            return Ok(None);
        }
        Err(IngestError::DamagedParquet {
            reason: format!("it declares {} rows and has {n_read}", self.n_rows),
        })
    }

    fn take_apart(&mut self, batch: &RecordBatch) {
        self.n_batch = batch.num_rows();
        self.at = 0;
        self.batch = self.paths.iter().map(|path| column(batch, path)).collect();
    }

    fn row(&self, at: usize) -> RawRow {
        let mut cells = Vec::with_capacity(self.columns.len());
        let mut bad = None;
        let mut n_bytes = 0;
        for (idx, column) in self.batch.iter().enumerate() {
            let is_nothing = column.within.iter().any(|structure| structure.is_null(at));
            let text = if is_nothing {
                Ok(String::new())
            } else {
                cell_text::cell_text(&column.values, at, MAX_ROW_BYTES.saturating_sub(n_bytes))
            };
            match text {
                Ok(text) => {
                    n_bytes += text.len();
                    cells.push(text);
                }
                Err(cell_text::Unreadable::TooLong) => return self.too_long(&cells, idx),
                Err(cell_text::Unreadable::NoText(shown)) => {
                    bad.get_or_insert((idx, shown.clone()));
                    cells.push(shown);
                }
            }
        }
        let line = self.line;
        if let Some((idx, value)) = bad {
            return RawRow::Rejected(RejectedRow {
                line,
                column: self.columns.get(idx).cloned(),
                value: Some(value),
                reason: rapport_domain::RejectReason::BadEncoding,
                message: "the cell holds bytes that are no text; write them as text, or leave the \
                          column out"
                    .to_owned(),
                cells,
            });
        }
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return RawRow::Blank;
        }
        if let Some(idx) = cells.iter().position(|cell| cell.contains('\0')) {
            let bad = BadCell { idx, has_nul: true };
            return RawRow::Rejected(bad.reject(line, &self.columns, cells));
        }
        RawRow::Cells { line, cells }
    }

    fn too_long(&self, cells: &[String], idx: usize) -> RawRow {
        let column = self.columns.get(idx).map_or("", String::as_str);
        let message = format!(
            "the row is longer than {MAX_ROW_BYTES} bytes at the latest with {column:?}; only its \
             beginning is kept"
        );
        RawRow::Rejected(bad_row(self.line, cells.join(" ").as_bytes(), message))
    }
}

impl fmt::Debug for ColumnarRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ColumnarRows")
            .field("columns", &self.columns)
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// Runs a step of the decoder. A file that was made to hurt must not end more than its own import, so
/// that a panic over it counts as damage.
fn guarded<T, E: fmt::Display>(step: impl FnOnce() -> Result<T, E>) -> Result<T, IngestError> {
    let reason = match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "its parts do not fit each other".to_owned(),
    };
    Err(IngestError::DamagedParquet { reason })
}

/// The schema with views in the place of texts and bytes.
fn as_views(schema: &Schema) -> SchemaRef {
    let fields = schema.fields().iter().map(|field| viewed(field));
    let fields: Fields = fields.collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

fn viewed(field: &Field) -> Field {
    let one = |field: &Arc<Field>| Arc::new(viewed(field));
    let kind = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        // Texts that a program has numbered are texts; views repeat them as cheaply.
        DataType::Dictionary(_, values) => {
            let plain = Field::new(field.name(), values.as_ref().clone(), field.is_nullable());
            viewed(&plain).data_type().clone()
        }
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(one).collect()),
        DataType::List(item) => DataType::List(one(item)),
        DataType::LargeList(item) => DataType::LargeList(one(item)),
        other => other.clone(),
    };
    field.clone().with_data_type(kind)
}

/// Names and places of the columns, structures taken apart.
fn leaves(schema: &Schema) -> (Vec<String>, Vec<Vec<usize>>) {
    let (mut names, mut paths) = (Vec::new(), Vec::new());
    add_leaves(schema.fields(), "", &[], &mut names, &mut paths);
    (names, paths)
}

fn add_leaves(
    fields: &Fields,
    prefix: &str,
    path: &[usize],
    names: &mut Vec<String>,
    paths: &mut Vec<Vec<usize>>,
) {
    for (idx, field) in fields.iter().enumerate() {
        let name = format!("{prefix}{}", field.name());
        let path = [path, &[idx]].concat();
        match field.data_type() {
            DataType::Struct(fields) if path.len() < MAX_DEPTH && !fields.is_empty() => {
                add_leaves(fields, &format!("{name}."), &path, names, paths);
            }
            _ => {
                names.push(name);
                paths.push(path);
            }
        }
    }
}

fn column(batch: &RecordBatch, path: &[usize]) -> Column {
    let mut within = Vec::new();
    let mut values = Arc::clone(batch.column(path[0]));
    for &idx in &path[1..] {
        let inner = values.as_any().downcast_ref::<StructArray>();
        let inner = inner.map(|structure| Arc::clone(structure.column(idx)));
        let inner = inner.expect("paths lead through structures");
        within.push(std::mem::replace(&mut values, inner));
    }
    Column { within, values }
}
