//! Ward's hierarchical clustering, on a sample; everybody else goes to the nearest center.

mod tree;

use rand::seq::index::sample;
use rapport_learn::{Check, Context, Fit, Matrix, Predict, rng};
use serde::{Deserialize, Serialize};

pub use tree::{Merge, Tree};

use crate::SegmentError;
use crate::distance::{nearest, require_range};

/// How to cut a tree of customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WardParams {
    /// Number of clusters.
    pub k: usize,
    /// Rows that the tree is grown on at most; time grows with their square. Default 5,000.
    pub sample_size: usize,
}

/// Checked [`WardParams`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidWardParams(WardParams);

/// Clusters by merging, again and again, the two whose union spreads least, until k are left.
///
/// Deterministic but for the sample, and nested: the clusters of k + 1 are those of k with one cut
/// in two. It tolerates clusters of different size better than k-means and never revises a merge,
/// which k-means in effect does. Rows outside of the sample, and new ones, go to the nearest mean
/// of a cluster.
///
/// # Sources
/// Ward (1963), "Hierarchical grouping to optimize an objective function"; the nearest-neighbor
/// chain of Murtagh (1983), "A survey of recent advances in hierarchical clustering algorithms".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ward {
    centers: Matrix,
}

impl WardParams {
    /// The defaults for k clusters.
    pub fn new(k: usize) -> Self {
        Self {
            k,
            sample_size: 5_000,
        }
    }
}

impl Check for WardParams {
    type Valid = ValidWardParams;
    type Error = SegmentError;

    fn check(self) -> Result<ValidWardParams, SegmentError> {
        if self.k == 0 {
            return Err(SegmentError::parameter("k", 0, "use at least 1"));
        }
        if self.sample_size < self.k {
            return Err(SegmentError::parameter(
                "sample_size",
                self.sample_size,
                "use at least k rows",
            ));
        }
        Ok(ValidWardParams(self))
    }
}

impl Fit<Matrix> for ValidWardParams {
    type Model = Ward;
    type Error = SegmentError;

    fn fit(&self, records: &Matrix, context: &Context<'_>) -> Result<Ward, SegmentError> {
        let grown = Grown::on(records, self.0.sample_size, context)?;
        Ok(Ward {
            centers: grown.centers(self.0.k)?,
        })
    }
}

impl Ward {
    /// The means of the clusters, `(k, n_features)`.
    pub fn centers(&self) -> &Matrix {
        &self.centers
    }
}

impl Predict<Matrix> for Ward {
    type Prediction = Vec<u32>;
    type Error = SegmentError;

    /// The nearest mean of each row, `(n_samples,)`.
    fn predict(&self, records: &Matrix) -> Result<Vec<u32>, SegmentError> {
        nearest(records, &self.centers)
    }
}

/// A tree and the rows that it was grown on: one serves every k.
#[derive(Debug)]
pub(crate) struct Grown {
    rows: Matrix,
    tree: Tree,
}

impl Grown {
    /// Grows a tree on at most so many rows.
    pub(crate) fn on(
        records: &Matrix,
        sample_size: usize,
        context: &Context<'_>,
    ) -> Result<Self, SegmentError> {
        require_range(records)?;
        let n = records.n_rows();
        let rows = if n > sample_size {
            let mut generator = rng(context.seed, "ward sample");
            let mut drawn = sample(&mut generator, n, sample_size).into_vec();
            drawn.sort_unstable();
            records.select_rows(&drawn)
        } else {
            records.clone()
        };
        let tree = Tree::grow(&rows, context)?;
        Ok(Self { rows, tree })
    }

    /// The means of k clusters.
    pub(crate) fn centers(&self, k: usize) -> Result<Matrix, SegmentError> {
        if k > self.rows.n_rows() {
            return Err(SegmentError::TooFewCustomers {
                needed: k,
                found: self.rows.n_rows(),
            });
        }
        let mut means = Matrix::zeros(k, self.rows.n_columns());
        let mut counts = vec![0.0; k];
        for (row, label) in self.rows.rows().zip(self.tree.cut(k)) {
            counts[label as usize] += 1.0;
            for (sum, value) in means.row_mut(label as usize).iter_mut().zip(row) {
                *sum += value;
            }
        }
        for (mean, count) in means.rows_mut().zip(counts) {
            mean.iter_mut().for_each(|sum| *sum /= count);
        }
        Ok(means)
    }
}

#[cfg(test)]
mod tests;
