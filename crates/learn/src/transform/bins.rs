//! Numbers as bins of equal frequency.

use serde::{Deserialize, Serialize};

use super::{map_values, per_column};
use crate::{Check, Context, Fit, LearnError, Matrix, Transform, stats};

/// Replaces each value by the number of its bin, bins holding about equally many training rows.
///
/// Gives linear models steps to bend along (after one-hot encoding), and histograms their edges.
/// Columns with fewer distinct values have fewer bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuantileBinner {
    /// Most bins per column, at least 2.
    pub n_bins: usize,
}

/// Checked [`QuantileBinner`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValidQuantileBinner(QuantileBinner);

/// Edges and middles of the bins of each column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedQuantileBinner {
    /// Inner edges, ascending: bin `b` holds values from edge `b - 1` to below edge `b`.
    edges: Vec<Vec<f64>>,
    /// Median of the training values in each bin.
    middles: Vec<Vec<f64>>,
}

impl Check for QuantileBinner {
    type Valid = ValidQuantileBinner;
    type Error = LearnError;

    fn check(self) -> Result<ValidQuantileBinner, LearnError> {
        if self.n_bins < 2 {
            return Err(LearnError::Parameter {
                name: "n_bins",
                value: self.n_bins.to_string(),
                allowed: "there are at least 2 bins",
            });
        }
        Ok(ValidQuantileBinner(self))
    }
}

impl Fit<Matrix> for ValidQuantileBinner {
    type Model = FittedQuantileBinner;
    type Error = LearnError;

    fn fit(
        &self,
        records: &Matrix,
        context: &Context<'_>,
    ) -> Result<FittedQuantileBinner, LearnError> {
        let bins = per_column(records, context, |values| self.bins(values))?;
        let (edges, middles) = bins.into_iter().unzip();
        Ok(FittedQuantileBinner { edges, middles })
    }
}

impl ValidQuantileBinner {
    /// Edges and middles for the present values of one column.
    fn bins(&self, mut values: Vec<f64>) -> (Vec<f64>, Vec<f64>) {
        let n_bins = self.0.n_bins;
        let wanted: Vec<f64> = (1..n_bins)
            .filter_map(|bin| stats::quantile(&mut values, bin as f64 / n_bins as f64))
            .collect();
        // Only now: quantiles leave the values in another order.
        values.sort_unstable_by(f64::total_cmp);
        let (mut edges, mut middles) = (Vec::new(), Vec::new());
        let mut begin = 0;
        for edge in wanted {
            let end = values.partition_point(|&value| value < edge);
            // Quantiles between ties bound bins that nothing lies in; those are left out.
            if end > begin {
                edges.push(edge);
                middles.extend(stats::median(&mut values[begin..end]));
                begin = end;
            }
        }
        // Without any value there is one bin all the same.
        middles.push(stats::median(&mut values[begin..]).unwrap_or(0.0));
        (edges, middles)
    }
}

impl FittedQuantileBinner {
    /// Number of bins of a column.
    ///
    /// # Panics
    /// When there is no such column.
    pub fn n_bins(&self, column: usize) -> usize {
        self.middles[column].len()
    }
}

impl Transform for FittedQuantileBinner {
    /// Bin numbers from 0; missing values stay missing.
    fn transform(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        map_values(records, self.edges.len(), |value, column| {
            if value.is_nan() {
                return value;
            }
            bin_of(&self.edges[column], value) as f64
        })
    }

    /// The median training value of each bin.
    fn inverse_transform(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        map_values(records, self.edges.len(), |value, column| {
            if value.is_nan() {
                return value;
            }
            let middles = &self.middles[column];
            middles[(value.max(0.0) as usize).min(middles.len() - 1)]
        })
    }
}

/// How many edges a value has passed.
fn bin_of(edges: &[f64], value: f64) -> usize {
    edges.partition_point(|&edge| edge <= value)
}
