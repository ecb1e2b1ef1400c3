//! Pulling extreme values in to quantiles of their column (winsorizing).

use serde::{Deserialize, Serialize};

use super::{map_values, per_column};
use crate::{Context, Fit, LearnError, Matrix, Transform, stats};

/// Clips every column to its quantiles `tail` and `1 - tail`.
///
/// Keeps a handful of huge customers from being the only thing that a distance sees.
#[derive(Debug, Clone, Copy)]
pub struct Clipper {
    /// Share of values clipped at each end, `[0, 0.5)`.
    pub tail: f64,
}

/// The quantiles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedClipper {
    bounds: Vec<(f64, f64)>,
}

impl Fit<Matrix> for Clipper {
    type Model = FittedClipper;
    type Error = LearnError;

    fn fit(&self, records: &Matrix, context: &Context<'_>) -> Result<FittedClipper, LearnError> {
        if !(0.0..0.5).contains(&self.tail) {
            return Err(LearnError::Parameter {
                name: "tail",
                value: self.tail.to_string(),
                allowed: "a tail is a share from 0 to less than 0.5",
            });
        }
        let bounds = per_column(records, context, |mut values| {
            let low = stats::quantile(&mut values, self.tail);
            let high = stats::quantile(&mut values, 1.0 - self.tail);
            low.zip(high).unwrap_or((0.0, 0.0))
        })?;
        Ok(FittedClipper { bounds })
    }
}

impl Transform for FittedClipper {
    fn transform(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        map_values(records, self.bounds.len(), |value, column| {
            let (low, high) = self.bounds[column];
            value.clamp(low, high)
        })
    }

    /// Leaves the table as it is: what was clipped is not kept.
    fn inverse_transform(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        records.require_columns(self.bounds.len())?;
        Ok(records.clone())
    }
}
