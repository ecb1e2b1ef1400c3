//! Online models against batch solutions and the paper's algorithm.

use super::*;
use crate::linear::oracle::{N, records, targets, two_classes, weights};
use crate::linear::{ElasticNetParams, LogisticParams, Penalty};
use crate::metrics::auc;
use crate::{
    Cancellation, Check, Context, Examples, Fit, LearnError, Matrix, Predict, Silent, SparseMatrix,
    rng, standard_normal,
};

fn with_context<R>(work: impl FnOnce(&Context<'_>) -> R) -> R {
    let cancel = Cancellation::default();
    work(&Context::new(1, &Silent, &cancel))
}

fn start(forgetting: f64) -> RecursiveLeastSquares {
    RecursiveLeastSquaresParams {
        penalty: 0.5,
        forgetting,
        ..RecursiveLeastSquaresParams::new(4)
    }
    .check()
    .unwrap()
    .start()
}

/// The batch solution of the given rows: ridge regression with a column of ones, whose penalty is
/// on the sum and covers the intercept.
fn batch(weights: &[f64], penalty: f64) -> Vec<f64> {
    let mut with_ones = Matrix::zeros(N, 5);
    for (into, row) in with_ones.rows_mut().zip(records().rows()) {
        into[..4].copy_from_slice(row);
        into[4] = 1.0;
    }
    let total: f64 = weights.iter().sum();
    let params = ElasticNetParams {
        penalty: Penalty::ridge(penalty / total),
        intercept: false,
        standardize: false,
        ..ElasticNetParams::default()
    };
    let targets = targets();
    let examples = Examples::new(&with_ones, &targets).weighted(weights);
    let model = with_context(|context| params.check().unwrap().fit(&examples, context)).unwrap();
    model.coefficients().to_vec()
}

fn assert_model(model: &RecursiveLeastSquares, expected: &[f64]) {
    let found = model
        .coefficients()
        .iter()
        .chain([&model.intercept()])
        .copied()
        .collect::<Vec<_>>();
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() < 1e-9, "{found:?} is not {expected:?}");
    }
}

fn learned(forgetting: f64) -> RecursiveLeastSquares {
    let (records, targets, weights) = (records(), targets(), weights());
    let mut model = start(forgetting);
    let examples = Examples::new(&records, &targets).weighted(&weights);
    model.learn_all(&examples).unwrap();
    model
}

#[test]
fn row_by_row_is_as_good_as_all_at_once() {
    assert_model(&learned(1.0), &batch(&weights(), 0.5));
}

/// The weight of a row falls by the forgetting with every later row, and so does the penalty.
#[test]
fn forgetting_is_a_batch_with_fading_weights() {
    let fading: Vec<f64> = weights()
        .iter()
        .enumerate()
        .map(|(row, weight)| weight * 0.95_f64.powi((N - 1 - row) as i32))
        .collect();

    assert_model(
        &learned(0.95),
        &batch(&fading, 0.5 * 0.95_f64.powi(N as i32)),
    );
}

#[test]
fn an_unlearned_row_leaves_no_trace() {
    let (records, targets) = (records(), targets());
    let mut weights = weights();
    let mut model = learned(1.0);

    for row in [7, 0, 31] {
        let age = (N - 1 - row) as u64;
        model
            .unlearn(records.row(row), targets[row], weights[row], age)
            .unwrap();
        weights[row] = 0.0;
    }

    assert_model(&model, &batch(&weights, 0.5));
}

#[test]
fn an_unlearned_row_leaves_no_trace_where_others_were_forgotten() {
    let (records, targets, weights) = (records(), targets(), weights());
    let mut model = learned(0.95);
    model
        .unlearn(records.row(30), targets[30], weights[30], 9)
        .unwrap();

    let mut without = start(0.95);
    for row in 0..N {
        let weight = if row == 30 { 0.0 } else { weights[row] };
        without
            .learn(records.row(row), targets[row], weight)
            .unwrap();
    }

    let mut expected = without.coefficients().to_vec();
    expected.push(without.intercept());
    assert_model(&model, &expected);
}

#[test]
fn unlearning_everything_leads_back_to_the_start() {
    let (records, targets, weights) = (records(), targets(), weights());
    let mut model = learned(1.0);

    for row in 0..N {
        let age = (N - 1 - row) as u64;
        model
            .unlearn(records.row(row), targets[row], weights[row], age)
            .unwrap();
    }

    assert_model(&model, &[0.0; 5]);
}

#[test]
fn a_row_that_cannot_have_been_learned_is_refused() {
    let mut model = start(1.0);
    model.learn(&[1.0, 0.0, 0.0, 0.0], 1.0, 1.0).unwrap();
    let before = model.clone();

    let stranger = model.unlearn(&[50.0, 50.0, 0.0, 0.0], 1.0, 1.0, 0);
    let too_old = model.unlearn(&[1.0, 0.0, 0.0, 0.0], 1.0, 1.0, 1);

    assert_eq!(stranger, Err(LearnError::NotLearned));
    assert_eq!(too_old, Err(LearnError::NotLearned));
    assert_eq!(model, before);
}

#[test]
fn forgetting_follows_a_change() {
    let mut generator = rng(11, "change");
    let mut fixed = RecursiveLeastSquaresParams::new(1).check().unwrap().start();
    let mut fading = RecursiveLeastSquaresParams {
        forgetting: 0.97,
        ..RecursiveLeastSquaresParams::new(1)
    }
    .check()
    .unwrap()
    .start();
    for row in 0..1000 {
        let x = standard_normal(&mut generator);
        let slope = if row < 700 { 1.0 } else { -1.0 };
        let y = slope * x + 0.1 * standard_normal(&mut generator);
        fixed.learn(&[x], y, 1.0).unwrap();
        fading.learn(&[x], y, 1.0).unwrap();
    }

    assert!((fading.coefficients()[0] + 1.0).abs() < 0.1);
    assert!(fixed.coefficients()[0] > 0.2);
}

#[test]
fn a_refused_row_changes_nothing() {
    let mut model = learned(1.0);
    let before = model.clone();

    assert!(model.learn(&[1.0, f64::NAN, 0.0, 0.0], 1.0, 1.0).is_err());
    assert!(
        model
            .learn(&[1.0, 0.0, 0.0, 0.0], f64::INFINITY, 1.0)
            .is_err()
    );
    assert!(model.learn(&[1.0, 0.0, 0.0, 0.0], 1.0, -1.0).is_err());
    assert!(model.learn(&[1.0], 1.0, 1.0).is_err());
    assert_eq!(model, before);
}

#[test]
fn predictions_are_linear() {
    let model = learned(1.0);

    let predicted = model.predict(&records()).unwrap();

    let by_hand: f64 = records()
        .row(3)
        .iter()
        .zip(model.coefficients())
        .map(|(value, coefficient)| value * coefficient)
        .sum();
    assert!((predicted[3] - by_hand - model.intercept()).abs() < 1e-12);
}

#[test]
fn many_rows_do_not_tear_the_inverse_apart() {
    let mut generator = rng(12, "long");
    let mut model = start(1.0);
    let slopes = [1.0, -2.0, 0.5, 3.0];

    for _ in 0..200_000 {
        let x: [f64; 4] = std::array::from_fn(|_| standard_normal(&mut generator));
        let y = 1.0
            + x.iter()
                .zip(slopes)
                .map(|(x, slope)| x * slope)
                .sum::<f64>();
        model.learn(&x, y, 1.0).unwrap();
    }

    for (found, planted) in model.coefficients().iter().zip(slopes) {
        assert!((found - planted).abs() < 1e-4);
    }
}

fn ftrl(params: FtrlParams) -> Ftrl {
    let (records, labels) = (records(), two_classes());
    let mut model = params.check().unwrap().start();
    model.learn(&Examples::new(&records, &labels)).unwrap();
    model
}

/// Source: algorithm 1 of the paper written down in NumPy, run over the same rows.
#[test]
fn ftrl_agrees_with_the_papers_algorithm() {
    let model = ftrl(FtrlParams {
        alpha: 0.5,
        l1: 0.3,
        l2: 0.2,
        intercept: false,
        ..FtrlParams::new(4)
    });

    let expected = [
        0.852_256_359_760_472,
        0.725_376_221_076_773_1,
        0.112_692_037_308_570_93,
        0.394_717_929_022_200_6,
    ];
    for (f, e) in model.coefficients().iter().zip(expected) {
        assert!((f - e).abs() < 1e-10, "{:?}", model.coefficients());
    }
}

#[test]
fn ftrl_comes_near_the_batch_solution() {
    let mut generator = rng(13, "ftrl");
    let values = (0..30_000 * 3)
        .map(|_| standard_normal(&mut generator))
        .collect();
    let records = Matrix::new(30_000, 3, values).unwrap();
    let labels: Vec<u32> = records
        .rows()
        .map(|x| {
            let score = 0.5 + x[0] - 0.8 * x[1];
            let probability = 1.0 / (1.0 + (-score).exp());
            u32::from(rand::RngExt::random::<f64>(&mut generator) < probability)
        })
        .collect();
    let examples = Examples::new(&records, &labels);

    let mut online = FtrlParams::new(3).check().unwrap().start();
    online.learn(&examples).unwrap();
    let batch = with_context(|context| {
        LogisticParams::new(2)
            .check()
            .unwrap()
            .fit(&examples, context)
    })
    .unwrap();

    let outcomes: Vec<bool> = labels.iter().map(|&label| label == 1).collect();
    let online_auc = auc(&online.predict_proba(&records).unwrap(), &outcomes).unwrap();
    let proba = batch.predict_proba(&records).unwrap();
    let batch_auc = auc(&proba.column(1).collect::<Vec<_>>(), &outcomes).unwrap();
    assert!(online_auc > batch_auc - 0.001, "{online_auc} {batch_auc}");
    for (found, batch) in online
        .coefficients()
        .iter()
        .zip(batch.scores().coefficients.row(0))
    {
        assert!((found - batch).abs() < 0.1);
    }
}

#[test]
fn a_strong_l1_keeps_columns_out() {
    let model = ftrl(FtrlParams {
        l1: 8.0,
        ..FtrlParams::new(4)
    });

    let n_zero = model
        .coefficients()
        .iter()
        .filter(|&&value| value == 0.0)
        .count();
    assert!(n_zero >= 2, "{:?}", model.coefficients());
}

#[test]
fn the_same_rows_give_the_same_model_sparse_or_dense() {
    let (records, labels) = (records(), two_classes());
    let sparse = SparseMatrix::from_dense(&records);
    let params = FtrlParams::new(4).check().unwrap();
    let mut from_sparse = params.start();
    from_sparse.learn(&Examples::new(&sparse, &labels)).unwrap();

    assert_eq!(ftrl(FtrlParams::new(4)), from_sparse);
    assert_eq!(learned(0.9), learned(0.9));
}

#[test]
fn what_is_no_outcome_is_refused() {
    let records = records();
    let mut model = FtrlParams::new(4).check().unwrap().start();
    let before = model.clone();

    let refused = model.learn(&Examples::new(&records, &[2; N]));

    assert!(matches!(
        refused,
        Err(LearnError::Label {
            row: 0,
            label: 2,
            ..
        })
    ));
    assert_eq!(model, before);
}

#[test]
fn a_model_survives_being_written_and_read() {
    let json = serde_json::to_string(&learned(0.9)).unwrap();
    assert_eq!(
        serde_json::from_str::<RecursiveLeastSquares>(&json).unwrap(),
        learned(0.9)
    );

    let model = ftrl(FtrlParams::new(4));
    let json = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<Ftrl>(&json).unwrap(), model);
}

#[test]
fn impossible_settings_are_refused() {
    for (penalty, forgetting) in [(0.0, 1.0), (1.0, 0.0), (1.0, 1.1), (f64::NAN, 1.0)] {
        let params = RecursiveLeastSquaresParams {
            penalty,
            forgetting,
            ..RecursiveLeastSquaresParams::new(1)
        };
        assert!(params.check().is_err());
    }
    for (alpha, l1) in [(0.0, 0.0), (0.1, -1.0), (f64::INFINITY, 0.0)] {
        let params = FtrlParams {
            alpha,
            l1,
            ..FtrlParams::new(1)
        };
        assert!(params.check().is_err());
    }
}
