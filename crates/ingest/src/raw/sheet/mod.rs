//! The rows of a sheet of an Excel workbook.

mod cell_text;
mod markup;
mod metered;
mod unpack;
mod workbook;
mod worker;

use std::collections::VecDeque;

use rapport_domain::{RejectReason, RejectedRow};

pub use unpack::MAX_UNPACKED_BYTES;
pub use workbook::{SheetInfo, sheets};

use super::csv_rows::name_columns;
use super::{BadCell, MAX_ROW_BYTES, RawRow, bad_row};
use crate::source::Source;
use crate::{FileFormat, FileKind, IngestError};
use worker::{SheetRow, Worker};

/// Rows among which the header is looked for: the logo, title and date of a report stand above it.
const HEADER_ROWS: usize = 100;

/// Rows of a sheet, one by one.
///
/// A merged cell's value belongs to its first cell, as it does where a spreadsheet saves the sheet as
/// CSV: copied to all of them, an amount over three rows would count three times.
#[derive(Debug)]
pub(crate) struct SheetRows {
    worker: Worker,
    columns: Vec<String>,
    /// Rows that are here and not handed out yet.
    waiting: VecDeque<SheetRow>,
    /// Rows of the batch that the waiting ones came with.
    n_batch: usize,
    /// Bytes of the file up to the beginning and the end of that batch.
    n_bytes_before: u64,
    n_bytes: u64,
    /// Row where the next one begins.
    line: u64,
    /// Why the sheet ended early, where that was found while looking for the header.
    failure: Option<IngestError>,
}

impl SheetRows {
    /// Opens a workbook and reads the header of its sheet.
    ///
    /// `columns` are the names that a mapping expects; without a mapping they come from the header.
    pub(crate) fn open<R: Source>(
        source: R,
        format: &FileFormat,
        columns: Option<&[String]>,
    ) -> Result<Self, IngestError> {
        let sheet = match format.kind {
            FileKind::Xlsx { sheet } => sheet,
            _ => None,
        };
        let mut rows = Self {
            worker: Worker::begin(source, sheet).map_err(IngestError::Read)?,
            columns: Vec::new(),
            waiting: VecDeque::new(),
            n_batch: 0,
            n_bytes_before: 0,
            n_bytes: 0,
            line: 1,
            failure: None,
        };
        rows.columns = rows.read_columns(format.has_header)?;
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

    /// Bytes of the file up to the rows that were taken from it, as a share of the sheet.
    pub(crate) fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// Bytes of the file that the rows handed out so far take up; an estimate.
    pub(crate) fn n_bytes_taken(&self) -> f64 {
        let n_taken = self.n_batch.saturating_sub(self.waiting.len());
        let share = n_taken as f64 / self.n_batch.max(1) as f64;
        let n_batch_bytes = self.n_bytes.saturating_sub(self.n_bytes_before);
        self.n_bytes_before as f64 + n_batch_bytes as f64 * share
    }

    /// The next row; `None` at the end of the sheet.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, IngestError> {
        while self.waiting.is_empty() {
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            if !self.receive()? {
                return Ok(None);
            }
        }
        let Some(row) = self.waiting.pop_front() else {
            return Ok(None);
        };
        self.line = row.line + 1;
        Ok(Some(self.row(row)))
    }

    /// Takes the next rows from the thread; false at the end of the sheet.
    fn receive(&mut self) -> Result<bool, IngestError> {
        let Some(batch) = self.worker.next()? else {
            return Ok(false);
        };
        self.n_bytes_before = self.n_bytes;
        self.n_bytes = batch.n_bytes;
        self.waiting.extend(batch.rows);
        self.n_batch = self.waiting.len();
        Ok(true)
    }

    /// Names of the columns; the rows up to the header are passed over.
    ///
    /// The header is the first row with two words or more. A table of one column has none, and takes
    /// the first word that there is; a sheet without a word has no header.
    fn read_columns(&mut self, has_header: bool) -> Result<Vec<String>, IngestError> {
        let is_header = |row: &SheetRow| row.n_words >= 2;
        while self.waiting.len() < HEADER_ROWS && !self.waiting.iter().any(is_header) {
            match self.receive() {
                Ok(true) => {}
                Ok(false) => break,
                // Nothing was read at all: the workbook cannot be opened.
                Err(error) if self.waiting.is_empty() => return Err(error),
                Err(error) => {
                    self.failure = Some(error);
                    break;
                }
            }
        }
        let has_word = |row: &SheetRow| row.n_words > 0;
        let at = self.waiting.iter().position(is_header);
        let at = at.or_else(|| self.waiting.iter().position(has_word));
        let Some(at) = at.filter(|_| has_header) else {
            let width = self.waiting.iter().map(width).max().unwrap_or(0);
            return Ok(name_columns(vec![String::new(); width]));
        };
        self.waiting.drain(..at);
        let header = self.waiting.pop_front().unwrap_or_default();
        self.line = header.line + 1;
        let mut names = vec![String::new(); width(&header)];
        for (column, name) in header.cells {
            names[column] = name;
        }
        Ok(name_columns(names))
    }

    fn row(&self, row: SheetRow) -> RawRow {
        let line = row.line;
        if row.cells.iter().all(|(_, text)| text.trim().is_empty()) {
            return RawRow::Blank;
        }
        if row.n_bytes > MAX_ROW_BYTES {
            let message =
                format!("the row is longer than {MAX_ROW_BYTES} bytes; only its beginning is kept");
            let texts: Vec<_> = row.cells.into_iter().map(|(_, text)| text).collect();
            let mut text = texts.join(" ");
            text.truncate(text.floor_char_boundary(MAX_ROW_BYTES));
            return RawRow::Rejected(bad_row(line, text.as_bytes(), message));
        }
        let n_columns = self.columns.len();
        let mut cells = vec![String::new(); n_columns];
        let mut beyond = None;
        for (column, text) in row.cells {
            if column < n_columns {
                cells[column] = text;
            } else if !text.trim().is_empty() {
                beyond.get_or_insert(column);
                cells.push(text);
            }
        }
        if let Some(column) = beyond {
            let message = format!(
                "cell {}{line} stands beside the table, whose header has {n_columns} columns; name \
                 its column in the header or clear the cell",
                letters(column)
            );
            return RawRow::Rejected(RejectedRow {
                line,
                column: None,
                value: cells.get(n_columns).cloned(),
                reason: RejectReason::BadRow,
                message,
                cells,
            });
        }
        if let Some(idx) = cells.iter().position(|cell| cell.contains('\0')) {
            let bad = BadCell { idx, has_nul: true };
            return RawRow::Rejected(bad.reject(line, &self.columns, cells));
        }
        RawRow::Cells { line, cells }
    }
}

/// Columns up to the last one with a text.
fn width(row: &SheetRow) -> usize {
    let filled = row.cells.iter().filter(|(_, text)| !text.trim().is_empty());
    filled.map(|(column, _)| column + 1).max().unwrap_or(0)
}

/// The letters over a column, `A` to `XFD`.
pub(crate) fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_sheet() {
        assert_eq!(letters(0), "A");
        assert_eq!(letters(25), "Z");
        assert_eq!(letters(26), "AA");
        assert_eq!(letters(16_383), "XFD");
    }
}
