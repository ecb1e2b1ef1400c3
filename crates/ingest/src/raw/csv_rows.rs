//! The rows of a delimited file.

use std::io::Read;

use rapport_domain::{RejectReason, RejectedRow};

use super::window::Window;
use super::{BadCell, Dialect, MAX_ROW_BYTES, Parsed, RawRow, Record, bad_row, parse_record};
use crate::source::TextSource;
use crate::{FileFormat, FileKind, IngestError};

/// Rows of a delimited file, one by one.
#[derive(Debug)]
pub(crate) struct CsvRows<R: Read> {
    window: Window<R>,
    dialect: Dialect,
    columns: Vec<String>,
    /// Line where the window begins.
    line: u64,
    record: Record,
}

/// What was found where a row should begin.
enum Found {
    Record,
    Broken { text: Vec<u8>, is_too_long: bool },
    End,
}

impl<R: Read> CsvRows<R> {
    /// Opens a file and reads its header.
    ///
    /// `columns` are the names that a mapping expects; without a mapping they come from the header
    /// or, where there is none, from the width of the first row.
    pub(crate) fn open(
        text: TextSource<R>,
        format: &FileFormat,
        columns: Option<&[String]>,
    ) -> Result<Self, IngestError> {
        let mut rows = Self {
            window: Window::new(text),
            dialect: dialect(format),
            columns: Vec::new(),
            line: 1,
            record: Record::default(),
        };
        for _ in 0..format.skip_lines {
            rows.window.skip_line()?;
            rows.line += 1;
        }
        if format.has_header {
            rows.columns = rows.read_header()?;
            if let Some(expected) = columns.filter(|&expected| expected != rows.columns) {
                return Err(IngestError::ColumnsChanged {
                    expected: expected.join(", "),
                    found: rows.columns.join(", "),
                });
            }
        } else {
            rows.columns = match columns {
                Some(columns) => columns.to_vec(),
                None => rows.peek_columns()?,
            };
        }
        Ok(rows)
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    pub(crate) fn n_bytes(&self) -> u64 {
        self.window.n_bytes()
    }

    /// Bytes of the source that the rows read so far take up; an estimate where it is compressed.
    pub(crate) fn n_bytes_taken(&self) -> f64 {
        self.window.n_bytes_taken()
    }

    /// The next row; `None` at the end of the file.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, IngestError> {
        let line = self.line;
        Ok(Some(match self.next_record(self.columns.len())? {
            Found::End => return Ok(None),
            Found::Record if self.record.is_blank() => RawRow::Blank,
            Found::Record => self.row(line),
            Found::Broken { text, is_too_long } => {
                let message = if is_too_long {
                    format!(
                        "the row is longer than {MAX_ROW_BYTES} bytes; only its beginning is kept"
                    )
                } else {
                    "a quote opens a cell and does not close it; close or double it".to_owned()
                };
                RawRow::Rejected(bad_row(line, &text, message))
            }
        }))
    }

    fn row(&self, line: u64) -> RawRow {
        let cells = match texts(&self.record) {
            Ok(cells) => cells,
            Err(bad) => {
                let cells = self.record.to_lossy();
                return RawRow::Rejected(bad.reject(line, &self.columns, cells));
            }
        };
        let n_columns = self.columns.len();
        match cells.len() {
            n if n == n_columns => RawRow::Cells { line, cells },
            // Surplus delimiters at the end of a row carry nothing.
            n if n > n_columns && cells[n_columns..].iter().all(|cell| cell.trim().is_empty()) => {
                let mut cells = cells;
                cells.truncate(n_columns);
                RawRow::Cells { line, cells }
            }
            n => RawRow::Rejected(RejectedRow {
                line,
                column: None,
                value: None,
                reason: RejectReason::BadRow,
                message: format!(
                    "the row has {n} cells where the table has {n_columns} columns; add or remove \
                     delimiters, or quote the cell that holds one"
                ),
                cells,
            }),
        }
    }

    /// Reads one record into the buffer and passes over it, counting lines.
    fn next_record(&mut self, max_cells: usize) -> Result<Found, IngestError> {
        loop {
            let window = &mut self.window;
            if window.text().is_empty() {
                if window.is_last() {
                    return Ok(Found::End);
                }
                window.fill()?;
                continue;
            }
            let is_last = window.is_last();
            let text = window.text();
            match parse_record(text, is_last, self.dialect, max_cells, &mut self.record) {
                Parsed::Complete { n_bytes, n_lines } => {
                    window.take(n_bytes);
                    self.line += n_lines;
                    return Ok(Found::Record);
                }
                Parsed::BrokenQuote { n_bytes } => return Ok(self.give_up_line(n_bytes)),
                Parsed::Incomplete if window.is_full() => {
                    return match text.iter().position(|&b| b == b'\n') {
                        Some(n) => Ok(self.give_up_line(n + 1)),
                        None => self.give_up_long_line(),
                    };
                }
                Parsed::Incomplete => window.fill()?,
            }
        }
    }

    fn give_up_line(&mut self, n_bytes: usize) -> Found {
        let text = self.window.text()[..n_bytes].trim_ascii_end().to_vec();
        self.window.take(n_bytes);
        self.line += 1;
        Found::Broken {
            text,
            is_too_long: false,
        }
    }

    fn give_up_long_line(&mut self) -> Result<Found, IngestError> {
        let text = self.window.text().to_vec();
        self.window.skip_line()?;
        self.line += 1;
        Ok(Found::Broken {
            text,
            is_too_long: true,
        })
    }

    fn read_header(&mut self) -> Result<Vec<String>, IngestError> {
        loop {
            match self.next_record(usize::MAX)? {
                Found::End => return Err(empty()),
                Found::Record if self.record.is_blank() => {}
                Found::Record => return Ok(name_columns(self.record.to_lossy())),
                // A header whose quote does not close: its line, taken apart without quotes.
                Found::Broken { text, .. } => {
                    let cells = text.split(|&b| b == self.dialect.delimiter);
                    let names = cells.map(|cell| String::from_utf8_lossy(cell).replace('"', ""));
                    return Ok(name_columns(names.collect()));
                }
            }
        }
    }

    /// Names for the columns of a file without header, as wide as its first row.
    fn peek_columns(&mut self) -> Result<Vec<String>, IngestError> {
        loop {
            let text = self.window.text();
            let is_last = self.window.is_last();
            let parsed = parse_record(text, is_last, self.dialect, usize::MAX, &mut self.record);
            match parsed {
                _ if is_last && text.is_empty() => return Err(empty()),
                Parsed::Incomplete if !self.window.is_full() => self.window.fill()?,
                Parsed::Complete { n_bytes, n_lines } if self.record.is_blank() => {
                    self.window.take(n_bytes);
                    self.line += n_lines;
                }
                Parsed::Complete { .. } => {
                    return Ok(name_columns(vec![String::new(); self.record.len()]));
                }
                Parsed::BrokenQuote { .. } | Parsed::Incomplete => {
                    return Ok(name_columns(vec![String::new()]));
                }
            }
        }
    }
}

fn empty() -> IngestError {
    let file_name = "the file".to_owned();
    IngestError::Empty { file_name }
}

fn dialect(format: &FileFormat) -> Dialect {
    let ascii = |c: char, otherwise| {
        u8::try_from(c)
            .ok()
            .filter(u8::is_ascii)
            .unwrap_or(otherwise)
    };
    match format.kind {
        FileKind::Csv { delimiter, quote } => Dialect {
            delimiter: ascii(delimiter, b','),
            quote: ascii(quote, b'"'),
        },
        _ => Dialect {
            delimiter: b',',
            quote: b'"',
        },
    }
}

/// The cells as text.
fn texts(record: &Record) -> Result<Vec<String>, BadCell> {
    let is_plain = record.is_plain();
    record
        .cells()
        .enumerate()
        .map(|(idx, cell)| match std::str::from_utf8(cell) {
            Ok(text) if is_plain || !text.contains('\0') => Ok(text.to_owned()),
            Ok(_) => Err(BadCell { idx, has_nul: true }),
            Err(_) => Err(BadCell {
                idx,
                has_nul: false,
            }),
        })
        .collect()
}

/// Trimmed, not empty, and no name twice.
pub(super) fn name_columns(cells: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(cells.len());
    let mut seen = std::collections::HashSet::new();
    for (idx, cell) in cells.into_iter().enumerate() {
        let base = match cell.trim() {
            "" => format!("column {}", idx + 1),
            name => name.to_owned(),
        };
        let mut name = base.clone();
        let mut n = 2;
        while !seen.insert(name.clone()) {
            name = format!("{base} ({n})");
            n += 1;
        }
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Compression, TextEncoding};

    fn read(text: &[u8]) -> (Vec<String>, Vec<String>) {
        let format = FileFormat {
            compression: Compression::None,
            encoding: TextEncoding::Utf8,
            kind: FileKind::Csv {
                delimiter: ',',
                quote: '"',
            },
            has_header: true,
            skip_lines: 0,
        };
        let source = TextSource::open(text, &format).unwrap();
        let mut rows = CsvRows::open(source, &format, None).unwrap();
        let mut found = Vec::new();
        while let Some(row) = rows.next_row().unwrap() {
            found.push(match row {
                RawRow::Cells { line, cells } => format!("{line}: {}", cells.join("|")),
                RawRow::Rejected(row) => {
                    format!("{}! {:?} {}", row.line, row.reason, row.cells.join("|"))
                }
                RawRow::Blank => "blank".to_owned(),
            });
        }
        (rows.columns().to_vec(), found)
    }

    #[test]
    fn lines_are_those_of_the_file_whatever_stands_between() {
        let (columns, rows) = read(b"\xEF\xBB\xBFa,b\r\n\r\n1,\"two\r\nlines\"\r\n,\r\n3,4");

        assert_eq!(columns, ["a", "b"]);
        assert_eq!(rows, ["blank", "3: 1|two\r\nlines", "blank", "6: 3|4"]);
    }

    #[test]
    fn ragged_rows_are_rejected_and_surplus_delimiters_forgiven() {
        let (_, rows) = read(b"a,b\n1\n1,2,3\n1,2,,\n");

        assert_eq!(rows, ["2! BadRow 1", "3! BadRow 1|2|3", "4: 1|2"]);
    }

    #[test]
    fn an_unclosed_quote_costs_one_row() {
        let (_, rows) = read(b"a,b\n1,\"oops\n2,x\n\"3\",y\n4,z\n");

        assert_eq!(rows, ["2! BadRow 1,\"oops", "3: 2|x", "4: 3|y", "5: 4|z"]);
    }

    #[test]
    fn a_row_with_broken_characters_or_nul_is_rejected() {
        let (_, rows) = read(b"a,b\n1,Andr\xE9\n2,x\0y\n3,ok\n");

        assert_eq!(
            rows,
            [
                "2! BadEncoding 1|Andr\u{FFFD}",
                "3! BadEncoding 2|x\0y",
                "4: 3|ok"
            ]
        );
    }

    #[test]
    fn a_line_that_is_too_long_is_rejected_in_bounded_memory() {
        let mut text = b"a,b\n1,2\n".to_vec();
        text.extend(vec![b'x'; 3 * MAX_ROW_BYTES]);
        text.extend(b"\n3,4\n");

        let (_, rows) = read(&text);

        assert_eq!(rows.len(), 3);
        assert!(rows[1].starts_with("3! BadRow xxx"));
        assert_eq!(rows[2], "4: 3|4");
    }

    #[test]
    fn columns_without_a_name_or_with_the_same_get_one_of_their_own() {
        let cells = ["a", "", " a ", "a"].map(str::to_owned).to_vec();

        assert_eq!(name_columns(cells), ["a", "column 2", "a (2)", "a (3)"]);
    }
}
