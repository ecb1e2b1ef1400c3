//! Every part holds the mix of the whole, and still nothing leaks.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;

use super::*;

fn covers_all_rows_once(split: &Split, n_samples: usize) {
    let mut rows: Vec<usize> = split.train.iter().chain(&split.test).copied().collect();
    rows.sort_unstable();
    assert_eq!(rows, (0..n_samples).collect::<Vec<_>>());
}

fn counts(rows: &[usize], strata: &[u64]) -> BTreeMap<u64, usize> {
    let mut counts = BTreeMap::new();
    for &row in rows {
        *counts.entry(strata[row]).or_default() += 1;
    }
    counts
}

fn groups_on(rows: &[usize], groups: &[u64]) -> HashSet<u64> {
    rows.iter().map(|&row| groups[row]).collect()
}

/// Groups and strata of one length; a group may lie in several strata.
fn grouped_rows() -> impl Strategy<Value = Vec<(u64, u64)>> {
    prop::collection::vec((0_u64..40, 0_u64..3), 80..250)
}

proptest! {
    #[test]
    fn a_holdout_takes_its_share_of_every_stratum_within_one_row(
        strata in prop::collection::vec(0_u64..5, 2..300),
        share in 0.01_f64..0.99,
        seed: u64,
    ) {
        let split = holdout_stratified(&strata, share, seed).unwrap();

        covers_all_rows_once(&split, strata.len());
        prop_assert!(!split.train.is_empty() && !split.test.is_empty());
        prop_assert!((split.test.len() as f64 - share * strata.len() as f64).abs() <= 1.0);
        let all = counts(&(0..strata.len()).collect::<Vec<_>>(), &strata);
        let held = counts(&split.test, &strata);
        for (stratum, size) in all {
            let n_held = held.get(&stratum).copied().unwrap_or(0);
            prop_assert!((n_held as f64 - share * size as f64).abs() <= 1.0);
        }
    }

    #[test]
    fn folds_hold_the_same_number_of_every_stratum_within_one_row(
        strata in prop::collection::vec(0_u64..4, 10..200),
        k in 2_usize..8,
        seed: u64,
    ) {
        let splits = k_fold_stratified(&strata, k, seed).unwrap();

        let spread = |sizes: &[usize]| sizes.iter().max().unwrap() - sizes.iter().min().unwrap();
        for stratum in 0..4 {
            let sizes: Vec<usize> = splits
                .iter()
                .map(|split| counts(&split.test, &strata).get(&stratum).copied().unwrap_or(0))
                .collect();
            prop_assert!(spread(&sizes) <= 1);
        }
        let sizes: Vec<usize> = splits.iter().map(|split| split.test.len()).collect();
        prop_assert!(spread(&sizes) <= 1);
        prop_assert_eq!(sizes.iter().sum::<usize>(), strata.len());
        for split in &splits {
            covers_all_rows_once(split, strata.len());
        }
    }

    #[test]
    fn stratified_parts_never_split_a_group(rows in grouped_rows(), seed: u64) {
        let (groups, strata): (Vec<u64>, Vec<u64>) = rows.into_iter().unzip();
        prop_assume!(groups.iter().collect::<HashSet<_>>().len() >= 5);

        let mut splits = k_fold_stratified_by_group(&groups, &strata, 5, seed).unwrap();
        let n_tested: usize = splits.iter().map(|split| split.test.len()).sum();
        prop_assert_eq!(n_tested, groups.len());
        splits.push(holdout_stratified_by_group(&groups, &strata, 0.2, seed).unwrap());

        for split in &splits {
            covers_all_rows_once(split, groups.len());
            prop_assert!(!split.train.is_empty() && !split.test.is_empty());
            prop_assert!(groups_on(&split.train, &groups).is_disjoint(&groups_on(&split.test, &groups)));
        }
    }
}

/// 200 customers of 1 to 5 rows; every seventh buys, whatever else they do.
fn customers() -> (Vec<u64>, Vec<u64>) {
    (0..200_u64)
        .flat_map(|customer| {
            let n_rows = 1 + customer % 5;
            (0..n_rows).map(move |_| (customer, u64::from(customer % 7 == 0)))
        })
        .unzip()
}

#[test]
fn folds_of_many_small_groups_hold_the_same_share_of_buyers() {
    let (groups, strata) = customers();
    let all = counts(&(0..strata.len()).collect::<Vec<_>>(), &strata);

    for split in k_fold_stratified_by_group(&groups, &strata, 5, 1).unwrap() {
        let held = counts(&split.test, &strata);
        for (stratum, &size) in &all {
            assert!(held[stratum].abs_diff(size / 5) <= 2, "{held:?} of {all:?}");
        }
    }
}

#[test]
fn a_holdout_of_many_small_groups_takes_its_share_of_buyers() {
    let (groups, strata) = customers();
    let all = counts(&(0..strata.len()).collect::<Vec<_>>(), &strata);

    let split = holdout_stratified_by_group(&groups, &strata, 0.25, 1).unwrap();

    let held = counts(&split.test, &strata);
    for (stratum, &size) in &all {
        assert!((held[stratum] as f64 - 0.25 * size as f64).abs() <= 2.0);
    }
}

#[test]
fn two_groups_stand_on_two_sides() {
    for (groups, share) in [([1, 1, 2], 0.01), ([1, 2, 2], 0.99)] {
        let split = holdout_stratified_by_group(&groups, &[0, 0, 0], share, 3).unwrap();

        assert!(!split.train.is_empty() && !split.test.is_empty());
    }
}

#[test]
fn the_same_seed_stratifies_the_same_way() {
    let (groups, strata) = customers();

    assert_eq!(
        holdout_stratified(&strata, 0.2, 5),
        holdout_stratified(&strata, 0.2, 5)
    );
    assert_ne!(
        holdout_stratified(&strata, 0.2, 5),
        holdout_stratified(&strata, 0.2, 6)
    );
    assert_eq!(
        k_fold_stratified_by_group(&groups, &strata, 4, 5),
        k_fold_stratified_by_group(&groups, &strata, 4, 5)
    );
    assert_ne!(
        k_fold_stratified_by_group(&groups, &strata, 4, 5),
        k_fold_stratified_by_group(&groups, &strata, 4, 6)
    );
}

#[test]
fn what_cannot_be_stratified_is_refused() {
    assert!(holdout_stratified(&[1], 0.5, 1).is_err());
    assert!(holdout_stratified(&[1, 2], 1.0, 1).is_err());
    assert!(k_fold_stratified(&[1, 2], 3, 1).is_err());
    assert!(k_fold_stratified(&[1, 2], 1, 1).is_err());
    assert!(holdout_stratified_by_group(&[4, 4], &[0, 1], 0.5, 1).is_err());
    assert!(k_fold_stratified_by_group(&[1, 1, 2], &[0, 1, 0], 3, 1).is_err());
    assert!(matches!(
        k_fold_stratified_by_group(&[1, 2], &[0], 2, 1),
        Err(LearnError::Shape { what: "strata", .. })
    ));
}
