//! A file of the lab: read whole, as text. How dates and decimals are written is decided over all
//! values of a column, as imports do.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use rapport_domain::Timestamp;
use rapport_ingest::value::date::{self, DateStyle};
use rapport_ingest::value::decimal::{self, DecimalStyle};
use rapport_ingest::{IngestError, SNIFF_BYTES};
use rapport_lake::{LakeError, TextTable};
use rapport_learn::scorer::ScorerError;
use rapport_learn::table::TableError;
use thiserror::Error;

/// How a Parquet file begins.
const PARQUET: &[u8] = b"PAR1";

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
    /// A Parquet file that cannot be read.
    #[error(transparent)]
    Parquet(#[from] LakeError),
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
    /// A table that nothing can be learned from.
    #[error("{file}: {source}")]
    Table {
        /// The file.
        file: String,
        /// What is wrong with it.
        source: TableError,
    },
    /// Rows that cannot be matched.
    #[error(transparent)]
    Match(rapport_identity::IdentityError),
    /// Rows that cannot be scored.
    #[error(transparent)]
    Score(ScorerError),
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
    /// Rows that cannot be taken apart and are left out.
    pub n_rejected: u64,
    /// Whether the file says itself what its values are, so that nothing is guessed from their texts.
    is_typed: bool,
}

impl LabTable {
    /// Reads a file whole: Parquet; or CSV, TSV or JSON lines, plain or gzip.
    ///
    /// # Errors
    /// [`LabError::Read`], [`LabError::Ingest`] or [`LabError::Parquet`].
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
        if head.starts_with(PARQUET) {
            return Self::read_parquet(path, file);
        }
        let mut format = rapport_ingest::sniff(&head, &file)?;
        format.has_header = has_header;
        let whole = rapport_ingest::preview(BufReader::new(open()?), &format, usize::MAX)?;
        let n_rejected = whole.n_bad_rows();
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
            n_rejected,
            is_typed: false,
        })
    }

    /// A table of texts that are there already.
    pub(super) fn of_texts(file: &str, columns: Vec<String>, rows: Vec<Vec<String>>) -> Self {
        Self {
            file: file.to_owned(),
            columns,
            rows,
            n_rejected: 0,
            is_typed: false,
        }
    }

    fn read_parquet(path: &Path, file: String) -> Result<Self, LabError> {
        let TextTable { columns, rows } = rapport_lake::read_text_table(path)?;
        Ok(Self {
            file,
            columns,
            rows,
            n_rejected: 0,
            is_typed: true,
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
        self.n_rejected += other.n_rejected;
        self.is_typed &= other.is_typed;
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
        let style = self.decimal_style(column);
        self.texts(column).map(|text| number(text, style)).collect()
    }

    /// Numbers of a column that must have one in every row.
    pub(super) fn required_numbers(&self, column: usize) -> Result<Vec<f64>, LabError> {
        let style = self.decimal_style(column);
        let cells = self.texts(column).enumerate();
        cells
            .map(|(row, text)| {
                let value = number(text, style).filter(|value| !value.is_nan());
                value.ok_or_else(|| self.bad(row, column, text, "number"))
            })
            .collect()
    }

    /// Instants of a column that must have one in every row.
    pub(super) fn instants(&self, column: usize) -> Result<Vec<Timestamp>, LabError> {
        let style = DateStyle {
            order: date::detect_order(self.texts(column)),
            ..DateStyle::default()
        };
        let cells = self.texts(column).enumerate();
        cells
            .map(|(row, text)| {
                date::parse(text, style).ok_or_else(|| self.bad(row, column, text, "date"))
            })
            .collect()
    }

    pub(super) fn decimal_style(&self, column: usize) -> DecimalStyle {
        if self.is_typed {
            return DecimalStyle::Point;
        }
        decimal::detect_style(self.texts(column))
    }

    pub(super) fn bad(
        &self,
        row: usize,
        column: usize,
        value: &str,
        expected: &'static str,
    ) -> LabError {
        LabError::Cell {
            file: self.file.clone(),
            row: row + 1,
            column: self.columns[column].clone(),
            value: value.to_owned(),
            expected,
        }
    }
}

fn number(text: &str, style: DecimalStyle) -> Option<f64> {
    if text.trim().is_empty() {
        return Some(f64::NAN);
    }
    decimal::parse(text, style).map(|amount| amount.decimal.to_f64())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn read(text: &str) -> LabTable {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("table.csv");
        std::fs::write(&path, text).unwrap();
        LabTable::read(&path, true).unwrap()
    }

    #[test]
    fn a_column_tells_by_all_of_its_values_whether_the_month_comes_first() {
        let table = read("at,n\n03/04/2025,1\n03/25/2025,2\n");

        let instants = table.instants(0).unwrap();

        assert_eq!(instants[0], "2025-03-04T00:00:00Z".parse().unwrap());
    }

    #[test]
    fn a_column_tells_by_all_of_its_values_whether_the_comma_is_decimal() {
        let table = read("amount;n\n1.500;1\n2,5;2\n");

        assert_eq!(table.required_numbers(0).unwrap(), [1500.0, 2.5]);
    }

    #[test]
    fn rows_that_cannot_be_taken_apart_are_counted() {
        let table = read("a,b\n1,2\nragged\n3,4\n");

        assert_eq!((table.rows.len(), table.n_rejected), (2, 1));
    }
}
