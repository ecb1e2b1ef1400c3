//! Curves over thresholds, and the figures read off them, agree with scikit-learn and SciPy.

use proptest::prelude::*;

use super::*;

/// Sixty rows: `score = (37 i mod 61) / 61`, which happened when `((7 i^2 + 13 i) mod 59) / 59`
/// lies below it.
fn scored() -> (Vec<f64>, Vec<bool>) {
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

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-12,
        "{found} is not {expected}"
    );
}

/// Source: scikit-learn 1.9 `roc_auc_score`, `average_precision_score`, SciPy 1.17 `ks_2samp`.
#[test]
fn areas_and_distances_agree_with_scikit_learn_and_scipy() {
    for ((scores, outcomes), area, precision, distance) in [
        (
            scored(),
            0.779_017_857_142_857_2,
            0.768_911_295_761_981_3,
            0.504_464_285_714_285_7,
        ),
        (
            tied(),
            0.597_098_214_285_714_2,
            0.520_422_565_879_498_5,
            0.227_678_571_428_571_42,
        ),
    ] {
        assert_near(auc(&scores, &outcomes).unwrap(), area);
        assert_near(average_precision(&scores, &outcomes).unwrap(), precision);
        assert_near(ks(&scores, &outcomes).unwrap(), distance);
    }
}

/// Source: SciPy 1.17 `ks_2samp([1, 2, 2, 3, 5], [2, 4, 4, 6])`.
#[test]
fn two_samples_of_different_size_agree_with_scipy() {
    let distance = ks_two_sample(&[5.0, 1.0, 2.0, 2.0, 3.0], &[4.0, 2.0, 6.0, 4.0]);

    assert_near(distance.unwrap(), 0.55);
}

/// Source: scikit-learn 1.9 `roc_curve` on these lists.
#[test]
fn points_of_the_roc_curve_agree_with_scikit_learn() {
    let scores = [0.1, 0.8, 0.4, 0.4, 0.9, 0.6];
    let outcomes = [false, true, false, true, true, false];

    let points: Vec<(f64, f64, f64)> = roc_curve(&scores, &outcomes)
        .unwrap()
        .iter()
        .map(|p| (p.threshold, p.false_positive_rate, p.true_positive_rate))
        .collect();

    let third = 1.0 / 3.0;
    assert_eq!(
        points,
        [
            (f64::INFINITY, 0.0, 0.0),
            (0.9, 0.0, third),
            (0.8, 0.0, 2.0 * third),
            (0.6, third, 2.0 * third),
            (0.4, 2.0 * third, 1.0),
            (0.1, 1.0, 1.0),
        ]
    );
}

/// Source: number of points and sums of rates of scikit-learn 1.9 `roc_curve`.
#[test]
fn straight_stretches_of_the_roc_curve_are_left_out_as_in_scikit_learn() {
    for ((scores, outcomes), n_points, false_sum, true_sum) in [
        (scored(), 26, 8.125, 15.178_571_428_571_427),
        (tied(), 13, 5.4375, 6.535_714_285_714_286),
    ] {
        let points = roc_curve(&scores, &outcomes).unwrap();

        assert_eq!(points.len(), n_points);
        assert_near(
            points.iter().map(|p| p.false_positive_rate).sum(),
            false_sum,
        );
        assert_near(points.iter().map(|p| p.true_positive_rate).sum(), true_sum);
    }
}

/// Source: number of points and sums of scikit-learn 1.9 `precision_recall_curve`.
#[test]
fn points_of_the_precision_recall_curve_agree_with_scikit_learn() {
    for ((scores, outcomes), n_points, precision_sum, recall_sum) in [
        (scored(), 61, 41.981_273_520_466_43, 39.428_571_428_571_43),
        (tied(), 21, 11.087_680_065_892_142, 11.535_714_285_714_285),
    ] {
        let points = precision_recall_curve(&scores, &outcomes).unwrap();

        assert_eq!(points.len(), n_points);
        assert_near(points.iter().map(|p| p.precision).sum(), precision_sum);
        assert_near(points.iter().map(|p| p.recall).sum(), recall_sum);
    }
}

/// Source: scikit-learn 1.9 `calibration_curve(n_bins=7)`, both strategies.
#[test]
fn calibration_plots_agree_with_scikit_learn() {
    let (scores, outcomes) = scored();
    for (bins, observed, predicted) in [
        (
            Bins::EqualWidth(7),
            [1.0 / 9.0, 1.0 / 9.0, 0.5, 0.5, 2.0 / 3.0, 5.0 / 9.0, 0.875],
            [
                0.065_573_770_491_803_28,
                0.213_114_754_098_360_64,
                0.356_557_377_049_180_3,
                0.5,
                0.639_344_262_295_082,
                0.786_885_245_901_639_3,
                0.926_229_508_196_721_3,
            ],
        ),
        (
            Bins::EqualMass(7),
            [1.0 / 9.0, 0.125, 4.0 / 9.0, 0.5, 2.0 / 3.0, 0.5, 8.0 / 9.0],
            [
                0.065_573_770_491_803_28,
                0.204_918_032_786_885_22,
                0.347_905_282_331_511_8,
                0.5,
                0.639_344_262_295_082,
                0.778_688_524_590_163_9,
                0.918_032_786_885_245_9,
            ],
        ),
    ] {
        let curve = reliability_curve(&scores, &outcomes, bins).unwrap();

        assert_eq!(curve.len(), observed.len());
        for ((bin, observed), predicted) in curve.iter().zip(observed).zip(predicted) {
            assert_near(bin.observed_share, observed);
            assert_near(bin.mean_probability, predicted);
        }
        assert_eq!(curve.iter().map(|bin| bin.n_samples).sum::<usize>(), 60);
    }
}

/// Source: the bins of scikit-learn 1.9 `calibration_curve`, weighted by their rows in NumPy.
#[test]
fn calibration_errors_agree_with_scikit_learn_bins() {
    let error =
        |(scores, outcomes): (Vec<f64>, Vec<bool>), bins| ece(&scores, &outcomes, bins).unwrap();

    assert_near(
        error(scored(), Bins::EqualWidth(10)),
        0.179_234_972_677_595_64,
    );
    assert_near(error(tied(), Bins::EqualWidth(10)), 0.2);
    assert_near(error(tied(), Bins::EqualMass(10)), 0.196_666_666_666_666_66);
}

#[test]
fn one_bin_compares_the_means() {
    let error = ece(&[0.2, 0.4], &[true, false], Bins::EqualMass(1)).unwrap();

    assert_near(error, 0.2);
    assert!(matches!(
        ece(&[0.2], &[true], Bins::EqualWidth(0)),
        Err(MetricError::Parameter { name: "n_bins", .. })
    ));
    assert!(matches!(
        reliability_curve(&[0.2, -0.1], &[true, false], Bins::EqualWidth(5)),
        Err(MetricError::OutOfRange { position: 1, .. })
    ));
}

proptest! {
    #[test]
    fn curves_do_not_depend_on_the_order_of_rows(
        rows in prop::collection::vec((0_u8..12, any::<bool>()), 2..60),
        share in 0.01_f64..0.99,
    ) {
        let lists = |rows: &[(u8, bool)]| -> (Vec<f64>, Vec<bool>) {
            rows.iter().map(|&(score, outcome)| (f64::from(score), outcome)).unzip()
        };
        let (scores, outcomes) = lists(&rows);
        prop_assume!(outcomes.contains(&true) && outcomes.contains(&false));
        let mut turned = rows.clone();
        turned.reverse();
        let (turned_scores, turned_outcomes) = lists(&turned);

        prop_assert_eq!(
            roc_curve(&scores, &outcomes),
            roc_curve(&turned_scores, &turned_outcomes)
        );
        prop_assert_eq!(
            gain_at(&scores, &outcomes, share),
            gain_at(&turned_scores, &turned_outcomes, share)
        );
        prop_assert_eq!(
            ks(&scores, &outcomes),
            ks(&turned_scores, &turned_outcomes)
        );
    }

    #[test]
    fn the_widest_gap_of_the_roc_curve_is_the_ks_distance(
        rows in prop::collection::vec((0_u8..12, any::<bool>()), 2..60),
    ) {
        let (scores, outcomes): (Vec<f64>, Vec<bool>) =
            rows.iter().map(|&(score, outcome)| (f64::from(score), outcome)).unzip();
        prop_assume!(outcomes.contains(&true) && outcomes.contains(&false));

        let widest = roc_curve(&scores, &outcomes)
            .unwrap()
            .iter()
            .map(|p| (p.true_positive_rate - p.false_positive_rate).abs())
            .fold(0.0, f64::max);

        prop_assert!((ks(&scores, &outcomes).unwrap() - widest).abs() < 1e-12);
    }
}
