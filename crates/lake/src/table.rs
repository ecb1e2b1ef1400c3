//! Tables that are no events: one Parquet file each, such as a snapshot of features.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use datafusion::prelude::{ParquetReadOptions, SessionContext, col, lit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::durable::io_error;
use crate::{LakeError, file};

/// Writes a table as one Parquet file: synced, then renamed, so that the name never stands for half.
///
/// # Errors
/// [`LakeError::Io`] where the file cannot be written.
pub fn write_table(path: &Path, batch: &RecordBatch) -> Result<(), LakeError> {
    file::write_batch(path, batch)
}

/// Rows of a table whose text column equals a value; of a sorted table only the pages that can
/// hold them are read.
///
/// # Errors
/// [`LakeError::Io`] where there is no such file; [`LakeError::Query`] where it is damaged.
pub async fn read_table_rows(
    path: &Path,
    column: &str,
    value: &str,
) -> Result<Vec<RecordBatch>, LakeError> {
    File::open(path).map_err(io_error("read", path))?;
    let context = SessionContext::new();
    let options = ParquetReadOptions {
        file_extension: "parquet",
        ..ParquetReadOptions::default()
    };
    let frame = context
        .read_parquet(path.to_string_lossy().as_ref(), options)
        .await?;
    Ok(frame.filter(col(column).eq(lit(value)))?.collect().await?)
}

/// A table whose cells are texts.
#[derive(Debug, Clone, PartialEq)]
pub struct TextTable {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Cells, row by row; a missing value is an empty text.
    pub rows: Vec<Vec<String>>,
}

/// Reads a Parquet file of somebody else whole, every value as its text. Blocks.
///
/// # Errors
/// [`LakeError::Io`] where there is no such file; [`LakeError::Table`] where it is no Parquet
/// file or a column cannot be written as text.
pub fn read_text_table(path: &Path) -> Result<TextTable, LakeError> {
    let refuse = |reason: String| LakeError::Table {
        path: path.display().to_string(),
        reason,
    };
    let file = File::open(path).map_err(io_error("read", path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)
        .map_err(|error| refuse(error.to_string()))?;
    let fields = builder.schema().fields().iter();
    let columns = fields.map(|field| field.name().clone()).collect();
    let batches = builder.build().map_err(|error| refuse(error.to_string()))?;
    let mut rows = Vec::new();
    for batch in batches {
        let texts: Result<Vec<StringArray>, ArrowError> =
            batch.and_then(|batch| batch.columns().iter().map(texts_in).collect());
        let texts = texts.map_err(|error| refuse(error.to_string()))?;
        let n_rows = texts.first().map_or(0, StringArray::len);
        rows.extend((0..n_rows).map(|row| {
            let cells = texts.iter().map(|column| match column.is_valid(row) {
                true => column.value(row).to_owned(),
                false => String::new(),
            });
            cells.collect()
        }));
    }
    Ok(TextTable { columns, rows })
}

/// The texts of a column's values; an instant with a time zone is told in UTC.
fn texts_in(column: &ArrayRef) -> Result<StringArray, ArrowError> {
    let local = match column.data_type() {
        DataType::Timestamp(unit, Some(_)) => cast(column, &DataType::Timestamp(*unit, None))?,
        _ => Arc::clone(column),
    };
    Ok(cast(&local, &DataType::Utf8)?.as_string::<i32>().clone())
}

/// The first row's number in a column; none where it is missing or there is no such column.
pub fn first_float(batch: &RecordBatch, column: &str) -> Option<f64> {
    let values = batch
        .column_by_name(column)?
        .as_primitive_opt::<Float64Type>()?;
    (!values.is_empty() && values.is_valid(0)).then(|| values.value(0))
}
