//! From text to rows of raw cells, each with the line where it begins; no meaning yet.

mod calendar;
mod columnar;
mod content_lines;
mod csv_rows;
mod entry;
mod feed;
mod flatten;
mod json;
mod mail;
mod owner;
mod record;
mod sheet;
mod talk;
mod vcard;
mod window;

use std::io::Read;

use rapport_domain::{RejectReason, RejectedRow};

pub(crate) use calendar::CalendarRows;
pub(crate) use columnar::ColumnarRows;
pub use columnar::MAX_PARQUET_ROWS;
pub(crate) use csv_rows::CsvRows;
pub(crate) use feed::{FeedRows, is_feed};
pub(crate) use json::JsonRows;
pub use json::MAX_DOCUMENT_BYTES;
pub(crate) use mail::{MailRows, is_message, is_separator};
pub(crate) use record::{Dialect, Parsed, Record, parse_record};
pub(crate) use sheet::SheetRows;
pub(crate) use sheet::letters as column_letters;
pub use sheet::{MAX_UNPACKED_BYTES, SheetInfo, sheets};
pub(crate) use talk::{TalkRows, is_row as is_table_row, is_talk, is_whatsapp};
pub(crate) use vcard::VcardRows;

use crate::source::{Source, TextSource};
use crate::{FileFormat, FileKind, IngestError, Mapping};

/// The longest row that is read, in bytes of UTF-8. What is longer is rejected, so that one stray
/// quote or a file without line breaks cannot fill the memory.
pub const MAX_ROW_BYTES: usize = 1024 * 1024;

/// Name of the column that takes what a line of JSON holds beyond the mapped columns, as a JSON
/// object; empty where there is nothing.
pub const OTHER_KEYS: &str = "(other keys)";

/// One row as it stands in the file.
#[derive(Debug)]
pub(crate) enum RawRow {
    /// As many cells as there are columns.
    Cells {
        /// Line where the row begins, from 1.
        line: u64,
        /// The cells, unquoted and otherwise unchanged.
        cells: Vec<String>,
    },
    /// A row that cannot be taken apart.
    Rejected(RejectedRow),
    /// A row without any content, as spreadsheets leave them behind.
    Blank,
}

impl RawRow {
    /// Bytes of its cells.
    pub(crate) fn n_bytes(&self) -> usize {
        match self {
            Self::Cells { cells, .. } | Self::Rejected(RejectedRow { cells, .. }) => {
                cells.iter().map(String::len).sum()
            }
            Self::Blank => 0,
        }
    }
}

/// The rows of a file, whatever its kind.
#[derive(Debug)]
pub(crate) enum RawRows<R: Read> {
    Csv(CsvRows<R>),
    Json(JsonRows<R>),
    Sheet(SheetRows),
    Columnar(ColumnarRows),
    Vcard(VcardRows<R>),
    Mail(Box<MailRows<R>>),
    Calendar(Box<CalendarRows<R>>),
    Talk(Box<TalkRows<R>>),
    Feed(Box<FeedRows<R>>),
}

/// Asks the rows of whatever kind.
macro_rules! of_rows {
    ($of:expr, $rows:ident => $asked:expr) => {
        match $of {
            RawRows::Csv($rows) => $asked,
            RawRows::Json($rows) => $asked,
            RawRows::Sheet($rows) => $asked,
            RawRows::Columnar($rows) => $asked,
            RawRows::Vcard($rows) => $asked,
            RawRows::Mail($rows) => $asked,
            RawRows::Calendar($rows) => $asked,
            RawRows::Talk($rows) => $asked,
            RawRows::Feed($rows) => $asked,
        }
    };
}

impl<R: Source> RawRows<R> {
    /// Opens a file whose columns are known from its mapping.
    pub(crate) fn open(
        source: R,
        format: &FileFormat,
        mapping: &Mapping,
    ) -> Result<Self, IngestError> {
        let columns = mapping.column_names();
        let rows = Self::of_kind(source, format, Some(&columns), &mapping.own_addresses)?;
        // These have the columns that we give them, which may change with a version.
        let are_ours = matches!(
            rows,
            Self::Vcard(_) | Self::Mail(_) | Self::Calendar(_) | Self::Talk(_) | Self::Feed(_)
        );
        let found = rows.columns();
        if are_ours && found != columns {
            return Err(IngestError::ColumnsChanged {
                expected: columns.join(", "),
                found: found.join(", "),
            });
        }
        Ok(rows)
    }

    /// Opens a file of which no mapping is known yet.
    pub(crate) fn look(source: R, format: &FileFormat) -> Result<Self, IngestError> {
        Self::of_kind(source, format, None, &[])
    }

    fn of_kind(
        source: R,
        format: &FileFormat,
        columns: Option<&[String]>,
        own: &[String],
    ) -> Result<Self, IngestError> {
        let text = |source| TextSource::open(source, format);
        let listed = || columns.unwrap_or_default().to_vec();
        Ok(match format.kind {
            FileKind::Csv { .. } => Self::Csv(CsvRows::open(text(source)?, format, columns)?),
            FileKind::JsonLines => Self::Json(JsonRows::open(text(source)?, listed())),
            FileKind::Json => Self::Json(JsonRows::document(text(source)?, listed())?),
            FileKind::Xlsx { .. } => Self::Sheet(SheetRows::open(source, format, columns)?),
            FileKind::Parquet => Self::Columnar(ColumnarRows::open(source, columns)?),
            FileKind::Vcard => Self::Vcard(VcardRows::open(text(source)?)),
            FileKind::Mbox | FileKind::Eml => {
                Self::Mail(Box::new(MailRows::open(source, format, own)?))
            }
            FileKind::Icalendar => {
                Self::Calendar(Box::new(CalendarRows::open(source, format, own)?))
            }
            FileKind::Talk { .. } => Self::Talk(Box::new(TalkRows::open(source, format, own)?)),
            FileKind::Feed => Self::Feed(Box::new(FeedRows::open(text(source)?))),
        })
    }
}

/// The address that a mailbox or a calendar seems to be of; none where no address is in most of its
/// entries, and of other files, which do not tell.
///
/// # Errors
/// [`IngestError::Gzip`] and [`IngestError::Read`] where the source fails.
pub fn mailbox_owner<R: Source>(
    mut source: R,
    format: &FileFormat,
) -> Result<Option<String>, IngestError> {
    match format.kind {
        FileKind::Mbox | FileKind::Eml => mail::owner_of(&mut source, format),
        FileKind::Icalendar => calendar::owner_of(&mut source, format),
        _ => Ok(None),
    }
}

impl<R: Read> RawRows<R> {
    /// The next row; `None` at the end of the file.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, IngestError> {
        of_rows!(self, rows => rows.next_row())
    }

    /// Names of the cells of a row.
    pub(crate) fn columns(&self) -> &[String] {
        of_rows!(self, rows => rows.columns())
    }

    /// Line where the next row begins.
    pub(crate) fn line(&self) -> u64 {
        of_rows!(self, rows => rows.line())
    }

    /// Bytes of the source that the rows read so far take up; an estimate where it is compressed.
    pub(crate) fn n_bytes_taken(&self) -> f64 {
        of_rows!(self, rows => rows.n_bytes_taken())
    }

    /// Bytes taken from the source so far.
    pub(crate) fn n_bytes(&self) -> u64 {
        of_rows!(self, rows => rows.n_bytes())
    }
}

/// Why cells are not text: the first offending one.
struct BadCell {
    idx: usize,
    has_nul: bool,
}

impl BadCell {
    fn reject(&self, line: u64, columns: &[String], cells: Vec<String>) -> RejectedRow {
        let message = if self.has_nul {
            "the cell holds a NUL character; remove it"
        } else {
            "the cell holds bytes that are not text in the file's encoding (shown as \u{FFFD}); \
             write them anew"
        };
        RejectedRow {
            line,
            column: columns.get(self.idx).cloned(),
            value: cells.get(self.idx).cloned(),
            reason: RejectReason::BadEncoding,
            message: message.to_owned(),
            cells,
        }
    }
}

/// A row that could not be taken apart, kept whole in one cell.
fn bad_row(line: u64, text: &[u8], message: String) -> RejectedRow {
    RejectedRow {
        line,
        column: None,
        value: None,
        reason: RejectReason::BadRow,
        message,
        cells: vec![String::from_utf8_lossy(text).into_owned()],
    }
}
