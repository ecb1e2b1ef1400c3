//! Systems of equations with a symmetric positive matrix.

use crate::Matrix;

/// The lower triangle `L` of `K = L Lᵀ`.
#[derive(Debug)]
pub(super) struct Cholesky(Matrix);

impl Cholesky {
    /// Factors the lower triangle of a square matrix, `(n, n)`; `None` unless it is positive.
    pub(super) fn new(mut k: Matrix) -> Option<Self> {
        for i in 0..k.n_rows() {
            for j in 0..=i {
                let dot: f64 = dot(&k.row(i)[..j], &k.row(j)[..j]);
                let rest = k.row(i)[j] - dot;
                if i != j {
                    k.row_mut(i)[j] = rest / k.row(j)[j];
                } else if rest > 0.0 && rest.is_finite() {
                    k.row_mut(i)[i] = rest.sqrt();
                } else {
                    return None;
                }
            }
        }
        Some(Self(k))
    }

    /// Half the logarithm of the determinant of `K`.
    pub(super) fn half_ln_determinant(&self) -> f64 {
        (0..self.0.n_rows()).map(|i| self.0.row(i)[i].ln()).sum()
    }

    /// `L⁻¹ b`, `(n,)`.
    pub(super) fn solve_lower(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for i in 0..x.len() {
            let row = self.0.row(i);
            x[i] = (x[i] - dot(&row[..i], &x[..i])) / row[i];
        }
        x
    }

    /// `L⁻ᵀ b`, `(n,)`.
    pub(super) fn solve_upper(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for i in (0..x.len()).rev() {
            let row = self.0.row(i);
            x[i] /= row[i];
            let solved = x[i];
            for (value, weight) in x[..i].iter_mut().zip(row) {
                *value -= weight * solved;
            }
        }
        x
    }

    /// `K⁻¹`, `(n, n)`.
    pub(super) fn inverse(&self) -> Matrix {
        let n = self.0.n_rows();
        let mut inverse = Matrix::zeros(n, n);
        let mut unit = vec![0.0; n];
        for i in 0..n {
            unit[i] = 1.0;
            inverse
                .row_mut(i)
                .copy_from_slice(&self.solve_upper(&self.solve_lower(&unit)));
            unit[i] = 0.0;
        }
        inverse
    }
}

/// `Σ a b` in four running sums, which the processor adds side by side.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_fours, a_rest) = a.as_chunks::<4>();
    let (b_fours, b_rest) = b.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (a, b) in a_fours.iter().zip(b_fours) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: L = [[2, 0, 0], [1, 3, 0], [-1, 2, 1]].
    fn matrix() -> Matrix {
        Matrix::from_rows(&[[4.0, 2.0, -2.0], [2.0, 10.0, 5.0], [-2.0, 5.0, 6.0]])
    }

    #[test]
    fn the_factor_agrees_with_hand_work() {
        let factor = Cholesky::new(matrix()).unwrap();

        assert!((factor.half_ln_determinant() - 6.0_f64.ln()).abs() < 1e-12);
        assert_eq!(factor.solve_lower(&[2.0, 4.0, 2.0]), [1.0, 1.0, 1.0]);
        assert_eq!(factor.solve_upper(&[2.0, 5.0, 1.0]), [1.0, 1.0, 1.0]);
    }

    #[test]
    fn the_inverse_undoes_the_matrix() {
        let inverse = Cholesky::new(matrix()).unwrap().inverse();

        for (i, row) in matrix().rows().enumerate() {
            for j in 0..3 {
                let product = dot(row, &inverse.column(j).collect::<Vec<_>>());
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_has_no_factor() {
        assert!(Cholesky::new(Matrix::from_rows(&[[1.0, 2.0], [2.0, 1.0]])).is_none());
        assert!(Cholesky::new(Matrix::from_rows(&[[f64::NAN]])).is_none());
    }
}
