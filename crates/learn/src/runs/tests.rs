//! Searches and challenges tell their runs, and go on from what was told.

use super::*;
use crate::challenge::{ChallengeParams, Losses, Verdict};
use crate::search::{Assignment, Budget, Outcome, SearchParams, Space, TrialState};
use crate::{Cancellation, Check, Context, LearnError, Silent};

fn bowl(parameters: &Assignment) -> f64 {
    let x = parameters.real("x").unwrap();
    (x - 2.0).powi(2)
}

fn study(context: &Context<'_>, n_trials: u64) -> Study {
    let space = Space::new().real("x", -5.0, 5.0);
    let params = SearchParams::new(space, Budget::trials(n_trials));
    params.check().unwrap().start(context)
}

#[test]
fn a_search_tells_its_trials_and_goes_on_from_what_it_told() {
    let cancel = Cancellation::default();
    let context = Context::new(7, &Silent, &cancel);
    let log = RunLog::default();
    let mut interrupted = study(&context, 20);
    let stopped = interrupted.optimize_telling(&log, &context, |evaluation| {
        if evaluation.trial().id == 8 {
            cancel.cancel();
        }
        Outcome::from(bowl(&evaluation.trial().parameters))
    });
    assert_eq!(stopped, Err(LearnError::Cancelled));

    // What was told survives as text, as a store keeps it.
    let told = log.told();
    let text = serde_json::to_string(&told.study.unwrap()).unwrap();
    let mut resumed: Study = serde_json::from_str(&text).unwrap();
    let go = Cancellation::default();
    let context = Context::new(7, &Silent, &go);
    let value = |evaluation: &crate::search::Evaluation<'_>| {
        Outcome::from(bowl(&evaluation.trial().parameters))
    };
    resumed.optimize_telling(&log, &context, value).unwrap();

    let mut whole = study(&context, 20);
    whole.optimize(&context, value).unwrap();
    assert_eq!(resumed, whole);
    assert_eq!(told.trials.len(), 9);
    assert_eq!(told.trials[&8].state, TrialState::Running);
    let trials: Vec<_> = log.told().trials.into_values().collect();
    assert_eq!(trials, whole.trials());
}

#[test]
fn a_challenge_tells_both_ranges_and_goes_on_from_what_it_told() {
    let log = RunLog::default();
    let mut challenge = ChallengeParams::default().check().unwrap().start();
    let losses = Losses {
        challenger: 0.1,
        champion: 0.4,
        baseline: 0.5,
    };
    for _ in 0..150 {
        challenge.observe(&losses).unwrap();
    }
    challenge.tell(&log);

    let told = log.told();
    let mut resumed = told.challenge.unwrap();
    resumed.observe(&losses).unwrap();
    resumed.tell(&log);

    assert_eq!(told.curves.len(), 4);
    let lower = &log.told().curves["saved_against_champion_lower"];
    assert_eq!(
        lower.iter().map(|point| point.0).collect::<Vec<_>>(),
        [150, 151]
    );
    assert!(lower[1].1 > 0.0);
    assert!(matches!(resumed.verdict(), Verdict::Promote { .. }));
}
