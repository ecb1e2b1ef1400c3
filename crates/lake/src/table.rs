//! Tables that are no events: one Parquet file each, such as a snapshot of features.

use std::fs::File;
use std::path::Path;

use arrow::record_batch::RecordBatch;
use datafusion::prelude::{ParquetReadOptions, SessionContext, col, lit};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use crate::{LakeError, file};

/// Writes a table as one Parquet file: synced, then renamed, so that the name never stands for half.
///
/// # Errors
/// [`LakeError::Io`] where the file cannot be written.
pub fn write_table(path: &Path, batch: &RecordBatch) -> Result<(), LakeError> {
    let output = file::open_temporary(path)?;
    let properties: WriterProperties = file::common_properties()?.build();
    let mut writer = ArrowWriter::try_new(output, batch.schema(), Some(properties))?;
    writer.write(batch)?;
    writer.into_inner()?.finish_file()?;
    Ok(())
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
    File::open(path).map_err(file::io("read", path))?;
    let context = SessionContext::new();
    let mut options = ParquetReadOptions::default();
    options.file_extension = "parquet";
    let frame = context
        .read_parquet(path.to_string_lossy().as_ref(), options)
        .await?;
    Ok(frame.filter(col(column).eq(lit(value)))?.collect().await?)
}
