//! Filling gaps with the middle of the column.

use serde::{Deserialize, Serialize};

use super::{map_values, per_column};
use crate::{Context, Fit, LearnError, Matrix, Transform, stats};

/// Puts the column's median in place of missing and infinite values (0 if it has no value at all).
#[derive(Debug, Clone, Copy, Default)]
pub struct MedianImputer;

/// The medians.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedImputer {
    medians: Vec<f64>,
}

impl Fit<Matrix> for MedianImputer {
    type Model = FittedImputer;
    type Error = LearnError;

    fn fit(&self, records: &Matrix, context: &Context<'_>) -> Result<FittedImputer, LearnError> {
        let medians = per_column(records, context, |mut values| {
            stats::median(&mut values).unwrap_or(0.0)
        })?;
        Ok(FittedImputer { medians })
    }
}

impl FittedImputer {
    /// The values that fill gaps, `(n_features,)`.
    pub fn medians(&self) -> &[f64] {
        &self.medians
    }
}

impl Transform for FittedImputer {
    fn transform(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        map_values(records, self.medians.len(), |value, column| {
            if value.is_finite() {
                value
            } else {
                self.medians[column]
            }
        })
    }

    /// Leaves the table as it is: where gaps were is not kept.
    fn inverse_transform(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        records.require_columns(self.medians.len())?;
        Ok(records.clone())
    }
}
