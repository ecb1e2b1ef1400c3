//! Tables as people have them: columns of numbers and columns of categories.
//!
//! A [`Schema`] says which column is which, given or guessed, and reads rows of text into a
//! [`Table`]. Learners that want numbers only get them through an encoder
//! ([`TableEncoder`](crate::transform::TableEncoder)), which is fitted on the training table and
//! turns any other into a [`Matrix`](crate::Matrix) of the same columns.
//!
//! ```
//! use rapport_learn::table::{Kind, Schema};
//!
//! let names = ["age", "city"].map(String::from);
//! let rows = [["39", "Lyon"], ["?", "Oslo"], ["51", "Lyon"]];
//!
//! let schema = Schema::guess(&names, &rows)?;
//! let table = schema.read(&rows)?;
//!
//! assert_eq!(schema.kind_of("city"), Some(Kind::Categorical));
//! assert!(table.numbers("age")?[1].is_nan());
//! assert_eq!(table.categories("city")?.levels(), ["Lyon", "Oslo"]);
//! # Ok::<(), rapport_learn::table::TableError>(())
//! ```

mod categories;
mod error;
mod labels;
mod schema;

pub use categories::Categories;
pub use error::TableError;
pub use labels::Labels;
pub use schema::{ColumnSchema, Kind, Schema};

use serde::{Deserialize, Serialize};

use crate::examples::{require_length, require_weights};

/// One column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Column {
    /// Numbers, `(n_rows,)`; `NaN` stands for missing.
    Numeric(Vec<f64>),
    /// Categories.
    Categorical(Categories),
}

impl Column {
    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        match self {
            Self::Numeric(values) => values.len(),
            Self::Categorical(categories) => categories.codes().len(),
        }
    }

    /// Whether it holds numbers or categories.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Numeric(_) => Kind::Numeric,
            Self::Categorical(_) => Kind::Categorical,
        }
    }

    fn select(&self, rows: &[usize]) -> Self {
        match self {
            Self::Numeric(values) => Self::Numeric(rows.iter().map(|&row| values[row]).collect()),
            Self::Categorical(categories) => Self::Categorical(categories.select(rows)),
        }
    }
}

/// What to predict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// Numbers, `(n_rows,)`, all finite.
    Numbers(Vec<f64>),
    /// Classes.
    Classes(Labels),
}

/// Named columns of one height, with what to predict and how much each row counts, if known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    n_rows: usize,
    names: Vec<String>,
    columns: Vec<Column>,
    target: Option<Target>,
    weights: Option<Vec<f64>>,
}

impl Table {
    /// A table of the given columns.
    ///
    /// # Errors
    /// [`TableError::Empty`] without columns or rows, [`TableError::DuplicateName`],
    /// [`TableError::Learn`] when the columns are not of one height, and [`TableError::NotFinite`]
    /// for an infinite number.
    pub fn new(columns: Vec<(String, Column)>) -> Result<Self, TableError> {
        let n_rows = columns.first().map_or(0, |(_, column)| column.n_rows());
        if n_rows == 0 {
            return Err(TableError::Empty);
        }
        for (position, (name, column)) in columns.iter().enumerate() {
            require_length("rows in every column", n_rows, column.n_rows())?;
            require_not_infinite(name, column)?;
            if columns[..position].iter().any(|(other, _)| other == name) {
                return Err(TableError::DuplicateName { name: name.clone() });
            }
        }
        let (names, columns) = columns.into_iter().unzip();
        Ok(Self {
            n_rows,
            names,
            columns,
            target: None,
            weights: None,
        })
    }

    /// The same with what to predict.
    ///
    /// # Errors
    /// [`TableError::Learn`] unless there is one per row, and when a number is not finite.
    pub fn with_target(mut self, target: Target) -> Result<Self, TableError> {
        let n_targets = match &target {
            Target::Numbers(numbers) => numbers.len(),
            Target::Classes(labels) => labels.codes().len(),
        };
        require_length("targets", self.n_rows, n_targets)?;
        if let Target::Numbers(numbers) = &target
            && let Some(row) = numbers.iter().position(|number| !number.is_finite())
        {
            return Err(crate::LearnError::Target { row }.into());
        }
        self.target = Some(target);
        Ok(self)
    }

    /// The same with how much each row counts.
    ///
    /// # Errors
    /// [`TableError::Learn`] unless there is one per row, finite, from 0 up, and not all 0.
    pub fn with_weights(mut self, weights: Vec<f64>) -> Result<Self, TableError> {
        require_length("weights", self.n_rows, weights.len())?;
        require_weights(&weights)?;
        self.weights = Some(weights);
        Ok(self)
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Names and columns in their order.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = (&str, &Column)> {
        self.names.iter().map(String::as_str).zip(&self.columns)
    }

    /// What to predict, if known.
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// How much each row counts, if not all the same.
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// A column by its name.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`].
    pub fn column(&self, name: &str) -> Result<&Column, TableError> {
        match self.names.iter().position(|other| other == name) {
            Some(position) => Ok(&self.columns[position]),
            None => Err(TableError::UnknownColumn { name: name.into() }),
        }
    }

    /// A column of numbers by its name.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`] or [`TableError::OtherKind`].
    pub fn numbers(&self, name: &str) -> Result<&[f64], TableError> {
        match self.column(name)? {
            Column::Numeric(values) => Ok(values),
            Column::Categorical(_) => Err(TableError::OtherKind {
                name: name.into(),
                expected: Kind::Numeric,
            }),
        }
    }

    /// A column of categories by its name.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`] or [`TableError::OtherKind`].
    pub fn categories(&self, name: &str) -> Result<&Categories, TableError> {
        match self.column(name)? {
            Column::Categorical(categories) => Ok(categories),
            Column::Numeric(_) => Err(TableError::OtherKind {
                name: name.into(),
                expected: Kind::Categorical,
            }),
        }
    }

    /// The given rows in the given order, with everything that belongs to them.
    ///
    /// # Panics
    /// When a row does not exist.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        Self {
            n_rows: rows.len(),
            names: self.names.clone(),
            columns: self
                .columns
                .iter()
                .map(|column| column.select(rows))
                .collect(),
            target: self.target.as_ref().map(|target| match target {
                Target::Numbers(numbers) => {
                    Target::Numbers(rows.iter().map(|&row| numbers[row]).collect())
                }
                Target::Classes(labels) => Target::Classes(labels.select(rows)),
            }),
            weights: self
                .weights
                .as_ref()
                .map(|weights| rows.iter().map(|&row| weights[row]).collect()),
        }
    }
}

/// Refuses infinite numbers: missing is `NaN`, and nothing else that is no number has a place.
fn require_not_infinite(name: &str, column: &Column) -> Result<(), TableError> {
    if let Column::Numeric(values) = column
        && let Some(row) = values.iter().position(|value| value.is_infinite())
    {
        return Err(TableError::NotFinite {
            name: name.into(),
            row,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
