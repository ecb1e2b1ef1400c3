//! Every row held back once.

use std::collections::HashMap;

use rand::seq::SliceRandom;

use super::{Split, distinct};
use crate::{LearnError, rng};

/// Cuts the rows into `k` folds of nearly equal size; each is the test part of one split.
///
/// # Errors
/// Fewer than two folds, or fewer rows than folds.
pub fn k_fold(n_samples: usize, k: usize, seed: u64) -> Result<Vec<Split>, LearnError> {
    require_folds(k, n_samples)?;
    let mut order: Vec<usize> = (0..n_samples).collect();
    order.shuffle(&mut rng(seed, "k_fold"));
    let mut fold_of = vec![0; n_samples];
    for (position, row) in order.into_iter().enumerate() {
        fold_of[row] = position % k;
    }
    Ok(splits(k, &fold_of))
}

/// Cuts whole groups into `k` folds, the largest group first into the smallest fold.
///
/// No group stands on both sides of any split.
///
/// # Errors
/// Fewer than two folds, or fewer groups than folds.
pub fn k_fold_by_group(groups: &[u64], k: usize, seed: u64) -> Result<Vec<Split>, LearnError> {
    let mut order = distinct(groups);
    require_folds(k, order.len())?;
    let mut sizes: HashMap<u64, usize> = HashMap::new();
    for &group in groups {
        *sizes.entry(group).or_default() += 1;
    }
    order.shuffle(&mut rng(seed, "k_fold_by_group"));
    // The sort is stable: groups of one size stay shuffled.
    order.sort_by_key(|group| std::cmp::Reverse(sizes[group]));
    let mut filled = vec![0; k];
    let mut fold_of_group = HashMap::new();
    for group in order {
        let smallest = (0..k)
            .min_by_key(|&fold| filled[fold])
            .expect("there are at least two folds");
        filled[smallest] += sizes[&group];
        fold_of_group.insert(group, smallest);
    }
    let fold_of: Vec<usize> = groups.iter().map(|group| fold_of_group[group]).collect();
    Ok(splits(k, &fold_of))
}

pub(super) fn splits(k: usize, fold_of: &[usize]) -> Vec<Split> {
    (0..k)
        .map(|fold| Split::by(fold_of.len(), |row| fold_of[row] == fold))
        .collect()
}

pub(super) fn require_folds(k: usize, n_units: usize) -> Result<(), LearnError> {
    if k < 2 {
        return Err(LearnError::Parameter {
            name: "k",
            value: k.to_string(),
            allowed: "there are at least 2 folds",
        });
    }
    if n_units < k {
        return Err(LearnError::TooFewRows {
            needed: k,
            found: n_units,
        });
    }
    Ok(())
}
