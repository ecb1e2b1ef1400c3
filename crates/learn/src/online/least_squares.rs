//! Ridge regression kept up to date with every row, by Sherman and Morrison's formula.

use serde::{Deserialize, Serialize};

use crate::examples::require_length;
use crate::{Check, Design, Examples, LearnError, Matrix, Predict};

/// Share of a row's weight below which its part in the model is rounding.
const ROUNDING: f64 = 1e-9;

/// How to begin a [`RecursiveLeastSquares`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RecursiveLeastSquaresParams {
    /// Number of columns.
    pub n_features: usize,
    /// Strength of the squared penalty on the sum (not the mean) of squares, above 0; 1 by
    /// default. It also draws the intercept to 0.
    pub penalty: f64,
    /// What a row's weight is multiplied by with every later row, `(0, 1]`; 1, the default, never
    /// forgets. The effective number of rows is `1 / (1 - forgetting)`.
    pub forgetting: f64,
    /// Whether there is an intercept; true by default.
    pub intercept: bool,
}

impl RecursiveLeastSquaresParams {
    /// Penalty 1, nothing forgotten, an intercept.
    pub fn new(n_features: usize) -> Self {
        Self {
            n_features,
            penalty: 1.0,
            forgetting: 1.0,
            intercept: true,
        }
    }
}

/// Checked [`RecursiveLeastSquaresParams`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidRecursiveLeastSquaresParams(RecursiveLeastSquaresParams);

/// Linear regression that is at every moment what a batch fit on all rows so far would be.
///
/// With `A = g^n penalty I + sum of g^age w x x'` and `b = sum of g^age w x y`, `g` the forgetting,
/// the coefficients are `A^-1 b`; the inverse is kept and changed by one row at a time, in time
/// and space of the square of the columns.
///
/// [`unlearn`](Self::unlearn) subtracts a row: afterwards the model is, up to rounding, as if the
/// row had never been there. That is how a person's wish to be forgotten is met without training
/// again.
///
/// With forgetting, the penalty fades as rows do: directions that no new row shows become
/// undetermined. Forget slowly, or leave such columns out.
///
/// # Source
/// Sherman & Morrison (1950), "Adjustment of an Inverse Matrix Corresponding to a Change in One
/// Element of a Given Matrix"; Haykin (2014), "Adaptive Filter Theory", chapter 10.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecursiveLeastSquares {
    params: RecursiveLeastSquaresParams,
    /// `A^-1`, the intercept last.
    inverse: Matrix,
    coefficients: Vec<f64>,
    n_learned: u64,
}

impl Check for RecursiveLeastSquaresParams {
    type Valid = ValidRecursiveLeastSquaresParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidRecursiveLeastSquaresParams, LearnError> {
        if !(self.penalty > 0.0 && self.penalty.is_finite()) {
            return Err(LearnError::Parameter {
                name: "penalty",
                value: self.penalty.to_string(),
                allowed: "before any row only a penalty above 0 determines the model",
            });
        }
        if !(self.forgetting > 0.0 && self.forgetting <= 1.0) {
            return Err(LearnError::Parameter {
                name: "forgetting",
                value: self.forgetting.to_string(),
                allowed: "forgetting lies above 0 and up to 1",
            });
        }
        Ok(ValidRecursiveLeastSquaresParams(self))
    }
}

impl ValidRecursiveLeastSquaresParams {
    /// A model that has learned nothing: all coefficients are 0.
    pub fn start(&self) -> RecursiveLeastSquares {
        let width = self.0.n_features + usize::from(self.0.intercept);
        let mut inverse = Matrix::zeros(width, width);
        for i in 0..width {
            inverse.row_mut(i)[i] = 1.0 / self.0.penalty;
        }
        RecursiveLeastSquares {
            params: self.0,
            inverse,
            coefficients: vec![0.0; width],
            n_learned: 0,
        }
    }
}

impl RecursiveLeastSquares {
    /// Learns one row, which counts `weight` times; those before are forgotten a little.
    ///
    /// # Errors
    /// [`LearnError::Shape`], [`LearnError::NotFinite`], [`LearnError::Target`] or
    /// [`LearnError::Weight`], the row counted from 0. The model is then as it was.
    pub fn learn(&mut self, row: &[f64], target: f64, weight: f64) -> Result<(), LearnError> {
        let x = self.input(row, target, weight)?;
        let forgetting = self.params.forgetting;
        if weight > 0.0 {
            let moved = self.moved(&x);
            let scale = forgetting / weight + dot(&x, &moved);
            self.shift(&moved, (target - dot(&x, &self.coefficients)) / scale);
            self.change_inverse(&moved, -1.0 / scale);
        }
        if forgetting < 1.0 {
            for value in self.inverse.values_mut() {
                *value /= forgetting;
            }
        }
        self.n_learned += 1;
        Ok(())
    }

    /// Learns rows in their order.
    ///
    /// # Errors
    /// As [`learn`](Self::learn), before any row is learned.
    pub fn learn_all<D: Design>(
        &mut self,
        examples: &Examples<'_, D, f64>,
    ) -> Result<(), LearnError> {
        examples.require_numbers()?;
        examples.records.require_width(self.params.n_features)?;
        let weights = examples.weights();
        let mut row = vec![0.0; self.params.n_features];
        for (idx, (&target, &weight)) in examples.targets.iter().zip(&weights).enumerate() {
            row.fill(0.0);
            examples
                .records
                .visit(idx, |column, value| row[column] = value);
            self.learn(&row, target, weight)?;
        }
        Ok(())
    }

    /// Takes back a row that was learned with this target and weight, `age` rows before the last
    /// one (0 is the last).
    ///
    /// Afterwards the coefficients are those of a model that was given the row with weight 0.
    ///
    /// # Errors
    /// As [`learn`](Self::learn), and [`LearnError::NotLearned`] for a row that cannot be part of
    /// the model. Not every row that was never learned is noticed.
    pub fn unlearn(
        &mut self,
        row: &[f64],
        target: f64,
        weight: f64,
        age: u64,
    ) -> Result<(), LearnError> {
        let x = self.input(row, target, weight)?;
        if weight == 0.0 {
            return Ok(());
        }
        let weight = weight * self.params.forgetting.powf(age as f64);
        let moved = self.moved(&x);
        let share = weight * dot(&x, &moved);
        // In A there is at least `weight x x'`, so the share is below 1.
        if age >= self.n_learned || share.is_nan() || 1.0 - share < ROUNDING {
            return Err(LearnError::NotLearned);
        }
        let scale = (1.0 - share) / weight;
        self.shift(&moved, -(target - dot(&x, &self.coefficients)) / scale);
        self.change_inverse(&moved, 1.0 / scale);
        Ok(())
    }

    /// Rows learned so far, those taken back included.
    pub fn n_learned(&self) -> u64 {
        self.n_learned
    }

    /// Change of the prediction per unit of each column, `(n_features,)`.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients[..self.params.n_features]
    }

    /// Prediction of a row of zeros.
    pub fn intercept(&self) -> f64 {
        if self.params.intercept {
            self.coefficients[self.params.n_features]
        } else {
            0.0
        }
    }

    /// A row with the 1 of the intercept.
    fn input(&self, row: &[f64], target: f64, weight: f64) -> Result<Vec<f64>, LearnError> {
        require_length("columns", self.params.n_features, row.len())?;
        if let Some(column) = row.iter().position(|value| !value.is_finite()) {
            return Err(LearnError::NotFinite { row: 0, column });
        }
        if !target.is_finite() {
            return Err(LearnError::Target { row: 0 });
        }
        if !(weight >= 0.0 && weight.is_finite()) {
            return Err(LearnError::Weight { row: 0 });
        }
        let mut x = row.to_vec();
        if self.params.intercept {
            x.push(1.0);
        }
        Ok(x)
    }

    /// `A^-1 x`.
    fn moved(&self, x: &[f64]) -> Vec<f64> {
        self.inverse.rows().map(|row| dot(row, x)).collect()
    }

    fn shift(&mut self, moved: &[f64], by: f64) {
        for (coefficient, moved) in self.coefficients.iter_mut().zip(moved) {
            *coefficient += by * moved;
        }
    }

    /// Adds `factor v v'`: symmetric to the last bit, so that rounding cannot tear it apart.
    fn change_inverse(&mut self, v: &[f64], factor: f64) {
        for (i, row) in self.inverse.rows_mut().enumerate() {
            for (value, other) in row.iter_mut().zip(v) {
                *value += factor * (v[i] * other);
            }
        }
    }
}

impl<D: Design> Predict<D> for RecursiveLeastSquares {
    /// `(n_samples,)`, in the unit of the targets.
    type Prediction = Vec<f64>;
    type Error = LearnError;

    fn predict(&self, records: &D) -> Result<Vec<f64>, LearnError> {
        records.require_width(self.params.n_features)?;
        records.require_finite()?;
        Ok((0..records.n_rows())
            .map(|row| self.intercept() + records.dot(row, self.coefficients()))
            .collect())
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
