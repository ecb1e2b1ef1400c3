//! A file of the lab: read whole, as text.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use rapport_domain::Timestamp;
use rapport_ingest::value::date::{self, DateOrder, DateStyle};
use rapport_ingest::value::decimal::{self, DecimalStyle};
use rapport_ingest::{IngestError, SNIFF_BYTES};
use thiserror::Error;

/// A file or a wish that the lab cannot use: the caller's to mend.
#[derive(Debug, Error)]
pub enum LabError {
    /// A file that cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A file that is no table.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// A role that the task does not know, or a column that the file does not have.
    #[error("{0}")]
    Role(String),
    /// A cell that is not what its role needs.
    #[error("{file}, row {row}, column {column}: {value:?} is no {expected}")]
    Cell {
        /// The file.
        file: String,
        /// The row, from 1, the header left out.
        row: usize,
        /// The column.
        column: String,
        /// What stands there.
        value: String,
        /// What is needed.
        expected: &'static str,
    },
    /// Learning refused the data or failed.
    #[error(transparent)]
    Learn(#[from] crate::PipelineError),
}

/// A table of texts.
#[derive(Debug, Clone, PartialEq)]
pub struct LabTable {
    /// Name of the file, for messages.
    pub file: String,
    /// Names of the columns; `#0`, `#1`, … where the file has no header.
    pub columns: Vec<String>,
    /// Cells, row by row.
    pub rows: Vec<Vec<String>>,
}

impl LabTable {
    /// Reads a file whole: CSV, TSV or JSON lines, plain or gzip.
    ///
    /// # Errors
    /// [`LabError::Read`] or [`LabError::Ingest`].
    pub fn read(path: &Path, has_header: bool) -> Result<Self, LabError> {
        let file = path.display().to_string();
        let open = || {
            File::open(path).map_err(|source| LabError::Read {
                path: file.clone(),
                source,
            })
        };
        let mut head = Vec::with_capacity(SNIFF_BYTES);
        open()?
            .take(SNIFF_BYTES as u64)
            .read_to_end(&mut head)
            .map_err(|source| LabError::Read {
                path: file.clone(),
                source,
            })?;
        let mut format = rapport_ingest::sniff(&head, &file)?;
        format.has_header = has_header;
        let whole = rapport_ingest::preview(BufReader::new(open()?), &format, usize::MAX)?;
        let columns = if has_header {
            whole.headers
        } else {
            (0..whole.headers.len())
                .map(|idx| format!("#{idx}"))
                .collect()
        };
        Ok(Self {
            file,
            columns,
            rows: whole.sample_rows,
        })
    }

    /// Adds the rows of another file with the same columns.
    ///
    /// # Errors
    /// [`LabError::Role`] where the columns differ.
    pub fn append(&mut self, other: Self) -> Result<(), LabError> {
        if self.columns != other.columns {
            let message = format!("{} and {} have different columns", self.file, other.file);
            return Err(LabError::Role(message));
        }
        self.rows.extend(other.rows);
        Ok(())
    }

    /// Position of a column by its name or `#index`.
    ///
    /// # Errors
    /// [`LabError::Role`] with the columns that there are.
    pub(super) fn column(&self, name: &str) -> Result<usize, LabError> {
        let by_name = self.columns.iter().position(|column| column == name);
        let by_index = || {
            let idx: usize = name.strip_prefix('#')?.parse().ok()?;
            (idx < self.columns.len()).then_some(idx)
        };
        by_name.or_else(by_index).ok_or_else(|| {
            let columns = self.columns.join(", ");
            LabError::Role(format!(
                "{} has no column {name:?}; it has {columns}",
                self.file
            ))
        })
    }

    /// Texts of a column.
    pub(super) fn texts(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows
            .iter()
            .map(move |row| row.get(column).map_or("", String::as_str))
    }

    /// Numbers of a column, NaN where a cell is empty; `None` where a filled cell is no number.
    pub(super) fn numbers(&self, column: usize) -> Option<Vec<f64>> {
        self.texts(column).map(number).collect()
    }

    /// Numbers of a column that must have one in every row.
    pub(super) fn required_numbers(&self, column: usize) -> Result<Vec<f64>, LabError> {
        let cells = self.texts(column).enumerate();
        cells
            .map(|(row, text)| {
                let value = number(text).filter(|value| !value.is_nan());
                value.ok_or_else(|| self.bad(row, column, text, "number"))
            })
            .collect()
    }

    /// Instants of a column that must have one in every row.
    pub(super) fn instants(&self, column: usize) -> Result<Vec<Timestamp>, LabError> {
        let style = DateStyle {
            order: DateOrder::DayFirst,
            offset_minutes: 0,
        };
        let cells = self.texts(column).enumerate();
        cells
            .map(|(row, text)| {
                date::parse(text, style).ok_or_else(|| self.bad(row, column, text, "date"))
            })
            .collect()
    }

    fn bad(&self, row: usize, column: usize, value: &str, expected: &'static str) -> LabError {
        LabError::Cell {
            file: self.file.clone(),
            row: row + 1,
            column: self.columns[column].clone(),
            value: value.to_owned(),
            expected,
        }
    }
}

fn number(text: &str) -> Option<f64> {
    if text.trim().is_empty() {
        return Some(f64::NAN);
    }
    decimal::parse(text, DecimalStyle::Point).map(|amount| amount.decimal.to_f64())
}
