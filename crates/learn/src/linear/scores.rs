//! The linear map from a row to its scores.

use serde::{Deserialize, Serialize};

use crate::{Design, LearnError, Matrix};

/// `intercept + x b` for each output, in the units of the columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinearScores {
    /// `(n_outputs,)`.
    pub intercepts: Vec<f64>,
    /// `(n_outputs, n_features)`.
    pub coefficients: Matrix,
}

impl LinearScores {
    /// All scores zero.
    pub(super) fn zeros(n_outputs: usize, n_features: usize) -> Self {
        Self {
            intercepts: vec![0.0; n_outputs],
            coefficients: Matrix::zeros(n_outputs, n_features),
        }
    }

    /// Number of scores per row.
    pub fn n_outputs(&self) -> usize {
        self.intercepts.len()
    }

    /// Scores of every row, `(n_samples, n_outputs)`.
    ///
    /// # Errors
    /// [`LearnError::Shape`] or [`LearnError::NotFinite`].
    pub fn of<D: Design>(&self, records: &D) -> Result<Matrix, LearnError> {
        records.require_width(self.coefficients.n_columns())?;
        records.require_finite()?;
        let mut scores = Matrix::zeros(records.n_rows(), self.n_outputs());
        for (row, scores) in scores.rows_mut().enumerate() {
            let outputs = self.intercepts.iter().zip(self.coefficients.rows());
            for (score, (intercept, coefficients)) in scores.iter_mut().zip(outputs) {
                *score = intercept + records.dot(row, coefficients);
            }
        }
        Ok(scores)
    }

    /// Scores of every row with `change` applied to each value first.
    pub(crate) fn of_mapped<D: Design>(
        &self,
        records: &D,
        change: impl Fn(f64) -> f64,
    ) -> Result<Matrix, LearnError> {
        records.require_width(self.coefficients.n_columns())?;
        records.require_finite()?;
        let mut scores = Matrix::zeros(records.n_rows(), self.n_outputs());
        for (row, scores) in scores.rows_mut().enumerate() {
            let outputs = self.intercepts.iter().zip(self.coefficients.rows());
            for (score, (intercept, coefficients)) in scores.iter_mut().zip(outputs) {
                *score = *intercept;
                records.visit(row, |column, value| {
                    *score += change(value) * coefficients[column];
                });
            }
        }
        Ok(scores)
    }

    /// Refuses scores of another shape.
    pub(super) fn require_shape(
        &self,
        n_outputs: usize,
        n_features: usize,
    ) -> Result<(), LearnError> {
        crate::examples::require_length("outputs", n_outputs, self.n_outputs())?;
        self.coefficients.require_columns(n_features)
    }
}

/// The class of each row: where its score is largest, or for one score whether it is above 0.
pub(crate) fn classes_of(scores: &Matrix) -> Vec<u32> {
    scores
        .rows()
        .map(|scores| match scores {
            [score] => u32::from(*score > 0.0),
            _ => largest(scores),
        })
        .collect()
}

/// Where the largest value stands, the first of equals.
fn largest(values: &[f64]) -> u32 {
    let mut best = 0;
    for (idx, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = idx;
        }
    }
    best as u32
}
