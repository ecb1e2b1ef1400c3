//! What was planted is found.

use super::*;

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
        &BoostingData::new(&records, &[Kind::Categorical], &targets),
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
