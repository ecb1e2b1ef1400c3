//! Naive Bayes for measurements: within a class every feature is normal.

use serde::{Deserialize, Serialize};

use super::{class_totals, require_n_classes};
use crate::linear::{classes_of, softmax};
use crate::{Check, Context, Examples, Fit, LearnError, Matrix, Predict};

/// How to fit a [`GaussianNb`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GaussianNbParams {
    /// Labels lie from 0 to below this, at least 2.
    pub n_classes: usize,
    /// Share of the largest variance of any feature that is added to every variance, so that a
    /// feature constant within a class does not decide alone; from 0 up.
    pub variance_smoothing: f64,
}

impl GaussianNbParams {
    /// Smoothing of 1e-9, as scikit-learn's.
    pub fn new(n_classes: usize) -> Self {
        Self {
            n_classes,
            variance_smoothing: 1e-9,
        }
    }
}

/// Checked [`GaussianNbParams`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidGaussianNbParams(GaussianNbParams);

/// A fitted Gaussian naive Bayes: a mean and a variance per class and feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GaussianNb {
    log_priors: Vec<f64>,
    means: Matrix,
    variances: Matrix,
}

impl Check for GaussianNbParams {
    type Valid = ValidGaussianNbParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidGaussianNbParams, LearnError> {
        require_n_classes(self.n_classes)?;
        if !(self.variance_smoothing >= 0.0 && self.variance_smoothing.is_finite()) {
            return Err(LearnError::Parameter {
                name: "variance_smoothing",
                value: self.variance_smoothing.to_string(),
                allowed: "smoothing is a finite share from 0 up",
            });
        }
        Ok(ValidGaussianNbParams(self))
    }
}

impl Fit<Examples<'_, Matrix, u32>> for ValidGaussianNbParams {
    type Model = GaussianNb;
    type Error = LearnError;

    fn fit(
        &self,
        examples: &Examples<'_, Matrix, u32>,
        context: &Context<'_>,
    ) -> Result<GaussianNb, LearnError> {
        let n_classes = self.0.n_classes;
        examples.require_classes(n_classes)?;
        context.proceed()?;
        let weights = examples.weights();
        let totals = class_totals(examples.targets, &weights, n_classes);
        let whole: f64 = totals.iter().sum();
        let group = Group {
            records: examples.records,
            weights: &weights,
        };
        let (means, mut variances) = group.moments(examples.targets, &totals);
        context.proceed()?;
        let one_class = vec![0; examples.targets.len()];
        let (_, overall) = group.moments(&one_class, &[whole]);
        let largest = overall.values().iter().copied().fold(0.0, f64::max);
        // A table of constants still needs a variance to divide by.
        let extra = (self.0.variance_smoothing * largest).max(f64::MIN_POSITIVE);
        for variance in variances.values_mut() {
            *variance += extra;
        }
        Ok(GaussianNb {
            log_priors: totals.iter().map(|total| (total / whole).ln()).collect(),
            means,
            variances,
        })
    }
}

/// Rows to take moments of.
struct Group<'a> {
    records: &'a Matrix,
    weights: &'a [f64],
}

impl Group<'_> {
    /// Weighted means and variances per class, `(n_classes, n_features)`, in two passes.
    fn moments(&self, labels: &[u32], totals: &[f64]) -> (Matrix, Matrix) {
        let n_features = self.records.n_columns();
        let mut means = Matrix::zeros(totals.len(), n_features);
        self.sum(labels, totals, &mut means, |_, _, value| value);
        let mut variances = Matrix::zeros(totals.len(), n_features);
        self.sum(labels, totals, &mut variances, |class, column, value| {
            (value - means.row(class)[column]).powi(2)
        });
        (means, variances)
    }

    fn sum(
        &self,
        labels: &[u32],
        totals: &[f64],
        into: &mut Matrix,
        term: impl Fn(usize, usize, f64) -> f64,
    ) {
        for ((record, &label), weight) in self.records.rows().zip(labels).zip(self.weights) {
            let class = label as usize;
            let share = weight / totals[class];
            for (column, (sum, &value)) in into.row_mut(class).iter_mut().zip(record).enumerate() {
                *sum += share * term(class, column, value);
            }
        }
    }
}

impl GaussianNb {
    /// Mean of each feature within each class, `(n_classes, n_features)`.
    pub fn means(&self) -> &Matrix {
        &self.means
    }

    /// Variance of each feature within each class, smoothed, `(n_classes, n_features)`.
    pub fn variances(&self) -> &Matrix {
        &self.variances
    }

    /// Probability of each class, `(n_samples, n_classes)`, rows summing to 1.
    ///
    /// # Errors
    /// [`LearnError::Shape`] or [`LearnError::NotFinite`].
    pub fn predict_proba(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        let mut scores = self.log_joint(records)?;
        for row in scores.rows_mut() {
            softmax(row);
        }
        Ok(scores)
    }

    /// Logarithm of the density of each row with each class, `(n_samples, n_classes)`.
    fn log_joint(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        records.require_columns(self.means.n_columns())?;
        records.require_finite()?;
        let mut scores = Matrix::zeros(records.n_rows(), self.log_priors.len());
        for (row, record) in records.rows().enumerate() {
            for (class, score) in scores.row_mut(row).iter_mut().enumerate() {
                let moments = self.means.row(class).iter().zip(self.variances.row(class));
                let deviations: f64 = record
                    .iter()
                    .zip(moments)
                    .map(|(value, (mean, variance))| {
                        (value - mean).powi(2) / variance + (std::f64::consts::TAU * variance).ln()
                    })
                    .sum();
                *score = self.log_priors[class] - 0.5 * deviations;
            }
        }
        Ok(scores)
    }
}

impl Predict<Matrix> for GaussianNb {
    /// `(n_samples,)`, the most probable class.
    type Prediction = Vec<u32>;
    type Error = LearnError;

    fn predict(&self, records: &Matrix) -> Result<Vec<u32>, LearnError> {
        Ok(classes_of(&self.log_joint(records)?))
    }
}
