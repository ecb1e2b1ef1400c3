//! The loop around a study: workers, cancellation and deadlines.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::*;
use crate::Deadline;

#[test]
fn many_workers_try_different_points_and_all_are_told() {
    let cancel = Cancellation::default();
    let context = Context::new(4, &Silent, &cancel).with_threads(NonZeroUsize::new(4).unwrap());
    let mut study = study(SearchParams::new(bowl_space(), Budget::trials(50)), 4);

    let ended = study.optimize(&context, |evaluation| {
        bowl(&evaluation.trial().parameters).into()
    });

    assert_eq!(ended, Ok(Ended::Budget));
    assert_eq!(study.trials().len(), 50);
    assert!(study.trials().iter().all(|trial| trial.value().is_some()));
    assert!(study.best_value().unwrap() < 0.5);
}

#[test]
fn asking_and_telling_by_hand_is_what_optimize_does() {
    let cancel = Cancellation::default();
    let context = Context::new(9, &Silent, &cancel);
    let params = SearchParams::new(bowl_space(), Budget::trials(20));
    let mut by_hand = study(params.clone(), 9);
    run(&mut by_hand, bowl);
    let mut optimized = study(params, 9);

    optimized
        .optimize(&context, |evaluation| {
            bowl(&evaluation.trial().parameters).into()
        })
        .unwrap();

    assert_eq!(by_hand, optimized);
}

#[test]
fn a_cancelled_search_keeps_what_it_has_and_goes_on_as_if_it_had_not_been() {
    let params = SearchParams::new(bowl_space(), Budget::trials(20));
    let mut whole = study(params.clone(), 9);
    run(&mut whole, bowl);
    let cancel = Cancellation::default();
    let mut study = study(params, 9);

    let cancelled = study.optimize(&Context::new(9, &Silent, &cancel), |evaluation| {
        if evaluation.trial().id == 13 {
            cancel.cancel();
        }
        bowl(&evaluation.trial().parameters).into()
    });
    assert_eq!(cancelled, Err(LearnError::Cancelled));
    assert_eq!(
        study.running().map(|trial| trial.id).collect::<Vec<_>>(),
        [13]
    );
    let fresh = Cancellation::default();
    let ended = study.optimize(&Context::new(9, &Silent, &fresh), |evaluation| {
        bowl(&evaluation.trial().parameters).into()
    });

    assert_eq!(ended, Ok(Ended::Budget));
    assert_eq!(study, whole);
}

#[test]
fn a_deadline_ends_a_search_with_what_it_has() {
    let start = Instant::now();
    let ticks = AtomicU64::new(0);
    let clock = || {
        let tick = ticks.fetch_add(1, Ordering::Relaxed);
        start + Duration::from_secs(tick)
    };
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel)
        .with_deadline(Deadline::new(start + Duration::from_secs(6), &clock));
    let mut study = study(SearchParams::new(bowl_space(), Budget::trials(100)), 1);

    let ended = study.optimize(&context, |evaluation| {
        bowl(&evaluation.trial().parameters).into()
    });

    assert_eq!(ended, Ok(Ended::Deadline));
    assert_eq!(study.trials().len(), 6);
}

#[test]
fn a_trial_that_the_deadline_cut_off_is_run_again_with_more_time() {
    let params = SearchParams::new(bowl_space(), Budget::trials(20));
    let mut whole = study(params.clone(), 9);
    run(&mut whole, bowl);
    let start = Instant::now();
    let is_late = AtomicBool::new(false);
    let clock = || {
        let is_late = is_late.load(Ordering::Relaxed);
        start + Duration::from_secs(u64::from(is_late))
    };
    let cancel = Cancellation::default();
    let context = Context::new(9, &Silent, &cancel);
    let limited = context.with_deadline(Deadline::new(start + Duration::from_secs(1), &clock));
    let mut study = study(params, 9);

    let ended = study.optimize(&limited, |evaluation| {
        if evaluation.trial().id == 13 {
            is_late.store(true, Ordering::Relaxed);
        }
        let value = bowl(&evaluation.trial().parameters);
        evaluation.context().proceed().map(|()| value).into()
    });
    assert_eq!(ended, Ok(Ended::Deadline));
    assert_eq!(
        study.running().map(|trial| trial.id).collect::<Vec<_>>(),
        [13]
    );
    let ended = study.optimize(&context, |evaluation| {
        bowl(&evaluation.trial().parameters).into()
    });

    assert_eq!(ended, Ok(Ended::Budget));
    assert_eq!(study, whole);
}
