//! Blends against a general minimizer, planted truth, and what is refused.

use super::*;
use crate::boosting::{BoostingData, BoostingParams, Loss};
use crate::linear::LogisticParams;
use crate::linear::oracle::draws;
use crate::metrics::log_loss;
use crate::naive_bayes::GaussianNbParams;
use crate::split::k_fold;
use crate::table::Kind;
use crate::{Cancellation, Check, Fit, Silent, rng, standard_normal};

fn with_context<R>(work: impl FnOnce(&Context<'_>) -> R) -> R {
    let cancel = Cancellation::default();
    work(&Context::new(1, &Silent, &cancel))
}

fn two_columns(probabilities: impl Iterator<Item = f64>) -> Matrix {
    let rows: Vec<[f64; 2]> = probabilities.map(|p| [1.0 - p, p]).collect();
    Matrix::from_rows(&rows)
}

/// Probabilities of two models for 60 rows, and what happened.
fn forecasts() -> (Vec<Matrix>, Vec<u32>) {
    let u = draws(120, 777);
    let pairs = || u.chunks(2);
    let first = two_columns(pairs().map(|u| 0.05 + 0.9 * u[0]));
    let second = two_columns(pairs().map(|u| (0.6 * u[0] + 0.4 * u[1]).clamp(0.02, 0.98)));
    let labels = pairs()
        .enumerate()
        .map(|(i, u)| u32::from(u[0] * 0.7 + u[1] * 0.3 + 0.35 * (3.0 * i as f64).sin() > 0.5))
        .collect();
    (vec![first, second], labels)
}

fn blend(params: BlenderParams, probabilities: &[Matrix], labels: &[u32]) -> Blender {
    let blender = with_context(|context| {
        params
            .check()
            .unwrap()
            .fit(probabilities, labels, None, context)
    })
    .unwrap();
    assert!(
        blender.convergence().converged,
        "{:?}",
        blender.convergence()
    );
    blender
}

/// Source: logistic regression on log odds with the same penalty, minimized by SciPy 1.17 BFGS to
/// a gradient of 1e-11; L-BFGS-B within bounds agrees.
#[test]
fn a_blend_of_two_classes_is_logistic_regression_on_log_odds() {
    let (probabilities, labels) = forecasts();

    for non_negative in [false, true] {
        let params = BlenderParams {
            non_negative,
            ..BlenderParams::default()
        };
        let blender = blend(params, &probabilities, &labels);

        assert!(
            (blender.weights()[0] - 0.252_516_328_389_166_5).abs() < 1e-6,
            "{blender:?}"
        );
        assert!((blender.weights()[1] - 1.378_191_653_122_010_2).abs() < 1e-6);
        assert!((blender.offsets()[1] - 0.128_273_983_976_044_92).abs() < 1e-6);
    }
}

#[test]
fn a_model_that_is_always_wrong_is_left_out_rather_than_turned_around() {
    let (mut probabilities, labels) = forecasts();
    let u = draws(120, 777);
    let wrong = labels.iter().zip(u.chunks(2));
    probabilities[1] = two_columns(wrong.map(|(&label, u)| {
        if label == 1 {
            0.1 + 0.3 * u[1]
        } else {
            0.6 + 0.3 * u[1]
        }
    }));
    let params = BlenderParams {
        lambda: 0.0,
        ..BlenderParams::default()
    };

    let bounded = blend(params, &probabilities, &labels);
    let alone = blend(params, &probabilities[..1], &labels);

    assert_eq!(bounded.weights()[1], 0.0);
    assert!((bounded.weights()[0] - alone.weights()[0]).abs() < 1e-6);
}

#[test]
fn models_that_agree_everywhere_share_the_weight() {
    let (mut probabilities, labels) = forecasts();
    probabilities[1] = probabilities[0].clone();

    let blender = blend(BlenderParams::default(), &probabilities, &labels);

    assert!((blender.weights()[0] - blender.weights()[1]).abs() < 1e-6);
}

#[test]
fn a_strong_penalty_gives_the_geometric_mean() {
    let (probabilities, labels) = forecasts();
    let params = BlenderParams {
        lambda: 1e9,
        offsets: false,
        ..BlenderParams::default()
    };

    let blender = blend(params, &probabilities, &labels);
    let blended = blender.blend(&probabilities).unwrap();

    let (p, q) = (probabilities[0].row(0), probabilities[1].row(0));
    let yes = (p[1] * q[1]).sqrt();
    let no = (p[0] * q[0]).sqrt();
    assert!((blended.row(0)[1] - yes / (yes + no)).abs() < 1e-6);
}

#[test]
fn one_certain_error_does_not_make_a_blend_infinite() {
    let certain = two_columns([0.0, 1.0, 1.0, 0.0].into_iter());
    let labels = [0, 1, 0, 1];

    let blender = blend(
        BlenderParams::default(),
        std::slice::from_ref(&certain),
        &labels,
    );

    assert_eq!(blender.blend(&[certain]).unwrap().first_not_finite(), None);
}

/// Three classes around three points, with a third column that depends on the class's spread.
fn clouds(n: usize, stream: &str) -> (Matrix, Vec<u32>) {
    let mut generator = rng(10, stream);
    let labels: Vec<u32> = (0..n).map(|row| (row % 3) as u32).collect();
    let rows: Vec<[f64; 3]> = labels
        .iter()
        .map(|&label| {
            let class = f64::from(label);
            let spread = 0.5 + class;
            [
                class + standard_normal(&mut generator),
                0.7 * class * class - class + standard_normal(&mut generator),
                spread * standard_normal(&mut generator),
            ]
        })
        .collect();
    (Matrix::from_rows(&rows), labels)
}

fn stacking() -> Stacking<'static, Matrix> {
    Stacking::new(BlenderParams::default().check().unwrap())
        .with(
            "logistic",
            |examples: &Examples<'_, Matrix, u32>, context| {
                LogisticParams::new(3).check()?.fit(examples, context)
            },
        )
        .with(
            "naive bayes",
            |examples: &Examples<'_, Matrix, u32>, context| {
                GaussianNbParams::new(3).check()?.fit(examples, context)
            },
        )
}

/// Mean negative logarithm of the probability of the class.
fn loss(proba: &Matrix, labels: &[u32]) -> f64 {
    let given: Vec<f64> = proba
        .rows()
        .zip(labels)
        .map(|(proba, &label)| proba[label as usize])
        .collect();
    log_loss(&given, &vec![true; labels.len()]).unwrap()
}

#[test]
fn a_stack_is_no_worse_on_new_rows_than_its_best_model() {
    let (train, labels) = clouds(600, "train");
    let (test, expected) = clouds(3000, "test");
    let examples = Examples::new(&train, &labels);
    let splits = k_fold(600, 5, 1).unwrap();

    let stacked = with_context(|context| stacking().fit(&examples, &splits, context)).unwrap();

    let blended = loss(&stacked.predict_proba(&test).unwrap(), &expected);
    for (_, base) in &stacked.bases {
        let alone = loss(&base.predict_proba(&test).unwrap(), &expected);
        assert!(blended < alone + 0.002, "{blended} {alone}");
    }
    assert_eq!(
        stacked.names().collect::<Vec<_>>(),
        ["logistic", "naive bayes"]
    );
}

/// Trees of few rounds see bends that a line does not, and a line the rest.
#[test]
fn boosted_trees_take_part_in_a_stack() {
    let (train, labels) = clouds(600, "train");
    let (test, expected) = clouds(3000, "test");
    let examples = Examples::new(&train, &labels);
    let splits = k_fold(600, 5, 1).unwrap();
    let with_trees = stacking().with("trees", |examples: &Examples<'_, Matrix, u32>, context| {
        let params = BoostingParams::new(Loss::Softmax { n_classes: 3 }).n_rounds(30);
        let kinds = [Kind::Numeric; 3];
        params.check()?.fit_classes(examples, &kinds, context)
    });

    let stacked = with_context(|context| with_trees.fit(&examples, &splits, context)).unwrap();

    let proba = stacked.predict_proba(&test).unwrap();
    let (_, trees) = &stacked.bases[2];
    let alone = loss(&trees.predict_proba(&test).unwrap(), &expected);
    assert!(loss(&proba, &expected) < alone);
    assert!(
        proba
            .rows()
            .all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-9)
    );
}

#[test]
fn trees_without_classes_give_no_probabilities_of_any() {
    let (train, _) = clouds(60, "train");
    let targets: Vec<f64> = train.column(0).collect();
    let kinds = [Kind::Numeric; 3];
    let data = BoostingData::new(&train, &kinds, &targets);
    let params = BoostingParams::new(Loss::Squared).check().unwrap();
    let model = with_context(|context| params.fit(&data, context)).unwrap();

    let refused = model.predict_proba(&train);

    assert!(matches!(
        refused,
        Err(LearnError::Parameter { name: "loss", .. })
    ));
}

#[test]
fn two_classes_get_a_column_each() {
    let (train, labels) = clouds(300, "train");
    let labels: Vec<u32> = labels.iter().map(|&label| label.min(1)).collect();
    let params = BoostingParams::new(Loss::Logistic).n_rounds(20).check();
    let examples = Examples::new(&train, &labels);
    let fit = |context: &Context<'_>| {
        params
            .unwrap()
            .fit_classes(&examples, &[Kind::Numeric; 3], context)
    };
    let model = with_context(fit).unwrap();

    let proba = model.predict_proba(&train).unwrap();

    assert_eq!(proba.n_columns(), 2);
    assert!(loss(&proba, &labels) < 0.5);
}

/// A model that knows its training rows by heart looks perfect on them, and is worth nothing.
#[test]
fn a_model_that_learns_by_heart_gets_no_weight() {
    struct ByHeart(Matrix, Vec<u32>);
    impl Classifier<Matrix> for ByHeart {
        fn predict_proba(&self, records: &Matrix) -> Result<Matrix, LearnError> {
            let known = |row: &[f64]| self.0.rows().position(|other| other == row);
            let mut proba = Matrix::zeros(records.n_rows(), 3);
            for (proba, row) in proba.rows_mut().zip(records.rows()) {
                // To strangers it says what the row's digits happen to say, surely.
                let class =
                    known(row).map_or(row[0].to_bits() as usize % 3, |at| self.1[at] as usize);
                proba.fill(0.01);
                proba[class] = 0.98;
            }
            Ok(proba)
        }
    }
    let (train, labels) = clouds(300, "train");
    let splits = k_fold(300, 5, 1).unwrap();
    let stacking = stacking().with("by heart", |examples: &Examples<'_, Matrix, u32>, _| {
        Ok(ByHeart(examples.records.clone(), examples.targets.to_vec()))
    });

    let stacked =
        with_context(|context| stacking.fit(&Examples::new(&train, &labels), &splits, context))
            .unwrap();

    assert!(
        stacked.blender().weights()[2] < 0.05,
        "{:?}",
        stacked.blender()
    );
}

#[test]
fn the_same_rows_give_the_same_stack() {
    let (train, labels) = clouds(150, "train");
    let examples = Examples::new(&train, &labels);
    let splits = k_fold(150, 3, 1).unwrap();

    let fit = || with_context(|context| stacking().fit(&examples, &splits, context)).unwrap();

    assert_eq!(fit().blender(), fit().blender());
}

#[test]
fn every_row_is_held_back_once() {
    let (train, labels) = clouds(30, "train");
    let mut splits = k_fold(30, 3, 1).unwrap();
    splits.pop();

    let refused =
        with_context(|context| stacking().fit(&Examples::new(&train, &labels), &splits, context));

    assert!(matches!(
        refused,
        Err(LearnError::Parameter { name: "splits", .. })
    ));
}

#[test]
fn nothing_to_blend_is_refused() {
    let (train, labels) = clouds(30, "train");
    let splits = k_fold(30, 3, 1).unwrap();
    let empty: Stacking<'_, Matrix> = Stacking::new(BlenderParams::default().check().unwrap());

    let refused =
        with_context(|context| empty.fit(&Examples::new(&train, &labels), &splits, context));

    assert!(refused.is_err());
    let (probabilities, labels) = forecasts();
    let other_shape = [probabilities[0].clone(), Matrix::zeros(60, 3)];
    let refused = with_context(|context| {
        let params = BlenderParams::default().check().unwrap();
        params.fit(&other_shape, &labels, None, context)
    });
    assert!(matches!(refused, Err(LearnError::Shape { .. })));
}
