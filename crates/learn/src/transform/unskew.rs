//! Logarithms for columns with a heavy tail.

use serde::{Deserialize, Serialize};

use super::{map_values, per_column};
use crate::{Context, Fit, LearnError, Matrix, Transform, stats};

/// Takes a signed logarithm of the columns whose skewness exceeds a limit; leaves the others.
///
/// `sign(x) ln(1 + |x| / s)` with `s` the median of the column's non-zero magnitudes: the unit of
/// the column (cents or dollars) makes no difference, zero stays zero, and negative values, which
/// a plain logarithm refuses, are treated like positive ones.
#[derive(Debug, Clone, Copy)]
pub struct Unskewer {
    /// Columns with an absolute skewness above this are changed.
    pub limit: f64,
}

/// The unit `s` of each changed column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedUnskewer {
    units: Vec<Option<f64>>,
}

impl Fit<Matrix> for Unskewer {
    type Model = FittedUnskewer;
    type Error = LearnError;

    fn fit(&self, records: &Matrix, context: &Context<'_>) -> Result<FittedUnskewer, LearnError> {
        let units = per_column(records, context, |values| {
            if stats::skewness(&values).abs() <= self.limit {
                return None;
            }
            let mut magnitudes: Vec<f64> = values
                .into_iter()
                .filter(|&value| value != 0.0)
                .map(f64::abs)
                .collect();
            stats::median(&mut magnitudes)
        })?;
        Ok(FittedUnskewer { units })
    }
}

impl FittedUnskewer {
    /// Whether a column is changed.
    ///
    /// # Panics
    /// When there is no such column.
    pub fn changes(&self, column: usize) -> bool {
        self.units[column].is_some()
    }
}

impl Transform for FittedUnskewer {
    fn transform(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        map_values(records, self.units.len(), |value, column| {
            match self.units[column] {
                Some(unit) => (value.abs() / unit).ln_1p().copysign(value),
                None => value,
            }
        })
    }

    fn inverse_transform(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        map_values(records, self.units.len(), |value, column| {
            match self.units[column] {
                Some(unit) => (value.abs().exp_m1() * unit).copysign(value),
                None => value,
            }
        })
    }
}
