//! Ward's tree agrees with SciPy's and finds what was planted.

use proptest::prelude::*;
use rapport_learn::metrics::adjusted_rand_index;
use rapport_learn::{Cancellation, Silent, standard_normal};

use super::*;
use crate::testing::blobs;

fn in_context<R>(seed: u64, work: impl FnOnce(&Context<'_>) -> R) -> R {
    let cancel = Cancellation::default();
    work(&Context::new(seed, &Silent, &cancel))
}

fn grow(records: &Matrix) -> Tree {
    in_context(1, |context| Tree::grow(records, context).unwrap())
}

fn points() -> Matrix {
    Matrix::from_rows(&[
        [1.0, 2.0],
        [1.5, 1.8],
        [1.0, 0.6],
        [5.0, 8.0],
        [8.0, 8.0],
        [9.0, 11.0],
        [8.0, 2.0],
        [10.0, 2.0],
    ])
}

/// Source: `scipy.cluster.hierarchy.linkage(points, "ward")`, SciPy 1.17.
#[test]
fn the_tree_agrees_with_scipy() {
    let expected = [
        (0, 1, 0.538_516_480_713_450_4, 2),
        (2, 8, 1.528_615_931_706_413_4, 3),
        (6, 7, 2.0, 2),
        (3, 4, 3.0, 2),
        (5, 11, 4.509_249_752_822_894, 3),
        (10, 12, 11.147_495_981_908_524, 5),
        (9, 13, 16.097_230_610_677_52, 8),
    ];

    let tree = grow(&points());

    for (merge, (left, right, height, size)) in tree.merges().iter().zip(expected) {
        assert_eq!((merge.left, merge.right, merge.size), (left, right, size));
        assert!((merge.height - height).abs() < 1e-12, "{merge:?}");
    }
}

/// Source: `scipy.cluster.hierarchy.fcluster(linkage, 3, "maxclust")`, renumbered.
#[test]
fn cutting_agrees_with_scipy() {
    assert_eq!(grow(&points()).cut(3), [0, 0, 0, 1, 1, 1, 2, 2]);
    assert_eq!(grow(&points()).cut(1), [0; 8]);
    assert_eq!(grow(&points()).cut(8), [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn planted_groups_are_recovered_through_a_sample() {
    for seed in 0..3 {
        let (records, truth) = blobs(2000, 5, 4, 1.0, seed);
        let params = WardParams {
            sample_size: 300,
            ..WardParams::new(4)
        };

        let labels = in_context(seed, |context| {
            let model = params.check().unwrap().fit(&records, context).unwrap();
            model.predict(&records).unwrap()
        });

        assert!(adjusted_rand_index(&labels, &truth).unwrap() > 0.95);
    }
}

#[test]
fn rows_that_are_all_alike_still_make_a_tree() {
    let tree = grow(&Matrix::zeros(9, 2));

    assert_eq!(tree.merges().len(), 8);
    assert!(tree.merges().iter().all(|merge| merge.height == 0.0));
    assert_eq!(tree.merges()[7].size, 9);
}

#[test]
fn a_single_row_is_a_tree_without_merges() {
    let tree = grow(&Matrix::zeros(1, 2));

    assert!(tree.merges().is_empty());
    assert_eq!(tree.cut(1), [0]);
}

#[test]
fn bad_input_is_refused() {
    assert!(WardParams::new(0).check().is_err());
    let small = WardParams {
        k: 5,
        sample_size: 4,
    };
    assert!(small.check().is_err());
    let few = in_context(1, |context| {
        WardParams::new(3)
            .check()
            .unwrap()
            .fit(&Matrix::zeros(2, 1), context)
    });
    assert!(matches!(few, Err(SegmentError::TooFewCustomers { .. })));
}

#[test]
fn a_cancelled_tree_stops() {
    let cancel = Cancellation::default();
    cancel.cancel();

    let stopped = Tree::grow(&points(), &Context::new(1, &Silent, &cancel));

    assert!(stopped.is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// The increase of the summed squared distance over all merges is the total spread.
    #[test]
    fn heights_add_up_to_the_spread(n in 2_usize..80, seed: u64) {
        let mut generator = rng(seed, "rows");
        let values = (0..3 * n).map(|_| standard_normal(&mut generator)).collect();
        let records = Matrix::new(n, 3, values).unwrap();

        let tree = grow(&records);

        let mut spread = 0.0;
        for column in 0..3 {
            let values: Vec<f64> = records.column(column).collect();
            spread += n as f64 * rapport_learn::stats::variance(&values);
        }
        let increase: f64 = tree.merges().iter().map(|merge| merge.height.powi(2) / 2.0).sum();
        prop_assert!((increase - spread).abs() < 1e-9 * (1.0 + spread));
        prop_assert!(tree.merges().windows(2).all(|pair| pair[0].height <= pair[1].height));
        for k in 1..=n {
            let n_labels = tree.cut(k).into_iter().max().map_or(0, |label| label as usize + 1);
            prop_assert_eq!(n_labels, k);
        }
    }
}
