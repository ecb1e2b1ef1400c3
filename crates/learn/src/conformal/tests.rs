//! Numbers worked by hand, refusals, and models that survive a file.

use rand::RngExt;

use super::*;
use crate::metrics::Intervals;
use crate::{Matrix, rng};

fn level(level: f64) -> Level {
    Level::new(level).unwrap()
}

/// Predictions of 0 that are off by 1, 2, ..., n.
fn residuals(n: u32) -> (Vec<f64>, Vec<f64>) {
    (1..=n).map(|size| (0.0, f64::from(size))).unzip()
}

#[test]
fn quantiles_that_cross_become_the_number_between_them() {
    let quantiles = Intervals {
        lower: &[0.0; 9],
        upper: &[10.0; 9],
    };
    let model = Cqr::fit(quantiles, &[5.0; 9], level(0.9)).unwrap();

    assert_eq!(model.margin(), -5.0);
    assert_eq!(
        model.interval(2.0, 6.0),
        Interval {
            lower: 4.0,
            upper: 4.0
        }
    );
}

#[test]
fn a_group_without_rows_of_its_own_says_for_whom_its_threshold_holds() {
    let scores: Vec<f64> = (1..=20).map(f64::from).collect();
    let groups: Vec<u64> = (0..20).map(|row| u64::from(row >= 16)).collect();

    let thresholds = GroupThresholds::fit(&scores, &groups, level(0.9)).unwrap();

    let own = thresholds.threshold(0);
    assert_eq!((own.value, own.guarantee), (16.0, Guarantee::Group));
    for group in [1, 7] {
        let threshold = thresholds.threshold(group);
        assert_eq!(
            (threshold.value, threshold.guarantee),
            (19.0, Guarantee::Overall)
        );
    }
}

/// Worked by hand: scores of the true class are 0.1, 0.2, ..., 0.9, so at level 0.5 the fifth.
#[test]
fn sets_agree_with_hand_work() {
    let calibration: Vec<f64> = (1..=9)
        .flat_map(|tenths| {
            let other = f64::from(tenths) / 10.0;
            [1.0 - other, other, 0.0]
        })
        .collect();
    let calibration = Matrix::new(9, 3, calibration).unwrap();
    let new = Matrix::from_rows(&[[0.45, 0.54, 0.01], [0.6, 0.3, 0.1], [0.4, 0.3, 0.3]]);

    let lac = Lac::fit(&calibration, &[0; 9], level(0.5)).unwrap();

    // Everything of probability 0.5 or more; in the last row nothing is.
    assert_eq!(lac.sets(&new).unwrap(), [vec![1], vec![0], vec![]]);

    // Masses down to class 0: 0.9, 0.8, 0.7, 0.6, 0.5, then 1 where class 1 is ahead.
    let aps = Aps::fit(&calibration, &[0; 9], level(0.4)).unwrap();

    // The fourth of 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1, 1, 1 is 0.8.
    assert_eq!(
        aps.sets(&Matrix::from_rows(&[
            [0.45, 0.34, 0.21],
            [0.1, 0.9, 0.0],
            [0.4, 0.3, 0.3]
        ]))
        .unwrap(),
        [vec![0, 1], vec![1], vec![0, 1]]
    );
}

/// Worked by hand: with four rows the risks are (sum + 1) / 5 = 0.7, 0.5, 0.3, 0.2.
#[test]
fn the_first_setting_that_keeps_the_risk_is_taken() {
    let losses = Matrix::from_rows(&[
        [1.0, 0.5, 0.0, 0.0],
        [0.5, 0.5, 0.5, 0.0],
        [0.5, 0.25, 0.0, 0.0],
        [0.5, 0.25, 0.0, 0.0],
    ]);

    let setting = |allowed: f64| conformal_risk_control(&losses, 1.0, level(allowed));

    assert_eq!(setting(0.7), Ok(0));
    assert_eq!(setting(0.6), Ok(1));
    assert_eq!(setting(0.3), Ok(2));
    assert_eq!(setting(0.2), Ok(3));
    assert_eq!(
        setting(0.1),
        Err(ConformalError::OutOfReach {
            allowed: 0.1,
            reached: 0.2
        })
    );
}

#[test]
fn losses_that_grow_or_exceed_their_bound_are_refused() {
    let refusal = |losses: Matrix| conformal_risk_control(&losses, 1.0, level(0.5)).err();

    assert_eq!(
        refusal(Matrix::from_rows(&[[0.5, 0.1], [0.2, 0.3]])),
        Some(ConformalError::Loss { row: 1, setting: 1 })
    );
    assert_eq!(
        refusal(Matrix::from_rows(&[[1.5, 0.1]])),
        Some(ConformalError::Loss { row: 0, setting: 0 })
    );
    assert_eq!(
        refusal(Matrix::from_rows(&[[f64::NAN, 0.1]])),
        Some(ConformalError::Loss { row: 0, setting: 0 })
    );
}

#[test]
fn a_budget_that_few_rows_cannot_promise_is_refused() {
    let fit = |n: usize| {
        let scores: Vec<f64> = (0..n).map(|row| row as f64).collect();
        AlarmThreshold::fit(
            &scores,
            &vec![false; n],
            FalseAlarmBudget::OfAllRows(level(0.01)),
        )
    };

    assert_eq!(
        fit(98),
        Err(ConformalError::TooFewRows {
            needed: 99,
            found: 98
        })
    );
    assert_eq!(fit(99).unwrap().threshold(), Some(98.0));
}

#[test]
fn a_budget_that_nothing_exhausts_lets_every_row_alarm() {
    let budget = FalseAlarmBudget::OfAllRows(level(0.5));

    let threshold = AlarmThreshold::fit(&[1.0; 9], &[true; 9], budget).unwrap();

    assert_eq!(threshold.threshold(), None);
    assert!(threshold.is_alarm(-1e300));
}

#[test]
fn a_false_alarm_is_a_loss_whose_risk_is_controlled() {
    let mut generator = rng(5, "equivalence");
    let scores: Vec<f64> = (0..60).map(|_| generator.random()).collect();
    let outcomes: Vec<bool> = scores
        .iter()
        .map(|&score| generator.random::<f64>() < score)
        .collect();
    let mut settings = scores.clone();
    settings.sort_by(f64::total_cmp);
    let losses = scores.iter().zip(&outcomes).flat_map(|(score, outcome)| {
        let is_false = move |&setting: &f64| f64::from(u8::from(*score > setting && !outcome));
        settings.iter().map(is_false)
    });
    let losses = Matrix::new(60, 60, losses.collect()).unwrap();

    for allowed in [0.05, 0.1, 0.2] {
        let allowed = level(allowed);
        let setting = conformal_risk_control(&losses, 1.0, allowed).unwrap();
        let alarm =
            AlarmThreshold::fit(&scores, &outcomes, FalseAlarmBudget::OfAllRows(allowed)).unwrap();

        assert_eq!(Some(settings[setting]), alarm.threshold());
    }
}

#[test]
fn higher_levels_give_wider_intervals() {
    let (predicted, actual) = residuals(200);

    let radii = [0.5, 0.8, 0.9, 0.99].map(|wanted| {
        SplitConformal::fit(&predicted, &actual, level(wanted))
            .unwrap()
            .radius()
    });

    // ceil(201 * level).
    assert_eq!(radii, [101.0, 161.0, 181.0, 199.0]);
}

#[test]
fn bad_rows_are_refused_by_position() {
    let level = level(0.5);

    assert_eq!(
        SplitConformal::fit(&[1.0, f64::NAN], &[1.0, 1.0], level),
        Err(ConformalError::NotFinite {
            what: "predictions",
            position: 1
        })
    );
    assert!(matches!(
        SplitConformal::fit(&[1.0], &[1.0, 1.0], level),
        Err(ConformalError::LengthMismatch { .. })
    ));
    let points = ScaledPoints {
        points: &[1.0, 1.0],
        scales: &[1.0, 0.0],
    };
    assert_eq!(
        NormalizedConformal::fit(points, &[1.0, 1.0], level),
        Err(ConformalError::Scale { position: 1 })
    );
    assert_eq!(
        Lac::fit(
            &Matrix::from_rows(&[[0.5, 0.5], [0.9, 0.9]]),
            &[0, 1],
            level
        ),
        Err(ConformalError::Distribution { row: 1 })
    );
    assert_eq!(
        Aps::fit(&Matrix::from_rows(&[[0.5, 0.5]]), &[2], level),
        Err(ConformalError::UnknownClass {
            row: 0,
            class: 2,
            n_classes: 2
        })
    );
    assert!(matches!(
        GroupThresholds::fit(&[1.0], &[1, 2], level),
        Err(ConformalError::LengthMismatch { what: "groups", .. })
    ));
}

#[test]
fn models_are_read_back_as_they_were_saved() {
    let (predicted, actual) = residuals(50);
    let groups: Vec<u64> = (0..50).map(|row| row % 3).collect();
    let model = MondrianConformal::fit(&predicted, &actual, &groups, level(0.9)).unwrap();
    let budget = FalseAlarmBudget::OfNegatives(level(0.2));
    let alarm = AlarmThreshold::fit(&actual, &[false; 50], budget).unwrap();

    let json = serde_json::to_string(&(&model, &alarm)).unwrap();

    assert_eq!(
        serde_json::from_str::<(MondrianConformal, AlarmThreshold)>(&json).unwrap(),
        (model, alarm)
    );
}
