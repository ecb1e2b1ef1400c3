//! The rows of a file of JSON: one object a line, or the list in one document.

use std::collections::{HashMap, VecDeque};
use std::io::Read;
use std::ops::Range;

use super::super::window::Window;
use super::super::{BadCell, MAX_ROW_BYTES, OTHER_KEYS, RawRow, bad_row, flatten};
use super::Document;
use crate::IngestError;
use crate::source::TextSource;

/// Rows of a file of JSON, one by one. Those of a document are numbered from 1, since all of it may be one
/// line.
#[derive(Debug)]
pub(crate) struct JsonRows<R: Read> {
    objects: Objects<R>,
    columns: Vec<String>,
    positions: HashMap<String, usize>,
    line: u64,
}

/// Where the objects come from.
#[derive(Debug)]
enum Objects<R: Read> {
    Lines(Window<R>),
    Document {
        document: Document,
        rows: VecDeque<Range<usize>>,
        /// Bytes of its text that were handed out.
        n_taken: usize,
    },
}

/// The keys and values of one line, flattened, in the order of the file.
pub(crate) type Pairs = Vec<(String, String)>;

impl<R: Read> JsonRows<R> {
    /// Opens a file of lines. Keys beyond `columns` go to the last column, [`OTHER_KEYS`].
    pub(crate) fn open(text: TextSource<R>, columns: Vec<String>) -> Self {
        Self::of(Objects::Lines(Window::new(text)), columns)
    }

    /// Opens a document; columns as those of lines.
    pub(crate) fn document(text: TextSource<R>, columns: Vec<String>) -> Result<Self, IngestError> {
        let document = Document::open(text)?;
        let objects = Objects::Document {
            rows: document.rows().into(),
            document,
            n_taken: 0,
        };
        Ok(Self::of(objects, columns))
    }

    fn of(objects: Objects<R>, columns: Vec<String>) -> Self {
        let mut columns = columns;
        columns.retain(|column| column != OTHER_KEYS);
        columns.push(OTHER_KEYS.to_owned());
        let positions = columns.iter().cloned().zip(0..).collect();
        Self {
            objects,
            columns,
            positions,
            line: 1,
        }
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    pub(crate) fn n_bytes(&self) -> u64 {
        match &self.objects {
            Objects::Lines(window) => window.n_bytes(),
            Objects::Document { document, .. } => document.n_bytes,
        }
    }

    /// Bytes of the source that the rows read so far take up; an estimate where it is compressed.
    pub(crate) fn n_bytes_taken(&self) -> f64 {
        match &self.objects {
            Objects::Lines(window) => window.n_bytes_taken(),
            Objects::Document {
                document, n_taken, ..
            } => document.n_bytes as f64 * *n_taken as f64 / document.text.len().max(1) as f64,
        }
    }

    /// The next row; `None` at the end of the file.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, IngestError> {
        let line = self.line;
        Ok(match self.next_pairs()? {
            None => None,
            Some(Err(row)) => Some(row),
            Some(Ok(pairs)) => Some(self.row(line, pairs)),
        })
    }

    /// The next object taken apart, or why it is no row; `None` at the end of the file.
    pub(crate) fn next_pairs(&mut self) -> Result<Option<Result<Pairs, RawRow>>, IngestError> {
        let line = self.line;
        let next = match &mut self.objects {
            Objects::Lines(window) => next_line(window, line)?,
            Objects::Document {
                document,
                rows,
                n_taken,
            } => rows.pop_front().map(|range| {
                *n_taken = range.end;
                object_of(line, &document.text[range])
            }),
        };
        self.line += u64::from(next.is_some());
        Ok(next)
    }

    fn row(&self, line: u64, pairs: Pairs) -> RawRow {
        let mut cells = vec![String::new(); self.columns.len()];
        let mut others = serde_json::Map::new();
        for (key, value) in pairs {
            match self.positions.get(&key) {
                Some(&idx) if idx + 1 < cells.len() => cells[idx] = value,
                _ => {
                    others.insert(key, value.into());
                }
            }
        }
        if !others.is_empty() {
            let last = cells.len() - 1;
            cells[last] = serde_json::Value::Object(others).to_string();
        }
        if let Some(idx) = cells.iter().position(|cell| cell.contains('\0')) {
            let bad = BadCell { idx, has_nul: true };
            return RawRow::Rejected(bad.reject(line, &self.columns, cells));
        }
        RawRow::Cells { line, cells }
    }
}

/// The next line; `None` at the end of the file.
fn next_line<R: Read>(
    window: &mut Window<R>,
    line: u64,
) -> Result<Option<Result<Pairs, RawRow>>, IngestError> {
    let Some(n_bytes) = window.line_len()? else {
        let message =
            format!("the line is longer than {MAX_ROW_BYTES} bytes; only its beginning is kept");
        let row = bad_row(line, window.text(), message);
        window.skip_line()?;
        return Ok(Some(Err(RawRow::Rejected(row))));
    };
    if n_bytes == 0 {
        return Ok(None);
    }
    let text = window.text()[..n_bytes].trim_ascii();
    let pairs = if text.is_empty() {
        Err(RawRow::Blank)
    } else {
        pairs(line, text)
    };
    window.take(n_bytes);
    Ok(Some(pairs))
}

/// An object of a document.
fn object_of(line: u64, text: &[u8]) -> Result<Pairs, RawRow> {
    if text.len() > MAX_ROW_BYTES {
        let message =
            format!("the object is longer than {MAX_ROW_BYTES} bytes; only its beginning is kept");
        let row = bad_row(line, &text[..MAX_ROW_BYTES], message);
        return Err(RawRow::Rejected(row));
    }
    pairs(line, text.trim_ascii())
}

fn pairs(line: u64, text: &[u8]) -> Result<Pairs, RawRow> {
    let Ok(text) = std::str::from_utf8(text) else {
        let bad = BadCell {
            idx: 0,
            has_nul: false,
        };
        let cells = vec![String::from_utf8_lossy(text).into_owned()];
        return Err(RawRow::Rejected(bad.reject(line, &[], cells)));
    };
    flatten::object(text).map_err(|error| {
        let message = format!("this is not one JSON object ({error}); mend or remove it");
        RawRow::Rejected(bad_row(line, text.as_bytes(), message))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Compression, FileFormat, FileKind, TextEncoding};

    fn read(text: &str, columns: &[&str]) -> Vec<String> {
        let format = FileFormat {
            compression: Compression::None,
            encoding: TextEncoding::Utf8,
            kind: FileKind::JsonLines,
            has_header: false,
            skip_lines: 0,
        };
        let source = TextSource::open(text.as_bytes(), &format).unwrap();
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        let mut rows = JsonRows::open(source, columns);
        let mut found = Vec::new();
        while let Some(row) = rows.next_row().unwrap() {
            found.push(match row {
                RawRow::Cells { line, cells } => format!("{line}: {}", cells.join("|")),
                RawRow::Rejected(row) => format!("{}! {:?}", row.line, row.reason),
                RawRow::Blank => "blank".to_owned(),
            });
        }
        found
    }

    #[test]
    fn objects_become_cells_and_unknown_keys_are_kept() {
        let text = "{\"a\":1,\"b\":{\"c\":\"x\"}}\n\n{\"z\":true,\"a\":null}\n";

        let rows = read(text, &["a", "b.c"]);

        assert_eq!(rows, ["1: 1|x|", "blank", "3: ||{\"z\":\"true\"}"]);
    }

    #[test]
    fn objects_of_a_document_are_rows_and_one_that_is_broken_or_cut_off_costs_itself() {
        let format = FileFormat {
            compression: Compression::None,
            encoding: TextEncoding::Utf8,
            kind: FileKind::Json,
            has_header: false,
            skip_lines: 0,
        };
        let text = "{\"users\": [\n {\"a\": 1},\n {\"a\" 2},\n 7, {\"a\": 3}, {\"a\":";
        let source = TextSource::open(text.as_bytes(), &format).unwrap();
        let mut rows = JsonRows::document(source, vec!["a".to_owned()]).unwrap();

        let mut found = Vec::new();
        while let Some(row) = rows.next_row().unwrap() {
            found.push(match row {
                RawRow::Cells { line, cells } => format!("{line}: {}", cells[0]),
                RawRow::Rejected(row) => format!("{}! {:?}", row.line, row.reason),
                RawRow::Blank => "blank".to_owned(),
            });
        }

        assert_eq!(
            found,
            ["1: 1", "2! BadRow", "3! BadRow", "4: 3", "5! BadRow"]
        );
    }

    #[test]
    fn a_line_that_is_no_object_is_rejected_with_its_number() {
        let rows = read(
            "{\"a\":1}\n{oops\n[1]\n{\"a\":\"x\\u0000\"}\n{\"a\":2}",
            &["a"],
        );

        assert_eq!(
            rows,
            ["1: 1|", "2! BadRow", "3! BadRow", "4! BadEncoding", "5: 2|"]
        );
    }
}
