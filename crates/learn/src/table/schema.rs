//! Which columns there are and of which kind, and how text becomes a table.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Categories, Column, Table, TableError};

/// What stands for "missing" unless told otherwise, in small or large letters.
const MISSING: [&str; 7] = ["", "na", "n/a", "nan", "null", "none", "?"];
/// Share of the cells that are there which must be numbers for a column to be guessed numeric: one
/// cell in a hundred may be a slip, which reading then names.
const MOSTLY: f64 = 0.99;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Numbers that can be added.
    Numeric,
    /// Names, or numbers that are names, such as postal codes.
    Categorical,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Numeric => "numeric",
            Self::Categorical => "categorical",
        })
    }
}

/// Name and kind of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSchema {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// The columns of rows of text, in their order.
///
/// Fixed on the training rows and kept with the model, so that later rows are read the same way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    columns: Vec<ColumnSchema>,
    missing: Vec<String>,
}

impl Schema {
    /// Columns of known kind.
    pub fn new(columns: Vec<ColumnSchema>) -> Self {
        Self {
            columns,
            missing: MISSING.map(String::from).to_vec(),
        }
    }

    /// Guesses kinds: a column is numeric when 99 % of the cells that are there are numbers.
    ///
    /// A column without any cell is numeric. Numbers that are names (codes, years as labels) must
    /// be said: [`with_kind`](Self::with_kind).
    ///
    /// # Errors
    /// [`TableError::Empty`] without rows, and [`TableError::RowWidth`].
    pub fn guess<R, S>(names: &[String], rows: &[R]) -> Result<Self, TableError>
    where
        R: AsRef<[S]>,
        S: AsRef<str>,
    {
        let all_numeric = names.iter().map(|name| ColumnSchema {
            name: name.clone(),
            kind: Kind::Numeric,
        });
        let mut schema = Self::new(all_numeric.collect());
        schema.require_rows(rows)?;
        for column in 0..names.len() {
            let (mut n_present, mut n_numbers) = (0_usize, 0_usize);
            for text in rows.iter().filter_map(|row| schema.cell(row, column)) {
                n_present += 1;
                n_numbers += usize::from(text.parse::<f64>().is_ok());
            }
            if (n_numbers as f64) < MOSTLY * n_present as f64 {
                schema.columns[column].kind = Kind::Categorical;
            }
        }
        Ok(schema)
    }

    /// The same with another kind of one column.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`].
    pub fn with_kind(mut self, name: &str, kind: Kind) -> Result<Self, TableError> {
        match self.columns.iter_mut().find(|column| column.name == name) {
            Some(column) => column.kind = kind,
            None => return Err(TableError::UnknownColumn { name: name.into() }),
        }
        Ok(self)
    }

    /// The same with other texts for "missing"; blanks around them, and whether Latin
    /// letters are small or large, do not matter.
    #[must_use]
    pub fn with_missing<S: AsRef<str>>(mut self, missing: &[S]) -> Self {
        self.missing = missing
            .iter()
            .map(|text| text.as_ref().trim().to_owned())
            .collect();
        self
    }

    /// The columns.
    pub fn columns(&self) -> &[ColumnSchema] {
        &self.columns
    }

    /// The kind of a column, if it exists.
    pub fn kind_of(&self, name: &str) -> Option<Kind> {
        self.columns
            .iter()
            .find(|column| column.name == name)
            .map(|column| column.kind)
    }

    /// Reads rows of text.
    ///
    /// # Errors
    /// [`TableError::Empty`], [`TableError::RowWidth`], [`TableError::NotANumber`],
    /// [`TableError::NotFinite`] for an infinite number, or [`TableError::DuplicateName`].
    pub fn read<R, S>(&self, rows: &[R]) -> Result<Table, TableError>
    where
        R: AsRef<[S]>,
        S: AsRef<str>,
    {
        self.require_rows(rows)?;
        let columns = self
            .columns
            .iter()
            .enumerate()
            .map(|(position, column)| {
                let read = match column.kind {
                    Kind::Numeric => self.numbers(rows, position)?,
                    Kind::Categorical => Column::Categorical(Categories::from_texts(
                        rows.iter().map(|row| self.cell(row, position)),
                    )),
                };
                Ok((column.name.clone(), read))
            })
            .collect::<Result<_, TableError>>()?;
        Table::new(columns)
    }

    fn numbers<R, S>(&self, rows: &[R], position: usize) -> Result<Column, TableError>
    where
        R: AsRef<[S]>,
        S: AsRef<str>,
    {
        let number = |(row, cells): (usize, &R)| match self.cell(cells, position) {
            None => Ok(f64::NAN),
            Some(text) => text.parse().map_err(|_| TableError::NotANumber {
                name: self.columns[position].name.clone(),
                row,
                text: text.into(),
            }),
        };
        let numbers = rows.iter().enumerate().map(number);
        Ok(Column::Numeric(numbers.collect::<Result<_, _>>()?))
    }

    /// The trimmed text of a cell, unless it stands for "missing".
    fn cell<'a, R, S>(&self, row: &'a R, position: usize) -> Option<&'a str>
    where
        R: AsRef<[S]>,
        S: AsRef<str> + 'a,
    {
        let text = row.as_ref()[position].as_ref().trim();
        let missing = self
            .missing
            .iter()
            .any(|missing| missing.eq_ignore_ascii_case(text));
        (!missing).then_some(text)
    }

    fn require_rows<R, S>(&self, rows: &[R]) -> Result<(), TableError>
    where
        R: AsRef<[S]>,
        S: AsRef<str>,
    {
        if rows.is_empty() || self.columns.is_empty() {
            return Err(TableError::Empty);
        }
        let expected = self.columns.len();
        for (row, cells) in rows.iter().enumerate() {
            let found = cells.as_ref().len();
            if found != expected {
                return Err(TableError::RowWidth {
                    row,
                    expected,
                    found,
                });
            }
        }
        Ok(())
    }
}
