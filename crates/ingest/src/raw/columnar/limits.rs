//! What a Parquet file may claim before it is believed. A file of a few kilobytes can declare a thousand
//! million rows, or pages that unpack to gigabytes.

use parquet::file::metadata::ParquetMetaData;

use crate::IngestError;

/// Rows of a Parquet file that are read at most.
pub const MAX_PARQUET_ROWS: u64 = 200_000_000;

/// Bytes that one column of a group of rows unpacks to.
const CHUNK_BYTES_MAX: i64 = 4 << 30;

/// How often a group of rows may be larger than its part of the file: beyond that it is a bomb.
const EXPANSION_MAX: u64 = 10_000;

/// Groups that are smaller are no bombs, whatever they expand to.
const HARMLESS_BYTES: u64 = 64 << 20;

/// Looks at what a file claims to hold.
pub(super) fn check(metadata: &ParquetMetaData, n_bytes: u64) -> Result<(), IngestError> {
    let declared = metadata.file_metadata().num_rows();
    let mut of_groups = metadata.row_groups().iter().map(|group| group.num_rows());
    let of_groups = of_groups.try_fold(0_i64, |sum, n| sum.checked_add(n.max(0)));
    if declared < 0 || of_groups != Some(declared) {
        return Err(damaged("its groups do not have the rows that it declares"));
    }
    if n_rows(metadata) > MAX_PARQUET_ROWS {
        return Err(too_large(
            format!("{declared} rows"),
            format!("{MAX_PARQUET_ROWS} rows"),
        ));
    }
    check_chunks(metadata, n_bytes)
}

fn check_chunks(metadata: &ParquetMetaData, n_bytes: u64) -> Result<(), IngestError> {
    for chunk in metadata
        .row_groups()
        .iter()
        .flat_map(|group| group.columns())
    {
        let (unpacked, packed) = (chunk.uncompressed_size(), chunk.compressed_size());
        let (start, length) = (chunk.data_page_offset(), packed);
        let is_within = u64::try_from(start).is_ok_and(|start| start < n_bytes)
            && u64::try_from(length).is_ok_and(|length| length <= n_bytes);
        if unpacked < 0 || !is_within {
            return Err(damaged("a column lies outside of the file"));
        }
        let expanded = u64::try_from(unpacked).unwrap_or(u64::MAX);
        let packed = u64::try_from(packed).unwrap_or_default().max(1);
        let is_bomb = expanded > HARMLESS_BYTES && expanded / packed > EXPANSION_MAX;
        if unpacked > CHUNK_BYTES_MAX || is_bomb {
            return Err(too_large(
                format!("a column of {unpacked} bytes in one group of rows"),
                format!(
                    "{CHUNK_BYTES_MAX} bytes, and {EXPANSION_MAX} times what it takes in the file"
                ),
            ));
        }
    }
    Ok(())
}

/// Rows that the file declares.
pub(super) fn n_rows(metadata: &ParquetMetaData) -> u64 {
    u64::try_from(metadata.file_metadata().num_rows()).unwrap_or_default()
}

pub(super) fn damaged(reason: &str) -> IngestError {
    IngestError::DamagedParquet {
        reason: reason.to_owned(),
    }
}

pub(super) fn too_large(what: String, limit: String) -> IngestError {
    IngestError::ParquetTooLarge { what, limit }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::file::metadata::{ColumnChunkMetaData, FileMetaData, RowGroupMetaData};
    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::SchemaDescriptor;

    use super::*;

    /// What a file of 1,000 bytes says of its rows and of what its column unpacks to.
    fn said(declared: i64, of_group: i64, unpacked: i64) -> Result<(), String> {
        let schema = parse_message_type("message rows { required int64 n; }").unwrap();
        let schema = Arc::new(SchemaDescriptor::new(Arc::new(schema)));
        let chunk = ColumnChunkMetaData::builder(schema.column(0))
            .set_data_page_offset(4)
            .set_total_compressed_size(100)
            .set_total_uncompressed_size(unpacked)
            .build()
            .unwrap();
        let group = RowGroupMetaData::builder(Arc::clone(&schema))
            .set_num_rows(of_group)
            .set_column_metadata(vec![chunk])
            .build()
            .unwrap();
        let file = FileMetaData::new(1, declared, None, None, schema, None);
        let metadata = ParquetMetaData::new(file, vec![group]);
        check(&metadata, 1_000).map_err(|error| error.to_string())
    }

    #[test]
    fn claims_that_do_not_fit_or_never_end_are_refused() {
        assert_eq!(said(10, 10, 1_000), Ok(()));
        for (claims, reason) in [
            ((1_000_000_000, 1_000_000_000, 100), "1000000000 rows"),
            ((1_000_000_000, 10, 100), "do not have the rows"),
            ((-1, 10, 100), "do not have the rows"),
            ((10, 10, -5), "outside of the file"),
            ((10, 10, 100 << 20), "a column of 104857600 bytes"),
            ((10, 10, 5 << 30), "a column of"),
        ] {
            let (declared, of_group, unpacked) = claims;
            let error = said(declared, of_group, unpacked).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
