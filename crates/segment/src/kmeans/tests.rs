//! k-means does what Lloyd's algorithm does, finds what was planted, and stops when told.

use std::num::NonZeroUsize;

use proptest::prelude::*;
use rapport_learn::metrics::adjusted_rand_index;
use rapport_learn::{Cancellation, Silent, rng, standard_normal};

use super::*;
use crate::distance::{squared_distance, two_nearest};
use crate::testing::blobs;

fn in_context<R>(seed: u64, work: impl FnOnce(&Context<'_>) -> R) -> R {
    let cancel = Cancellation::default();
    work(&Context::new(seed, &Silent, &cancel))
}

fn fit(params: KMeansParams, records: &Matrix, seed: u64) -> (KMeans, Vec<u32>) {
    in_context(seed, |context| {
        params
            .check()
            .unwrap()
            .fit_with_labels(records, context)
            .unwrap()
    })
}

/// Lloyd's algorithm as it stands in the books, without tolerance; `None` if a cluster runs empty,
/// for which the books know no rule.
fn naive_lloyd(records: &Matrix, mut centers: Matrix) -> Option<(Matrix, Vec<u32>)> {
    let mut labels = vec![u32::MAX; records.n_rows()];
    for _ in 0..1000 {
        let next: Vec<u32> = records
            .rows()
            .map(|row| two_nearest(row, &centers).label)
            .collect();
        if next == labels {
            break;
        }
        labels = next;
        for center in 0..centers.n_rows() {
            let members: Vec<&[f64]> = records
                .rows()
                .zip(&labels)
                .filter(|&(_, &label)| label as usize == center)
                .map(|(row, _)| row)
                .collect();
            if members.is_empty() {
                return None;
            }
            for (column, value) in centers.row_mut(center).iter_mut().enumerate() {
                *value = members.iter().map(|row| row[column]).sum::<f64>() / members.len() as f64;
            }
        }
    }
    Some((centers, labels))
}

/// Compares with the naive algorithm from one start at which no cluster runs empty.
fn check_equivalence(records: &Matrix, k: usize, seed: u64) {
    let params = KMeansParams {
        tolerance: 0.0,
        max_iterations: 1000,
        ..KMeansParams::new(k)
    };
    in_context(seed, |context| {
        let Ok(start) = start::plus_plus(records, k, 0, context) else {
            return;
        };
        let Some((centers, labels)) = naive_lloyd(records, start.clone()) else {
            return;
        };

        let (model, found) = params
            .check()
            .unwrap()
            .fit_from(records, &start, context)
            .unwrap();

        assert_eq!(found, labels);
        for (found, expected) in model.centers().values().iter().zip(centers.values()) {
            assert!((found - expected).abs() <= 1e-9 * (1.0 + expected.abs()));
        }
        let inertia = rapport_learn::metrics::inertia(records, &centers).unwrap();
        assert!((model.inertia() - inertia).abs() <= 1e-9 * (1.0 + inertia));
    });
}

fn normal_table(n_rows: usize, n_columns: usize, seed: u64) -> Matrix {
    let mut generator = rng(seed, "table");
    let values = (0..n_rows * n_columns)
        .map(|_| standard_normal(&mut generator))
        .collect();
    Matrix::new(n_rows, n_columns, values).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn equals_lloyd_on_continuous_data(
        n in 20_usize..400,
        d in 1_usize..9,
        k in 1_usize..10,
        seed: u64,
    ) {
        check_equivalence(&normal_table(n, d, seed), k, seed);
    }

    /// Whole numbers bring ties and repeated rows, and their sums are exact.
    #[test]
    fn equals_lloyd_on_a_grid_full_of_ties(
        cells in prop::collection::vec(0_u8..5, 60..600),
        k in 1_usize..7,
        seed: u64,
    ) {
        let rows: Vec<[f64; 2]> = cells
            .as_chunks::<2>()
            .0
            .iter()
            .map(|&[x, y]| [f64::from(x), f64::from(y)])
            .collect();
        check_equivalence(&Matrix::from_rows(&rows), k, seed);
    }

    /// An outlier of 10^9 leaves single precision nothing of the rest.
    #[test]
    fn equals_lloyd_beside_a_huge_outlier(n in 20_usize..200, k in 2_usize..6, seed: u64) {
        let mut records = normal_table(n, 3, seed);
        records.row_mut(n / 2)[1] = 1e9;
        check_equivalence(&records, k, seed);
    }
}

#[test]
fn equals_lloyd_on_more_rows_than_one_part() {
    check_equivalence(&normal_table(2 * scaled::PART + 5, 5, 11), 7, 11);
}

#[test]
fn threads_do_not_change_the_result() {
    let records = normal_table(3 * scaled::PART, 4, 5);
    let params = KMeansParams::new(6).check().unwrap();

    let results = [1, 2, 3].map(|threads| {
        in_context(9, |context| {
            let context = context.with_threads(NonZeroUsize::new(threads).unwrap());
            params
                .fit_from(
                    &records,
                    &records.select_rows(&[0, 1, 2, 3, 4, 5]),
                    &context,
                )
                .unwrap()
        })
    });

    assert_eq!(results[0], results[1]);
    assert_eq!(results[0], results[2]);
}

#[test]
fn the_same_seed_gives_the_same_model() {
    let (records, _) = blobs(600, 5, 4, 1.0, 3);

    assert_eq!(
        fit(KMeansParams::new(4), &records, 1),
        fit(KMeansParams::new(4), &records, 1)
    );
}

#[test]
fn planted_groups_are_recovered() {
    for seed in 0..5 {
        let (records, truth) = blobs(1000, 6, 5, 0.8, seed);

        let (_, labels) = fit(KMeansParams::new(5), &records, seed);

        assert!(adjusted_rand_index(&labels, &truth).unwrap() > 0.95);
    }
}

#[test]
fn planted_groups_are_recovered_through_a_sample() {
    let (records, truth) = blobs(SAMPLE_FROM + 1000, 3, 4, 0.5, 8);

    let (model, labels) = fit(KMeansParams::new(4).n_init(3), &records, 8);

    assert!(adjusted_rand_index(&labels, &truth).unwrap() > 0.95);
    assert_eq!(model.predict(&records).unwrap(), labels);
}

#[test]
fn shifting_and_stretching_all_columns_alike_changes_no_label() {
    let (records, _) = blobs(500, 4, 3, 1.5, 2);
    let mut changed = records.clone();
    for value in changed.values_mut() {
        *value = *value * 1024.0 + 4096.0;
    }

    let (_, before) = fit(KMeansParams::new(3), &records, 4);
    let (_, after) = fit(KMeansParams::new(3), &changed, 4);

    assert_eq!(adjusted_rand_index(&before, &after), Ok(1.0));
}

#[test]
fn a_center_that_loses_all_rows_moves_to_the_farthest_row() {
    let records = Matrix::from_rows(&[[0.0], [1.0], [2.0], [50.0]]);
    let start = Matrix::from_rows(&[[1.0], [1000.0]]);

    let (model, labels) = in_context(1, |context| {
        KMeansParams::new(2)
            .check()
            .unwrap()
            .fit_from(&records, &start, context)
            .unwrap()
    });

    assert_eq!(labels, [0, 0, 0, 1]);
    assert_eq!(model.centers().values(), [1.0, 50.0]);
}

#[test]
fn equal_starts_end_apart() {
    let (records, _) = blobs(300, 2, 3, 0.5, 6);
    let start = records.select_rows(&[0, 0, 0]);

    let (model, labels) = in_context(1, |context| {
        KMeansParams::new(3)
            .check()
            .unwrap()
            .fit_from(&records, &start, context)
            .unwrap()
    });

    for label in 0..3 {
        assert!(labels.contains(&label));
    }
    assert!(squared_distance(model.centers().row(0), model.centers().row(1)) > 0.0);
}

#[test]
fn rows_that_are_all_alike_have_one_center_only() {
    let records = Matrix::from_rows(&[[3.0, 4.0]; 10]);

    let (model, labels) = fit(KMeansParams::new(1), &records, 1);
    let refused = in_context(1, |context| {
        KMeansParams::new(2).check().unwrap().fit(&records, context)
    });

    assert_eq!((model.inertia(), labels), (0.0, vec![0; 10]));
    assert!(matches!(
        refused,
        Err(SegmentError::TooFewDistinct {
            needed: 2,
            found: 1
        })
    ));
}

#[test]
fn bad_input_is_refused() {
    let gap = Matrix::from_rows(&[[1.0], [f64::NAN], [2.0]]);
    let endless = Matrix::from_rows(&[[1.0], [f64::INFINITY], [2.0]]);
    let huge = Matrix::from_rows(&[[1.0], [-1e200], [2.0]]);
    let few = Matrix::from_rows(&[[1.0]]);
    let attempt = |records: &Matrix| {
        in_context(1, |context| {
            KMeansParams::new(2).check().unwrap().fit(records, context)
        })
    };

    assert!(matches!(attempt(&gap), Err(SegmentError::Learn(_))));
    assert!(matches!(attempt(&endless), Err(SegmentError::Learn(_))));
    assert!(matches!(
        attempt(&huge),
        Err(SegmentError::TooLarge { row: 1, .. })
    ));
    assert!(matches!(
        attempt(&few),
        Err(SegmentError::TooFewCustomers {
            needed: 2,
            found: 1
        })
    ));
    assert!(KMeansParams::new(0).check().is_err());
    assert!(KMeansParams::new(2).n_init(0).check().is_err());
    let negative = KMeansParams {
        tolerance: -1.0,
        ..KMeansParams::new(2)
    };
    assert!(negative.check().is_err());
}

#[test]
fn a_cancelled_fit_stops() {
    let records = normal_table(5000, 10, 1);
    let cancel = Cancellation::default();
    cancel.cancel();

    let stopped = KMeansParams::new(8)
        .check()
        .unwrap()
        .fit(&records, &Context::new(1, &Silent, &cancel));

    assert!(matches!(
        stopped,
        Err(SegmentError::Learn(rapport_learn::LearnError::Cancelled))
    ));
}

#[test]
fn a_new_row_of_another_width_is_refused() {
    let (model, _) = fit(KMeansParams::new(1), &Matrix::zeros(3, 2), 1);

    assert!(model.predict(&Matrix::zeros(1, 3)).is_err());
}
