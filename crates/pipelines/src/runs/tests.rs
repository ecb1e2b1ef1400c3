//! What a training tells reaches the records.

use rapport_learn::runs::{Evaluation, RunSink, Told};
use rapport_learn::search::{Budget, Outcome, SearchParams, Space};
use rapport_learn::{Cancellation, Check, Context, Silent};
use rapport_store::ListQuery;
use rapport_store::runs::{CurveQuery, TrialStatus};
use tempfile::TempDir;

use super::*;
use crate::killed::{hand_clock, open};

async fn begun(workspace: &Workspace) -> RunId {
    let id = workspace.ids.next(workspace.clock.now());
    let new = NewRun {
        id,
        name: "a search".to_owned(),
        task: "score".to_owned(),
        model: "boosted_trees".to_owned(),
        tags: Vec::new(),
        seed: 42,
        params: Default::default(),
        data: None,
        code_version: "0.1.0".to_owned(),
        parent_id: None,
        job_id: None,
    };
    begin(workspace, new).await.unwrap();
    id
}

#[tokio::test]
async fn a_search_is_kept_with_its_trials_and_goes_on_after_a_restart() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path(), hand_clock().0).await;
    let run = begun(&workspace).await;
    let cancel = Cancellation::default();
    let context = Context::new(7, &Silent, &cancel);
    let space = Space::new().real("rate", 0.0, 1.0);
    let params = SearchParams::new(space, Budget::trials(12))
        .check()
        .unwrap();
    let mut study = params.start(&context);
    let log = RunLog::default();
    let stopped = study.optimize_telling(&log, &context, |evaluation| {
        if evaluation.trial().id == 5 {
            cancel.cancel();
        }
        Outcome::from(evaluation.real("rate"))
    });
    assert!(stopped.is_err());
    pass_on(&workspace, run, &log).await.unwrap();
    drop(workspace);

    let workspace = open(dir.path(), hand_clock().0).await;
    let mut study = find_study(&workspace, run).await.unwrap().unwrap();
    let go = Cancellation::default();
    let context = Context::new(7, &Silent, &go);
    let value =
        |evaluation: &rapport_learn::search::Evaluation<'_>| Outcome::from(evaluation.real("rate"));
    study.optimize_telling(&log, &context, value).unwrap();
    pass_on(&workspace, run, &log).await.unwrap();

    let query = ListQuery::default();
    let trials = runs::list_trials(&workspace.store, run, &query)
        .await
        .unwrap();
    assert_eq!(trials.items.len(), 12);
    let is_finished = |trial: &runs::Trial| trial.status == TrialStatus::Finished;
    assert!(trials.items.iter().all(is_finished));
}

#[tokio::test]
async fn curves_and_an_evaluation_are_kept_in_pieces() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path(), hand_clock().0).await;
    let run = begun(&workspace).await;
    let log = RunLog::default();
    for step in 0..10 {
        log.tell(Told::Point {
            metric: "loss",
            step,
            value: 1.0 / (step + 1) as f64,
        });
        pass_on(&workspace, run, &log).await.unwrap();
    }
    let evaluation =
        Evaluation::of_probabilities(&[0.2, 0.9], &[false, true], ["no", "yes"]).unwrap();

    log.tell(Told::Evaluation(&evaluation));
    pass_on(&workspace, run, &log).await.unwrap();
    end(&workspace, run, RunEnd::finished(None)).await.unwrap();

    let query = CurveQuery {
        runs: vec![run],
        metrics: Vec::new(),
        n_points_max: 1_000,
    };
    let curves = runs::curves(&workspace.store, &query).await.unwrap();
    assert_eq!(curves[0].curves[0].points.len(), 10);
    let kept = runs::find_evaluation(&workspace.store, run).await.unwrap();
    assert_eq!(kept.unwrap().metrics["auc"], 1.0);
}
