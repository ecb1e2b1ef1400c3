//! Tables as CSV that spreadsheets open as they are meant.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::IngestError;

/// Writes CSV in UTF-8 with a byte order mark.
///
/// A spreadsheet would run a cell that begins like a formula. Such cells get an apostrophe before
/// them, which spreadsheets hide and the importer takes away again; numbers and phone numbers
/// (`-5`, `+44 20 7946 0958`) are left as they are.
#[derive(Debug)]
pub struct CsvWriter<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// Begins a file with its header.
    ///
    /// # Errors
    /// [`IngestError::Write`].
    pub fn new<'c>(
        mut writer: W,
        header: impl IntoIterator<Item = Cow<'c, str>>,
    ) -> Result<Self, IngestError> {
        // Without the mark a spreadsheet in China reads the file as GBK.
        let mark = "\u{feff}".as_bytes();
        writer.write_all(mark).map_err(IngestError::Write)?;
        let mut begun = Self::going_on(writer);
        begun.write(header)?;
        Ok(begun)
    }

    /// Goes on with a file whose beginning is elsewhere.
    pub fn going_on(writer: W) -> Self {
        Self {
            csv: csv::WriterBuilder::new().flexible(true).from_writer(writer),
        }
    }

    /// Writes one row.
    ///
    /// # Errors
    /// [`IngestError::Write`].
    pub fn write<'c>(
        &mut self,
        cells: impl IntoIterator<Item = Cow<'c, str>>,
    ) -> Result<(), IngestError> {
        for cell in cells {
            let cell = guarded(&cell);
            self.csv.write_field(cell.as_bytes()).map_err(write_error)?;
        }
        self.csv.write_record(None::<&[u8]>).map_err(write_error)
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    /// [`IngestError::Write`].
    pub fn flush(&mut self) -> Result<(), IngestError> {
        self.csv.flush().map_err(IngestError::Write)
    }

    /// Writes out what is buffered and returns the writer.
    ///
    /// # Errors
    /// [`IngestError::Write`].
    pub fn finish(self) -> Result<W, IngestError> {
        self.csv
            .into_inner()
            .map_err(|error| IngestError::Write(error.into_error()))
    }
}

fn write_error(error: csv::Error) -> IngestError {
    IngestError::Write(match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

/// The cell with an apostrophe before it where a spreadsheet would take it for a formula.
fn guarded(cell: &str) -> Cow<'_, str> {
    let is_harmless = |rest: &str| {
        let is_number_char = |c: char| c.is_ascii_digit() || " .,()-/%\u{a0}".contains(c);
        rest.chars().all(is_number_char)
    };
    let is_formula = match cell.chars().next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => !is_harmless(&cell[1..]),
        _ => false,
    };
    if is_formula {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_left_alone() {
        for (cell, expected) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
            ("-5.50", "-5.50"),
            ("+44 20 7946 0958", "+44 20 7946 0958"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(guarded(cell), expected);
        }
    }

    #[test]
    fn a_file_that_goes_on_has_one_mark_and_one_header() {
        let cells = |cells: [&'static str; 2]| cells.map(Cow::Borrowed);

        let mut begun = CsvWriter::new(Vec::new(), cells(["name", "note"])).unwrap();
        begun.write(cells(["Ann", "a, b"])).unwrap();
        let mut file = begun.finish().unwrap();
        let mut rest = CsvWriter::going_on(Vec::new());
        rest.write(cells(["=1+1", ""])).unwrap();
        file.extend(rest.finish().unwrap());

        let expected = "\u{feff}name,note\nAnn,\"a, b\"\n'=1+1,\n";
        assert_eq!(String::from_utf8(file).unwrap(), expected);
    }
}
