//! Logistic regression.

use super::*;
use crate::linear::oracle::{N, records, three_classes, two_classes, weights};
use crate::{Check, Examples, Fit, LearnError, Predict, SparseMatrix, rng, standard_normal};

/// Tighter than the default, for comparison with reference numbers.
fn exact(n_classes: usize, penalty: Penalty) -> LogisticParams {
    LogisticParams {
        penalty,
        tolerance: 1e-11,
        max_iterations: 10_000,
        ..LogisticParams::new(n_classes)
    }
}

fn raw(n_classes: usize, lambda: f64) -> LogisticParams {
    LogisticParams {
        standardize: false,
        ..exact(n_classes, Penalty::ridge(lambda))
    }
}

fn fit(params: LogisticParams, labels: &[u32], weights: Option<&[f64]>) -> LogisticRegression {
    let records = records();
    let examples = Examples {
        records: &records,
        targets: labels,
        weights,
    };
    let model = with_context(|context| params.check().unwrap().fit(&examples, context)).unwrap();
    assert!(model.convergence().converged, "{:?}", model.convergence());
    model
}

fn enet(l1_ratio: f64) -> Penalty {
    Penalty {
        lambda: 0.05,
        l1_ratio,
    }
}

#[test]
fn ridge_coefficients_agree_with_scikit_learn() {
    let (labels, weights) = (two_classes(), weights());
    let standard = || exact(2, Penalty::ridge(0.01));

    let model = fit(raw(2, 0.01), &labels, None);
    assert_scores(
        model.scores(),
        [0.772_040_610_006_243_1],
        [[
            1.849_453_198_250_268_4,
            1.801_679_407_938_693_3,
            -0.165_965_946_113_327_27,
            1.624_465_757_671_336_4,
        ]],
    );
    let model = fit(standard(), &labels, None);
    assert_scores(
        model.scores(),
        [1.003_399_805_336_639],
        [[
            2.070_873_833_293_244,
            3.035_783_308_368_936_5,
            -0.196_666_334_191_004_93,
            2.093_973_492_813_277_4,
        ]],
    );
    let model = fit(raw(2, 0.01), &labels, Some(&weights));
    assert_scores(
        model.scores(),
        [0.993_702_544_423_412_5],
        [[
            1.863_972_738_369_058_7,
            1.860_448_534_732_987_3,
            -0.233_083_886_857_205_16,
            1.413_681_416_123_120_6,
        ]],
    );
    let model = fit(standard(), &labels, Some(&weights));
    assert_scores(
        model.scores(),
        [1.199_549_857_105_905_1],
        [[
            1.962_015_054_244_528_7,
            3.202_455_706_375_801_5,
            -0.263_631_740_947_345_1,
            1.809_304_405_958_923_4,
        ]],
    );
}

#[test]
fn balanced_classes_agree_with_scikit_learn() {
    let params = LogisticParams {
        class_weights: ClassWeights::Balanced,
        ..raw(2, 0.01)
    };

    let model = fit(params, &two_classes(), None);

    assert_scores(
        model.scores(),
        [1.008_191_421_875_055_4],
        [[
            1.886_397_801_803_606_3,
            1.754_870_329_746_082_6,
            -0.160_934_382_354_358_75,
            1.631_262_127_519_581_8,
        ]],
    );
}

#[test]
fn three_classes_agree_with_scikit_learn() {
    let model = fit(raw(3, 0.02), &three_classes(), None);

    assert_scores(
        model.scores(),
        [
            -0.480_043_590_990_805_8,
            0.811_224_079_689_642_8,
            -0.331_180_488_698_837_04,
        ],
        [
            [
                -0.815_307_948_348_285_6,
                -0.375_179_354_713_251_76,
                0.108_664_545_719_083_78,
                -2.003_291_533_658_788_6,
            ],
            [
                0.382_968_824_574_267_73,
                -0.288_952_003_750_924_17,
                -0.062_239_262_493_072_97,
                0.135_300_196_846_408_18,
            ],
            [
                0.432_339_123_774_018_45,
                0.664_131_358_464_176,
                -0.046_425_283_226_003_09,
                1.867_991_336_812_379_7,
            ],
        ],
    );
}

#[test]
fn lasso_and_elastic_net_agree_with_scikit_learn() {
    let labels = two_classes();

    let lasso = fit(exact(2, enet(1.0)), &labels, None);
    let half = fit(exact(2, enet(0.5)), &labels, None);

    assert_scores(
        lasso.scores(),
        [0.265_793_892_349_043_2],
        [[
            1.082_875_628_986_278_9,
            1.820_746_140_520_173_7,
            -0.078_341_342_456_676_15,
            1.226_193_822_455_708,
        ]],
    );
    assert_scores(
        half.scores(),
        [0.399_460_572_746_568_3],
        [[
            1.327_404_658_387_570_5,
            1.841_909_058_821_295_2,
            -0.100_835_252_224_043_6,
            1.316_451_430_691_037_8,
        ]],
    );
}

#[test]
fn lasso_and_elastic_net_of_three_classes_agree_with_scikit_learn() {
    let labels = three_classes();

    let lasso = fit(exact(3, enet(1.0)), &labels, None);
    let half = fit(exact(3, enet(0.5)), &labels, None);

    assert_scores(
        lasso.scores(),
        [
            -0.112_641_226_118_795_73,
            0.626_780_972_141_222_7,
            -0.514_139_746_022_427_1,
        ],
        [
            [
                -0.831_706_501_756_005_2,
                0.0,
                0.074_345_594_777_803_68,
                -2.298_309_627_056_154_3,
            ],
            [0.0, 0.0, 0.0, 0.0],
            [0.0, 0.832_739_148_424_503_1, 0.0, 1.882_763_355_017_458],
        ],
    );
    assert_scores(
        half.scores(),
        [
            -0.199_376_484_773_670_76,
            0.703_956_121_915_159_3,
            -0.504_579_637_141_488_6,
        ],
        [
            [
                -1.026_157_134_487_573_3,
                0.0,
                0.088_540_086_887_504_57,
                -2.164_979_468_519_777,
            ],
            [0.0, 0.0, -0.016_887_103_086_573_926, 0.0],
            [0.0, 1.006_279_993_581_912_7, 0.0, 1.847_825_749_892_949_8],
        ],
    );
}

#[test]
fn both_solvers_agree_where_the_penalty_is_all_but_squares() {
    let labels = three_classes();
    let nearly = Penalty {
        lambda: 0.02,
        l1_ratio: 1e-12,
    };

    let smooth = fit(exact(3, Penalty::ridge(0.02)), &labels, None);
    let proximal = fit(exact(3, nearly), &labels, None);

    let (a, b) = (smooth.scores(), proximal.scores());
    assert_close(a.coefficients.values(), b.coefficients.values(), 1e-7);
    assert_close(&a.intercepts, &b.intercepts, 1e-7);
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
    let labels = two_classes();

    for penalty in [Penalty::ridge(0.01), enet(0.7)] {
        let params = exact(2, penalty).check().unwrap();
        let (dense, sparse) = with_context(|context| {
            (
                params
                    .fit(&Examples::new(&records, &labels), context)
                    .unwrap(),
                params
                    .fit(&Examples::new(&sparse, &labels), context)
                    .unwrap(),
            )
        });
        let (dense, sparse) = (dense.scores(), sparse.scores());
        assert_close(
            dense.coefficients.values(),
            sparse.coefficients.values(),
            1e-8,
        );
    }
}

#[test]
fn threads_do_not_change_the_model() {
    let mut generator = rng(6, "threads");
    let values = (0..5000 * 3)
        .map(|_| standard_normal(&mut generator))
        .collect();
    let records = Matrix::new(5000, 3, values).unwrap();
    let labels: Vec<u32> = records
        .rows()
        .map(|x| u32::from(x[0] + x[1] * x[2] > 0.0))
        .collect();
    let examples = Examples::new(&records, &labels);
    let params = LogisticParams::new(2).check().unwrap();

    let (one, two) = with_context(|context| {
        let two = context.with_threads(2.try_into().unwrap());
        (
            params.fit(&examples, context).unwrap(),
            params.fit(&examples, &two).unwrap(),
        )
    });

    assert_eq!(one, two);
}

#[test]
fn planted_odds_are_found() {
    let mut generator = rng(7, "odds");
    let values = (0..20_000 * 2)
        .map(|_| standard_normal(&mut generator))
        .collect();
    let records = Matrix::new(20_000, 2, values).unwrap();
    let labels: Vec<u32> = records
        .rows()
        .map(|x| {
            let probability = 1.0 / (1.0 + (-(0.5 + x[0] - 2.0 * x[1])).exp());
            u32::from(rand::RngExt::random::<f64>(&mut generator) < probability)
        })
        .collect();
    let params = LogisticParams {
        penalty: Penalty::ridge(0.0),
        ..LogisticParams::new(2)
    };

    let model = with_context(|context| {
        params
            .check()
            .unwrap()
            .fit(&Examples::new(&records, &labels), context)
    })
    .unwrap();

    // Standard errors are about 0.02 to 0.03.
    let found = model.scores();
    assert_close(found.coefficients.row(0), &[1.0, -2.0], 0.12);
    assert_close(&found.intercepts, &[0.5], 0.1);
}

#[test]
fn probabilities_sum_to_one_and_decide_the_class() {
    for (n_classes, labels) in [(2, two_classes()), (3, three_classes())] {
        let model = fit(exact(n_classes, Penalty::ridge(0.01)), &labels, None);

        let proba = model.predict_proba(&records()).unwrap();
        let classes = model.predict(&records()).unwrap();

        assert_eq!(proba.n_columns(), n_classes);
        for (proba, class) in proba.rows().zip(classes) {
            assert!((proba.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!(proba.iter().all(|&p| p <= proba[class as usize]));
        }
    }
}

/// With an intercept that is free, the gradient's zero says so.
#[test]
fn mean_probability_is_the_share_of_the_class() {
    let labels = three_classes();

    let model = fit(exact(3, enet(0.5)), &labels, None);

    let proba = model.predict_proba(&records()).unwrap();
    for (class, count) in [17.0, 14.0, 9.0].into_iter().enumerate() {
        let mean: f64 = proba.column(class).sum::<f64>() / N as f64;
        assert!((mean - count / N as f64).abs() < 1e-7);
    }
}

#[test]
fn a_warm_start_ends_sooner_in_the_same_place() {
    let (records, labels) = (records(), three_classes());
    for penalty in [Penalty::ridge(0.02), enet(1.0)] {
        let params = exact(3, penalty);
        let cold = fit(params.clone(), &labels, None);

        let warm = with_context(|context| {
            let examples = Examples::new(&records, &labels);
            params.check().unwrap().fit_from(&cold, &examples, context)
        })
        .unwrap();

        assert!(warm.convergence().n_iterations < cold.convergence().n_iterations);
        let (warm, cold) = (warm.scores(), cold.scores());
        assert_close(warm.coefficients.values(), cold.coefficients.values(), 1e-8);
    }
}

#[test]
fn classes_that_a_line_parts_do_not_converge_without_penalty_but_say_so() {
    let records = Matrix::from_rows(&[[-2.0], [-1.0], [1.0], [2.0]]);
    let params = LogisticParams {
        penalty: Penalty::ridge(0.0),
        tolerance: 1e-300,
        max_iterations: 20,
        ..LogisticParams::new(2)
    };

    let model = with_context(|context| {
        let examples = Examples::new(&records, &[0, 0, 1, 1]);
        params.check().unwrap().fit(&examples, context)
    })
    .unwrap();

    assert!(!model.convergence().converged);
    assert_eq!(model.predict(&records).unwrap(), [0, 0, 1, 1]);
    let proba = model.predict_proba(&records).unwrap();
    assert!(proba.values().iter().all(|p| p.is_finite()));
}

#[test]
fn a_single_class_is_refused() {
    let records = records();
    let params = LogisticParams::new(2).check().unwrap();

    let refused = with_context(|context| params.fit(&Examples::new(&records, &[1; N]), context));

    assert_eq!(refused, Err(LearnError::EmptyClass { class: 0 }));
}

#[test]
fn rows_of_another_width_are_refused() {
    let model = fit(exact(2, Penalty::ridge(0.1)), &two_classes(), None);

    let refused = model.predict_proba(&Matrix::zeros(1, 5));

    assert!(matches!(refused, Err(LearnError::Shape { found: 5, .. })));
}

#[test]
fn a_cancelled_fit_stops() {
    let (records, labels) = (records(), two_classes());
    let cancel = Cancellation::default();
    cancel.cancel();

    for penalty in [Penalty::ridge(0.1), enet(1.0)] {
        let refused = exact(2, penalty).check().unwrap().fit(
            &Examples::new(&records, &labels),
            &Context::new(1, &Silent, &cancel),
        );
        assert_eq!(refused, Err(LearnError::Cancelled));
    }
}

#[test]
fn impossible_settings_are_refused() {
    let bad = [
        LogisticParams::new(1),
        LogisticParams {
            class_weights: ClassWeights::Given(vec![1.0]),
            ..LogisticParams::new(2)
        },
        LogisticParams {
            penalty: Penalty::lasso(-0.1),
            ..LogisticParams::new(2)
        },
    ];

    for params in bad {
        assert!(params.check().is_err());
    }
}

#[test]
fn a_model_survives_being_written_and_read() {
    let model = fit(exact(3, Penalty::ridge(0.1)), &three_classes(), None);

    let json = serde_json::to_string(&model).unwrap();

    assert_eq!(
        serde_json::from_str::<LogisticRegression>(&json).unwrap(),
        model
    );
}
