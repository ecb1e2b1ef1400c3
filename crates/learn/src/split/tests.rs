//! Nothing leaks: each split covers all rows once and keeps together what belongs together.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn covers_all_rows_once(split: &Split, n_samples: usize) {
    let mut rows: Vec<usize> = split.train.iter().chain(&split.test).copied().collect();
    rows.sort_unstable();
    assert_eq!(rows, (0..n_samples).collect::<Vec<_>>());
}

fn groups_on(rows: &[usize], groups: &[u64]) -> HashSet<u64> {
    rows.iter().map(|&row| groups[row]).collect()
}

proptest! {
    #[test]
    fn a_holdout_covers_all_rows_once(n in 2_usize..300, share in 0.01_f64..0.99, seed: u64) {
        let split = holdout(n, share, seed).unwrap();

        covers_all_rows_once(&split, n);
        prop_assert!(!split.train.is_empty() && !split.test.is_empty());
        prop_assert!((split.test.len() as f64 - share * n as f64).abs() <= 1.0);
    }

    #[test]
    fn no_group_stands_on_both_sides(
        groups in prop::collection::vec(0_u64..12, 2..200),
        share in 0.05_f64..0.95,
        seed: u64,
    ) {
        prop_assume!(groups.iter().collect::<HashSet<_>>().len() > 1);

        let split = holdout_by_group(&groups, share, seed).unwrap();

        covers_all_rows_once(&split, groups.len());
        prop_assert!(groups_on(&split.train, &groups).is_disjoint(&groups_on(&split.test, &groups)));
    }

    #[test]
    fn no_group_stands_on_both_sides_of_any_fold(
        groups in prop::collection::vec(0_u64..30, 60..200),
        seed: u64,
    ) {
        prop_assume!(groups.iter().collect::<HashSet<_>>().len() >= 5);

        let splits = k_fold_by_group(&groups, 5, seed).unwrap();

        for split in &splits {
            covers_all_rows_once(split, groups.len());
            prop_assert!(!split.test.is_empty());
            prop_assert!(groups_on(&split.train, &groups).is_disjoint(&groups_on(&split.test, &groups)));
        }
        let n_tested: usize = splits.iter().map(|split| split.test.len()).sum();
        prop_assert_eq!(n_tested, groups.len());
    }

    #[test]
    fn nothing_later_than_the_cutoff_is_learned_from(
        times in prop::collection::vec(-50_i64..50, 2..100),
        cutoff in -49_i64..50,
    ) {
        if let Ok(split) = holdout_by_time(&times, cutoff) {
            covers_all_rows_once(&split, times.len());
            prop_assert!(split.train.iter().all(|&row| times[row] < cutoff));
            prop_assert!(split.test.iter().all(|&row| times[row] >= cutoff));
        }
    }
}

#[test]
fn every_row_is_tested_in_exactly_one_fold_of_nearly_equal_size() {
    let splits = k_fold(10, 3, 1).unwrap();

    let mut tested: Vec<usize> = splits.iter().flat_map(|split| split.test.clone()).collect();
    tested.sort_unstable();
    assert_eq!(tested, (0..10).collect::<Vec<_>>());
    assert!(
        splits
            .iter()
            .all(|split| (3..=4).contains(&split.test.len()))
    );
}

#[test]
fn the_same_seed_splits_the_same_way() {
    let groups: Vec<u64> = (0..100).map(|row| row % 17).collect();

    assert_eq!(holdout(100, 0.2, 5), holdout(100, 0.2, 5));
    assert_ne!(holdout(100, 0.2, 5), holdout(100, 0.2, 6));
    assert_eq!(
        holdout_by_group(&groups, 0.2, 5),
        holdout_by_group(&groups, 0.2, 5)
    );
    assert_eq!(k_fold(100, 5, 5), k_fold(100, 5, 5));
}

#[test]
fn a_split_by_group_does_not_depend_on_the_order_of_rows() {
    let groups: Vec<u64> = (0..60).map(|row| row / 4).collect();
    let reversed: Vec<u64> = groups.iter().rev().copied().collect();

    let split = holdout_by_group(&groups, 0.3, 9).unwrap();
    let mirrored = holdout_by_group(&reversed, 0.3, 9).unwrap();

    assert_eq!(
        groups_on(&split.test, &groups),
        groups_on(&mirrored.test, &reversed)
    );
}

#[test]
fn one_group_cannot_be_split() {
    assert!(matches!(
        holdout_by_group(&[3, 3, 3], 0.5, 1),
        Err(LearnError::TooFewRows { .. })
    ));
    assert!(k_fold_by_group(&[1, 1, 2], 3, 1).is_err());
}

#[test]
fn shares_and_folds_out_of_range_are_refused() {
    assert!(holdout(10, 0.0, 1).is_err());
    assert!(holdout(10, 1.0, 1).is_err());
    assert!(holdout(10, f64::NAN, 1).is_err());
    assert!(k_fold(10, 1, 1).is_err());
    assert!(k_fold(2, 3, 1).is_err());
    assert!(holdout_by_time(&[1, 2, 3], 9).is_err());
}

/// A resample of n out of n misses a row with probability (1 - 1/n)^n, about 1/e.
#[test]
fn a_resample_leaves_about_a_third_of_the_rows_out() {
    let drawn = bootstrap(10_000, 10_000, 3, 0);

    let left_out = out_of_bag(10_000, &drawn);

    assert!((left_out.len() as f64 / 10_000.0 - 0.368).abs() < 0.02);
    assert!(left_out.iter().all(|row| !drawn.contains(row)));
    assert_ne!(drawn, bootstrap(10_000, 10_000, 3, 1));
    assert_eq!(drawn, bootstrap(10_000, 10_000, 3, 0));
}
