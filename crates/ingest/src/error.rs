//! What can be wrong with a whole file. What is wrong with one row is a
//! [`RejectedRow`](rapport_domain::RejectedRow), never an error.

use std::io;

use rapport_domain::Invalid;
use thiserror::Error;

/// Why a file cannot be read at all, and what to do about it.
#[derive(Debug, Error)]
pub enum IngestError {
    /// Not one character of text.
    #[error("{file_name} is empty; export it again with a header and at least one row")]
    Empty {
        /// Name of the file as the user knows it.
        file_name: String,
    },
    /// A header and nothing else.
    #[error(
        "the file has a header of {n_columns} columns but no rows; export it again with its rows"
    )]
    HeaderOnly {
        /// Number of columns in the header.
        n_columns: usize,
    },
    /// Something that is not text, whatever its name ends in.
    #[error("{file_name} is {found}, not a text table; {advice}")]
    Binary {
        /// Name of the file as the user knows it.
        file_name: String,
        /// What the bytes are, with its article, such as `an Excel workbook`.
        found: &'static str,
        /// What to do, such as `open it and save it as CSV (UTF-8)`.
        advice: &'static str,
    },
    /// Text in an encoding that is not read.
    #[error("{file_name} is text in {found}, which is not read; save it as UTF-8")]
    Encoding {
        /// Name of the file as the user knows it.
        file_name: String,
        /// The encoding.
        found: &'static str,
    },
    /// A JSON document that would fill the memory.
    #[error(
        "the JSON document is longer than {limit_bytes} bytes, and is read whole; write one object a line (JSON lines), or split it"
    )]
    JsonTooLarge {
        /// The limit.
        limit_bytes: u64,
    },
    /// The compressed data end too early or do not check.
    #[error("the gzip data are damaged or cut off ({0}); compress or upload the file again")]
    Gzip(#[source] io::Error),
    /// A workbook that only its password opens.
    #[error(
        "{file_name} is protected with a password; open it in Excel, remove the password under File, Info, and save it again"
    )]
    ProtectedWorkbook {
        /// Name of the file as the user knows it.
        file_name: String,
    },
    /// A workbook in the format before 2007.
    #[error(
        "{file_name} is an Excel workbook of the old kind (.xls); open it in Excel and save it as an Excel workbook (.xlsx)"
    )]
    OldWorkbook {
        /// Name of the file as the user knows it.
        file_name: String,
    },
    /// A workbook that cannot be unpacked or does not hold together.
    #[error(
        "the workbook is damaged or cut off ({reason}); upload it again, or open it in Excel and save it anew as .xlsx"
    )]
    DamagedWorkbook {
        /// What does not fit.
        reason: String,
    },
    /// A workbook that would fill the memory.
    #[error(
        "{part} in the workbook makes it larger than {limit_bytes} bytes unpacked, which is the limit; save its sheet as CSV, or split it"
    )]
    WorkbookTooLarge {
        /// The part that goes beyond the limit, by its name in the archive.
        part: String,
        /// The limit.
        limit_bytes: u64,
    },
    /// A cell, tag or text of a workbook that alone would fill the memory.
    #[error(
        "{part} in the workbook has a cell or another piece of more than {limit_bytes} bytes; shorten it, or save the sheet as CSV"
    )]
    CellTooLarge {
        /// The part, by its name in the archive.
        part: String,
        /// The limit.
        limit_bytes: u64,
    },
    /// A workbook whose texts and formats would fill the memory.
    #[error(
        "the texts and formats of the workbook take more than {limit_bytes} bytes of memory, at the latest with {part}; save its sheet as CSV"
    )]
    WorkbookTooRich {
        /// The part that goes beyond the limit, by its name in the archive.
        part: String,
        /// The limit.
        limit_bytes: u64,
    },
    /// A workbook whose sheets are all hidden, or charts.
    #[error(
        "the workbook has no visible sheet with cells; show the sheet with the table and save it"
    )]
    NoVisibleSheet,
    /// A sheet that is not there.
    #[error(
        "the workbook has no sheet with cells at position {position}; it has {n_sheets} such sheets"
    )]
    NoSuchSheet {
        /// The position asked for, from 0.
        position: u32,
        /// Sheets with cells that there are.
        n_sheets: usize,
    },
    /// A sheet by a name that none has.
    #[error("the workbook has no sheet {name:?}; it has {}", quoted(.known))]
    UnknownSheet {
        /// The name asked for.
        name: String,
        /// Names of the sheets with cells that there are.
        known: Vec<String>,
    },
    /// A file that has no sheets to choose from.
    #[error("the file is not an Excel workbook and has no sheets; leave the sheet out")]
    NoSheets,
    /// A sheet without a cell.
    #[error("the sheet {sheet:?} is empty; choose the sheet with the table")]
    EmptySheet {
        /// Its name.
        sheet: String,
    },
    /// A Parquet file that cannot be decoded or does not hold together.
    #[error("the Parquet file is damaged or cut off ({reason}); upload it again, or write it anew")]
    DamagedParquet {
        /// What does not fit.
        reason: String,
    },
    /// A Parquet file that only its keys open.
    #[error("the Parquet file is encrypted; write it anew without encryption")]
    EncryptedParquet,
    /// A Parquet file that would fill the memory, or never end.
    #[error("the Parquet file has {what}, and the limit is {limit}; split it")]
    ParquetTooLarge {
        /// What there is too much of.
        what: String,
        /// The limit.
        limit: String,
    },
    /// The source could not be read.
    #[error("the file could not be read ({0}); check that it is there and may be read")]
    Read(#[source] io::Error),
    /// The file is not the one that the mapping was made for.
    #[error(
        "the file has the columns [{found}] where the mapping has [{expected}]; preview the file again and map its columns"
    )]
    ColumnsChanged {
        /// Columns of the mapping, joined by commas.
        expected: String,
        /// Columns of the file, joined by commas.
        found: String,
    },
    /// The mapping breaks a rule; see [`Mapping::check`](crate::Mapping::check).
    #[error("the mapping cannot be used: {0}")]
    Mapping(#[from] Invalid),
    /// The rejected rows could not be written.
    #[error("the rejected rows could not be written ({0}); check the free space of the disk")]
    Write(#[source] io::Error),
}

/// Names in quotes, joined by commas; only the first of very many.
fn quoted(names: &[String]) -> String {
    let shown = names.iter().take(50).map(|name| format!("{name:?}"));
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if names.len() > 50 {
        text.push_str(&format!(" and {} more", names.len() - 50));
    }
    text
}

impl IngestError {
    /// Tells a broken gzip stream from a source that cannot be read.
    pub(crate) fn from_read(error: io::Error, is_gzip: bool) -> Self {
        let is_format = matches!(
            error.kind(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
        );
        if is_gzip && is_format {
            Self::Gzip(error)
        } else {
            Self::Read(error)
        }
    }
}
