//! Why a linear model says what it says: every column's part of the score.

use super::{LinearRegression, LinearScores, LogisticRegression};
use crate::{Explain, LearnError, Matrix};

/// What each column adds to the scores of one row, compared with another row.
///
/// For every output base and contributions add up to the score. They are exact Shapley values of
/// the linear score when columns count as independent; columns that move together share their
/// effect as the coefficients do.
///
/// # Source
/// Štrumbelj & Kononenko (2014), "Explaining prediction models and individual predictions with
/// feature contributions".
#[derive(Debug, Clone, PartialEq)]
pub struct Contributions {
    /// `(n_outputs,)`: the scores of the row that is compared with.
    pub base: Vec<f64>,
    /// `(n_outputs, n_features)`, on the scale of the scores: log odds, or the unit of the targets.
    pub values: Matrix,
}

impl LinearScores {
    /// Contributions to the scores of a row, compared with a reference such as the means of the
    /// training rows.
    ///
    /// # Errors
    /// [`LearnError::Shape`] or [`LearnError::NotFinite`], for either row.
    pub fn contributions(
        &self,
        row: &[f64],
        reference: &[f64],
    ) -> Result<Contributions, LearnError> {
        let n_features = self.coefficients.n_columns();
        let rows = [row, reference].concat();
        crate::examples::require_length("columns", n_features, row.len())?;
        crate::examples::require_length("columns of the reference", n_features, reference.len())?;
        let rows = Matrix::new(2, n_features, rows)?;
        rows.require_finite()?;
        let mut values = Matrix::zeros(self.n_outputs(), n_features);
        for (values, coefficients) in values.rows_mut().zip(self.coefficients.rows()) {
            let columns = coefficients.iter().zip(row).zip(reference);
            for (value, ((coefficient, x), from)) in values.iter_mut().zip(columns) {
                *value = coefficient * (x - from);
            }
        }
        Ok(Contributions {
            base: self.of(&rows)?.row(1).to_vec(),
            values,
        })
    }
}

impl LinearRegression {
    /// The same map as a table of one output.
    pub fn scores(&self) -> LinearScores {
        let coefficients = self.coefficients().to_vec();
        LinearScores {
            intercepts: vec![self.intercept()],
            coefficients: Matrix::new(1, coefficients.len(), coefficients)
                .expect("all coefficients are one row"),
        }
    }
}

impl Explain<[f64]> for LinearRegression {
    type Explanation = Contributions;
    type Error = LearnError;

    /// Compared with a row of zeros; [`LinearScores::contributions`] compares with any other.
    fn explain(&self, row: &[f64]) -> Result<Contributions, LearnError> {
        self.scores().contributions(row, &vec![0.0; row.len()])
    }
}

impl Explain<[f64]> for LogisticRegression {
    type Explanation = Contributions;
    type Error = LearnError;

    /// Compared with a row of zeros; [`LinearScores::contributions`] compares with any other.
    fn explain(&self, row: &[f64]) -> Result<Contributions, LearnError> {
        self.scores().contributions(row, &vec![0.0; row.len()])
    }
}
