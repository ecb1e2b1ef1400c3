//! Linear regression.

use super::*;
use crate::linear::elastic_net::Problem;
use crate::linear::oracle::{N, records, targets, weights};
use crate::{Check, Examples, Fit, LearnError, Predict, SparseMatrix, rng, standard_normal};

/// Tighter than the default, for comparison with reference numbers.
fn exact(penalty: Penalty) -> ElasticNetParams {
    ElasticNetParams {
        penalty,
        tolerance: 1e-12,
        max_iterations: 1_000_000,
        ..ElasticNetParams::default()
    }
}

fn fit(params: ElasticNetParams, weights: Option<&[f64]>) -> LinearRegression {
    let (records, targets) = (records(), targets());
    let examples = Examples {
        records: &records,
        targets: &targets,
        weights,
    };
    with_context(|context| params.check().unwrap().fit(&examples, context)).unwrap()
}

fn check(model: &LinearRegression, (intercept, coefficients): (f64, [f64; 4])) {
    assert!(model.convergence().converged, "{:?}", model.convergence());
    assert_close(&[model.intercept()], &[intercept], 1e-6);
    assert_close(model.coefficients(), &coefficients, 1e-6);
}

fn half(lambda: f64) -> Penalty {
    Penalty {
        lambda,
        l1_ratio: 0.5,
    }
}

#[test]
fn coefficients_agree_with_scikit_learn() {
    check(
        &fit(exact(Penalty::lasso(0.1)), None),
        (
            3.109_411_349_022_815_7,
            [0.761_804_342_981_963, 0.0, 0.190_283_966_897_721_9, 0.0],
        ),
    );
    check(
        &fit(exact(half(0.1)), None),
        (
            3.115_570_902_551_949_6,
            [
                0.825_260_045_590_270_9,
                -0.002_508_836_674_894_368,
                0.189_822_107_067_094_07,
                0.0,
            ],
        ),
    );
    check(
        &fit(exact(Penalty::ridge(0.1)), None),
        (
            3.098_249_453_403_785_7,
            [
                1.193_781_810_420_214_3,
                -0.476_603_127_622_352,
                0.190_886_239_489_292_12,
                -0.035_955_412_501_057_785,
            ],
        ),
    );
    check(
        &fit(exact(Penalty::ridge(0.0)), None),
        (
            2.951_914_067_234_744_4,
            [
                1.927_959_510_959_391_2,
                -1.368_207_323_227_770_3,
                0.211_668_780_864_066_26,
                0.005_801_040_966_967_015_5,
            ],
        ),
    );
}

#[test]
fn weighted_coefficients_agree_with_scikit_learn() {
    let weights = weights();
    let fit = |penalty| fit(exact(penalty), Some(&weights));

    check(
        &fit(Penalty::lasso(0.1)),
        (
            3.102_738_399_386_177_5,
            [0.737_548_718_979_589_7, 0.0, 0.191_396_777_190_685_68, 0.0],
        ),
    );
    check(
        &fit(half(0.1)),
        (
            3.111_839_735_929_095,
            [0.800_005_702_275_818, 0.0, 0.190_933_757_167_924_02, 0.0],
        ),
    );
    check(
        &fit(Penalty::ridge(0.1)),
        (
            3.089_984_668_789_525_4,
            [
                1.168_967_195_255_949_5,
                -0.482_301_793_715_663_23,
                0.192_134_426_642_264_66,
                -0.048_002_578_322_172_425,
            ],
        ),
    );
}

#[test]
fn raw_columns_without_an_intercept_agree_with_scikit_learn() {
    let params = ElasticNetParams {
        intercept: false,
        standardize: false,
        ..exact(half(0.05))
    };

    check(
        &fit(params, None),
        (
            0.0,
            [
                0.480_900_641_920_550_65,
                -0.705_258_882_043_233_8,
                0.507_231_509_764_933_1,
                0.126_710_336_562_843_7,
            ],
        ),
    );
}

#[test]
fn the_normal_equations_and_the_descent_agree() {
    let (records, targets, weights) = (records(), targets(), weights());
    let examples = Examples::new(&records, &targets).weighted(&weights);
    let penalty = Penalty::ridge(0.03);

    let problem = Problem::new(exact(penalty), &examples).unwrap();
    let (solved, descended) = with_context(|context| {
        (
            problem.solve(penalty, None, context).unwrap(),
            problem.descend(penalty, None, context).unwrap(),
        )
    });

    assert_eq!(solved.convergence().n_iterations, 1);
    assert!(descended.convergence().n_iterations > 1);
    assert_close(solved.coefficients(), descended.coefficients(), 1e-9);
}

#[test]
fn sparse_rows_give_the_model_of_dense_ones() {
    let mut records = records();
    for (idx, value) in records.values_mut().iter_mut().enumerate() {
        if idx % 3 == 0 {
            *value = 0.0;
        }
    }
    let sparse = SparseMatrix::from_dense(&records);
    let targets = targets();

    for penalty in [half(0.02), Penalty::ridge(0.1)] {
        let params = exact(penalty).check().unwrap();
        let (dense, sparse) = with_context(|context| {
            (
                params
                    .fit(&Examples::new(&records, &targets), context)
                    .unwrap(),
                params
                    .fit(&Examples::new(&sparse, &targets), context)
                    .unwrap(),
            )
        });
        assert_close(dense.coefficients(), sparse.coefficients(), 1e-9);
        assert_close(&[dense.intercept()], &[sparse.intercept()], 1e-9);
    }
}

#[test]
fn a_weight_of_two_is_a_row_given_twice() {
    let (records, targets) = (records(), targets());
    let mut weights = vec![1.0; N];
    weights[3] = 2.0;
    let rows: Vec<usize> = (0..N).chain([3]).collect();
    let twice = records.select_rows(&rows);
    let targets_twice: Vec<f64> = rows.iter().map(|&row| targets[row]).collect();
    let params = exact(half(0.05)).check().unwrap();

    let (weighted, repeated) = with_context(|context| {
        (
            params
                .fit(
                    &Examples::new(&records, &targets).weighted(&weights),
                    context,
                )
                .unwrap(),
            params
                .fit(&Examples::new(&twice, &targets_twice), context)
                .unwrap(),
        )
    });

    assert_close(weighted.coefficients(), repeated.coefficients(), 1e-9);
}

#[test]
fn the_unit_of_a_column_changes_its_coefficient_only() {
    let mut in_cents = records();
    for row in in_cents.rows_mut() {
        row[2] *= 100.0;
    }
    let targets = targets();
    let params = exact(half(0.05)).check().unwrap();

    let model = with_context(|context| params.fit(&Examples::new(&in_cents, &targets), context));

    let model = model.unwrap();
    let mut coefficients = model.coefficients().to_vec();
    coefficients[2] *= 100.0;
    assert_close(
        &coefficients,
        fit(exact(half(0.05)), None).coefficients(),
        1e-9,
    );
}

#[test]
fn the_lasso_finds_the_columns_that_matter() {
    let mut generator = rng(5, "lasso");
    let values = (0..200 * 50)
        .map(|_| standard_normal(&mut generator))
        .collect();
    let records = Matrix::new(200, 50, values).unwrap();
    let targets: Vec<f64> = records
        .rows()
        .map(|x| 1.0 + 3.0 * x[4] - 2.0 * x[17] + 0.5 * standard_normal(&mut generator))
        .collect();
    let params = ElasticNetParams {
        penalty: Penalty::lasso(0.15),
        ..ElasticNetParams::default()
    };

    let model = with_context(|context| {
        params
            .check()
            .unwrap()
            .fit(&Examples::new(&records, &targets), context)
    })
    .unwrap();

    let found: Vec<usize> = (0..50)
        .filter(|&column| model.coefficients()[column] != 0.0)
        .collect();
    assert_eq!(found, [4, 17]);
    assert!((model.coefficients()[4] - 3.0).abs() < 0.3);
}

#[test]
fn a_path_begins_with_nothing_and_agrees_with_single_fits() {
    let (records, targets) = (records(), targets());
    let examples = Examples::new(&records, &targets);
    let params = exact(half(1.0)).check().unwrap();

    let largest = params.largest_lambda(&examples).unwrap();
    let lambdas = lambda_grid(largest, 1e-2, 10);
    let path = with_context(|context| params.path(&lambdas, &examples, context)).unwrap();

    assert_close(path[0].coefficients(), &[0.0; 4], 1e-12);
    assert!(path[1].coefficients().iter().any(|&value| value != 0.0));
    for (lambda, model) in lambdas.iter().zip(&path) {
        assert_close(
            model.coefficients(),
            fit(exact(half(*lambda)), None).coefficients(),
            1e-8,
        );
    }
}

#[test]
fn a_warm_start_ends_at_once_in_the_same_place() {
    let (records, targets) = (records(), targets());
    let params = exact(half(0.05));
    let cold = fit(params, None);

    let warm = with_context(|context| {
        params
            .check()
            .unwrap()
            .fit_from(&cold, &Examples::new(&records, &targets), context)
    })
    .unwrap();

    assert!(warm.convergence().n_iterations < cold.convergence().n_iterations);
    assert_close(warm.coefficients(), cold.coefficients(), 1e-9);
}

#[test]
fn twin_columns_and_constant_ones_do_no_harm() {
    let rows: Vec<[f64; 3]> = (0..20).map(f64::from).map(|i| [i, i, 7.0]).collect();
    let records = Matrix::from_rows(&rows);
    let targets: Vec<f64> = (0..20).map(|i| 2.0 * f64::from(i) + 1.0).collect();
    let params = exact(Penalty::ridge(0.0)).check().unwrap();

    let model =
        with_context(|context| params.fit(&Examples::new(&records, &targets), context)).unwrap();

    assert_eq!(model.coefficients()[2], 0.0);
    assert_close(&model.predict(&records).unwrap(), &targets, 1e-6);
}

#[test]
fn too_few_passes_are_reported() {
    let params = ElasticNetParams {
        max_iterations: 1,
        ..exact(half(0.01))
    };

    let convergence = fit(params, None).convergence();

    assert!(!convergence.converged);
    assert!(convergence.violation > 1e-3);
}

#[test]
fn what_is_not_finite_is_named() {
    let (mut records, mut targets) = (records(), targets());
    let params = ElasticNetParams::default().check().unwrap();

    targets[7] = f64::INFINITY;
    let refused = with_context(|context| params.fit(&Examples::new(&records, &targets), context));
    assert_eq!(refused, Err(LearnError::Target { row: 7 }));

    records.row_mut(5)[2] = f64::NAN;
    let refused = with_context(|context| params.fit(&Examples::new(&records, &targets), context));
    assert_eq!(refused, Err(LearnError::NotFinite { row: 5, column: 2 }));
}

#[test]
fn impossible_settings_are_refused() {
    let bad = [
        exact(Penalty::ridge(-1.0)),
        exact(Penalty::ridge(f64::NAN)),
        exact(Penalty {
            lambda: 1.0,
            l1_ratio: 1.5,
        }),
        ElasticNetParams {
            tolerance: 0.0,
            ..ElasticNetParams::default()
        },
        ElasticNetParams {
            max_iterations: 0,
            ..ElasticNetParams::default()
        },
    ];

    for params in bad {
        assert!(matches!(params.check(), Err(LearnError::Parameter { .. })));
    }
}

#[test]
fn a_cancelled_fit_stops() {
    let (records, targets) = (records(), targets());
    let cancel = Cancellation::default();
    cancel.cancel();

    for penalty in [Penalty::ridge(0.1), Penalty::lasso(0.1)] {
        let refused = exact(penalty).check().unwrap().fit(
            &Examples::new(&records, &targets),
            &Context::new(1, &Silent, &cancel),
        );
        assert_eq!(refused, Err(LearnError::Cancelled));
    }
}
