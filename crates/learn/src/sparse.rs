//! A table of numbers that are mostly zero, row by row.

use serde::{Deserialize, Serialize};

use crate::{LearnError, Matrix};

/// A table of `f64`, `(n_rows, n_columns)`, that stores its non-zero entries only.
///
/// Compressed sparse rows: the entries of row `i` stand at `starts[i]..starts[i + 1]`, with their
/// columns ascending and none twice. Made for text, where a row has a hundred entries of a quarter
/// of a million columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SparseMatrix {
    n_columns: usize,
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
}

impl SparseMatrix {
    /// From rows of `(column, value)` in any order; entries of one column are added up, and sums of
    /// zero are not stored.
    ///
    /// # Errors
    /// [`LearnError::Shape`] when a column is not below `n_columns`.
    pub fn from_rows(n_columns: usize, rows: Vec<Vec<(u32, f64)>>) -> Result<Self, LearnError> {
        let mut matrix = Self {
            n_columns,
            starts: vec![0],
            columns: Vec::new(),
            values: Vec::new(),
        };
        for mut row in rows {
            // Stable, so that entries of one column are added in the order in which they came.
            row.sort_by_key(|&(column, _)| column);
            if let Some(&(column, _)) = row.last().filter(|entry| entry.0 as usize >= n_columns) {
                return Err(LearnError::Shape {
                    what: "columns at most",
                    expected: n_columns,
                    found: column as usize + 1,
                });
            }
            for entries in row.chunk_by(|a, b| a.0 == b.0) {
                let sum: f64 = entries.iter().map(|&(_, value)| value).sum();
                if sum != 0.0 {
                    matrix.columns.push(entries[0].0);
                    matrix.values.push(sum);
                }
            }
            matrix.starts.push(matrix.values.len());
        }
        Ok(matrix)
    }

    /// The same numbers without the zeros.
    pub fn from_dense(dense: &Matrix) -> Self {
        let rows = dense
            .rows()
            .map(|row| (0..).zip(row.iter().copied()).collect())
            .collect();
        Self::from_rows(dense.n_columns(), rows).expect("a row is as wide as its table")
    }

    /// The same numbers with the zeros.
    pub fn to_dense(&self) -> Matrix {
        let mut dense = Matrix::zeros(self.n_rows(), self.n_columns);
        for row in 0..self.n_rows() {
            let into = dense.row_mut(row);
            for (column, value) in self.row(row) {
                into[column] = value;
            }
        }
        dense
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of columns.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Number of stored entries.
    pub fn n_stored(&self) -> usize {
        self.values.len()
    }

    /// The stored entries of one row as `(column, value)`, columns ascending.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn row(&self, row: usize) -> impl ExactSizeIterator<Item = (usize, f64)> + '_ {
        let entries = self.starts[row]..self.starts[row + 1];
        self.columns[entries.clone()]
            .iter()
            .zip(&self.values[entries])
            .map(|(&column, &value)| (column as usize, value))
    }

    /// The given rows in the given order; a row may be named more than once.
    ///
    /// # Panics
    /// When a row does not exist.
    #[must_use]
    pub fn select_rows(&self, rows: &[usize]) -> Self {
        let mut selected = Self {
            n_columns: self.n_columns,
            starts: Vec::with_capacity(rows.len() + 1),
            columns: Vec::new(),
            values: Vec::new(),
        };
        selected.starts.push(0);
        for &row in rows {
            let entries = self.starts[row]..self.starts[row + 1];
            selected
                .columns
                .extend_from_slice(&self.columns[entries.clone()]);
            selected.values.extend_from_slice(&self.values[entries]);
            selected.starts.push(selected.values.len());
        }
        selected
    }

    /// Rows become columns: `(n_columns, n_rows)`.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut starts = vec![0; self.n_columns + 1];
        for &column in &self.columns {
            starts[column as usize + 1] += 1;
        }
        for column in 0..self.n_columns {
            starts[column + 1] += starts[column];
        }
        let mut next = starts.clone();
        let mut columns = vec![0; self.n_stored()];
        let mut values = vec![0.0; self.n_stored()];
        for row in 0..self.n_rows() {
            for (column, value) in self.row(row) {
                columns[next[column]] = row as u32;
                values[next[column]] = value;
                next[column] += 1;
            }
        }
        Self {
            n_columns: self.n_rows(),
            starts,
            columns,
            values,
        }
    }

    /// The same entries with `change(row, column, value)` in place of each value.
    ///
    /// Entries that become zero stay stored, so that the shape of the storage is kept.
    #[must_use]
    pub fn map_entries(&self, mut change: impl FnMut(usize, usize, f64) -> f64) -> Self {
        let mut changed = self.clone();
        for row in 0..self.n_rows() {
            for entry in self.starts[row]..self.starts[row + 1] {
                let column = self.columns[entry] as usize;
                changed.values[entry] = change(row, column, self.values[entry]);
            }
        }
        changed
    }

    /// Refuses a table that holds missing or infinite values.
    ///
    /// # Errors
    /// [`LearnError::NotFinite`] with the first such place.
    pub fn require_finite(&self) -> Result<(), LearnError> {
        for row in 0..self.n_rows() {
            if let Some((column, _)) = self.row(row).find(|(_, value)| !value.is_finite()) {
                return Err(LearnError::NotFinite { row, column });
            }
        }
        Ok(())
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
    use proptest::prelude::*;

    use super::*;

    fn dense() -> Matrix {
        Matrix::from_rows(&[[0.0, 2.0, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, -3.0]])
    }

    #[test]
    fn only_what_is_not_zero_is_stored() {
        let sparse = SparseMatrix::from_dense(&dense());

        assert_eq!(sparse.n_stored(), 3);
        assert_eq!(sparse.row(1).len(), 0);
        assert_eq!(sparse.row(2).collect::<Vec<_>>(), [(0, 1.0), (2, -3.0)]);
        assert_eq!(sparse.to_dense(), dense());
    }

    #[test]
    fn entries_of_one_column_are_added_up() {
        let row = vec![(2, 1.0), (0, 5.0), (2, 1.5), (1, 1.0), (1, -1.0)];

        let sparse = SparseMatrix::from_rows(3, vec![row]).unwrap();

        assert_eq!(sparse.row(0).collect::<Vec<_>>(), [(0, 5.0), (2, 2.5)]);
    }

    #[test]
    fn a_column_beyond_the_width_is_refused() {
        let refused = SparseMatrix::from_rows(3, vec![vec![(3, 1.0)]]);

        assert!(matches!(refused, Err(LearnError::Shape { found: 4, .. })));
    }

    #[test]
    fn the_first_value_that_is_no_number_is_named() {
        let sparse = SparseMatrix::from_rows(9, vec![vec![], vec![(7, f64::NAN)]]).unwrap();

        assert_eq!(
            sparse.require_finite(),
            Err(LearnError::NotFinite { row: 1, column: 7 })
        );
    }

    proptest! {
        #[test]
        fn transposing_twice_changes_nothing(
            rows in prop::collection::vec(
                prop::collection::vec((0_u32..6, -3_i8..4), 0..8),
                0..7,
            ),
        ) {
            let rows = rows
                .into_iter()
                .map(|row| row.into_iter().map(|(c, v)| (c, f64::from(v))).collect())
                .collect();
            let sparse = SparseMatrix::from_rows(6, rows).unwrap();

            let flipped = sparse.transposed();

            for row in 0..sparse.n_rows() {
                for (column, value) in sparse.row(row) {
                    prop_assert!(flipped.row(column).any(|entry| entry == (row, value)));
                }
            }
            prop_assert_eq!(flipped.transposed(), sparse);
        }
    }
}
