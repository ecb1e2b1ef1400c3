//! Parts that hold the same mix of strata as the whole, such as the same share of buyers.

use std::collections::{BTreeMap, HashSet};

use rand::seq::SliceRandom;

use super::folds::{require_folds, splits};
use super::{Split, require_share};
use crate::{LearnError, rng};

/// Holds back the same share of every stratum, to within one row, and of all rows together
/// (rounded, at least one, never all).
///
/// A stratum is any mark that both parts shall hold in proportion: the outcome, a region, both
/// numbered together. `strata` is `(n_samples,)`.
///
/// # Errors
/// A share outside of `(0, 1)`, or fewer than two rows.
pub fn holdout_stratified(strata: &[u64], test_share: f64, seed: u64) -> Result<Split, LearnError> {
    require_share(test_share)?;
    let n_samples = strata.len();
    if n_samples < 2 {
        return Err(LearnError::TooFewRows {
            needed: 2,
            found: n_samples,
        });
    }
    let n_test = (test_share * n_samples as f64).round() as usize;
    let shuffled = shuffled_strata(strata, seed, "holdout_stratified");
    let quotas = quotas(&shuffled, test_share, n_test.clamp(1, n_samples - 1));
    let held: HashSet<usize> = shuffled
        .iter()
        .zip(quotas)
        .flat_map(|(rows, quota)| rows.iter().copied().take(quota))
        .collect();
    Ok(Split::by(n_samples, |row| held.contains(&row)))
}

/// Cuts the rows into `k` folds; of every stratum, and of all rows together, any two folds hold
/// the same number to within one.
///
/// A stratum of fewer than `k` rows is missing from some folds.
///
/// # Errors
/// Fewer than two folds, or fewer rows than folds.
pub fn k_fold_stratified(strata: &[u64], k: usize, seed: u64) -> Result<Vec<Split>, LearnError> {
    require_folds(k, strata.len())?;
    let dealt = shuffled_strata(strata, seed, "k_fold_stratified");
    let mut fold_of = vec![0; strata.len()];
    // Dealing goes on where the last stratum ended; starting over at the first fold each time
    // would give that fold the odd row of every stratum.
    for (position, row) in dealt.into_iter().flatten().enumerate() {
        fold_of[row] = position % k;
    }
    Ok(splits(k, &fold_of))
}

/// Rows of each stratum in random order, strata ascending.
fn shuffled_strata(strata: &[u64], seed: u64, part: &str) -> Vec<Vec<usize>> {
    let mut rows_of: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (row, &stratum) in strata.iter().enumerate() {
        rows_of.entry(stratum).or_default().push(row);
    }
    let mut generator = rng(seed, part);
    rows_of
        .into_values()
        .map(|mut rows| {
            rows.shuffle(&mut generator);
            rows
        })
        .collect()
}

/// How many rows each stratum gives so that `total` are given: the share rounded down, and the
/// missing rows from the strata that rounding cost most (the method of largest remainders).
fn quotas(strata: &[Vec<usize>], share: f64, total: usize) -> Vec<usize> {
    let exact: Vec<f64> = strata
        .iter()
        .map(|rows| share * rows.len() as f64)
        .collect();
    let mut quotas: Vec<usize> = exact.iter().map(|&wanted| wanted as usize).collect();
    let n_missing = total - quotas.iter().sum::<usize>();
    let mut by_remainder: Vec<usize> = (0..strata.len()).collect();
    by_remainder.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()));
    for &stratum in by_remainder.iter().take(n_missing) {
        quotas[stratum] += 1;
    }
    quotas
}
