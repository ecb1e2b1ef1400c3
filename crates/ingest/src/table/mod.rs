//! Tables on their way out: one table of typed cells, written as CSV, as an Excel workbook or as Parquet.
//!
//! All three are written from beginning to end without going back, so that a file of any length can be
//! sent while it is made; memory holds the rows of one call and, of Parquet, one group of rows.

mod parquet_writer;
mod xlsx;

use std::borrow::Cow;
use std::io::Write;

use rapport_domain::{Date, Money, Timestamp};

use crate::{CsvWriter, IngestError};
use parquet_writer::ParquetWriter;
use xlsx::XlsxWriter;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// CSV in UTF-8 with a byte order mark and a header.
    Csv,
    /// An Excel workbook (`.xlsx`). What is too long for a sheet goes on in the next one.
    Xlsx,
    /// Parquet, compressed with Zstandard.
    Parquet,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Texts, and identifiers that look like numbers.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Amounts of money; their currencies stand in a column of their own.
    Amount,
    /// Yes or no.
    Boolean,
    /// Calendar dates.
    Date,
    /// Instants, written in universal time.
    Instant,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name in the header.
    pub name: String,
    /// What its cells are.
    pub kind: CellKind,
}

/// A cell of a table. One that is not of its column's kind is written as nothing where the format
/// knows kinds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'c> {
    /// Nothing.
    Empty,
    /// A text.
    Text(Cow<'c, str>),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// An amount of money, without its currency.
    Amount(Money),
    /// Yes or no.
    Boolean(bool),
    /// A calendar date.
    Date(Date),
    /// An instant.
    Instant(Timestamp),
}

impl<'c> Cell<'c> {
    /// A text; nothing where it is empty.
    pub fn text(text: impl Into<Cow<'c, str>>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text)
        }
    }

    /// What stands in a format that has only texts.
    fn into_text(self) -> Cow<'c, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => text,
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Amount(money) => Cow::Owned(money.decimal()),
            Self::Boolean(yes) => Cow::Owned(yes.to_string()),
            Self::Date(on) => Cow::Owned(on.to_string()),
            Self::Instant(at) => Cow::Owned(at.to_string()),
        }
    }
}

/// Writes a table.
#[derive(Debug)]
pub struct TableWriter<W: Write + Send> {
    inner: Inner<W>,
    n_columns: usize,
}

#[derive(Debug)]
enum Inner<W: Write + Send> {
    Csv(Box<CsvWriter<W>>),
    Xlsx(Box<XlsxWriter<W>>),
    Parquet(Box<ParquetWriter<W>>),
}

impl<W: Write + Send> TableWriter<W> {
    /// Begins a table. `name` is what the sheets of a workbook are called.
    ///
    /// # Errors
    /// [`IngestError::Write`].
    pub fn new(
        writer: W,
        format: TableFormat,
        name: &str,
        columns: Vec<TableColumn>,
    ) -> Result<Self, IngestError> {
        let n_columns = columns.len();
        let inner = match format {
            TableFormat::Csv => {
                let names = columns.iter().map(|it| Cow::Borrowed(it.name.as_str()));
                Inner::Csv(Box::new(CsvWriter::new(writer, names)?))
            }
            TableFormat::Xlsx => Inner::Xlsx(Box::new(XlsxWriter::new(writer, name, columns)?)),
            TableFormat::Parquet => Inner::Parquet(Box::new(ParquetWriter::new(writer, &columns)?)),
        };
        Ok(Self { inner, n_columns })
    }

    /// Writes a row, which has a cell for each column.
    ///
    /// # Errors
    /// [`IngestError::Write`].
    pub fn write(&mut self, cells: Vec<Cell<'_>>) -> Result<(), IngestError> {
        debug_assert_eq!(
            cells.len(),
            self.n_columns,
            "a row has a cell for each column"
        );
        match &mut self.inner {
            Inner::Csv(csv) => csv.write(cells.into_iter().map(Cell::into_text)),
            Inner::Xlsx(workbook) => workbook.write(&cells),
            Inner::Parquet(parquet) => parquet.write(&cells),
        }
    }

    /// Hands what is buffered on to the writer, as far as the format lets it.
    ///
    /// # Errors
    /// [`IngestError::Write`].
    pub fn flush(&mut self) -> Result<(), IngestError> {
        match &mut self.inner {
            Inner::Csv(csv) => csv.flush(),
            // Both hand on what is whole by themselves.
            Inner::Xlsx(_) | Inner::Parquet(_) => Ok(()),
        }
    }

    /// Ends the table and returns the writer.
    ///
    /// # Errors
    /// [`IngestError::Write`].
    pub fn finish(self) -> Result<W, IngestError> {
        match self.inner {
            Inner::Csv(csv) => csv.finish(),
            Inner::Xlsx(workbook) => workbook.finish(),
            Inner::Parquet(parquet) => parquet.finish(),
        }
    }
}
