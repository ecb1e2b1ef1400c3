//! Counts of words weighed by how much a word tells.

use serde::{Deserialize, Serialize};

use crate::{LearnError, SparseMatrix};

/// Multiplies counts by the rarity of their column, then brings rows to length 1.
///
/// The rarity is `ln((1 + n) / (1 + df)) + 1` with `df` the number of rows that have the column,
/// as scikit-learn's smooth form. Signs of counts are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TfIdf {
    /// Whether a count `c` becomes `1 + ln c`: a word said ten times does not tell ten times as
    /// much. True by default.
    pub sublinear: bool,
    /// Whether rows are brought to length 1, so that long texts do not outweigh short ones. True
    /// by default.
    pub normalize: bool,
}

impl Default for TfIdf {
    fn default() -> Self {
        Self {
            sublinear: true,
            normalize: true,
        }
    }
}

/// The rarities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedTfIdf {
    params: TfIdf,
    /// `(n_columns,)`.
    rarities: Vec<f64>,
}

impl TfIdf {
    /// Counts in how many rows each column is.
    ///
    /// # Errors
    /// [`LearnError::TooFewRows`] without rows, or [`LearnError::NotFinite`].
    pub fn fit(&self, counts: &SparseMatrix) -> Result<FittedTfIdf, LearnError> {
        if counts.n_rows() == 0 {
            return Err(LearnError::TooFewRows {
                needed: 1,
                found: 0,
            });
        }
        counts.require_finite()?;
        let mut n_rows_with = vec![0_u32; counts.n_columns()];
        for row in 0..counts.n_rows() {
            for (column, _) in counts.row(row) {
                n_rows_with[column] += 1;
            }
        }
        let n_rows = counts.n_rows() as f64;
        let rarities = n_rows_with
            .into_iter()
            .map(|n| ((1.0 + n_rows) / (1.0 + f64::from(n))).ln() + 1.0)
            .collect();
        Ok(FittedTfIdf {
            params: *self,
            rarities,
        })
    }
}

impl FittedTfIdf {
    /// `(n_columns,)`, at least 1.
    pub fn rarities(&self) -> &[f64] {
        &self.rarities
    }

    /// Weighs the counts of other rows.
    ///
    /// # Errors
    /// [`LearnError::Shape`] when the columns are not those it was fitted on.
    pub fn transform(&self, counts: &SparseMatrix) -> Result<SparseMatrix, LearnError> {
        counts.require_columns(self.rarities.len())?;
        let weighed = counts.map_entries(|_, column, count| {
            let frequency = if self.params.sublinear {
                // Signed counts may cancel to less than 1 in size; they stay as they are.
                let size = count.abs();
                (if size > 1.0 { 1.0 + size.ln() } else { size }).copysign(count)
            } else {
                count
            };
            frequency * self.rarities[column]
        });
        if !self.params.normalize {
            return Ok(weighed);
        }
        let lengths: Vec<f64> = (0..weighed.n_rows())
            .map(|row| weighed.row(row).map(|(_, v)| v * v).sum::<f64>().sqrt())
            .collect();
        // A row of zeros has no entries to divide.
        Ok(weighed.map_entries(|row, _, value| value / lengths[row]))
    }
}
