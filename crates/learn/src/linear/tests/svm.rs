//! The support vector machine.

use super::*;
use crate::linear::oracle::{records, three_classes, two_classes};
use crate::{Check, Examples, Fit, Predict, SparseMatrix, rng, standard_normal};

fn exact(n_classes: usize, intercept: bool) -> LinearSvmParams {
    LinearSvmParams {
        lambda: 0.1,
        intercept,
        tolerance: 1e-11,
        ..LinearSvmParams::new(n_classes)
    }
}

fn fit(params: LinearSvmParams, labels: &[u32]) -> LinearSvm {
    let records = records();
    let examples = Examples::new(&records, labels);
    let model = with_context(|context| params.check().unwrap().fit(&examples, context)).unwrap();
    assert!(model.convergence().converged, "{:?}", model.convergence());
    model
}

/// `LinearSVC(C=1 / (0.1 * 40), loss="squared_hinge", dual=False, fit_intercept=False)`: with an
/// intercept, it would penalize it.
#[test]
fn coefficients_agree_with_scikit_learn() {
    let two = fit(exact(2, false), &two_classes());
    let three = fit(exact(3, false), &three_classes());

    assert_scores(
        two.scores(),
        [0.0],
        [[
            0.634_662_912_579_677_3,
            0.571_152_145_968_892_2,
            -0.032_402_793_590_731_67,
            0.613_726_480_666_546_6,
        ]],
    );
    assert_scores(
        three.scores(),
        [0.0; 3],
        [
            [
                -0.425_135_053_925_145_06,
                0.043_368_332_072_469_55,
                -0.000_620_163_258_561_951_3,
                -1.038_096_294_850_224_1,
            ],
            [
                0.355_665_275_619_037_55,
                -0.263_446_332_018_163_36,
                -0.047_752_802_007_562_99,
                0.224_900_676_199_596_75,
            ],
            [
                0.226_747_963_996_084_5,
                0.539_135_949_950_378_1,
                -0.069_791_020_035_668_19,
                0.872_343_219_244_231_5,
            ],
        ],
    );
}

/// Source: the objective minimized by SciPy 1.17 BFGS to a gradient of 2e-9.
#[test]
fn a_free_intercept_agrees_with_a_general_minimizer() {
    let model = fit(exact(2, true), &two_classes());

    assert_scores(
        model.scores(),
        [0.276_342_187_005_141_8],
        [[
            0.692_830_184_620_585_8,
            0.668_811_042_499_568_4,
            -0.062_099_001_976_082_95,
            0.614_354_273_802_943_5,
        ]],
    );
}

#[test]
fn classes_that_a_line_parts_are_parted() {
    let mut generator = rng(8, "svm");
    let rows: Vec<[f64; 2]> = (0..600)
        .map(|_| {
            [
                standard_normal(&mut generator),
                standard_normal(&mut generator),
            ]
        })
        .filter(|x| (x[0] - x[1] + 0.3).abs() > 0.2)
        .collect();
    let records = Matrix::from_rows(&rows);
    let labels: Vec<u32> = rows
        .iter()
        .map(|x| u32::from(x[0] - x[1] + 0.3 > 0.0))
        .collect();
    let params = LinearSvmParams {
        lambda: 1e-4,
        ..LinearSvmParams::new(2)
    };

    let model = with_context(|context| {
        let examples = Examples::new(&records, &labels);
        params.check().unwrap().fit(&examples, context)
    })
    .unwrap();

    assert_eq!(model.predict(&records).unwrap(), labels);
}

#[test]
fn sparse_rows_give_the_model_of_dense_ones() {
    let (records, labels) = (records(), three_classes());
    let sparse = SparseMatrix::from_dense(&records);

    let model = with_context(|context| {
        let params = exact(3, true).check().unwrap();
        params.fit(&Examples::new(&sparse, &labels), context)
    })
    .unwrap();

    let dense = fit(exact(3, true), &labels);
    assert_close(
        model.scores().coefficients.values(),
        dense.scores().coefficients.values(),
        1e-8,
    );
}

#[test]
fn margins_decide_the_class() {
    let model = fit(exact(2, true), &two_classes());

    let margins = model.decision(&records()).unwrap();
    let classes = model.predict(&records()).unwrap();

    for (margin, class) in margins.values().iter().zip(classes) {
        assert_eq!(class == 1, *margin > 0.0);
    }
}

#[test]
fn impossible_settings_are_refused() {
    let negative = LinearSvmParams {
        lambda: -1.0,
        ..LinearSvmParams::new(2)
    };

    assert!(negative.check().is_err());
    assert!(LinearSvmParams::new(1).check().is_err());
}
