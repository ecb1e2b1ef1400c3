//! Tables that are no events: one Parquet file each, such as a snapshot of features.

use std::fs::File;
use std::path::Path;

use arrow::record_batch::RecordBatch;
use datafusion::prelude::{ParquetReadOptions, SessionContext, col, lit};

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

/// The first row's number in a column; none where it is missing or there is no such column.
pub fn first_float(batch: &RecordBatch, column: &str) -> Option<f64> {
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::Float64Type;

    let values = batch
        .column_by_name(column)?
        .as_primitive_opt::<Float64Type>()?;
    (!values.is_empty() && values.is_valid(0)).then(|| values.value(0))
}
