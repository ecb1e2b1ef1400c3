//! The weighted mean of a smooth row loss plus a squared penalty, as a function of coefficients in
//! standard units.

use super::Convergence;
use super::lbfgs::{self, Limits};
use super::losses::RowLoss;
use super::scores::LinearScores;
use super::standardize::Standardization;
use crate::{Context, Design, LearnError, Matrix, map_parts};

/// Rows or columns that one thread works on at a time.
const PART: usize = 2048;

/// What to minimize.
#[derive(Debug)]
pub(super) struct Smooth<'a, D, L> {
    pub(super) records: &'a D,
    /// The records transposed.
    pub(super) columns: &'a D,
    pub(super) labels: &'a [u32],
    /// Sum to 1.
    pub(super) weights: &'a [f64],
    pub(super) scaling: &'a Standardization,
    pub(super) loss: L,
    pub(super) intercept: bool,
    pub(super) l2: f64,
}

impl<D: Design, L: RowLoss> Smooth<'_, D, L> {
    /// Minimizes from `start`.
    ///
    /// # Errors
    /// Cancellation or the deadline.
    pub(super) fn minimize(
        &self,
        start: &LinearScores,
        limits: Limits,
        context: &Context<'_>,
    ) -> Result<(LinearScores, Convergence), LearnError> {
        let start = self.flatten(start);
        let (end, convergence) = lbfgs::minimize(start, limits, |point, gradient| {
            context.proceed()?;
            Ok(self.evaluate(point, gradient, context))
        })?;
        Ok((self.in_units(&end), convergence))
    }

    /// The objective at a point, and its gradient.
    ///
    /// A point is the coefficients feature by feature, `(n_features, n_outputs)`, then the
    /// intercepts, `(n_outputs,)`.
    fn evaluate(&self, point: &[f64], gradient: &mut [f64], context: &Context<'_>) -> f64 {
        let n_outputs = self.loss.n_outputs();
        let (loss, pulls) = self.row_derivatives(point, context);
        let mut sums = vec![0.0; n_outputs];
        for row in pulls.chunks_exact(n_outputs) {
            for (sum, pull) in sums.iter_mut().zip(row) {
                *sum += pull;
            }
        }
        let n_coefficients = self.columns.n_rows() * n_outputs;
        let (slopes, free) = gradient.split_at_mut(n_coefficients);
        map_parts(
            context.threads,
            slopes.chunks_mut(PART * n_outputs).enumerate(),
            |(part, slopes)| self.column_slopes(part * PART, slopes, &pulls, &sums),
        );
        let mut penalty = 0.0;
        for (slope, coefficient) in slopes.iter_mut().zip(point) {
            *slope += self.l2 * coefficient;
            penalty += coefficient * coefficient;
        }
        free.fill(0.0);
        if self.intercept {
            free.copy_from_slice(&sums);
        }
        loss + 0.5 * self.l2 * penalty
    }

    /// The weighted mean loss, and its derivatives by the rows' scores, `(n_samples, n_outputs)`.
    fn row_derivatives(&self, point: &[f64], context: &Context<'_>) -> (f64, Vec<f64>) {
        let n_outputs = self.loss.n_outputs();
        let (coefficients, offsets) = self.unscaled(point);
        let mut pulls = vec![0.0; self.records.n_rows() * n_outputs];
        let losses = map_parts(
            context.threads,
            pulls.chunks_mut(PART * n_outputs).enumerate(),
            |(part, pulls)| {
                let mut loss = 0.0;
                for (row, scores) in (part * PART..).zip(pulls.chunks_exact_mut(n_outputs)) {
                    self.score(row, &coefficients, &offsets, scores);
                    let weight = self.weights[row];
                    loss += weight * self.loss.derive(self.labels[row], scores);
                    for score in scores {
                        *score *= weight;
                    }
                }
                loss
            },
        );
        (losses.iter().sum(), pulls)
    }

    fn score(&self, row: usize, coefficients: &[f64], offsets: &[f64], scores: &mut [f64]) {
        let n_outputs = scores.len();
        if let ([score], [offset]) = (&mut *scores, offsets) {
            *score = offset + self.records.dot(row, coefficients);
            return;
        }
        scores.copy_from_slice(offsets);
        self.records.visit(row, |column, value| {
            let of_column = &coefficients[column * n_outputs..(column + 1) * n_outputs];
            for (score, coefficient) in scores.iter_mut().zip(of_column) {
                *score += value * coefficient;
            }
        });
    }

    /// Derivatives of the loss by the coefficients of the columns from `first` on.
    fn column_slopes(&self, first: usize, slopes: &mut [f64], pulls: &[f64], sums: &[f64]) {
        let n_outputs = sums.len();
        for (column, slopes) in (first..).zip(slopes.chunks_exact_mut(n_outputs)) {
            slopes.fill(0.0);
            if let [slope] = slopes {
                *slope = self.columns.dot(column, pulls);
            } else {
                self.columns.visit(column, |row, value| {
                    let of_row = &pulls[row * n_outputs..(row + 1) * n_outputs];
                    for (slope, pull) in slopes.iter_mut().zip(of_row) {
                        *slope += value * pull;
                    }
                });
            }
            let (center, scale) = (self.scaling.centers[column], self.scaling.scales[column]);
            for (slope, sum) in slopes.iter_mut().zip(sums) {
                *slope = scale * (*slope - center * sum);
            }
        }
    }

    /// Coefficients, feature by feature, and offsets in the units of the columns.
    fn unscaled(&self, point: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let n_outputs = self.loss.n_outputs();
        let (coefficients, intercepts) = point.split_at(self.columns.n_rows() * n_outputs);
        let mut coefficients = coefficients.to_vec();
        let mut offsets = intercepts.to_vec();
        for (column, of_column) in coefficients.chunks_exact_mut(n_outputs).enumerate() {
            let (center, scale) = (self.scaling.centers[column], self.scaling.scales[column]);
            for (coefficient, offset) in of_column.iter_mut().zip(&mut offsets) {
                *coefficient *= scale;
                *offset -= center * *coefficient;
            }
        }
        (coefficients, offsets)
    }

    fn in_units(&self, point: &[f64]) -> LinearScores {
        let n_outputs = self.loss.n_outputs();
        let (coefficients, intercepts) = self.unscaled(point);
        let by_feature = Matrix::new(self.columns.n_rows(), n_outputs, coefficients)
            .expect("a coefficient per feature and output");
        LinearScores {
            intercepts,
            coefficients: Design::transposed(&by_feature),
        }
    }

    fn flatten(&self, start: &LinearScores) -> Vec<f64> {
        let n_outputs = self.loss.n_outputs();
        let n_features = self.columns.n_rows();
        let mut point = vec![0.0; (n_features + 1) * n_outputs];
        for output in 0..n_outputs {
            let (intercept, coefficients) = self
                .scaling
                .standardized(start.intercepts[output], start.coefficients.row(output));
            for (feature, coefficient) in coefficients.into_iter().enumerate() {
                point[feature * n_outputs + output] = coefficient;
            }
            if self.intercept {
                point[n_features * n_outputs + output] = intercept;
            }
        }
        point
    }
}
