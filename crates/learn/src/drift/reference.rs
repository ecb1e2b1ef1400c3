//! The reference that later tables are compared with.

use serde::{Deserialize, Serialize};

use super::{DriftReport, NumericBins, missingness_drift};
use crate::{Check, Context, Dataset, Fit, LearnError, map_parts};

/// How finely features are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftParams {
    /// Quantile bins per feature, at least 2. Default 10.
    pub n_bins: usize,
}

/// Checked [`DriftParams`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValidDriftParams(DriftParams);

/// What is remembered of the rows that a model was fitted on: counts, no rows.
///
/// Saved beside the model, so that every later table can be compared with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriftReference {
    feature_names: Vec<String>,
    features: Vec<FeatureReference>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct FeatureReference {
    bins: NumericBins,
    n_missing: u64,
    n_rows: u64,
}

impl Default for DriftParams {
    fn default() -> Self {
        Self { n_bins: 10 }
    }
}

impl Check for DriftParams {
    type Valid = ValidDriftParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidDriftParams, LearnError> {
        if self.n_bins < 2 {
            return Err(LearnError::Parameter {
                name: "n_bins",
                value: self.n_bins.to_string(),
                allowed: "at least 2 bins are needed to see a shift; 10 is usual",
            });
        }
        Ok(ValidDriftParams(self))
    }
}

impl Fit<Dataset> for ValidDriftParams {
    type Model = DriftReference;
    type Error = LearnError;

    fn fit(&self, data: &Dataset, context: &Context<'_>) -> Result<DriftReference, LearnError> {
        if data.n_samples() == 0 {
            return Err(LearnError::TooFewRows {
                needed: 1,
                found: 0,
            });
        }
        context.proceed()?;
        let features = map_parts(context.threads, 0..data.records.n_columns(), |column| {
            let values: Vec<f64> = data.records.column(column).collect();
            FeatureReference {
                bins: NumericBins::fit(&values, self.0.n_bins),
                n_missing: n_missing(&values),
                n_rows: values.len() as u64,
            }
        });
        Ok(DriftReference {
            feature_names: data.feature_names.clone(),
            features,
        })
    }
}

impl DriftReference {
    /// Compares a table with the reference: two findings per feature, values and gaps.
    ///
    /// # Errors
    /// [`LearnError::Shape`] when the features are not those of the reference, by count or by name.
    pub fn report(&self, current: &Dataset) -> Result<DriftReport, LearnError> {
        current.records.require_columns(self.features.len())?;
        self.require_names(&current.feature_names)?;
        let mut report = DriftReport::default();
        for (column, (name, reference)) in self.feature_names.iter().zip(&self.features).enumerate()
        {
            let values: Vec<f64> = current.records.column(column).collect();
            report.findings.extend([
                reference.bins.stability(&values).finding(name),
                missingness_drift(
                    name,
                    (reference.n_missing, reference.n_rows),
                    (n_missing(&values), values.len() as u64),
                ),
            ]);
        }
        Ok(report)
    }

    fn require_names(&self, names: &[String]) -> Result<(), LearnError> {
        let n_matching = self
            .feature_names
            .iter()
            .zip(names)
            .filter(|(expected, found)| expected == found)
            .count();
        if n_matching == self.feature_names.len() {
            return Ok(());
        }
        Err(LearnError::Shape {
            what: "features with the reference's names, in its order",
            expected: self.feature_names.len(),
            found: n_matching,
        })
    }
}

fn n_missing(values: &[f64]) -> u64 {
    values.iter().filter(|value| value.is_nan()).count() as u64
}
