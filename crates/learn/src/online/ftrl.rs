//! Logistic regression on a stream: follow the regularized leader.

use serde::{Deserialize, Serialize};

use crate::linear::sigmoid;
use crate::{Check, Design, Examples, LearnError};

/// How to begin an [`Ftrl`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FtrlParams {
    /// Number of columns.
    pub n_features: usize,
    /// Learning rate, above 0; 0.1 by default. The one setting worth a search.
    pub alpha: f64,
    /// What tames the first steps of a column, from 0 up; 1 by default.
    pub beta: f64,
    /// Penalty of absolute values, from 0 up; 0 by default. Columns that tell less stay at zero.
    pub l1: f64,
    /// Penalty of squares, from 0 up; 0 by default.
    pub l2: f64,
    /// Whether there is an intercept, which is not penalized; true by default.
    pub intercept: bool,
}

impl FtrlParams {
    /// The paper's first choices, without penalties.
    pub fn new(n_features: usize) -> Self {
        Self {
            n_features,
            alpha: 0.1,
            beta: 1.0,
            l1: 0.0,
            l2: 0.0,
            intercept: true,
        }
    }
}

/// Checked [`FtrlParams`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidFtrlParams(FtrlParams);

/// Logistic regression that takes one step per row, with a learning rate of its own per column.
///
/// Rare columns keep a high rate until they have been seen; with `l1` the model stays sparse. It
/// sees each row once and keeps two numbers per column, however long the stream. The order of
/// rows matters: late rows are remembered best. Where all rows are at hand,
/// [`LogisticParams`](crate::linear::LogisticParams) finds the optimum.
///
/// # Source
/// McMahan et al. (2013), "Ad Click Prediction: a View from the Trenches", algorithm 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ftrl {
    params: FtrlParams,
    /// What the gradients so far pull to, the intercept last.
    z: Vec<f64>,
    /// Sums of squared gradients.
    n: Vec<f64>,
}

impl Check for FtrlParams {
    type Valid = ValidFtrlParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidFtrlParams, LearnError> {
        let settings = [
            (
                "alpha",
                self.alpha,
                self.alpha > 0.0,
                "a rate is a finite number above 0",
            ),
            (
                "beta",
                self.beta,
                self.beta >= 0.0,
                "it is a finite number from 0 up",
            ),
            (
                "l1",
                self.l1,
                self.l1 >= 0.0,
                "a penalty is a finite number from 0 up",
            ),
            (
                "l2",
                self.l2,
                self.l2 >= 0.0,
                "a penalty is a finite number from 0 up",
            ),
        ];
        for (name, value, in_range, allowed) in settings {
            if !(in_range && value.is_finite()) {
                return Err(LearnError::Parameter {
                    name,
                    value: value.to_string(),
                    allowed,
                });
            }
        }
        Ok(ValidFtrlParams(self))
    }
}

impl ValidFtrlParams {
    /// A model that has learned nothing: every probability is one half.
    pub fn start(&self) -> Ftrl {
        let width = self.0.n_features + usize::from(self.0.intercept);
        Ftrl {
            params: self.0,
            z: vec![0.0; width],
            n: vec![0.0; width],
        }
    }
}

impl Ftrl {
    /// Learns rows in their order; label 1 is the outcome whose probability is predicted.
    ///
    /// # Errors
    /// What no learner can work with, a label other than 0 and 1, or [`LearnError::Shape`]; before
    /// any row is learned.
    pub fn learn<D: Design>(&mut self, examples: &Examples<'_, D, u32>) -> Result<(), LearnError> {
        examples.require_sound()?;
        examples.records.require_width(self.params.n_features)?;
        if let Some(row) = examples.targets.iter().position(|&label| label > 1) {
            return Err(LearnError::Label {
                row,
                label: examples.targets[row],
                n_classes: 2,
            });
        }
        let weights = examples.weights();
        for (row, (&label, &weight)) in examples.targets.iter().zip(&weights).enumerate() {
            let pull = weight * (sigmoid(self.score(examples.records, row)) - f64::from(label));
            examples
                .records
                .visit(row, |column, value| self.step(column, pull * value));
            if self.params.intercept {
                self.step(self.params.n_features, pull);
            }
        }
        Ok(())
    }

    /// Probability of the outcome, `(n_samples,)`.
    ///
    /// # Errors
    /// [`LearnError::Shape`] or [`LearnError::NotFinite`].
    pub fn predict_proba<D: Design>(&self, records: &D) -> Result<Vec<f64>, LearnError> {
        records.require_width(self.params.n_features)?;
        records.require_finite()?;
        Ok((0..records.n_rows())
            .map(|row| sigmoid(self.score(records, row)))
            .collect())
    }

    /// Change of the log odds per unit of each column, `(n_features,)`.
    pub fn coefficients(&self) -> Vec<f64> {
        (0..self.params.n_features)
            .map(|column| self.coefficient(column))
            .collect()
    }

    /// Log odds of a row of zeros.
    pub fn intercept(&self) -> f64 {
        if self.params.intercept {
            self.coefficient(self.params.n_features)
        } else {
            0.0
        }
    }

    fn score<D: Design>(&self, records: &D, row: usize) -> f64 {
        let mut score = self.intercept();
        records.visit(row, |column, value| {
            score += value * self.coefficient(column);
        });
        score
    }

    /// The coefficient that minimizes all linearized losses so far plus the penalties.
    fn coefficient(&self, column: usize) -> f64 {
        let free = column == self.params.n_features;
        let (l1, l2) = if free {
            (0.0, 0.0)
        } else {
            (self.params.l1, self.params.l2)
        };
        let z = self.z[column];
        let left = z.abs() - l1;
        if left <= 0.0 {
            return 0.0;
        }
        -left.copysign(z) / ((self.params.beta + self.n[column].sqrt()) / self.params.alpha + l2)
    }

    fn step(&mut self, column: usize, gradient: f64) {
        if gradient == 0.0 {
            return;
        }
        let coefficient = self.coefficient(column);
        let n = self.n[column] + gradient * gradient;
        let sigma = (n.sqrt() - self.n[column].sqrt()) / self.params.alpha;
        self.z[column] += gradient - sigma * coefficient;
        self.n[column] = n;
    }
}
