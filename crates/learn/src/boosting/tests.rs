//! Boosting finds what was planted, agrees with others, and keeps its promises.

use std::num::NonZeroUsize;

use proptest::prelude::*;
use rand::RngExt;

use super::*;
use crate::table::Kind;
use crate::{Cancellation, Check, Context, Fit, LearnError, Matrix, Predict, Silent, metrics, rng};

mod lightgbm;
mod planted;
mod splits;

const NUMERIC: Kind = Kind::Numeric;

fn fit(params: &BoostingParams, data: &BoostingData<'_>) -> BoostedTrees {
    let cancel = Cancellation::default();
    params
        .clone()
        .check()
        .unwrap()
        .fit(data, &Context::new(1, &Silent, &cancel))
        .unwrap()
}

/// Uniform numbers in [-1, 1), some of them missing.
fn uniform(n_rows: usize, n_columns: usize, missing: f64, seed: u64) -> Matrix {
    let mut generator = rng(seed, "uniform");
    let values = (0..n_rows * n_columns)
        .map(|_| {
            let value = generator.random_range(-1.0..1.0);
            if generator.random::<f64>() < missing {
                f64::NAN
            } else {
                value
            }
        })
        .collect();
    Matrix::new(n_rows, n_columns, values).unwrap()
}

/// Outcomes with the given probabilities.
fn outcomes(probabilities: impl Iterator<Item = f64>, seed: u64) -> Vec<f64> {
    let mut generator = rng(seed, "outcomes");
    probabilities
        .map(|p| f64::from(u8::from(generator.random::<f64>() < p)))
        .collect()
}

#[test]
fn missing_values_nobody_has_seen_go_with_the_majority() {
    let records = uniform(1000, 1, 0.0, 1);
    let targets: Vec<f64> = records
        .column(0)
        .map(|x| f64::from(u8::from(x > 0.5)))
        .collect();

    let model = fit(
        &BoostingParams::new(Loss::Squared),
        &BoostingData::new(&records, &[NUMERIC], &targets),
    );

    let predicted = model
        .predict(&Matrix::from_rows(&[[f64::NAN], [0.0]]))
        .unwrap();
    assert_eq!(predicted.row(0), predicted.row(1));
}

#[test]
fn scores_follow_their_directions_at_ten_thousand_random_points() {
    let train = uniform(2000, 3, 0.1, 1);
    // Up, down and up again in the first column: the truth violates the direction.
    let signal: Vec<f64> = train
        .rows()
        .zip(uniform(2000, 1, 0.0, 9).values())
        .map(|(row, noise)| {
            let [a, b, c] = [row[0], row[1], row[2]].map(|v| if v.is_nan() { 0.0 } else { v });
            (5.0 * a).sin() + a - 2.0 * b * c + noise
        })
        .collect();
    let outcomes: Vec<f64> = signal
        .iter()
        .map(|s| f64::from(u8::from(*s > 0.0)))
        .collect();
    let points = uniform(10_000, 3, 0.1, 7);

    for (loss, targets) in [
        (Loss::Logistic, &outcomes),
        (Loss::Poisson, &outcomes),
        (Loss::Squared, &signal),
        (Loss::Quantile { level: 0.7 }, &signal),
    ] {
        let params = BoostingParams {
            monotone: vec![Monotone::Increasing, Monotone::Decreasing, Monotone::Free],
            min_samples_leaf: 2,
            ..BoostingParams::new(loss)
        };
        let model = fit(&params, &BoostingData::new(&train, &[NUMERIC; 3], targets));

        let mut generator = rng(8, "steps");
        let base = model.predict_scores(&points).unwrap();
        for (column, sign) in [(0, 1.0), (1, -1.0)] {
            let mut moved = points.clone();
            for row in moved.rows_mut() {
                row[column] += generator.random_range(0.0..1.5);
            }
            let scores = model.predict_scores(&moved).unwrap();
            for (before, after) in base.values().iter().zip(scores.values()) {
                assert!(sign * (after - before) >= 0.0, "{loss:?}, column {column}");
            }
        }
        assert!(
            model.trees().iter().any(|tree| tree.n_leaves() > 4),
            "{loss:?}"
        );
    }
}

#[test]
fn threads_and_repetition_do_not_change_the_model() {
    let train = uniform(20_000, 8, 0.05, 1);
    let targets = outcomes(
        train
            .rows()
            .map(|row| if row[0] + row[1] > 0.0 { 0.9 } else { 0.2 }),
        2,
    );
    let data = BoostingData::new(&train, &[NUMERIC; 8], &targets);
    let params = BoostingParams {
        row_sampling: RowSampling::Share(0.7),
        column_share: 0.8,
        ..BoostingParams::new(Loss::Logistic).n_rounds(4)
    }
    .check()
    .unwrap();
    let cancel = Cancellation::default();

    let models = [1, 1, 2, 5].map(|threads| {
        let context =
            Context::new(3, &Silent, &cancel).with_threads(NonZeroUsize::new(threads).unwrap());
        params.fit(&data, &context).unwrap()
    });

    assert!(models.iter().all(|model| *model == models[0]));
    let other = params
        .fit(&data, &Context::new(4, &Silent, &cancel))
        .unwrap();
    assert_ne!(other, models[0]);
}

#[test]
fn a_weight_of_two_is_the_row_twice() {
    let grid = |seed| {
        let mut records = uniform(300, 2, 0.1, seed);
        for value in records.values_mut() {
            *value = (*value * 10.0).round();
        }
        records
    };
    let records = grid(1);
    let targets: Vec<f64> = records
        .rows()
        .map(|row| row[0].max(0.0) - row[1].max(2.0))
        .collect();
    let weights: Vec<f64> = (0..300).map(|row| f64::from(row % 3)).collect();
    let repeated: Vec<usize> = (0..300).flat_map(|row| vec![row; row % 3]).collect();
    let repeated_targets: Vec<f64> = repeated.iter().map(|&row| targets[row]).collect();
    let repeated_records = records.select_rows(&repeated);
    let params = BoostingParams {
        min_samples_leaf: 1,
        min_child_weight: 5.0,
        ..BoostingParams::new(Loss::Squared).n_rounds(20)
    };
    let kinds = [NUMERIC; 2];

    let weighted = fit(
        &params,
        &BoostingData::new(&records, &kinds, &targets).with_weights(&weights),
    );
    let twice = fit(
        &params,
        &BoostingData::new(&repeated_records, &kinds, &repeated_targets),
    );

    let points = grid(2);
    let found = weighted.predict(&points).unwrap();
    for (a, b) in found
        .values()
        .iter()
        .zip(twice.predict(&points).unwrap().values())
    {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
}

#[test]
fn balanced_classes_weigh_alike() {
    let records = uniform(1000, 1, 0.0, 1);
    let targets: Vec<f64> = (0..1000)
        .map(|row| f64::from(u8::from(row % 10 == 0)))
        .collect();
    let params = |class_weights| BoostingParams {
        class_weights,
        ..BoostingParams::new(Loss::Logistic).n_rounds(1)
    };
    let data = BoostingData::new(&records, &[NUMERIC], &targets);

    let balanced = fit(&params(ClassWeights::Balanced), &data);
    let given = fit(&params(ClassWeights::Given(vec![1.0, 9.0])), &data);

    assert!(balanced.start()[0].abs() < 1e-12);
    assert!((given.start()[0]).abs() < 1e-12);
    assert_eq!(balanced.trees()[0].nodes()[0].cover().round(), 1000.0);
}

#[test]
fn trees_keep_within_their_limits() {
    let records = uniform(1000, 3, 0.1, 1);
    let targets: Vec<f64> = records.rows().map(|row| row[0] * 7.0 % 1.0).collect();
    let targets: Vec<f64> = targets
        .iter()
        .map(|y| if y.is_nan() { 0.0 } else { *y })
        .collect();
    let params = BoostingParams {
        max_leaves: 9,
        max_depth: 4,
        min_samples_leaf: 30,
        ..BoostingParams::new(Loss::Squared).n_rounds(20)
    };

    let model = fit(
        &params,
        &BoostingData::new(&records, &[NUMERIC; 3], &targets),
    );

    for tree in model.trees() {
        assert!(tree.n_leaves() <= 9);
        assert!(tree.nodes().iter().all(|node| node.cover() >= 30.0));
        assert_eq!(tree.nodes()[0].cover(), 1000.0);
        let mut depths = vec![0; tree.nodes().len()];
        for (at, node) in tree.nodes().iter().enumerate() {
            if let Node::Split { left, .. } = node {
                (depths[*left], depths[left + 1]) = (depths[at] + 1, depths[at] + 1);
            }
        }
        assert!(depths.iter().all(|&depth| depth <= 4));
    }
}

#[test]
fn nothing_to_learn_gives_the_constant() {
    let records = uniform(100, 2, 0.0, 1);

    let alike = fit(
        &BoostingParams::new(Loss::Squared),
        &BoostingData::new(&records, &[NUMERIC; 2], &[3.5; 100]),
    );
    let without_columns = fit(
        &BoostingParams::new(Loss::Squared),
        &BoostingData::new(&Matrix::zeros(4, 0), &[], &[1.0, 2.0, 3.0, 6.0]),
    );

    assert!(
        alike
            .predict(&records)
            .unwrap()
            .values()
            .iter()
            .all(|p| *p == 3.5)
    );
    assert!(alike.n_rounds() <= 1);
    assert_eq!(
        without_columns
            .predict(&Matrix::zeros(1, 0))
            .unwrap()
            .row(0),
        [3.0]
    );
}

#[test]
fn a_model_says_the_same_after_a_file() {
    let records = uniform(500, 3, 0.2, 1);
    let targets: Vec<f64> = (0..500).map(|row| f64::from(row % 3)).collect();
    let params = BoostingParams {
        min_samples_leaf: 3,
        ..BoostingParams::new(Loss::Softmax { n_classes: 3 }).n_rounds(5)
    };
    let model = fit(
        &params,
        &BoostingData::new(&records, &[NUMERIC; 3], &targets),
    );

    let text = serde_json::to_string(&model).unwrap();
    let back: BoostedTrees = serde_json::from_str(&text).unwrap();

    assert_eq!(back, model);
    assert_eq!(
        back.predict(&records).unwrap(),
        model.predict(&records).unwrap()
    );
}

#[test]
fn a_cancelled_fit_stops() {
    let records = uniform(100, 2, 0.0, 1);
    let cancel = Cancellation::default();
    cancel.cancel();

    let stopped = BoostingParams::new(Loss::Squared).check().unwrap().fit(
        &BoostingData::new(&records, &[NUMERIC; 2], &[0.0; 100]),
        &Context::new(1, &Silent, &cancel),
    );

    assert_eq!(stopped, Err(BoostingError::Learn(LearnError::Cancelled)));
}

#[test]
fn every_round_is_told() {
    #[derive(Default)]
    struct Told(std::sync::Mutex<Vec<(u64, u64)>>);
    impl crate::Progress for Told {
        fn report(&self, _step: &str, done: u64, total: u64) {
            self.0.lock().unwrap().push((done, total));
        }
    }
    let records = uniform(100, 2, 0.0, 1);
    let targets: Vec<f64> = records.column(0).collect();
    let (told, cancel) = (Told::default(), Cancellation::default());

    BoostingParams::new(Loss::Squared)
        .n_rounds(3)
        .check()
        .unwrap()
        .fit(
            &BoostingData::new(&records, &[NUMERIC; 2], &targets),
            &Context::new(1, &told, &cancel),
        )
        .unwrap();

    assert_eq!(*told.0.lock().unwrap(), [(1, 3), (2, 3), (3, 3)]);
}

#[test]
fn directions_are_one_per_column_and_for_numbers_only() {
    let records = Matrix::zeros(5, 2);
    let kinds = [NUMERIC, Kind::Categorical];
    let data = BoostingData::new(&records, &kinds, &[0.0; 5]);
    let attempt = |monotone| {
        let cancel = Cancellation::default();
        BoostingParams {
            monotone,
            ..BoostingParams::new(Loss::Squared)
        }
        .check()
        .unwrap()
        .fit(&data, &Context::new(1, &Silent, &cancel))
        .err()
    };

    assert_eq!(
        attempt(vec![Monotone::Free, Monotone::Increasing]),
        Some(BoostingError::MonotoneCategory { column: 1 })
    );
    assert!(matches!(
        attempt(vec![Monotone::Free]),
        Some(BoostingError::Learn(_))
    ));
    assert_eq!(attempt(vec![Monotone::Increasing, Monotone::Free]), None);
}

#[test]
fn rows_of_another_width_are_refused() {
    let records = uniform(50, 2, 0.0, 1);
    let model = fit(
        &BoostingParams::new(Loss::Squared).n_rounds(1),
        &BoostingData::new(&records, &[NUMERIC; 2], &[1.0; 50]),
    );

    assert!(model.predict(&Matrix::zeros(1, 3)).is_err());
}
