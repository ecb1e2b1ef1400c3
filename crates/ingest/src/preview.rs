//! The first rows of a file as they stand there, for a look before anything is imported.

use std::collections::HashMap;
use std::io::Read;

use crate::raw::{JsonRows, RawRow, RawRows};
use crate::source::Source;
use crate::{FileFormat, IngestError};

/// Rows that are enough to guess a mapping, dates and decimals from.
pub const SAMPLE_ROWS: usize = 1000;

/// Rows that are read, if not kept, so that the guess of their number is worth something.
const MEASURED_ROWS: usize = 5000;

/// Bytes of cells after which a look keeps no more rows, so that long rows do not fill the memory. Who
/// asks for more than a look gets all.
const fn max_bytes(n: usize) -> usize {
    if n <= SAMPLE_ROWS {
        32 << 20
    } else {
        usize::MAX
    }
}

/// Keys of JSON lines that become columns; what is beyond stays together in
/// [`OTHER_KEYS`](crate::OTHER_KEYS).
const MAX_JSON_COLUMNS: usize = 500;

/// The beginning of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// Names of the columns: never empty, no name twice. A file without header has `column 1`,
    /// `column 2` and so on.
    pub headers: Vec<String>,
    /// The first rows that can be taken apart, each with as many cells as there are headers.
    pub sample_rows: Vec<Vec<String>>,
    /// Rows read, bad ones included.
    n_rows: u64,
    /// Bytes of the source that these rows take up.
    n_bytes: f64,
    is_whole: bool,
}

impl Preview {
    /// Rows among those read that cannot be taken apart; all of the file's where the preview was asked
    /// for more rows than the file has.
    pub fn n_bad_rows(&self) -> u64 {
        self.n_rows.saturating_sub(self.sample_rows.len() as u64)
    }

    /// About how many rows a file of `source_bytes` bytes (as stored, compressed or not) has; exact
    /// where the preview saw all of them.
    pub fn line_count_guess(&self, source_bytes: u64) -> u64 {
        if self.is_whole || self.n_bytes <= 0.0 {
            return self.n_rows;
        }
        (source_bytes as f64 * self.n_rows as f64 / self.n_bytes).round() as u64
    }
}

/// Reads the first `n` rows of a file.
///
/// # Errors
/// [`IngestError::HeaderOnly`] where there is a header and no row, [`IngestError::Empty`] where
/// there is neither; [`IngestError::Gzip`] and [`IngestError::Read`] where the source fails.
pub fn preview<R: Source>(
    source: R,
    format: &FileFormat,
    n: usize,
) -> Result<Preview, IngestError> {
    let preview = match RawRows::look(source, format)? {
        RawRows::Json(rows) => preview_json(rows, n)?,
        rows => preview_table(rows, n)?,
    };
    if preview.n_rows > 0 {
        Ok(preview)
    } else if format.has_header {
        let n_columns = preview.headers.len();
        Err(IngestError::HeaderOnly { n_columns })
    } else {
        let file_name = "the file".to_owned();
        Err(IngestError::Empty { file_name })
    }
}

fn preview_table<R: Read>(mut rows: RawRows<R>, n: usize) -> Result<Preview, IngestError> {
    let mut sample_rows = Vec::new();
    let mut n_sample_bytes = 0;
    let mut n_rows = 0;
    let is_whole = loop {
        if n_rows as usize >= n.max(MEASURED_ROWS) {
            break false;
        }
        match rows.next_row()? {
            None => break true,
            Some(RawRow::Blank) => continue,
            Some(RawRow::Cells { cells, .. })
                if sample_rows.len() < n && n_sample_bytes < max_bytes(n) =>
            {
                n_sample_bytes += cells.iter().map(String::len).sum::<usize>();
                sample_rows.push(cells);
            }
            Some(_) => {}
        }
        n_rows += 1;
    };
    Ok(Preview {
        headers: rows.columns().to_vec(),
        sample_rows,
        n_rows,
        n_bytes: rows.n_bytes_taken(),
        is_whole,
    })
}

fn preview_json<R: Read>(mut rows: JsonRows<R>, n: usize) -> Result<Preview, IngestError> {
    let mut headers: Vec<String> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    let mut sample_rows: Vec<Vec<String>> = Vec::new();
    let mut n_sample_bytes = 0;
    let mut n_rows = 0;
    let is_whole = loop {
        if n_rows as usize >= n.max(MEASURED_ROWS) {
            break false;
        }
        let pairs = match rows.next_pairs()? {
            None => break true,
            Some(Err(RawRow::Blank)) => continue,
            Some(Err(_)) => Vec::new(),
            Some(Ok(pairs)) => pairs,
        };
        n_rows += 1;
        if sample_rows.len() == n || n_sample_bytes >= max_bytes(n) || pairs.is_empty() {
            continue;
        }
        let mut cells = vec![String::new(); headers.len()];
        for (key, value) in pairs {
            n_sample_bytes += value.len();
            let idx = *positions.entry(key).or_insert_with_key(|key| {
                if headers.len() < MAX_JSON_COLUMNS {
                    headers.push(key.clone());
                    cells.push(String::new());
                    headers.len() - 1
                } else {
                    MAX_JSON_COLUMNS
                }
            });
            if let Some(cell) = cells.get_mut(idx) {
                *cell = value;
            }
        }
        sample_rows.push(cells);
    };
    for row in &mut sample_rows {
        row.resize(headers.len(), String::new());
    }
    Ok(Preview {
        headers,
        sample_rows,
        n_rows,
        n_bytes: rows.n_bytes_taken(),
        is_whole,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::sniff;

    fn preview_text(text: &str, n: usize) -> Result<Preview, IngestError> {
        let format = sniff(text.as_bytes(), "x").unwrap();
        preview(Cursor::new(text.to_owned()), &format, n)
    }

    #[test]
    fn the_first_rows_are_shown_as_they_stand() {
        let preview = preview_text("a,b\n1, x \nragged\n2,y\n3,z\n", 2).unwrap();

        assert_eq!(preview.headers, ["a", "b"]);
        assert_eq!(preview.sample_rows, [["1", " x "], ["2", "y"]]);
        assert_eq!(preview.line_count_guess(99_999), 4);
    }

    #[test]
    fn keys_of_json_lines_become_columns_in_the_order_of_the_file() {
        let preview = preview_text("{\"b\":1}\n{\"a\":{\"x\":2},\"b\":3}\n", 10).unwrap();

        assert_eq!(preview.headers, ["b", "a.x"]);
        assert_eq!(preview.sample_rows, [["1", ""], ["3", "2"]]);
    }

    #[test]
    fn a_header_alone_is_an_error_of_its_own() {
        let error = preview_text("InvoiceNo,StockCode\n\n", 10).unwrap_err();

        assert!(matches!(error, IngestError::HeaderOnly { n_columns: 2 }));
    }

    #[test]
    fn the_number_of_rows_is_guessed_from_the_size() {
        let rows: String = (0..20_000)
            .map(|i| format!("{i:06},{:06}\n", i * 2))
            .collect();
        let text = format!("first,second\n{rows}");

        let guess = preview_text(&text, 10)
            .unwrap()
            .line_count_guess(text.len() as u64);

        assert!((19_000..21_000).contains(&guess), "{guess}");
    }
}
