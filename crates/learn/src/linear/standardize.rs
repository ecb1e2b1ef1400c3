//! Columns centered and scaled in thought: the table itself stays as it is, and sparse.

use crate::Design;

/// Deviation below which a column counts as constant, as a share of its largest magnitude: what
/// rounding leaves of a column of one value.
const CONSTANT: f64 = 1e-13;

/// `(value - center) * scale` per column.
///
/// A constant column has the scale 0: it becomes a column of zeros and gets the coefficient 0.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Standardization {
    pub(super) centers: Vec<f64>,
    pub(super) scales: Vec<f64>,
}

/// Which parts of standardization to do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standardize {
    /// Subtract weighted means. Right when there is an intercept, which takes them up: the optimum
    /// is the same and the solvers get there sooner.
    pub(super) center: bool,
    /// Divide by weighted deviations, so that the penalty does not depend on units.
    pub(super) scale: bool,
}

impl Standardize {
    /// Weighted means and deviations of columns (the rows of `columns`); weights sum to 1.
    pub(super) fn fit<D: Design>(self, columns: &D, weights: &[f64]) -> Standardization {
        let n_features = columns.n_rows();
        let mut fitted = Standardization {
            centers: vec![0.0; n_features],
            scales: vec![1.0; n_features],
        };
        for column in 0..n_features {
            let (mean, deviation, largest) = moments(columns, column, weights);
            let constant = deviation <= CONSTANT * largest;
            if self.center {
                fitted.centers[column] = mean;
            }
            fitted.scales[column] = match (constant, self.center, self.scale) {
                (true, true, _) => 0.0,
                (true, false, _) | (false, _, false) => 1.0,
                (false, _, true) => 1.0 / deviation,
            };
        }
        fitted
    }
}

/// Weighted mean, weighted deviation and largest magnitude of a column.
fn moments<D: Design>(columns: &D, column: usize, weights: &[f64]) -> (f64, f64, f64) {
    let mean = columns.dot(column, weights);
    let (mut squares, mut seen, mut largest) = (0.0, 0.0, 0.0_f64);
    columns.visit(column, |row, value| {
        squares += weights[row] * (value - mean).powi(2);
        seen += weights[row];
        largest = largest.max(value.abs());
    });
    // Entries that are not stored are zeros.
    squares += (1.0 - seen).max(0.0) * mean * mean;
    (mean, squares.sqrt(), largest)
}

impl Standardization {
    /// A coefficient and the intercept from the units of the columns to standard units.
    pub(super) fn standardized(&self, intercept: f64, coefficients: &[f64]) -> (f64, Vec<f64>) {
        let shift: f64 = self
            .centers
            .iter()
            .zip(coefficients)
            .map(|(center, coefficient)| center * coefficient)
            .sum();
        let coefficients = coefficients
            .iter()
            .zip(&self.scales)
            .map(|(coefficient, &scale)| {
                if scale > 0.0 {
                    coefficient / scale
                } else {
                    0.0
                }
            })
            .collect();
        (intercept + shift, coefficients)
    }

    /// A coefficient and the intercept from standard units to the units of the columns.
    pub(super) fn in_units(&self, intercept: f64, coefficients: &[f64]) -> (f64, Vec<f64>) {
        let coefficients: Vec<f64> = coefficients
            .iter()
            .zip(&self.scales)
            .map(|(coefficient, scale)| coefficient * scale)
            .collect();
        let shift: f64 = self
            .centers
            .iter()
            .zip(&coefficients)
            .map(|(center, coefficient)| center * coefficient)
            .sum();
        (intercept - shift, coefficients)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Matrix, SparseMatrix};

    const BOTH: Standardize = Standardize {
        center: true,
        scale: true,
    };

    /// Worked by hand: 0, 3, 8 with weights 1/2, 1/4, 1/4 has mean 11/4 and variance
    /// (0 + 9/4 + 16) - 121/16 = 171/16.
    #[test]
    fn weighted_moments_agree_with_hand_work() {
        let columns = Matrix::from_rows(&[[0.0, 3.0, 8.0]]);

        let fitted = BOTH.fit(&columns, &[0.5, 0.25, 0.25]);

        assert_eq!(fitted.centers, [2.75]);
        assert!((fitted.scales[0] - 4.0 / 171.0_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn zeros_that_are_not_stored_count_all_the_same() {
        let columns = Matrix::from_rows(&[[0.0, 3.0, 0.0], [1.0, 0.0, 2.0]]);
        let weights = [0.5, 0.25, 0.25];

        let dense = BOTH.fit(&columns, &weights);
        let sparse = BOTH.fit(&SparseMatrix::from_dense(&columns), &weights);

        assert_eq!(dense.centers, sparse.centers);
        for (d, s) in dense.scales.iter().zip(&sparse.scales) {
            assert!((d - s).abs() < 1e-14);
        }
    }

    #[test]
    fn a_constant_column_is_switched_off() {
        let columns = Matrix::from_rows(&[[0.1, 0.1, 0.1]]);
        let weights = [1.0 / 3.0; 3];

        let fitted = BOTH.fit(&columns, &weights);

        assert_eq!(fitted.scales, [0.0]);
    }

    #[test]
    fn there_and_back_changes_nothing() {
        let columns = Matrix::from_rows(&[[1.0, 3.0, 8.0], [2.0, 2.5, -1.0]]);
        let fitted = BOTH.fit(&columns, &[0.5, 0.25, 0.25]);

        let (intercept, coefficients) = fitted.standardized(0.7, &[2.0, -3.0]);
        let (intercept, coefficients) = fitted.in_units(intercept, &coefficients);

        assert!((intercept - 0.7).abs() < 1e-12);
        assert!((coefficients[0] - 2.0).abs() < 1e-12);
        assert!((coefficients[1] + 3.0).abs() < 1e-12);
    }
}
