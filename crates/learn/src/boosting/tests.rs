//! Boosting finds what was planted, agrees with others, and keeps its promises.

use std::num::NonZeroUsize;

use proptest::prelude::*;
use rand::RngExt;

use super::*;
use crate::{Cancellation, Check, Context, Fit, LearnError, Matrix, Predict, Silent, metrics, rng};

mod lightgbm;
mod splits;

const NUMERIC: FeatureKind = FeatureKind::Numeric;

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

/// Friedman's first function on the first five columns, scaled from [-1, 1] to [0, 1].
fn friedman(row: &[f64]) -> f64 {
    let x: Vec<f64> = row.iter().map(|value| (value + 1.0) / 2.0).collect();
    10.0 * (std::f64::consts::PI * x[0] * x[1]).sin()
        + 20.0 * (x[2] - 0.5).powi(2)
        + 10.0 * x[3]
        + 5.0 * x[4]
}

#[test]
fn a_bent_function_with_interactions_is_recovered() {
    let (train, test) = (uniform(2000, 7, 0.0, 1), uniform(500, 7, 0.0, 2));
    let targets: Vec<f64> = train.rows().map(friedman).collect();
    let truth: Vec<f64> = test.rows().map(friedman).collect();
    let params = BoostingParams::new(Loss::Squared).n_rounds(200);

    let model = fit(&params, &BoostingData::new(&train, &[NUMERIC; 7], &targets));

    let predicted = model.predict(&test).unwrap();
    let error = metrics::rmse(predicted.values(), &truth).unwrap();
    let spread = crate::stats::variance(&truth).sqrt();
    assert!(error < 0.15 * spread, "{error} of {spread}");
    let importances = model.importances();
    for noise in &importances[5..] {
        assert!(
            importances[..5]
                .iter()
                .all(|truth| truth.gain > 20.0 * noise.gain)
        );
    }
}

#[test]
fn probabilities_are_recovered_and_beat_the_base_rate() {
    let truth = |row: &[f64]| 1.0 / (1.0 + (-4.0 * row[0] * row[1]).exp());
    let (train, test) = (uniform(4000, 3, 0.0, 1), uniform(2000, 3, 0.0, 2));
    let targets = outcomes(train.rows().map(truth), 3);
    let actual: Vec<bool> = outcomes(test.rows().map(truth), 4)
        .iter()
        .map(|&y| y == 1.0)
        .collect();
    let params = BoostingParams::new(Loss::Logistic).n_rounds(60);

    let model = fit(&params, &BoostingData::new(&train, &[NUMERIC; 3], &targets));

    let predicted = model.predict(&test).unwrap();
    let mean_error = predicted
        .values()
        .iter()
        .zip(test.rows())
        .map(|(p, row)| (p - truth(row)).abs())
        .sum::<f64>()
        / 2000.0;
    assert!(mean_error < 0.1, "{mean_error}");
    assert!(metrics::auc(predicted.values(), &actual).unwrap() > 0.75);
}

#[test]
fn classes_that_depend_on_two_columns_are_told_apart() {
    let class = |row: &[f64]| f64::from(u8::from(row[0] > 0.0)) + f64::from(u8::from(row[1] > 0.3));
    let (train, test) = (uniform(2000, 3, 0.0, 1), uniform(500, 3, 0.0, 2));
    let targets: Vec<f64> = train.rows().map(class).collect();
    let params = BoostingParams::new(Loss::Softmax { n_classes: 3 }).n_rounds(30);

    let model = fit(&params, &BoostingData::new(&train, &[NUMERIC; 3], &targets));

    let predicted = model.predict(&test).unwrap();
    let right = predicted.rows().zip(test.rows()).filter(|(p, row)| {
        let best = (0..3).max_by(|&a, &b| p[a].total_cmp(&p[b])).unwrap();
        best as f64 == class(row)
    });
    assert!(right.count() > 490);
    for row in predicted.rows() {
        assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_quantile_covers_its_share() {
    let train = uniform(4000, 2, 0.0, 1);
    let noise = uniform(4000, 1, 0.0, 5);
    let targets: Vec<f64> = train
        .rows()
        .zip(noise.values())
        .map(|(row, noise)| 3.0 * row[0] + noise * (1.5 + row[1]))
        .collect();

    for level in [0.1, 0.5, 0.9] {
        let params = BoostingParams::new(Loss::Quantile { level }).n_rounds(50);
        let model = fit(&params, &BoostingData::new(&train, &[NUMERIC; 2], &targets));

        let test = uniform(500, 2, 0.0, 6);
        let predicted = model.predict(&test).unwrap();
        // The level-quantile of uniform noise in [-1, 1) is 2 level - 1.
        let errors = predicted
            .values()
            .iter()
            .zip(test.rows())
            .map(|(p, row)| (p - (3.0 * row[0] + (2.0 * level - 1.0) * (1.5 + row[1]))).abs());
        let mean_error = errors.sum::<f64>() / 500.0;
        assert!(mean_error < 0.25, "{level}: {mean_error}");
    }
}

#[test]
fn rates_of_counts_are_recovered() {
    let rate = |row: &[f64]| (1.0 + row[0] + if row[1] > 0.0 { 0.5 } else { -0.5 }).exp();
    let train = uniform(4000, 2, 0.0, 1);
    let mut generator = rng(2, "counts");
    let targets: Vec<f64> = train
        .rows()
        .map(|row| {
            // Knuth's way to a Poisson draw: how many uniform factors until below exp(-rate).
            let (mut product, mut n, least) = (1.0, -1.0, (-rate(row)).exp());
            while product > least {
                product *= generator.random::<f64>();
                n += 1.0;
            }
            n
        })
        .collect();
    let params = BoostingParams::new(Loss::Poisson).n_rounds(60);

    let model = fit(&params, &BoostingData::new(&train, &[NUMERIC; 2], &targets));

    let test = uniform(500, 2, 0.0, 3);
    let predicted = model.predict(&test).unwrap();
    let errors = predicted
        .values()
        .iter()
        .zip(test.rows())
        .map(|(p, row)| (p / rate(row)).ln().abs());
    assert!(errors.sum::<f64>() / 500.0 < 0.12);
}

/// Every second row of the planted effect is missing and belongs to the high side.
#[test]
fn missing_values_go_to_the_better_side() {
    for high in [1.0, -1.0] {
        let mut records = uniform(1000, 1, 0.0, 1);
        let mut targets = Vec::new();
        for (at, row) in records.rows_mut().enumerate() {
            targets.push(if at % 2 == 0 || row[0] > 0.5 {
                high
            } else {
                0.0
            });
            if at % 2 == 0 {
                row[0] = f64::NAN;
            }
        }
        let params = BoostingParams {
            max_leaves: 2,
            ..BoostingParams::new(Loss::Squared)
                .n_rounds(1)
                .learning_rate(1.0)
        };

        let model = fit(&params, &BoostingData::new(&records, &[NUMERIC], &targets));

        let predicted = model
            .predict(&Matrix::from_rows(&[[f64::NAN], [0.4], [0.6]]))
            .unwrap();
        for (found, expected) in predicted.values().iter().zip([high, 0.0, high]) {
            assert!((found - expected).abs() < 0.01, "{predicted:?}");
        }
    }
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

/// Twenty categories, of which a scattered seven have an effect.
#[test]
fn a_scattered_set_of_categories_is_found_in_one_split() {
    let high = [0, 3, 4, 9, 13, 17, 18];
    let mut generator = rng(1, "categories");
    let codes: Vec<f64> = (0..8000)
        .map(|_| f64::from(generator.random_range(0_u32..20)))
        .collect();
    let targets: Vec<f64> = codes
        .iter()
        .map(|&code| {
            f64::from(u8::from(high.contains(&(code as u32)))) + generator.random_range(-0.3..0.3)
        })
        .collect();
    let records = Matrix::new(8000, 1, codes).unwrap();
    let params = BoostingParams {
        max_leaves: 2,
        ..BoostingParams::new(Loss::Squared).n_rounds(1)
    };

    let model = fit(
        &params,
        &BoostingData::new(&records, &[FeatureKind::Category], &targets),
    );

    let Node::Split {
        rule: Rule::OneOf(set),
        ..
    } = &model.trees()[0].nodes()[0]
    else {
        panic!("the root asks for categories");
    };
    assert_eq!(Vec::<u32>::from(set.clone()), high);
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
fn sampled_rows_and_columns_still_learn() {
    let (train, test) = (uniform(3000, 6, 0.0, 1), uniform(500, 6, 0.0, 2));
    let targets: Vec<f64> = train.rows().map(friedman).collect();
    let truth: Vec<f64> = test.rows().map(friedman).collect();
    let spread = crate::stats::variance(&truth).sqrt();

    for (row_sampling, column_share) in [
        (RowSampling::Share(0.5), 1.0),
        (
            RowSampling::Goss {
                top: 0.2,
                other: 0.1,
            },
            1.0,
        ),
        (RowSampling::All, 0.5),
    ] {
        let params = BoostingParams {
            row_sampling,
            column_share,
            ..BoostingParams::new(Loss::Squared).n_rounds(150)
        };
        let model = fit(&params, &BoostingData::new(&train, &[NUMERIC; 6], &targets));

        let error = metrics::rmse(model.predict(&test).unwrap().values(), &truth).unwrap();
        assert!(
            error < 0.2 * spread,
            "{row_sampling:?}: {error} of {spread}"
        );
    }
}

#[test]
fn boosting_stops_where_validation_rows_are_best() {
    let truth = |row: &[f64]| if row[0] > 0.0 { 0.7 } else { 0.3 };
    let (train, held) = (uniform(500, 4, 0.0, 1), uniform(500, 4, 0.0, 2));
    let targets = outcomes(train.rows().map(truth), 3);
    let held_targets = outcomes(held.rows().map(truth), 4);
    let params = BoostingParams {
        early_stopping_rounds: Some(10),
        ..BoostingParams::new(Loss::Logistic).n_rounds(500)
    };
    let cancel = Cancellation::default();

    let (model, log) = params
        .check()
        .unwrap()
        .fit_with_validation(
            &BoostingData::new(&train, &[NUMERIC; 4], &targets),
            &BoostingData::new(&held, &[NUMERIC; 4], &held_targets),
            &Context::new(1, &Silent, &cancel),
        )
        .unwrap();

    assert_eq!(log.validation_losses.len(), log.n_rounds + 10);
    assert_eq!(model.n_rounds(), log.n_rounds);
    let outcomes: Vec<bool> = held_targets.iter().map(|&y| y == 1.0).collect();
    let loss = metrics::log_loss(model.predict(&held).unwrap().values(), &outcomes).unwrap();
    let least = log.validation_losses[log.n_rounds - 1];
    assert!((loss - least).abs() < 1e-9);
    assert!(log.validation_losses.iter().all(|loss| *loss >= least));
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
    let kinds = [NUMERIC, FeatureKind::Category];
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
