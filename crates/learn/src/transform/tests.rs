//! Oracles for each transformer, and one suite that all of them must pass.

use std::num::NonZeroUsize;

use proptest::prelude::*;

use super::*;
use crate::{Cancellation, Check, Context, Fit, Silent, Transform};

fn fitted<P: Fit<Matrix, Error = LearnError>>(params: &P, records: &Matrix) -> P::Model {
    let cancel = Cancellation::default();
    params
        .fit(records, &Context::new(1, &Silent, &cancel))
        .unwrap()
}

fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() < 1e-7, "{found:?} is not {expected:?}");
    }
}

fn column(values: &[f64]) -> Matrix {
    Matrix::new(values.len(), 1, values.to_vec()).unwrap()
}

/// Ten rows of three features.
fn records() -> Matrix {
    Matrix::from_rows(&[
        [2.5, 2.4, 0.5],
        [0.5, 0.7, 1.0],
        [2.2, 2.9, 0.2],
        [1.9, 2.2, 0.9],
        [3.1, 3.0, 0.1],
        [2.3, 2.7, 0.7],
        [2.0, 1.6, 1.4],
        [1.0, 1.1, 0.3],
        [1.5, 1.6, 0.8],
        [1.1, 0.9, 0.6],
    ])
}

/// Worked by hand: 1, 3, 8 has mean 4 and variance 26 / 3.
#[test]
fn standard_scaling_agrees_with_hand_work() {
    let values = column(&[1.0, 3.0, 8.0]);

    let scaled = fitted(&StandardScaler, &values).transform(&values).unwrap();

    let deviation = (26.0_f64 / 3.0).sqrt();
    assert_close(
        scaled.values(),
        &[-3.0 / deviation, -1.0 / deviation, 4.0 / deviation],
    );
}

/// Source: scikit-learn 1.9 `RobustScaler`.
#[test]
fn robust_scaling_agrees_with_scikit_learn() {
    let values = column(&[1.0, 2.0, 3.0, 4.0, 100.0]);

    let scaled = fitted(&RobustScaler, &values).transform(&values).unwrap();

    assert_close(scaled.values(), &[-1.0, -0.5, 0.0, 0.5, 48.5]);
}

#[test]
fn robust_scaling_falls_back_when_half_the_values_are_one() {
    let values = column(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 7.0]);

    let scaler = fitted(&RobustScaler, &values);

    assert_close(scaler.centers(), &[0.0]);
    assert_close(
        scaler.spreads(),
        &[49.0_f64.mul_add(7.0 / 64.0, 0.0).sqrt()],
    );
}

#[test]
fn a_constant_column_is_only_shifted() {
    let values = column(&[5.0, 5.0, 5.0]);

    let scaled = fitted(&StandardScaler, &values).transform(&values).unwrap();

    assert_close(scaled.values(), &[0.0, 0.0, 0.0]);
}

#[test]
fn gaps_are_filled_with_the_median() {
    let values = column(&[1.0, f64::NAN, 9.0, 2.0, f64::INFINITY]);

    let filled = fitted(&MedianImputer, &values).transform(&values).unwrap();

    assert_close(filled.values(), &[1.0, 2.0, 9.0, 2.0, 2.0]);
}

#[test]
fn a_column_without_values_is_filled_with_zero() {
    let values = column(&[f64::NAN, f64::NAN]);

    let filled = fitted(&MedianImputer, &values).transform(&values).unwrap();

    assert_close(filled.values(), &[0.0, 0.0]);
}

/// Source: `scipy.stats.yeojohnson(3 / 0.5, 0)` and so on, SciPy 1.17: for values from 0 up the
/// signed logarithm is Yeo and Johnson's transformation with parameter 0.
#[test]
fn unskewing_is_a_logarithm_in_the_columns_own_unit() {
    // The median magnitude of the non-zero values is 1.
    let values = column(&[0.0, 0.5, 0.5, 1.0, 3.0, 900.0]);

    let unskewed = fitted(&Unskewer { limit: 1.0 }, &values)
        .transform(&values)
        .unwrap();

    assert_close(
        &unskewed.values()[..5],
        &[
            0.0,
            0.405_465_108_108_164_4,
            0.405_465_108_108_164_4,
            2.0_f64.ln(),
            1.386_294_361_119_890_6,
        ],
    );
}

#[test]
fn unskewing_leaves_even_columns_alone() {
    let values = column(&[-1.0, 0.0, 1.0]);

    let unskewer = fitted(&Unskewer { limit: 1.0 }, &values);

    assert!(!unskewer.changes(0));
    assert_eq!(unskewer.transform(&values).unwrap(), values);
}

#[test]
fn clipping_pulls_the_tails_in() {
    let values = column(&(0..=100).map(f64::from).collect::<Vec<_>>());

    let clipped = fitted(&Clipper { tail: 0.05 }, &values)
        .transform(&values)
        .unwrap();

    assert_eq!(clipped.row(0), [5.0]);
    assert_eq!(clipped.row(50), [50.0]);
    assert_eq!(clipped.row(100), [95.0]);
}

/// Source: scikit-learn 1.9 `PCA(3)` on the ten rows.
#[test]
fn components_agree_with_scikit_learn() {
    let pca = fitted(&PcaParams { n_components: 3 }.check().unwrap(), &records());

    assert_close(
        pca.explained_variance(),
        &[1.314_135_04, 0.134_337_56, 0.042_971_84],
    );
    assert_close(&pca.explained_ratio()[..1], &[0.881_115_65]);
    assert_close(
        pca.components().row(0),
        &[0.667_067_76, 0.727_752_86, -0.159_362_39],
    );
    assert_close(
        pca.components().row(1),
        &[0.294_836_26, -0.061_439_09, 0.953_570_56],
    );
    let scores = pca.transform(&records()).unwrap();
    assert_close(scores.row(0), &[0.840_780_02, 0.030_296_28, 0.175_701_73]);
}

#[test]
fn all_components_together_lose_nothing() {
    let pca = fitted(&PcaParams { n_components: 9 }.check().unwrap(), &records());

    let back = pca
        .inverse_transform(&pca.transform(&records()).unwrap())
        .unwrap();

    assert_close(back.values(), records().values());
}

#[test]
fn rows_that_are_all_alike_have_no_variance_to_explain() {
    let pca = fitted(
        &PcaParams { n_components: 2 }.check().unwrap(),
        &Matrix::zeros(5, 3),
    );

    assert_eq!(pca.explained_ratio(), [0.0, 0.0]);
}

#[test]
fn impossible_settings_are_refused() {
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel);

    assert!(PcaParams { n_components: 0 }.check().is_err());
    assert!(Clipper { tail: 0.5 }.fit(&records(), &context).is_err());
}

/// What every transformer must do, whatever it is.
fn check_transformer<P>(params: &P, records: &Matrix)
where
    P: Fit<Matrix, Error = LearnError>,
    P::Model: Transform + PartialEq + std::fmt::Debug,
{
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel);
    let model = params.fit(records, &context).unwrap();

    let threads = context.with_threads(NonZeroUsize::new(2).unwrap());
    assert_eq!(params.fit(records, &threads).unwrap(), model);

    let transformed = model.transform(records).unwrap();
    assert_eq!(transformed.n_rows(), records.n_rows());
    assert_eq!(transformed.first_not_finite(), None);
    let wider = Matrix::zeros(2, records.n_columns() + 1);
    assert!(model.transform(&wider).is_err());
    let one_row = model.transform(&records.select_rows(&[1])).unwrap();
    assert_eq!(one_row.row(0), transformed.row(1));

    cancel.cancel();
    assert!(params.fit(records, &context).is_err());
}

#[test]
fn every_transformer_passes_the_suite() {
    check_transformer(&StandardScaler, &records());
    check_transformer(&RobustScaler, &records());
    check_transformer(&MedianImputer, &records());
    check_transformer(&Clipper { tail: 0.1 }, &records());
    check_transformer(&Unskewer { limit: 0.1 }, &records());
    check_transformer(&PcaParams { n_components: 2 }.check().unwrap(), &records());
}

proptest! {
    #[test]
    fn scaling_and_unskewing_undo_themselves(
        values in prop::collection::vec(-1e6_f64..1e6, 2..60),
    ) {
        let values = column(&values);
        for found in [
            {
                let t = fitted(&StandardScaler, &values);
                t.inverse_transform(&t.transform(&values).unwrap()).unwrap()
            },
            {
                let t = fitted(&RobustScaler, &values);
                t.inverse_transform(&t.transform(&values).unwrap()).unwrap()
            },
            {
                let t = fitted(&Unskewer { limit: 0.0 }, &values);
                t.inverse_transform(&t.transform(&values).unwrap()).unwrap()
            },
        ] {
            for (f, e) in found.values().iter().zip(values.values()) {
                prop_assert!((f - e).abs() <= 1e-6 * (1.0 + e.abs()));
            }
        }
    }

    #[test]
    fn the_unit_of_a_column_makes_no_difference_after_unskewing(
        values in prop::collection::vec(0.01_f64..1e5, 3..60),
    ) {
        let cents: Vec<f64> = values.iter().map(|value| value * 128.0).collect();
        let (dollars, cents) = (column(&values), column(&cents));

        let from_dollars = fitted(&Unskewer { limit: 0.0 }, &dollars);
        let from_cents = fitted(&Unskewer { limit: 0.0 }, &cents);

        prop_assert_eq!(
            from_dollars.changes(0).then(|| from_dollars.transform(&dollars).unwrap()),
            from_cents.changes(0).then(|| from_cents.transform(&cents).unwrap())
        );
    }
}
