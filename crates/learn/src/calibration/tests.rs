//! Calibrators agree with reference libraries, recover planted distortions and never turn a
//! ranking around.

use proptest::prelude::*;
use rand::RngExt;

use super::*;
use crate::{Matrix, rng};

/// Sixty rows: `score = (37 i mod 61) / 61`, which happened when `((7 i^2 + 13 i) mod 59) / 59`
/// lies below it.
pub(super) fn scored() -> (Vec<f64>, Vec<bool>) {
    (0..60_u32)
        .map(|i| {
            let score = f64::from((37 * i) % 61) / 61.0;
            let lot = f64::from((7 * i * i + 13 * i) % 59) / 59.0;
            (score, lot < score)
        })
        .unzip()
}

/// The same with scores in steps of 1 / 20, three rows each.
fn tied() -> (Vec<f64>, Vec<bool>) {
    let (_, outcomes) = scored();
    let scores = (0..60_u32).map(|i| f64::from((37 * i) % 20) / 20.0);
    (scores.collect(), outcomes)
}

/// Rows whose outcomes are drawn from probabilities that a distortion then hides.
pub(super) fn planted(
    n: usize,
    seed: u64,
    distort: impl Fn(f64) -> f64,
) -> (Vec<f64>, Vec<bool>, Vec<f64>) {
    let mut generator = rng(seed, "planted");
    let truth: Vec<f64> = (0..n).map(|_| generator.random()).collect();
    let outcomes = truth
        .iter()
        .map(|&p| generator.random::<f64>() < p)
        .collect();
    let reported = truth.iter().map(|&p| distort(p)).collect();
    (reported, outcomes, truth)
}

#[track_caller]
fn assert_near(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() <= tolerance,
            "{found} is not {expected}"
        );
    }
}

pub(super) fn mean_distance(left: &[f64], right: &[f64]) -> f64 {
    let sum: f64 = left.iter().zip(right).map(|(a, b)| (a - b).abs()).sum();
    sum / left.len() as f64
}

/// Source: the root of the gradient of Platt's loss, found by SciPy 1.17 `optimize.root` to 1e-15;
/// scikit-learn 1.9 `_SigmoidCalibration` stops within 1e-6 of it.
#[test]
fn platt_agrees_with_scipy_and_scikit_learn() {
    let (scores, outcomes) = scored();

    let platt = Platt::fit(&scores, &outcomes).unwrap();

    assert_near(
        &[platt.slope(), platt.intercept()],
        &[-3.576_283_125_222_928, 1.933_325_112_487_832_3],
        1e-9,
    );
    assert_near(
        &[platt.slope(), platt.intercept()],
        &[-3.576_283_107_565_907_4, 1.933_325_102_962_897_3],
        1e-5,
    );
}

#[test]
fn platt_does_not_mind_the_scale_of_scores() {
    let (scores, outcomes) = scored();
    let margins: Vec<f64> = scores.iter().map(|score| 1e6 * score - 3e5).collect();

    let small = Platt::fit(&scores, &outcomes).unwrap();
    let large = Platt::fit(&margins, &outcomes).unwrap();

    assert_near(
        &large.predict(&margins).unwrap(),
        &small.predict(&scores).unwrap(),
        1e-9,
    );
}

#[test]
fn platt_stays_short_of_certainty_on_separated_outcomes() {
    let scores = [0.0, 0.1, 0.2, 0.8, 0.9, 1.0];
    let outcomes = [false, false, false, true, true, true];

    let probabilities = Platt::fit(&scores, &outcomes).unwrap().predict(&scores);

    // Targets are 0.2 and 0.8.
    for probability in probabilities.unwrap() {
        assert!((0.1..=0.9).contains(&probability), "{probability}");
    }
}

#[test]
fn scores_that_run_against_the_outcomes_get_the_base_rate() {
    let (scores, outcomes) = scored();
    let reversed: Vec<f64> = scores.iter().map(|score| 1.0 - score).collect();
    let base = outcomes.iter().filter(|&&outcome| outcome).count() as f64 / 60.0;

    for method in [Method::Platt, Method::Beta, Method::Isotonic] {
        let fitted = method.fit(&reversed, &outcomes).unwrap();

        let probabilities = fitted.predict(&[0.0, 0.5, 1.0]).unwrap();
        assert!(probabilities.is_sorted());
        // Isotonic calibration may still rise at the ends; the others are level.
        if method != Method::Isotonic {
            assert!(probabilities[2] - probabilities[0] < 1e-9);
            assert!((probabilities[0] - base).abs() < 0.02);
        }
    }
}

/// Source: the example of scikit-learn 1.9 `isotonic_regression`, and a weighted list there.
#[test]
fn pooled_violators_agree_with_scikit_learn() {
    let values = [5.0, 3.0, 1.0, 2.0, 8.0, 10.0, 7.0, 9.0, 6.0, 4.0];

    let fitted = isotonic_regression(&values, &[1.0; 10]);

    let high = 44.0 / 6.0;
    assert_near(
        &fitted,
        &[2.75, 2.75, 2.75, 2.75, high, high, high, high, high, high],
        1e-12,
    );
    assert_near(
        &isotonic_regression(&[1.0, 3.0, 2.0, 5.0, 1.0], &[1.0, 2.0, 3.0, 1.0, 4.0]),
        &[1.0, 2.1, 2.1, 2.1, 2.1],
        1e-12,
    );
}

/// Source: scikit-learn 1.9 `IsotonicRegression(out_of_bounds="clip")` on the same rows.
#[test]
fn isotonic_agrees_with_scikit_learn_with_and_without_ties() {
    let asked = [-1.0, 0.0, 0.11, 0.333, 0.5, 0.77, 0.95, 2.0];
    for ((scores, outcomes), n_corners, expected) in [
        (
            scored(),
            14,
            [0.0, 0.0, 0.125, 4.0 / 11.0, 0.6, 0.6, 1.0, 1.0],
        ),
        (
            tied(),
            8,
            [0.0, 0.0, 4.0 / 9.0, 4.0 / 9.0, 4.0 / 9.0, 0.6, 0.6, 0.6],
        ),
    ] {
        let isotonic = Isotonic::fit(&scores, &outcomes).unwrap();

        assert_eq!(isotonic.corners().count(), n_corners);
        assert_near(&isotonic.predict(&asked).unwrap(), &expected, 1e-12);
    }
}

#[test]
fn one_score_for_all_rows_gets_the_base_rate() {
    let outcomes = [true, false, false, false];

    for method in [Method::Platt, Method::Beta, Method::Isotonic] {
        let fitted = method.fit(&[0.7; 4], &outcomes).unwrap();

        let probability = fitted.probability(0.7);
        // Platt's smoothed targets are 2/3 and 1/5.
        let expected = if method == Method::Platt {
            (2.0 / 3.0 + 3.0 / 5.0) / 4.0
        } else {
            0.25
        };
        assert!((probability - expected).abs() < 1e-9, "{probability}");
    }
}

/// Source: the root of the gradient of the log loss, found by SciPy 1.17 `optimize.root`;
/// the authors' package `betacal` 1.1 stops within 1e-4 of it.
#[test]
fn beta_agrees_with_scipy() {
    let (scores, outcomes) = scored();

    let beta = Beta::fit(&scores, &outcomes).unwrap();

    assert_near(
        &beta.parameters(),
        &[
            0.826_458_816_374_624_2,
            0.691_064_460_325_829_6,
            -0.023_025_735_318_196_57,
        ],
        1e-6,
    );
}

#[test]
fn calibrators_are_as_far_from_certainty_as_the_log_loss() {
    let worst = crate::metrics::log_loss(&[0.0], &[true]).unwrap();

    assert!((log_odds(0.0) + worst).abs() < 1e-9);
    assert!(
        (log_odds(1.0) - worst).abs() < 0.2,
        "1 - 1e-15 has few digits"
    );
}

#[test]
fn beta_leaves_right_probabilities_alone() {
    let (reported, outcomes, _) = planted(20_000, 1, |p| p);

    let [a, b, c] = Beta::fit(&reported, &outcomes).unwrap().parameters();

    // Four standard errors of a logistic regression of this size are about 0.1.
    assert!((a - 1.0).abs() < 0.1 && (b - 1.0).abs() < 0.1 && c.abs() < 0.15);
}

/// Source: scikit-learn 1.9 `_TemperatureScaling` on these forty rows of logits; its
/// `minimize_scalar` stops within 1e-7 of the optimum.
#[test]
fn temperature_agrees_with_scikit_learn() {
    let logit = |i: u32, k: u32| f64::from((17 * i + 7 * k * k + 3 * k) % 23) / 4.0;
    let rows: Vec<[f64; 3]> = (0..40).map(|i| [0, 1, 2].map(|k| logit(i, k))).collect();
    let actual: Vec<u32> = (0..40_u32)
        .zip(&rows)
        .map(|(i, row)| {
            let likeliest = (0..3).fold(0, |best, k| if row[k] > row[best] { k } else { best });
            if (i * i + 3 * i) % 10 < 6 {
                likeliest as u32
            } else {
                (7 * i) % 3
            }
        })
        .collect();
    let logits = Matrix::from_rows(&rows);

    let fitted = Temperature::fit(&logits, &actual).unwrap();

    assert!((fitted.temperature() - 1.672_764_525_562_084).abs() < 1e-6);
    let probabilities = fitted.predict(&logits).unwrap();
    assert_near(
        probabilities.row(0),
        &[
            0.094_046_797_490_971_82,
            0.419_190_066_805_695_76,
            0.486_763_135_703_332_46,
        ],
        1e-6,
    );
}

#[test]
fn a_planted_temperature_is_found() {
    let mut generator = rng(4, "temperature");
    let mut logits = Matrix::zeros(20_000, 3);
    let mut actual = Vec::new();
    for row in logits.rows_mut() {
        row.iter_mut()
            .for_each(|logit| *logit = 4.0 * generator.random::<f64>());
        let sum: f64 = row.iter().map(|logit| logit.exp()).sum();
        let mut left = sum * generator.random::<f64>();
        let drawn = row.iter().position(|logit| {
            left -= logit.exp();
            left < 0.0
        });
        actual.push(drawn.unwrap_or(2) as u32);
        row.iter_mut().for_each(|logit| *logit *= 2.5);
    }

    let found = Temperature::fit(&logits, &actual).unwrap().temperature();

    assert!((found - 2.5).abs() < 0.1, "{found}");
}

#[test]
fn logits_without_a_difference_keep_temperature_one() {
    let fitted = Temperature::fit(&Matrix::zeros(4, 2), &[0, 1, 0, 1]).unwrap();

    assert_eq!(fitted.temperature(), 1.0);
}

#[test]
fn planted_parameters_of_beta_are_found() {
    let [a, b, c] = [0.5, 2.0, 0.3];
    let truth = |reported: f64| sigmoid(a * reported.ln() - b * (-reported).ln_1p() + c);
    let mut generator = rng(2, "beta");
    let reported: Vec<f64> = (0..20_000).map(|_| generator.random()).collect();
    let outcomes: Vec<bool> = reported
        .iter()
        .map(|&reported| generator.random::<f64>() < truth(reported))
        .collect();

    let found = Beta::fit(&reported, &outcomes).unwrap().parameters();

    assert_near(&found, &[a, b, c], 0.15);
}

#[test]
fn isotonic_undoes_a_distortion_of_any_shape() {
    let stepped = |p: f64| if p < 0.5 { 0.3 * p } else { 0.6 + 0.1 * p };
    let (reported, outcomes, truth) = planted(20_000, 2, stepped);

    let fitted = Isotonic::fit(&reported, &outcomes).unwrap();

    let after = mean_distance(&fitted.predict(&reported).unwrap(), &truth);
    assert!(after < 0.03, "{after}");
    assert!(mean_distance(&reported, &truth) > 0.15);
}

#[test]
fn isotonic_can_be_kept_short_of_certainty() {
    let fitted = Isotonic::fit(&[0.1, 0.5, 0.9], &[false, false, true]).unwrap();

    let careful = fitted.clone().short_of_certainty(0.2);

    assert_eq!(fitted.predict(&[0.0, 0.9]), Ok(vec![0.0, 1.0]));
    assert_eq!(careful.predict(&[0.0, 0.9]), Ok(vec![0.2, 0.8]));
}

#[test]
fn what_cannot_be_calibrated_is_refused() {
    assert_eq!(
        Platt::fit(&[0.1, f64::NAN], &[true, false]),
        Err(CalibrationError::NotFinite { position: 1 })
    );
    assert_eq!(
        Beta::fit(&[0.1, 1.1], &[true, false]),
        Err(CalibrationError::NotProbability { position: 1 })
    );
    assert_eq!(
        Isotonic::fit(&[0.1, 0.2], &[true, true]),
        Err(CalibrationError::OneOutcome)
    );
    assert_eq!(Isotonic::fit(&[], &[]), Err(CalibrationError::OneOutcome));
    assert_eq!(
        Platt::fit(&[0.1], &[true, false]),
        Err(CalibrationError::LengthMismatch {
            scores: 1,
            outcomes: 2
        })
    );
    assert_eq!(
        Temperature::fit(&Matrix::zeros(1, 2), &[2]),
        Err(CalibrationError::UnknownClass {
            row: 0,
            class: 2,
            n_classes: 2
        })
    );
}

#[test]
fn scores_that_a_calibrator_does_not_take_are_named() {
    let (scores, outcomes) = scored();
    let platt = Platt::fit(&scores, &outcomes).unwrap();
    let beta = Beta::fit(&scores, &outcomes).unwrap();

    assert!(platt.predict(&[-7.0, 9.0]).is_ok());
    assert_eq!(
        platt.predict(&[0.1, f64::INFINITY]),
        Err(CalibrationError::NotFinite { position: 1 })
    );
    assert_eq!(
        beta.predict(&[0.1, -0.1]),
        Err(CalibrationError::NotProbability { position: 1 })
    );
}

#[test]
fn calibrators_are_read_back_as_they_were_saved() {
    let (scores, outcomes) = scored();

    for method in Method::ALL {
        let fitted = method.fit(&scores, &outcomes).unwrap();

        let json = serde_json::to_string(&fitted).unwrap();

        assert_eq!(serde_json::from_str::<Calibrator>(&json).unwrap(), fitted);
    }
}

proptest! {
    #[test]
    fn no_calibrator_ever_falls(
        rows in prop::collection::vec((0_u8..=100, any::<bool>()), 4..80),
        asked in prop::collection::vec(0.0_f64..=1.0, 2..40),
    ) {
        let (scores, outcomes): (Vec<f64>, Vec<bool>) = rows
            .into_iter()
            .map(|(percent, outcome)| (f64::from(percent) / 100.0, outcome))
            .unzip();
        prop_assume!(outcomes.contains(&true) && outcomes.contains(&false));
        let mut asked = asked;
        asked.sort_by(f64::total_cmp);

        for method in Method::ALL {
            let probabilities = method
                .fit(&scores, &outcomes)
                .unwrap()
                .predict(&asked)
                .unwrap();

            // To within rounding of the logistic function.
            let falls = probabilities.windows(2).any(|pair| pair[1] < pair[0] - 1e-12);
            prop_assert!(!falls, "{method:?}: {probabilities:?}");
            prop_assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)));
        }
    }
}
