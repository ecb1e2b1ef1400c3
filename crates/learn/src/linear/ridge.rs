//! Least squares with squared penalty in one step: the normal equations.

use super::descent::Point;
use super::standardize::Standardization;
use crate::{Context, Design, LearnError, Matrix, map_parts};

/// Rows whose products are summed by one thread at a time.
const PART: usize = 4096;
/// Columns up to which the equations are solved directly; beyond, descent needs less memory and
/// seldom more time.
pub(super) const MAX_COLUMNS: usize = 512;
/// A pivot below this share of its diagonal is what rounding leaves of zero.
const SINGULAR: f64 = 1e-12;

/// Columns, rows and targets of one problem; weights sum to 1.
#[derive(Debug)]
pub(super) struct NormalEquations<'a, D> {
    pub(super) records: &'a D,
    pub(super) targets: &'a [f64],
    pub(super) weights: &'a [f64],
    pub(super) scaling: &'a Standardization,
    pub(super) intercept: bool,
}

impl<D: Design> NormalEquations<'_, D> {
    /// The optimum; none when the columns depend on each other and no penalty decides.
    ///
    /// # Errors
    /// Cancellation or the deadline.
    pub(super) fn solve(
        &self,
        l2: f64,
        context: &Context<'_>,
    ) -> Result<Option<Point>, LearnError> {
        let n_features = self.records.n_columns();
        // The last column of the sums holds the products with the target.
        let mean = if self.intercept {
            self.mean_target()
        } else {
            0.0
        };
        let n_parts = self.records.n_rows().div_ceil(PART);
        let parts = map_parts(context.threads, 0..n_parts, |part| {
            context.proceed()?;
            Ok(self.products(part, mean))
        });
        let mut sums = Matrix::zeros(n_features, n_features + 1);
        for part in parts {
            let part: Matrix = part?;
            for (sum, value) in sums.values_mut().iter_mut().zip(part.values()) {
                *sum += value;
            }
        }
        for column in 0..n_features {
            let switched_off = self.scaling.scales[column] == 0.0;
            // A column of zeros would make the equations singular; any diagonal gives it 0.
            sums.row_mut(column)[column] += if switched_off { 1.0 } else { l2 };
        }
        let coefficients = solve_positive(sums);
        Ok(coefficients.map(|coefficients| Point {
            intercept: mean,
            coefficients,
        }))
    }

    fn mean_target(&self) -> f64 {
        self.targets
            .iter()
            .zip(self.weights)
            .map(|(target, weight)| target * weight)
            .sum()
    }

    /// Sums over the rows of one part, `(n_features, n_features + 1)`, lower triangle and targets.
    fn products(&self, part: usize, mean: f64) -> Matrix {
        let n_features = self.records.n_columns();
        let mut sums = Matrix::zeros(n_features, n_features + 1);
        let mut standard = vec![0.0; n_features];
        let rows = part * PART..self.records.n_rows().min((part + 1) * PART);
        for row in rows {
            for (value, center) in standard.iter_mut().zip(&self.scaling.centers) {
                *value = -center;
            }
            self.records
                .visit(row, |column, value| standard[column] += value);
            for (value, scale) in standard.iter_mut().zip(&self.scaling.scales) {
                *value *= scale;
            }
            for (i, &value) in standard.iter().enumerate() {
                let weighted = self.weights[row] * value;
                let sums = sums.row_mut(i);
                for (sum, other) in sums[..=i].iter_mut().zip(&standard) {
                    *sum += weighted * other;
                }
                sums[n_features] += weighted * (self.targets[row] - mean);
            }
        }
        sums
    }
}

/// Solves `A x = b` by Cholesky's factor; row `i` holds `A[i][..=i]` and, last, `b[i]`.
///
/// None when `A` is not positive definite within rounding.
fn solve_positive(mut system: Matrix) -> Option<Vec<f64>> {
    let n = system.n_rows();
    for i in 0..n {
        for j in 0..=i {
            let (row_i, row_j) = (system.row(i), system.row(j));
            let known: f64 = row_i[..j].iter().zip(&row_j[..j]).map(|(a, b)| a * b).sum();
            let left = row_i[j] - known;
            let factor = if i == j {
                if left.is_nan() || left <= SINGULAR * row_i[i] {
                    return None;
                }
                left.sqrt()
            } else {
                left / row_j[j]
            };
            system.row_mut(i)[j] = factor;
        }
    }
    let mut solution: Vec<f64> = system.column(n).collect();
    for i in 0..n {
        let row = system.row(i);
        let known: f64 = row[..i].iter().zip(&solution).map(|(a, b)| a * b).sum();
        solution[i] = (solution[i] - known) / row[i];
    }
    for i in (0..n).rev() {
        solution[i] /= system.row(i)[i];
        let found = solution[i];
        for (left, factor) in solution[..i].iter_mut().zip(system.row(i)) {
            *left -= found * factor;
        }
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: 4x + 2y = 10, 2x + 3y = 11 has the solution x = 1, y = 3.
    #[test]
    fn a_small_system_is_solved() {
        let system = Matrix::from_rows(&[[4.0, 0.0, 10.0], [2.0, 3.0, 11.0]]);

        let solution = solve_positive(system).unwrap();

        assert!((solution[0] - 1.0).abs() < 1e-14);
        assert!((solution[1] - 3.0).abs() < 1e-14);
    }

    #[test]
    fn dependent_equations_have_no_single_solution() {
        let system = Matrix::from_rows(&[[1.0, 0.0, 1.0], [2.0, 4.0, 2.0]]);

        assert_eq!(solve_positive(system), None);
    }
}
