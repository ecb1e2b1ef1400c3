//! A table of numbers, row by row.

use serde::{Deserialize, Serialize};

use crate::LearnError;

/// A table of `f64`, `(n_rows, n_columns)`, stored row after row. `NaN` stands for missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Matrix {
    n_rows: usize,
    n_columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// Takes over values that already lie row after row.
    ///
    /// # Errors
    /// [`LearnError::Shape`] unless there are `n_rows * n_columns` of them.
    pub fn new(n_rows: usize, n_columns: usize, values: Vec<f64>) -> Result<Self, LearnError> {
        if values.len() != n_rows * n_columns {
            return Err(LearnError::Shape {
                what: "values",
                expected: n_rows * n_columns,
                found: values.len(),
            });
        }
        Ok(Self {
            n_rows,
            n_columns,
            values,
        })
    }

    /// All zeros.
    pub fn zeros(n_rows: usize, n_columns: usize) -> Self {
        Self {
            n_rows,
            n_columns,
            values: vec![0.0; n_rows * n_columns],
        }
    }

    /// From rows of one fixed width.
    pub fn from_rows<const N: usize>(rows: &[[f64; N]]) -> Self {
        Self {
            n_rows: rows.len(),
            n_columns: N,
            values: rows.as_flattened().to_vec(),
        }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Number of columns.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// One row, `(n_columns,)`.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.n_columns..(row + 1) * self.n_columns]
    }

    /// One row, to change it.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.values[row * self.n_columns..(row + 1) * self.n_columns]
    }

    /// All rows in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        (0..self.n_rows).map(|row| self.row(row))
    }

    /// All rows in order, to change them.
    pub fn rows_mut(&mut self) -> impl Iterator<Item = &mut [f64]> {
        // A table without columns has nothing to change; a chunk size of zero would panic.
        self.values.chunks_exact_mut(self.n_columns.max(1))
    }

    /// One column, top to bottom.
    ///
    /// # Panics
    /// When there is no such column.
    pub fn column(&self, column: usize) -> impl Iterator<Item = f64> {
        assert!(column < self.n_columns, "column {column} exists");
        self.values
            .iter()
            .skip(column)
            .step_by(self.n_columns)
            .copied()
    }

    /// The values, row after row.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The values, row after row, to change them.
    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    /// The given rows in the given order; a row may be named more than once.
    #[must_use]
    pub fn select_rows(&self, rows: &[usize]) -> Self {
        let mut values = Vec::with_capacity(rows.len() * self.n_columns);
        for &row in rows {
            values.extend_from_slice(self.row(row));
        }
        Self {
            n_rows: rows.len(),
            n_columns: self.n_columns,
            values,
        }
    }

    /// The given columns in the given order.
    #[must_use]
    pub fn select_columns(&self, columns: &[usize]) -> Self {
        let mut values = Vec::with_capacity(self.n_rows * columns.len());
        for row in self.rows() {
            values.extend(columns.iter().map(|&column| row[column]));
        }
        Self {
            n_rows: self.n_rows,
            n_columns: columns.len(),
            values,
        }
    }

    /// Where the first missing or infinite value stands, as `(row, column)`.
    pub fn first_not_finite(&self) -> Option<(usize, usize)> {
        let at = self.values.iter().position(|value| !value.is_finite())?;
        Some((at / self.n_columns, at % self.n_columns))
    }

    /// Refuses a table that holds missing or infinite values.
    ///
    /// # Errors
    /// [`LearnError::NotFinite`] with the first such place.
    pub fn require_finite(&self) -> Result<(), LearnError> {
        match self.first_not_finite() {
            None => Ok(()),
            Some((row, column)) => Err(LearnError::NotFinite { row, column }),
        }
    }

    /// Refuses a table of another width.
    ///
    /// # Errors
    /// [`LearnError::Shape`].
    pub fn require_columns(&self, expected: usize) -> Result<(), LearnError> {
        if self.n_columns == expected {
            return Ok(());
        }
        Err(LearnError::Shape {
            what: "columns",
            expected,
            found: self.n_columns,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_are_read_back() {
        let matrix = Matrix::from_rows(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);

        assert_eq!(matrix.row(1), [3.0, 4.0]);
        assert_eq!(matrix.column(1).collect::<Vec<_>>(), [2.0, 4.0, 6.0]);
        assert_eq!(matrix.select_rows(&[2, 2]).values(), [5.0, 6.0, 5.0, 6.0]);
        assert_eq!(matrix.select_columns(&[1]).values(), [2.0, 4.0, 6.0]);
    }

    #[test]
    fn the_number_of_values_must_match_the_shape() {
        let refused = Matrix::new(2, 2, vec![0.0; 3]);

        assert!(matches!(refused, Err(LearnError::Shape { found: 3, .. })));
    }

    #[test]
    fn the_first_missing_value_is_named() {
        let matrix = Matrix::from_rows(&[[1.0, 2.0], [3.0, f64::NAN]]);

        assert_eq!(
            matrix.require_finite(),
            Err(LearnError::NotFinite { row: 1, column: 1 })
        );
    }

    #[test]
    fn a_table_without_columns_has_rows_all_the_same() {
        let matrix = Matrix::zeros(3, 0);

        assert_eq!(matrix.rows().len(), 3);
        assert!(matrix.row(2).is_empty());
    }
}
