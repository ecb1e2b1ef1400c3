//! Shifting and stretching columns to a common scale.

use serde::{Deserialize, Serialize};

use super::{map_values, per_column};
use crate::{Context, Fit, LearnError, Matrix, Transform, stats};

/// Mean 0, standard deviation 1 (over `n`).
#[derive(Debug, Clone, Copy, Default)]
pub struct StandardScaler;

/// Median 0, interquartile range 1: a few extreme values do not squeeze the rest.
///
/// A column whose middle half is one value is divided by its standard deviation instead.
#[derive(Debug, Clone, Copy, Default)]
pub struct RobustScaler;

/// `(value - center) / spread` per column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedScaler {
    centers: Vec<f64>,
    spreads: Vec<f64>,
}

impl Fit<Matrix> for StandardScaler {
    type Model = FittedScaler;
    type Error = LearnError;

    fn fit(&self, records: &Matrix, context: &Context<'_>) -> Result<FittedScaler, LearnError> {
        let fitted = per_column(records, context, |values| {
            (stats::mean(&values), stats::variance(&values).sqrt())
        })?;
        Ok(FittedScaler::new(fitted))
    }
}

impl Fit<Matrix> for RobustScaler {
    type Model = FittedScaler;
    type Error = LearnError;

    fn fit(&self, records: &Matrix, context: &Context<'_>) -> Result<FittedScaler, LearnError> {
        let fitted = per_column(records, context, |mut values| {
            let center = stats::median(&mut values).unwrap_or(0.0);
            let low = stats::quantile(&mut values, 0.25).unwrap_or(0.0);
            let high = stats::quantile(&mut values, 0.75).unwrap_or(0.0);
            let spread = if high > low {
                high - low
            } else {
                stats::variance(&values).sqrt()
            };
            (center, spread)
        })?;
        Ok(FittedScaler::new(fitted))
    }
}

impl FittedScaler {
    /// A constant column is only shifted: its spread counts as 1.
    fn new(fitted: Vec<(f64, f64)>) -> Self {
        let (centers, spreads): (Vec<f64>, Vec<f64>) = fitted.into_iter().unzip();
        let spreads = spreads
            .into_iter()
            .map(|spread| if spread > 0.0 { spread } else { 1.0 })
            .collect();
        Self { centers, spreads }
    }

    /// What each column is shifted by, `(n_features,)`.
    pub fn centers(&self) -> &[f64] {
        &self.centers
    }

    /// What each column is divided by, `(n_features,)`, above 0.
    pub fn spreads(&self) -> &[f64] {
        &self.spreads
    }
}

impl Transform for FittedScaler {
    fn transform(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        map_values(records, self.centers.len(), |value, column| {
            (value - self.centers[column]) / self.spreads[column]
        })
    }

    fn inverse_transform(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        map_values(records, self.centers.len(), |value, column| {
            value * self.spreads[column] + self.centers[column]
        })
    }
}
