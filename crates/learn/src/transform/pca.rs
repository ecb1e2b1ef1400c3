//! Principal components: the few directions along which rows differ most.

use serde::{Deserialize, Serialize};

use crate::{Check, Context, Fit, LearnError, Matrix, Transform, map_parts};

/// Rows whose products are summed by one thread at a time.
const PART: usize = 8192;
/// Sweeps of rotations before giving up; six to ten suffice for any real table.
const MAX_SWEEPS: usize = 64;

/// Which components to find.
#[derive(Debug, Clone, Copy)]
pub struct PcaParams {
    /// How many; more than the columns means as many as the columns.
    pub n_components: usize,
}

/// Checked [`PcaParams`].
#[derive(Debug, Clone, Copy)]
pub struct ValidPcaParams(PcaParams);

/// Principal components of centered rows, by the eigenvectors of their covariance.
///
/// The sign of each component is fixed so that its largest loading is positive: the same data give
/// the same picture.
///
/// Exact, by Jacobi's rotations: meant for tables up to a few hundred columns wide. Columns must
/// be on a common scale beforehand, or the largest unit wins.
///
/// # Source
/// Golub & Van Loan (2013), "Matrix Computations", section 8.5.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pca {
    mean: Vec<f64>,
    components: Matrix,
    explained_variance: Vec<f64>,
    total_variance: f64,
}

impl Check for PcaParams {
    type Valid = ValidPcaParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidPcaParams, LearnError> {
        if self.n_components == 0 {
            return Err(LearnError::Parameter {
                name: "n_components",
                value: "0".into(),
                allowed: "there is at least 1 component",
            });
        }
        Ok(ValidPcaParams(self))
    }
}

impl Fit<Matrix> for ValidPcaParams {
    type Model = Pca;
    type Error = LearnError;

    fn fit(&self, records: &Matrix, context: &Context<'_>) -> Result<Pca, LearnError> {
        if records.n_rows() < 2 {
            return Err(LearnError::TooFewRows {
                needed: 2,
                found: records.n_rows(),
            });
        }
        records.require_finite()?;
        context.proceed()?;
        let mean = column_means(records, context);
        let covariance = covariance(records, &mean, context);
        context.proceed()?;
        let (values, vectors) = symmetric_eigen(covariance);
        let kept = self.0.n_components.min(records.n_columns());
        let mut components = vectors.select_rows(&(0..kept).collect::<Vec<_>>());
        components.rows_mut().for_each(fix_sign);
        Ok(Pca {
            mean,
            components,
            total_variance: values.iter().sum(),
            explained_variance: values.into_iter().take(kept).collect(),
        })
    }
}

impl Pca {
    /// The directions, `(n_components, n_features)`, of length 1 and at right angles.
    pub fn components(&self) -> &Matrix {
        &self.components
    }

    /// Variance (over `n - 1`) along each direction, descending.
    pub fn explained_variance(&self) -> &[f64] {
        &self.explained_variance
    }

    /// The share of all variance along each direction; all 0 when nothing varies.
    pub fn explained_ratio(&self) -> Vec<f64> {
        self.explained_variance
            .iter()
            .map(|variance| {
                if self.total_variance > 0.0 {
                    variance / self.total_variance
                } else {
                    0.0
                }
            })
            .collect()
    }
}

impl Transform for Pca {
    /// `(n_samples, n_features)` to `(n_samples, n_components)`.
    fn transform(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        records.require_columns(self.mean.len())?;
        let mut scores = Matrix::zeros(records.n_rows(), self.components.n_rows());
        for (row, record) in records.rows().enumerate() {
            for (score, component) in scores.row_mut(row).iter_mut().zip(self.components.rows()) {
                *score = record
                    .iter()
                    .zip(&self.mean)
                    .zip(component)
                    .map(|((value, mean), loading)| (value - mean) * loading)
                    .sum();
            }
        }
        Ok(scores)
    }

    /// The nearest row that the components can express.
    fn inverse_transform(&self, scores: &Matrix) -> Result<Matrix, LearnError> {
        scores.require_columns(self.components.n_rows())?;
        let mut records = Matrix::zeros(scores.n_rows(), self.mean.len());
        for (row, score) in scores.rows().enumerate() {
            let record = records.row_mut(row);
            record.copy_from_slice(&self.mean);
            for (&weight, component) in score.iter().zip(self.components.rows()) {
                for (value, loading) in record.iter_mut().zip(component) {
                    *value += weight * loading;
                }
            }
        }
        Ok(records)
    }
}

fn column_means(records: &Matrix, context: &Context<'_>) -> Vec<f64> {
    let mut mean = summed_over_parts(records, records.n_columns(), context, |sums, row| {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
    });
    for sum in &mut mean {
        *sum /= records.n_rows() as f64;
    }
    mean
}

/// Covariance over `n - 1`, `(d, d)`.
fn covariance(records: &Matrix, mean: &[f64], context: &Context<'_>) -> Matrix {
    let d = records.n_columns();
    let sums = summed_over_parts(records, d * d, context, |sums, row| {
        for (i, (a, mean_a)) in row.iter().zip(mean).enumerate() {
            for ((sum, b), mean_b) in sums[i * d..].iter_mut().zip(row).zip(mean) {
                *sum += (a - mean_a) * (b - mean_b);
            }
        }
    });
    let scale = 1.0 / (records.n_rows() - 1) as f64;
    let values = sums.into_iter().map(|sum| sum * scale).collect();
    Matrix::new(d, d, values).expect("a square of d columns")
}

/// Sums over all rows, in parts of fixed size added in order: threads do not change the result.
fn summed_over_parts(
    records: &Matrix,
    n_sums: usize,
    context: &Context<'_>,
    add: impl Fn(&mut [f64], &[f64]) + Sync,
) -> Vec<f64> {
    let n = records.n_rows();
    let parts = map_parts(context.threads, 0..n.div_ceil(PART), |part| {
        let mut sums = vec![0.0; n_sums];
        for row in part * PART..n.min((part + 1) * PART) {
            add(&mut sums, records.row(row));
        }
        sums
    });
    parts
        .into_iter()
        .reduce(|mut total, part| {
            total.iter_mut().zip(part).for_each(|(a, b)| *a += b);
            total
        })
        .unwrap_or_else(|| vec![0.0; n_sums])
}

/// Eigenvalues of a symmetric matrix, descending, and their eigenvectors as rows.
fn symmetric_eigen(mut a: Matrix) -> (Vec<f64>, Matrix) {
    let d = a.n_rows();
    let mut vectors = Matrix::zeros(d, d);
    for i in 0..d {
        vectors.row_mut(i)[i] = 1.0;
    }
    let size: f64 = a.values().iter().map(|value| value * value).sum();
    for _ in 0..MAX_SWEEPS {
        let off_diagonal: f64 = (0..d)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| a.row(i)[j].powi(2))
            .sum();
        if off_diagonal <= f64::EPSILON * f64::EPSILON * size {
            break;
        }
        for p in 0..d {
            for q in p + 1..d {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    let mut order: Vec<usize> = (0..d).collect();
    order.sort_by(|&i, &j| a.row(j)[j].total_cmp(&a.row(i)[i]));
    // Rounding can leave a zero eigenvalue a hair below zero.
    let values = order.iter().map(|&i| a.row(i)[i].max(0.0)).collect();
    (values, vectors.select_rows(&order))
}

/// One Jacobi rotation, which makes `a[p][q]` zero; `vectors` turns along.
fn rotate(a: &mut Matrix, vectors: &mut Matrix, p: usize, q: usize) {
    let off = a.row(p)[q];
    if off == 0.0 {
        return;
    }
    let theta = (a.row(q)[q] - a.row(p)[p]) / (2.0 * off);
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let cos = 1.0 / t.hypot(1.0);
    let sin = t * cos;
    let turn = |x: f64, y: f64| (cos * x - sin * y, sin * x + cos * y);
    for i in 0..a.n_rows() {
        let row = a.row_mut(i);
        (row[p], row[q]) = turn(row[p], row[q]);
    }
    for matrix in [a, vectors] {
        for j in 0..matrix.n_columns() {
            let (x, y) = turn(matrix.row(p)[j], matrix.row(q)[j]);
            matrix.row_mut(p)[j] = x;
            matrix.row_mut(q)[j] = y;
        }
    }
}

/// Turns a direction around if its largest loading is negative.
fn fix_sign(component: &mut [f64]) {
    let largest = component
        .iter()
        .copied()
        .fold(0.0_f64, |a, b| if b.abs() > a.abs() { b } else { a });
    if largest < 0.0 {
        component
            .iter_mut()
            .for_each(|loading| *loading = -*loading);
    }
}
