//! Streams and tables whose drift is planted: found where it is, not seen where it is not.

use rand::RngExt;

use super::*;
use crate::metrics::{Bins, ece};
use crate::{
    Cancellation, Check, Context, Dataset, Fit, LearnError, Matrix, Silent, rng, standard_normal,
};

/// Source of the numbers: `2000 + 2000` draws of 0 and 1 from a linear congruential generator
/// (`x <- 1103515245 x + 12345 mod 2^31` from 12345), with the probabilities given.
fn coins(before: f64, after: f64) -> impl Iterator<Item = f64> {
    let mut state: u64 = 12_345;
    (0..4000).map(move |idx| {
        state = (1_103_515_245 * state + 12_345) % (1 << 31);
        let draw = state as f64 / f64::from(1_u32 << 31);
        let probability = if idx < 2000 { before } else { after };
        f64::from(u8::from(draw < probability))
    })
}

/// Source: `river.drift.ADWIN(delta=0.002)`, river 0.26.1, on the same coins.
#[test]
fn adwin_alarms_where_river_does() {
    for (after, expected, width) in [
        (0.2, vec![], 4000),
        (0.4, vec![2111], 1888),
        (0.3, vec![2271], 1728),
        (0.25, vec![], 4000),
    ] {
        let mut adwin = AdwinParams::default().check().unwrap().start();

        let alarms: Vec<usize> = coins(0.2, after)
            .enumerate()
            .filter_map(|(idx, coin)| adwin.observe(coin).unwrap().then_some(idx))
            .collect();

        assert_eq!(alarms, expected, "{after}");
        assert_eq!(adwin.width(), width, "{after}");
    }
}

/// Source: `river.drift.PageHinkley(threshold, mode)`, river 0.26.1, on the same coins.
#[test]
fn page_hinkley_alarms_where_river_does() {
    for (threshold, side, after, expected) in [
        (30.0, Side::Both, 0.2, vec![]),
        (30.0, Side::Both, 0.4, vec![2105, 2985]),
        (30.0, Side::Up, 0.4, vec![2105]),
        (10.0, Side::Up, 0.4, vec![1072, 1713, 2051, 3834]),
        (
            10.0,
            Side::Both,
            0.2,
            vec![755, 1038, 1775, 2302, 2747, 3312, 3789, 3934],
        ),
    ] {
        let params = PageHinkleyParams {
            threshold,
            side,
            ..PageHinkleyParams::default()
        };
        let mut page_hinkley = params.check().unwrap().start();

        let alarms: Vec<usize> = coins(0.2, after)
            .enumerate()
            .filter_map(|(idx, coin)| page_hinkley.observe(coin).unwrap().then_some(idx))
            .collect();

        assert_eq!(alarms, expected, "{threshold} {side:?} {after}");
    }
}

#[test]
fn a_fall_is_seen_from_below_only() {
    let alarms = |side| {
        let params = PageHinkleyParams {
            threshold: 30.0,
            side,
            ..PageHinkleyParams::default()
        };
        let mut page_hinkley = params.check().unwrap().start();
        coins(0.6, 0.4)
            .filter(|&coin| page_hinkley.observe(coin).unwrap())
            .count()
    };

    assert_eq!(alarms(Side::Up), 0);
    assert_eq!(alarms(Side::Down), 1);
}

#[test]
fn adwin_settles_on_the_new_mean() {
    let mut adwin = AdwinParams::default().check().unwrap().start();
    assert_eq!(adwin.mean(), None);

    coins(0.1, 0.9).for_each(|coin| {
        adwin.observe(coin).unwrap();
    });

    assert!((adwin.mean().unwrap() - 0.9).abs() < 0.03);
}

#[test]
fn right_after_the_alarm_the_window_reaches_back_to_the_change() {
    let mut adwin = AdwinParams::default().check().unwrap().start();

    let alarm = coins(0.1, 0.9).position(|coin| adwin.observe(coin).unwrap());

    // What is left of the past is no longer told apart from the present.
    let n_since = alarm.unwrap() as u64 + 1 - 2000;
    assert!(
        (n_since..n_since + 64).contains(&adwin.width()),
        "{adwin:?}"
    );
    assert!(adwin.mean().unwrap() > 0.5);
}

#[test]
fn adwin_goes_on_after_being_written_down() {
    let mut whole = AdwinParams::default().check().unwrap().start();
    let mut halves = whole.clone();
    for (idx, coin) in coins(0.2, 0.4).enumerate() {
        whole.observe(coin).unwrap();
        halves.observe(coin).unwrap();
        if idx == 2000 {
            halves = serde_json::from_str(&serde_json::to_string(&halves).unwrap()).unwrap();
        }
    }

    assert_eq!(whole, halves);
}

#[test]
fn streams_refuse_what_is_not_a_number() {
    let mut adwin = AdwinParams::default().check().unwrap().start();
    let mut page_hinkley = PageHinkleyParams::default().check().unwrap().start();
    let expected = Err(LearnError::NotFinite { row: 0, column: 0 });

    assert_eq!(adwin.observe(f64::NAN), expected);
    assert_eq!(page_hinkley.observe(f64::INFINITY), expected);
    assert_eq!(adwin.width(), 0);
}

#[test]
fn stream_settings_out_of_range_are_refused() {
    let adwin = AdwinParams::default();
    let page_hinkley = PageHinkleyParams::default();

    assert!(
        AdwinParams {
            delta: 0.0,
            ..adwin
        }
        .check()
        .is_err()
    );
    assert!(AdwinParams { clock: 0, ..adwin }.check().is_err());
    let refused = PageHinkleyParams {
        threshold: 0.0,
        ..page_hinkley
    };
    assert!(refused.check().is_err());
    let refused = PageHinkleyParams {
        memory: 1.5,
        ..page_hinkley
    };
    assert!(refused.check().is_err());
}

fn normal_rows(n: usize, mean: f64, seed: u64) -> Vec<f64> {
    let mut generator = rng(seed, "drift rows");
    (0..n)
        .map(|_| mean + standard_normal(&mut generator))
        .collect()
}

/// Two features; the second one misses every `missing_each`-th value.
fn table(n: usize, mean: f64, missing_each: usize, seed: u64) -> Dataset {
    let first = normal_rows(n, mean, seed);
    let second = normal_rows(n, 0.0, seed + 1000);
    let values = first
        .into_iter()
        .zip(second)
        .enumerate()
        .flat_map(|(row, (a, b))| [a, if row % missing_each == 0 { f64::NAN } else { b }])
        .collect();
    let records = Matrix::new(n, 2, values).unwrap();
    Dataset::new(records, vec!["spend".into(), "age".into()]).unwrap()
}

fn reference() -> DriftReference {
    let cancel = Cancellation::default();
    DriftParams::default()
        .check()
        .unwrap()
        .fit(
            &table(4000, 0.0, 100, 1),
            &Context::new(1, &Silent, &cancel),
        )
        .unwrap()
}

#[test]
fn a_table_like_the_reference_is_ok() {
    let reference = reference();

    for seed in 2..30 {
        let report = reference.report(&table(2000, 0.0, 100, seed)).unwrap();
        assert_eq!(report.status(), Status::Ok, "{report:?}");
    }
}

/// Two normal populations of variance 1 that lie `d` apart have the index `d²` without bins.
#[test]
fn a_shift_is_watched_and_a_large_one_acted_upon() {
    let reference = reference();
    let status = |mean| {
        let report = reference.report(&table(4000, mean, 100, 5)).unwrap();
        assert_eq!(report.status_of("age"), Some(Status::Ok));
        report.status_of("spend").unwrap()
    };

    assert_eq!(status(0.2), Status::Ok);
    assert_eq!(status(0.42), Status::Watch);
    assert_eq!(status(0.8), Status::Act);
}

#[test]
fn gaps_are_reported_beside_values() {
    let report = reference().report(&table(2000, 0.0, 3, 6)).unwrap();

    let of_age: Vec<(DriftKind, Status)> = report
        .of("age")
        .map(|finding| (finding.kind, finding.status))
        .collect();
    assert_eq!(
        of_age,
        [
            (DriftKind::Values, Status::Ok),
            (DriftKind::Missingness, Status::Act)
        ]
    );
}

#[test]
fn another_table_is_refused() {
    let other = table(10, 0.0, 3, 1);
    let renamed = Dataset {
        feature_names: vec!["age".into(), "spend".into()],
        ..other
    };

    assert!(matches!(
        reference().report(&renamed),
        Err(LearnError::Shape { found: 0, .. })
    ));
}

/// Probabilities, and outcomes that happen with `truth(probability)`.
fn scored(n: usize, seed: u64, truth: impl Fn(f64) -> f64) -> (Vec<f64>, Vec<bool>) {
    let mut generator = rng(seed, "scored");
    (0..n)
        .map(|_| {
            let probability: f64 = generator.random();
            let outcome = generator.random::<f64>() < truth(probability);
            (probability, outcome)
        })
        .unzip()
}

fn follow(probabilities: &[f64], outcomes: &[bool]) -> CalibrationDrift {
    let cancel = Cancellation::default();
    CalibrationParams::default()
        .check()
        .unwrap()
        .follow(probabilities, outcomes, &Context::new(1, &Silent, &cancel))
        .unwrap()
}

/// Tenths stand on the edges of the bins, where two ways to count would part.
#[test]
fn a_window_has_the_error_that_metrics_tell() {
    let probabilities: Vec<f64> = (0..200).map(|row| f64::from(row % 11) / 10.0).collect();
    let outcomes: Vec<bool> = (0..200).map(|row| row % 3 == 0).collect();

    let drift = follow(&probabilities, &outcomes);

    let expected = ece(&probabilities, &outcomes, Bins::EqualWidth(10)).unwrap();
    assert_eq!(drift.windows[0].error, expected);
}

#[test]
fn right_probabilities_stay_within_the_bound() {
    let (probabilities, outcomes) = scored(10_000, 1, |p| p);

    let drift = follow(&probabilities, &outcomes);

    let n_above = drift.windows.iter().filter(|w| w.error > w.bound).count();
    assert_eq!(drift.windows.len(), 20);
    assert!(n_above <= 2, "{n_above} of 20 windows at the level .99");
}

#[test]
fn probabilities_that_go_wrong_are_found_in_the_window_where_they_do() {
    let (mut probabilities, mut outcomes) = scored(1500, 2, |p| p);
    let (later, later_outcomes) = scored(500, 3, |p| 0.6 * p);
    probabilities.extend(later);
    outcomes.extend(later_outcomes);

    let drift = follow(&probabilities, &outcomes);
    let finding = drift.finding("churn");

    assert_eq!(finding.status, Status::Act);
    assert!(drift.windows[..3].iter().all(|w| w.error <= w.bound));
}

#[test]
fn the_newest_rows_always_have_a_window() {
    let (probabilities, outcomes) = scored(1200, 4, |p| p);

    let drift = follow(&probabilities, &outcomes);

    let rows = |w: &CalibrationWindow| (w.first_row, w.n_rows);
    assert_eq!(
        drift.windows.iter().map(rows).collect::<Vec<_>>(),
        [(0, 500), (500, 500), (700, 500)]
    );
    assert_eq!(rows(&follow(&[0.5; 20], &[true; 20]).windows[0]), (0, 20));
}

#[test]
fn windows_that_share_rows_do_not_count_twice() {
    let status = |first_rows: &[usize]| {
        let window = |&first_row: &usize| CalibrationWindow {
            first_row,
            n_rows: 500,
            error: 0.08,
            bound: 0.06,
        };
        let windows = first_rows.iter().map(window).collect();
        CalibrationDrift { windows }.finding("churn").status
    };

    assert_eq!(status(&[0]), Status::Watch);
    assert_eq!(status(&[0, 1]), Status::Watch);
    assert_eq!(status(&[0, 499]), Status::Watch);
    assert_eq!(status(&[0, 500]), Status::Act);
    assert_eq!(status(&[0, 500, 501]), Status::Act);
}

#[test]
fn rows_that_cannot_be_calibrated_are_refused() {
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel);
    let params = CalibrationParams::default().check().unwrap();

    assert!(params.follow(&[], &[], &context).is_err());
    assert!(params.follow(&[0.5], &[], &context).is_err());
    assert!(params.follow(&[1.5], &[true], &context).is_err());
    cancel.cancel();
    assert_eq!(
        params.follow(&[0.5], &[true], &context),
        Err(LearnError::Cancelled)
    );
}
