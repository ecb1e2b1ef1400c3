//! Rows that linear models read without caring whether zeros are stored.

use crate::{LearnError, Matrix, SparseMatrix};

/// A design matrix: a table of features, dense or sparse.
///
/// [`visit`](Self::visit) walks the entries of a row that can differ from zero; everything else
/// follows from it. The transposed table is a design too, whose rows are the features: that is how
/// coordinate descent walks down a column.
pub trait Design: Sync {
    /// Number of rows.
    fn n_rows(&self) -> usize;

    /// Number of columns.
    fn n_columns(&self) -> usize;

    /// Calls `see(column, value)` for the entries of a row, columns ascending; zeros may be left
    /// out.
    ///
    /// # Panics
    /// When there is no such row.
    fn visit(&self, row: usize, see: impl FnMut(usize, f64));

    /// Rows become columns.
    #[must_use]
    fn transposed(&self) -> Self;

    /// The given rows in the given order.
    ///
    /// # Panics
    /// When a row does not exist.
    #[must_use]
    fn select(&self, rows: &[usize]) -> Self;

    /// Refuses missing and infinite values.
    ///
    /// # Errors
    /// [`LearnError::NotFinite`] with the first such place.
    fn require_finite(&self) -> Result<(), LearnError>;

    /// Refuses a table of another width.
    ///
    /// # Errors
    /// [`LearnError::Shape`].
    fn require_width(&self, expected: usize) -> Result<(), LearnError>;

    /// Product of a row and a vector, `(n_columns,)`.
    fn dot(&self, row: usize, vector: &[f64]) -> f64 {
        let mut sum = 0.0;
        self.visit(row, |column, value| sum += value * vector[column]);
        sum
    }
}

impl Design for Matrix {
    fn n_rows(&self) -> usize {
        self.n_rows()
    }

    fn n_columns(&self) -> usize {
        self.n_columns()
    }

    fn visit(&self, row: usize, mut see: impl FnMut(usize, f64)) {
        for (column, &value) in self.row(row).iter().enumerate() {
            see(column, value);
        }
    }

    fn transposed(&self) -> Self {
        let mut flipped = Self::zeros(self.n_columns(), self.n_rows());
        let height = self.n_rows();
        let values = flipped.values_mut();
        for (row, record) in self.rows().enumerate() {
            for (column, &value) in record.iter().enumerate() {
                values[column * height + row] = value;
            }
        }
        flipped
    }

    fn select(&self, rows: &[usize]) -> Self {
        self.select_rows(rows)
    }

    fn require_finite(&self) -> Result<(), LearnError> {
        self.require_finite()
    }

    fn require_width(&self, expected: usize) -> Result<(), LearnError> {
        self.require_columns(expected)
    }

    fn dot(&self, row: usize, vector: &[f64]) -> f64 {
        self.row(row).iter().zip(vector).map(|(a, b)| a * b).sum()
    }
}

impl Design for SparseMatrix {
    fn n_rows(&self) -> usize {
        self.n_rows()
    }

    fn n_columns(&self) -> usize {
        self.n_columns()
    }

    fn visit(&self, row: usize, mut see: impl FnMut(usize, f64)) {
        for (column, value) in self.row(row) {
            see(column, value);
        }
    }

    fn transposed(&self) -> Self {
        self.transposed()
    }

    fn select(&self, rows: &[usize]) -> Self {
        self.select_rows(rows)
    }

    fn require_finite(&self) -> Result<(), LearnError> {
        self.require_finite()
    }

    fn require_width(&self, expected: usize) -> Result<(), LearnError> {
        self.require_columns(expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_and_sparse_tell_the_same() {
        let dense = Matrix::from_rows(&[[0.0, 2.0, 0.0], [1.0, 0.0, -3.0]]);
        let sparse = SparseMatrix::from_dense(&dense);
        let vector = [0.5, 1.5, 2.5];

        for row in 0..2 {
            assert_eq!(dense.dot(row, &vector), Design::dot(&sparse, row, &vector));
        }
        assert_eq!(
            Design::transposed(&dense),
            Design::transposed(&sparse).to_dense()
        );
        assert_eq!(dense.select(&[1]), sparse.select(&[1]).to_dense());
    }
}
