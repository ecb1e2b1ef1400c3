//! The choice finds the planted kind of distortion and does no harm where there is none.

use super::tests::{mean_distance, planted, scored};
use super::*;
use crate::metrics::{Bins, ece, log_loss};
use crate::{Cancellation, Check, Context, Fit, LearnError, Silent};

fn choose(probabilities: &[f64], outcomes: &[bool]) -> Result<CalibratorChoice, CalibrationError> {
    let cancel = Cancellation::default();
    let held_back = HeldBack {
        probabilities,
        outcomes,
    };
    ChooseCalibrator::default()
        .check()?
        .fit(&held_back, &Context::new(7, &Silent, &cancel))
}

/// A logistic curve through log-odds with another offset is Platt's, not temperature's.
#[test]
fn the_chosen_calibrator_is_of_the_planted_kind_and_better_on_fresh_rows() {
    let too_sure = |p: f64| sigmoid(2.0 * log_odds(p));
    let shifted = |p: f64| sigmoid(2.0 * log_odds(p) + 2.0);
    let stepped = |p: f64| if p < 0.5 { 0.3 * p } else { 0.6 + 0.1 * p };

    for (method, distort) in [
        (Method::Temperature, &too_sure as &dyn Fn(f64) -> f64),
        (Method::Platt, &shifted),
        (Method::Isotonic, &stepped),
    ] {
        let (reported, outcomes, _) = planted(8_000, 3, distort);
        let (fresh, fresh_outcomes, _) = planted(8_000, 4, distort);

        let choice = choose(&reported, &outcomes).unwrap();

        let calibrated = choice.calibrator.predict(&fresh).unwrap();
        let loss = |probabilities: &[f64]| log_loss(probabilities, &fresh_outcomes).unwrap();
        assert!(loss(&calibrated) < loss(&fresh) - 0.01);
        assert!(ece(&calibrated, &fresh_outcomes, Bins::EqualMass(10)).unwrap() < 0.02);
        // A richer family may win by chance, a poorer one may not.
        let rank = |wanted| Method::ALL.iter().position(|&method| method == wanted);
        assert!(rank(choice.method) >= rank(method), "{:?}", choice.method);
    }
}

#[test]
fn right_probabilities_lose_next_to_nothing_by_the_choice() {
    let (reported, outcomes, _) = planted(4_000, 5, |p| p);

    let choice = choose(&reported, &outcomes).unwrap();

    assert_eq!(choice.candidates[0].method, Method::None);
    let chosen = choice.calibrator.predict(&reported).unwrap();
    assert!(mean_distance(&chosen, &reported) < 0.02);
}

#[test]
fn the_choice_reports_every_candidate_and_takes_the_least_loss() {
    let (scores, outcomes) = scored();

    let choice = choose(&scores, &outcomes).unwrap();

    let methods: Vec<Method> = choice.candidates.iter().map(|c| c.method).collect();
    assert_eq!(methods, Method::ALL);
    let least = choice
        .candidates
        .iter()
        .map(|c| c.log_loss)
        .fold(f64::MAX, f64::min);
    let own = choice.candidates.iter().find(|c| c.method == choice.method);
    assert_eq!(own.map(|c| c.log_loss), Some(least));
    assert_eq!(choice, choose(&scores, &outcomes).unwrap());
}

#[test]
fn more_threads_choose_the_same() {
    let (scores, outcomes) = scored();
    let cancel = Cancellation::default();
    let context = Context::new(7, &Silent, &cancel).with_threads(2.try_into().unwrap());
    let held_back = HeldBack {
        probabilities: &scores,
        outcomes: &outcomes,
    };

    let choice = ChooseCalibrator::default()
        .check()
        .unwrap()
        .fit(&held_back, &context);

    assert_eq!(choice, choose(&scores, &outcomes));
}

#[test]
fn a_cancelled_choice_stops() {
    let (scores, outcomes) = scored();
    let cancel = Cancellation::default();
    cancel.cancel();
    let held_back = HeldBack {
        probabilities: &scores,
        outcomes: &outcomes,
    };

    let refused = ChooseCalibrator::default()
        .check()
        .unwrap()
        .fit(&held_back, &Context::new(1, &Silent, &cancel));

    assert_eq!(refused, Err(LearnError::Cancelled.into()));
}

#[test]
fn what_cannot_be_chosen_from_is_refused() {
    assert_eq!(
        choose(&[0.1, 0.2, 0.3], &[true, false, false]),
        Err(CalibrationError::TooFewOutcomes {
            needed: 5,
            found: 1
        })
    );
    assert!(ChooseCalibrator { n_folds: 1 }.check().is_err());
}
