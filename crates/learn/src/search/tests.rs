//! Searches end to end: planted optima are found, studies resume, budgets and threads hold.

use std::collections::HashSet;

use super::*;
use crate::{Cancellation, Check, Context, LearnError, Silent};

mod optimize;

fn study(params: SearchParams, seed: u64) -> Study {
    let cancel = Cancellation::default();
    params
        .check()
        .unwrap()
        .start(&Context::new(seed, &Silent, &cancel))
}

fn bowl_space() -> Space {
    Space::new().real("x", -5.0, 10.0).log_real("y", 1e-4, 1e2)
}

/// A bowl with its bottom at `x = 2`, `y = 0.1`.
fn bowl(parameters: &Assignment) -> f64 {
    let (x, y) = (parameters.real("x").unwrap(), parameters.real("y").unwrap());
    (x - 2.0).powi(2) + (y.log10() + 1.0).powi(2)
}

fn mixed_space() -> Space {
    Space::new()
        .category("model", &["linear", "trees", "net"])
        .log_integer("n_trees", 10, 1000)
        .when("model", &["trees"])
        .integer("depth", 1, 12)
        .when("model", &["trees"])
        .real("dropout", 0.0, 1.0)
        .when("model", &["net"])
}

/// Best are trees of depth 6, about 100 of them.
fn mixed(parameters: &Assignment) -> f64 {
    match parameters.category("model").unwrap() {
        "trees" => {
            let n_trees = parameters.integer("n_trees").unwrap() as f64;
            let depth = parameters.integer("depth").unwrap() as f64;
            (n_trees.log10() - 2.0).powi(2) + 0.02 * (depth - 6.0).powi(2)
        }
        "net" => 0.5 + (parameters.real("dropout").unwrap() - 0.3).abs(),
        _ => 0.6,
    }
}

fn run(study: &mut Study, objective: fn(&Assignment) -> f64) {
    while let Some(trial) = study.ask() {
        let value = objective(&trial.parameters);
        study.tell(trial.id, value.into()).unwrap();
    }
}

fn best_of(sampler: Sampler, space: Space, objective: fn(&Assignment) -> f64, seed: u64) -> f64 {
    let params = SearchParams {
        sampler,
        ..SearchParams::new(space, Budget::trials(60))
    };
    let mut study = study(params, seed);
    run(&mut study, objective);
    study.best_value().unwrap()
}

/// Mean of the best values over eight seeds.
fn mean_best(sampler: Sampler, space: fn() -> Space, objective: fn(&Assignment) -> f64) -> f64 {
    let bests: Vec<f64> = (0..8)
        .map(|seed| best_of(sampler, space(), objective, seed))
        .collect();
    crate::stats::mean(&bests)
}

const TPE: TpeParams = TpeParams {
    n_startup: 10,
    good_share: 0.1,
    n_candidates: 24,
};

fn samplers() -> [Sampler; 4] {
    [
        Sampler::Auto,
        Sampler::Random,
        Sampler::QuasiRandom,
        Sampler::Tpe(TPE),
    ]
}

#[test]
fn guided_samplers_beat_chance_on_a_bowl() {
    let random = mean_best(Sampler::Random, bowl_space, bowl);
    let tpe = mean_best(Sampler::Tpe(TPE), bowl_space, bowl);
    let process = GaussianProcessParams::default();
    let gaussian = mean_best(Sampler::GaussianProcess(process), bowl_space, bowl);

    assert!(tpe < 0.5 * random, "{tpe} {random}");
    assert!(gaussian < 0.01 * random, "{gaussian} {random}");
}

#[test]
fn conditions_and_categories_are_searched_better_than_by_chance() {
    let random = mean_best(Sampler::Random, mixed_space, mixed);
    let tpe = mean_best(Sampler::Auto, mixed_space, mixed);

    assert!(tpe < 0.5 * random, "{tpe} {random}");
}

#[test]
fn parameters_exist_exactly_where_their_condition_holds() {
    for sampler in samplers() {
        let params = SearchParams {
            sampler,
            ..SearchParams::new(mixed_space(), Budget::trials(40))
        };
        let mut study = study(params, 3);
        run(&mut study, mixed);

        for trial in study.trials() {
            let parameters = &trial.parameters;
            let model = parameters.category("model").unwrap();
            assert_eq!(parameters.integer("depth").is_some(), model == "trees");
            assert_eq!(parameters.integer("n_trees").is_some(), model == "trees");
            assert_eq!(parameters.real("dropout").is_some(), model == "net");
        }
    }
}

#[test]
fn one_seed_is_one_search_and_another_is_another() {
    for sampler in samplers() {
        let searched = |seed| {
            let params = SearchParams {
                sampler,
                ..SearchParams::new(bowl_space(), Budget::trials(25))
            };
            let mut study = study(params, seed);
            run(&mut study, bowl);
            study
        };

        assert_eq!(searched(1), searched(1));
        assert_ne!(searched(1).trials(), searched(2).trials());
    }
}

#[test]
fn a_study_read_back_goes_on_as_if_it_had_not_stopped() {
    for (space, objective) in [
        (bowl_space(), bowl as fn(&Assignment) -> f64),
        (mixed_space(), mixed),
    ] {
        let params = SearchParams::new(space, Budget::trials(30));
        let mut whole = study(params.clone(), 7);
        run(&mut whole, objective);

        let mut resumed = study(params, 7);
        for n in 0.. {
            let Some(trial) = resumed.ask() else { break };
            if n % 4 == 0 {
                // Written down in the middle of a trial.
                let json = serde_json::to_string(&resumed).unwrap();
                resumed = serde_json::from_str(&json).unwrap();
                assert_eq!(resumed.running().next(), Some(&trial));
            }
            resumed
                .tell(trial.id, objective(&trial.parameters).into())
                .unwrap();
        }

        assert_eq!(whole, resumed);
    }
}

#[test]
fn larger_can_be_better() {
    let params = SearchParams {
        direction: Direction::Maximize,
        ..SearchParams::new(bowl_space(), Budget::trials(40))
    };
    let mut study = study(params, 5);

    run(&mut study, |parameters| -bowl(parameters));

    let best = study.best_value().unwrap();
    assert!(best > -0.1, "{best}");
    assert!(study.trials().iter().all(|t| t.value().unwrap() <= best));
}

#[test]
fn failures_are_remembered_with_their_reason_and_avoided() {
    for sampler in samplers() {
        let params = SearchParams {
            sampler,
            ..SearchParams::new(bowl_space(), Budget::trials(40))
        };
        let mut study = study(params, 11);
        while let Some(trial) = study.ask() {
            let outcome = match trial.parameters.real("x").unwrap() {
                x if x > 6.0 => Outcome::Failed("out of memory".into()),
                x if x < -2.0 => Outcome::Value(f64::NAN),
                _ => Outcome::Value(bowl(&trial.parameters)),
            };
            study.tell(trial.id, outcome).unwrap();
        }

        let reasons: HashSet<String> = study
            .trials()
            .iter()
            .filter_map(|trial| match &trial.state {
                TrialState::Failed { reason } => Some(reason.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(reasons.len(), 2, "{reasons:?}");
        assert!(reasons.iter().any(|reason| reason.contains("NaN")));
        assert!(study.best_value().unwrap().is_finite());
    }
}

#[test]
fn a_search_where_everything_fails_still_ends() {
    for sampler in samplers() {
        let params = SearchParams {
            sampler,
            ..SearchParams::new(bowl_space(), Budget::trials(25))
        };
        let mut study = study(params, 2);
        while let Some(trial) = study.ask() {
            study.tell(trial.id, Outcome::Failed("no".into())).unwrap();
        }

        assert_eq!(study.best(), None);
        assert_eq!(study.trials().len(), 25);
    }
}

#[test]
fn losses_all_alike_or_huge_do_no_harm() {
    for objective in [
        (|_| 1.0) as fn(&Assignment) -> f64,
        |parameters| 1e300 * bowl(parameters).min(1.0),
        |parameters| 1e-300 * bowl(parameters),
    ] {
        let mut study = study(SearchParams::new(bowl_space(), Budget::trials(20)), 2);

        run(&mut study, objective);

        assert_eq!(study.trials().len(), 20);
    }
}

#[test]
fn a_space_of_few_points_is_searched_without_getting_stuck() {
    let space = Space::new().integer("a", 0, 2).integer("b", 5, 5);
    let mut study = study(SearchParams::new(space, Budget::trials(30)), 2);

    run(&mut study, |p| p.integer("a").unwrap() as f64);

    assert_eq!(study.best_value(), Some(0.0));
}

#[test]
fn a_told_trial_takes_no_more() {
    let mut study = study(SearchParams::new(bowl_space(), Budget::trials(5)), 1);
    let trial = study.ask().unwrap();
    study.report(trial.id, 3, 1.0).unwrap();

    assert_eq!(
        study.report(trial.id, 3, 1.0),
        Err(SearchError::StepBackward {
            id: 0,
            step: 3,
            before: 3
        })
    );
    assert!(study.charge(trial.id, -1.0).is_err());
    study.tell(trial.id, 1.0.into()).unwrap();
    assert_eq!(study.tell(0, 2.0.into()), Err(SearchError::TrialEnded(0)));
    assert_eq!(study.tell(9, 2.0.into()), Err(SearchError::UnknownTrial(9)));
    assert_eq!(study.best_value(), Some(1.0));
}

#[test]
fn cost_ends_a_search() {
    let params = SearchParams::new(bowl_space(), Budget::trials(100).with_cost(10.0));
    let mut study = study(params, 1);

    while let Some(trial) = study.ask() {
        study.charge(trial.id, 3.0).unwrap();
        study.tell(trial.id, 1.0.into()).unwrap();
    }

    assert_eq!(study.trials().len(), 4);
}

#[test]
fn settings_out_of_range_are_refused() {
    let refused = |params: SearchParams| assert!(params.check().is_err());
    let params = || SearchParams::new(mixed_space(), Budget::trials(10));

    refused(SearchParams::new(Space::new(), Budget::trials(10)));
    refused(SearchParams::new(bowl_space(), Budget::trials(0)));
    refused(SearchParams::new(
        bowl_space(),
        Budget::trials(1).with_cost(0.0),
    ));
    refused(SearchParams {
        sampler: Sampler::GaussianProcess(GaussianProcessParams::default()),
        ..params()
    });
    refused(SearchParams {
        scheduler: Scheduler::SuccessiveHalving {
            step_min: 1,
            factor: 0,
        },
        ..params()
    });
}

#[test]
fn trials_asked_for_at_once_keep_apart() {
    for sampler in [Sampler::Auto, Sampler::Tpe(TPE)] {
        let params = SearchParams {
            sampler,
            ..SearchParams::new(bowl_space(), Budget::trials(28))
        };
        let mut study = study(params, 6);
        for _ in 0..20 {
            let trial = study.ask().unwrap();
            study
                .tell(trial.id, bowl(&trial.parameters).into())
                .unwrap();
        }

        let at_once: HashSet<String> = (0..8)
            .map(|_| format!("{:.3?}", study.ask().unwrap().parameters))
            .collect();

        assert_eq!(at_once.len(), 8);
    }
}

/// Curves that fall to a planted end; after a third of the way their order is that of their ends.
#[test]
fn schedulers_save_most_steps_and_still_find_a_good_end() {
    let cancel = Cancellation::default();
    let context = Context::new(3, &Silent, &cancel);
    for scheduler in [
        Scheduler::SuccessiveHalving {
            step_min: 1,
            factor: 3,
        },
        Scheduler::Hyperband {
            step_min: 1,
            step_max: 27,
            factor: 3,
        },
        Scheduler::Median {
            n_warmup_trials: 5,
            n_warmup_steps: 3,
        },
    ] {
        let params = SearchParams {
            scheduler,
            sampler: Sampler::Random,
            ..SearchParams::new(bowl_space(), Budget::trials(120))
        };
        let mut study = study(params, 3);

        study
            .optimize(&context, |evaluation| {
                let end = bowl(&evaluation.trial().parameters);
                for step in 1..=27 {
                    evaluation.charge(1.0);
                    let value = end + 2.0 / step as f64;
                    if evaluation.report(step, value) == Verdict::Stop {
                        return Outcome::Stopped;
                    }
                }
                (end + 2.0 / 27.0).into()
            })
            .unwrap();

        let cost: f64 = study.trials().iter().map(|trial| trial.cost).sum();
        assert!(cost < 0.7 * 120.0 * 27.0, "{scheduler:?}: {cost}");
        assert!(study.best_value().unwrap() < 1.0, "{scheduler:?}");
        assert!(
            study
                .trials()
                .iter()
                .any(|t| t.state == TrialState::Stopped)
        );
    }
}

#[test]
fn an_objective_may_answer_with_a_result() {
    let failed: Result<f64, LearnError> = Err(LearnError::Cancelled);

    assert_eq!(
        Outcome::from(failed),
        Outcome::Failed("the work was cancelled".into())
    );
    assert_eq!(
        Outcome::from(Ok::<f64, LearnError>(2.0)),
        Outcome::Value(2.0)
    );
}
