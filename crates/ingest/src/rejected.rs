//! Rejected rows as a file that can be mended and imported again.

use std::borrow::Cow;
use std::io::Write;

use rapport_domain::RejectedRow;

use crate::{CsvWriter, IngestError};

/// Columns that stand before the file's own: line, reason and what to do. They come first so that
/// a row with too many cells still lines up, and have names of their own so that they cannot be
/// taken for columns of the file; a mapping never feeds a field from them.
pub const REJECTED_COLUMNS: [&str; 3] = ["rejected_line", "rejected_reason", "rejected_message"];

/// Whether a column is one of ours, left over from an earlier round of mending.
pub(crate) fn is_own_column(name: &str) -> bool {
    REJECTED_COLUMNS.contains(&name)
}

/// Writes rejected rows as CSV (see [`CsvWriter`]), all rows under the columns of the file they come
/// from.
#[derive(Debug)]
pub struct RejectedWriter<W: Write> {
    csv: CsvWriter<W>,
    /// Positions of the columns that are written.
    kept: Vec<usize>,
    n_columns: usize,
}

impl<W: Write> RejectedWriter<W> {
    /// Begins a file with its header. `columns` are those of
    /// [`RowReader::columns`](crate::RowReader::columns).
    ///
    /// # Errors
    /// [`IngestError::Write`].
    pub fn new(writer: W, columns: &[String]) -> Result<Self, IngestError> {
        let kept: Vec<usize> = (0..columns.len())
            .filter(|&idx| !is_own_column(&columns[idx]))
            .collect();
        let own = REJECTED_COLUMNS.iter().map(|&name| Cow::Borrowed(name));
        let theirs = kept.iter().map(|&idx| Cow::Borrowed(columns[idx].as_str()));
        let csv = CsvWriter::new(writer, own.chain(theirs))?;
        Ok(Self {
            csv,
            kept,
            n_columns: columns.len(),
        })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// [`IngestError::Write`].
    pub fn write(&mut self, row: &RejectedRow) -> Result<(), IngestError> {
        let reason = serde_json::to_value(row.reason).unwrap_or_default();
        let reason = reason.as_str().unwrap_or_default().to_owned();
        let own = [
            Cow::Owned(row.line.to_string()),
            Cow::Owned(reason),
            Cow::Borrowed(row.message.as_str()),
        ];
        // A row that could not be taken apart has other cells than the table; they stay together.
        let is_whole = row.cells.len() == self.n_columns;
        let n_cells = row.cells.len();
        let theirs: Vec<usize> = if is_whole {
            self.kept.clone()
        } else {
            (0..n_cells).collect()
        };
        let padding = self.kept.len().saturating_sub(theirs.len());
        let theirs = theirs
            .iter()
            .map(|&idx| Cow::Borrowed(row.cells[idx].as_str()));
        let blanks = std::iter::repeat_n(Cow::Borrowed(""), padding);
        let own = own.into_iter();
        self.csv.write(own.chain(theirs).chain(blanks))
    }

    /// Writes out what is buffered and returns the writer.
    ///
    /// # Errors
    /// [`IngestError::Write`].
    pub fn finish(self) -> Result<W, IngestError> {
        self.csv.finish()
    }
}

#[cfg(test)]
mod tests {
    use rapport_domain::RejectReason;

    use super::*;

    fn row(cells: &[&str]) -> RejectedRow {
        RejectedRow {
            line: 7,
            column: None,
            value: None,
            reason: RejectReason::BadDate,
            message: "\"soon\" is no date".to_owned(),
            cells: cells.iter().map(|&cell| cell.to_owned()).collect(),
        }
    }

    fn written(columns: &[&str], rows: &[RejectedRow]) -> String {
        let columns: Vec<String> = columns.iter().map(|&column| column.to_owned()).collect();
        let mut writer = RejectedWriter::new(Vec::new(), &columns).unwrap();
        for row in rows {
            writer.write(row).unwrap();
        }
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    #[test]
    fn rows_stand_under_their_columns_with_reason_and_line() {
        let text = written(&["id", "at"], &[row(&["1", "soon"]), row(&["just one"])]);

        let expected = "\u{feff}rejected_line,rejected_reason,rejected_message,id,at\n\
                        7,bad_date,\"\"\"soon\"\" is no date\",1,soon\n\
                        7,bad_date,\"\"\"soon\"\" is no date\",just one,\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn columns_of_an_earlier_round_are_replaced() {
        let columns = ["rejected_line", "rejected_reason", "rejected_message", "id"];

        let text = written(&columns, &[row(&["2", "bad_row", "old", "1"])]);

        assert!(text.starts_with("\u{feff}rejected_line,rejected_reason,rejected_message,id\n"));
        assert!(text.ends_with(",1\n"));
        assert!(!text.contains("old"));
    }
}
