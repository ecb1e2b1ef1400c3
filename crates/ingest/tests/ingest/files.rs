//! Reading a whole file as an importer would, and files in every form.

use std::io::{Cursor, Write};

use encoding_rs::GB18030;
use flate2::write::GzEncoder;
use rapport_domain::RejectedRow;
use rapport_ingest::{
    FileFormat, IngestError, Mapping, ParsedRow, ReadOptions, RowReader, SAMPLE_ROWS,
    guess_mapping, preview, sniff,
};

/// Everything that came out of a file.
pub(crate) struct Read {
    pub(crate) format: FileFormat,
    pub(crate) mapping: Mapping,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<ParsedRow>,
    pub(crate) rejected: Vec<RejectedRow>,
}

/// Reads a file with everything guessed.
pub(crate) fn read(bytes: &[u8], options: &ReadOptions) -> Result<Read, IngestError> {
    let format = sniff(bytes, "test.csv")?;
    let seen = preview(in_memory(bytes), &format, SAMPLE_ROWS)?;
    let mapping = guess_mapping(&seen.headers, &seen.sample_rows);
    read_as(bytes, format, mapping, options)
}

/// Reads a file with format and mapping given.
pub(crate) fn read_as(
    bytes: &[u8],
    format: FileFormat,
    mapping: Mapping,
    options: &ReadOptions,
) -> Result<Read, IngestError> {
    let mut reader = RowReader::new(in_memory(bytes), &format, &mapping, options)?;
    let mut rows = Vec::new();
    let mut rejected = Vec::new();
    while let Some(chunk) = reader.next_chunk(7)? {
        assert!(chunk.rows.len() + chunk.rejected.len() <= 7);
        rows.extend(chunk.rows);
        rejected.extend(chunk.rejected);
    }
    let columns = reader.columns().to_vec();
    Ok(Read {
        format,
        mapping,
        columns,
        rows,
        rejected,
    })
}

/// Bytes as a file.
pub(crate) fn in_memory(bytes: impl AsRef<[u8]>) -> Cursor<Vec<u8>> {
    Cursor::new(bytes.as_ref().to_vec())
}

/// Options with a British default.
pub(crate) fn british() -> ReadOptions {
    ReadOptions {
        default_currency: rapport_domain::Currency::GBP,
        default_region: Some("GB".to_owned()),
    }
}

/// The bytes compressed as one gzip member.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The text in an encoding by name.
pub(crate) fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    let marked = format!("\u{feff}{text}");
    match encoding {
        "utf8" => text.as_bytes().to_vec(),
        "utf8_mark" => marked.into_bytes(),
        "utf16_le" => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf16_be" => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "gb18030" => GB18030.encode(text).0.into_owned(),
        other => panic!("no encoding {other}"),
    }
}
