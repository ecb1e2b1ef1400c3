//! Ways to hold rows back: by row, by group, by time, in folds, and by resampling;
//! stratified where every part shall hold the same mix.
//!
//! Every split is a function of its arguments and the seed. Splits by group depend on the set of
//! groups, not on the order of rows.

mod bootstrap;
mod folds;
mod holdout;
mod rolling;
mod stratified;
mod stratified_groups;

pub use bootstrap::{bootstrap, out_of_bag};
pub use folds::{k_fold, k_fold_by_group};
pub use holdout::{holdout, holdout_by_group, holdout_by_time};
pub use rolling::{RollingOrigin, TimeFold, Window};
pub use stratified::{holdout_stratified, k_fold_stratified};
pub use stratified_groups::{holdout_stratified_by_group, k_fold_stratified_by_group};

use crate::LearnError;

/// Rows to learn from and rows to test on; together all rows, and none twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Rows to learn from, ascending.
    pub train: Vec<usize>,
    /// Rows held back, ascending.
    pub test: Vec<usize>,
}

impl Split {
    /// Splits rows by whether they are held back.
    fn by(n_samples: usize, is_test: impl Fn(usize) -> bool) -> Self {
        let (test, train) = (0..n_samples).partition(|&row| is_test(row));
        Self { train, test }
    }

    /// Refuses a split with nothing on one side.
    fn require_both_sides(self) -> Result<Self, LearnError> {
        if self.train.is_empty() || self.test.is_empty() {
            return Err(LearnError::TooFewRows {
                needed: 2,
                found: self.train.len() + self.test.len(),
            });
        }
        Ok(self)
    }
}

/// Refuses a share that leaves one side empty whatever the rows.
fn require_share(test_share: f64) -> Result<(), LearnError> {
    if test_share > 0.0 && test_share < 1.0 {
        return Ok(());
    }
    Err(LearnError::Parameter {
        name: "test_share",
        value: test_share.to_string(),
        allowed: "a share lies between 0 and 1, both excluded",
    })
}

/// The groups without repetition, ascending, so that the order of rows plays no part.
fn distinct(groups: &[u64]) -> Vec<u64> {
    let mut distinct = groups.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

#[cfg(test)]
mod rolling_tests;
#[cfg(test)]
mod stratified_tests;
#[cfg(test)]
mod tests;
