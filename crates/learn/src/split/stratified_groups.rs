//! Whole groups dealt so that every part holds about the same mix of strata.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rand::seq::SliceRandom;

use super::folds::{require_folds, splits};
use super::{Split, require_share};
use crate::{LearnError, rng};

/// Holds back whole groups, about `test_share` of every stratum.
///
/// No group stands on both sides. How near the shares come depends on the groups: with many small
/// ones to within a row or two, with few large ones as well as the greedy choice can.
///
/// # Shapes
/// - `groups` and `strata`: `(n_samples,)`; the rows of one group may lie in several strata.
///
/// # Errors
/// A share outside of `(0, 1)`, lists of different length, or fewer than two groups.
pub fn holdout_stratified_by_group(
    groups: &[u64],
    strata: &[u64],
    test_share: f64,
    seed: u64,
) -> Result<Split, LearnError> {
    require_share(test_share)?;
    require_same_length(groups, strata)?;
    let order = deal_order(groups, strata, seed, "holdout_stratified_by_group");
    let (Some(last), true) = (order.last(), order.len() > 1) else {
        return Err(LearnError::TooFewRows {
            needed: 2,
            found: order.len(),
        });
    };
    let mut part_of = deal(&order, strata, &[1.0 - test_share, test_share]);
    // A small share of few groups may draw none: then the smallest group is held back.
    if part_of.values().all(|&part| part == 0) {
        part_of.insert(last.group, 1);
    } else if part_of.values().all(|&part| part == 1) {
        part_of.insert(last.group, 0);
    }
    Ok(Split::by(groups.len(), |row| part_of[&groups[row]] == 1))
}

/// Cuts whole groups into `k` folds that hold about the same mix of strata.
///
/// No group stands on both sides of any split, and no fold is empty.
///
/// # Errors
/// Fewer than two folds, lists of different length, or fewer groups than folds.
pub fn k_fold_stratified_by_group(
    groups: &[u64],
    strata: &[u64],
    k: usize,
    seed: u64,
) -> Result<Vec<Split>, LearnError> {
    require_same_length(groups, strata)?;
    let order = deal_order(groups, strata, seed, "k_fold_stratified_by_group");
    require_folds(k, order.len())?;
    let part_of = deal(&order, strata, &vec![1.0 / k as f64; k]);
    let fold_of: Vec<usize> = groups.iter().map(|group| part_of[group]).collect();
    Ok(splits(k, &fold_of))
}

/// One group and its rows per stratum.
struct Hand {
    group: u64,
    counts: BTreeMap<u64, usize>,
}

impl Hand {
    fn n_rows(&self) -> usize {
        self.counts.values().sum()
    }
}

/// The groups, largest first; groups of one size in random order.
fn deal_order(groups: &[u64], strata: &[u64], seed: u64, part: &str) -> Vec<Hand> {
    let mut counts_of: BTreeMap<u64, BTreeMap<u64, usize>> = BTreeMap::new();
    for (&group, &stratum) in groups.iter().zip(strata) {
        *counts_of
            .entry(group)
            .or_default()
            .entry(stratum)
            .or_default() += 1;
    }
    let mut order: Vec<Hand> = counts_of
        .into_iter()
        .map(|(group, counts)| Hand { group, counts })
        .collect();
    order.shuffle(&mut rng(seed, part));
    order.sort_by_key(|hand| Reverse(hand.n_rows()));
    order
}

/// Gives each group to the part where it does least harm to the balance; the part per group.
///
/// Balance is the sum over parts and strata of `filled^2 / share`, filled being the share of the
/// stratum's rows that the part holds: least when every part holds its share of every stratum.
/// scikit-learn's `StratifiedGroupKFold` deals in the same greedy way by standard deviations,
/// which must be worked out anew over all folds for every choice.
fn deal(order: &[Hand], strata: &[u64], shares: &[f64]) -> BTreeMap<u64, usize> {
    let mut totals: BTreeMap<u64, usize> = BTreeMap::new();
    for &stratum in strata {
        *totals.entry(stratum).or_default() += 1;
    }
    let mut filled: Vec<BTreeMap<u64, f64>> = vec![BTreeMap::new(); shares.len()];
    let mut n_rows = vec![0.0; shares.len()];
    let mut part_of = BTreeMap::new();
    for hand in order {
        let gains: Vec<(u64, f64)> = hand
            .counts
            .iter()
            .map(|(&stratum, &count)| (stratum, count as f64 / totals[&stratum] as f64))
            .collect();
        let harm = |part: usize| -> f64 {
            let growth = gains.iter().map(|(stratum, gain)| {
                let held = filled[part].get(stratum).copied().unwrap_or(0.0);
                gain * (2.0 * held + gain)
            });
            growth.sum::<f64>() / shares[part]
        };
        let key = |part: usize| (harm(part), n_rows[part] / shares[part]);
        let part = (0..shares.len())
            .min_by(|&a, &b| {
                let (a, b) = (key(a), key(b));
                a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
            })
            .expect("there is at least one part");
        for (stratum, gain) in gains {
            *filled[part].entry(stratum).or_default() += gain;
        }
        n_rows[part] += hand.n_rows() as f64;
        part_of.insert(hand.group, part);
    }
    part_of
}

fn require_same_length(groups: &[u64], strata: &[u64]) -> Result<(), LearnError> {
    if groups.len() == strata.len() {
        return Ok(());
    }
    Err(LearnError::Shape {
        what: "strata",
        expected: groups.len(),
        found: strata.len(),
    })
}
