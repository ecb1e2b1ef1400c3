//! Runs: their lists, curves, evaluations and trials.

use std::time::Duration;

use rapport_domain::{JobId, RunId};
use serde_json::json;

use super::{TestStore, now};
use crate::jobs::{self, NewJob};
use crate::runs::{
    self, Calibration, CalibrationBin, CurveQuery, Evaluation, Headline, NewRun, ParamValue, Point,
    RunEnd, RunStatus, Series, Trial, TrialReport, TrialStatus,
};
use crate::{ListQuery, Op, StoreError};

pub(super) fn new_run(store: &TestStore, name: &str) -> NewRun {
    NewRun {
        id: store.id(),
        name: name.to_owned(),
        task: "score".to_owned(),
        model: "boosted_trees".to_owned(),
        tags: vec!["nightly".to_owned()],
        seed: u64::MAX,
        params: [
            ("learning_rate".to_owned(), ParamValue::number(0.1)),
            (
                "objective".to_owned(),
                ParamValue::Text("Logistic".to_owned()),
            ),
        ]
        .into(),
        data: None,
        code_version: "0.1.0".to_owned(),
        parent_id: None,
        job_id: None,
    }
}

fn series(metric: &str, points: impl IntoIterator<Item = (u64, f64)>) -> Vec<Series> {
    let points = points.into_iter();
    vec![Series {
        metric: metric.to_owned(),
        points: points.map(|(step, value)| Point { step, value }).collect(),
    }]
}

async fn curve(store: &TestStore, run: RunId, n_points_max: usize) -> Vec<(u64, f64)> {
    let query = CurveQuery {
        runs: vec![run],
        metrics: vec!["loss".to_owned()],
        n_points_max,
    };
    let mut found = runs::curves(store, &query).await.unwrap();
    let points = found.remove(0).curves.remove(0).points;
    points
        .iter()
        .map(|point| (point.step, point.value))
        .collect()
}

#[tokio::test]
async fn a_run_reads_back_as_it_went() {
    let store = TestStore::open().await;
    let new = new_run(&store, "Trees of November");
    let begun = runs::begin(&store, new.clone(), now()).await.unwrap();
    let points = series("loss", [(0, 0.7), (1, 0.5), (2, f64::NAN)]);
    runs::append(&store, new.id, points, now()).await.unwrap();
    let headline = Headline {
        metric: "auc".to_owned(),
        value: Some(0.91),
        baseline: Some(0.5),
        is_higher_better: true,
    };

    let end = RunEnd {
        model: Some("logistic".to_owned()),
        ..RunEnd::finished(Some(headline.clone()))
    };
    let later = now().plus_seconds(12);
    runs::end(&store, new.id, end, later).await.unwrap();

    let found = runs::find(&store, new.id).await.unwrap().unwrap();
    assert_eq!(begun.status, RunStatus::Running);
    assert_eq!(found.run.status, RunStatus::Finished);
    assert_eq!((found.run.seconds, found.run.seed), (Some(12.0), u64::MAX));
    assert_eq!(found.run.headline, Some(headline));
    assert_eq!(
        (found.run.model.as_str(), &found.run.params),
        ("logistic", &new.params)
    );
    let loss = &found.metrics[0];
    assert_eq!((loss.step, loss.value, loss.n_points), (2, None, 3));
    assert_eq!((loss.least, loss.greatest), (Some(0.5), Some(0.7)));
    assert_eq!(found.model_version, None);
}

#[tokio::test]
async fn a_curve_of_many_pieces_reads_back_whole_and_thinned() {
    let store = TestStore::open().await;
    let run = new_run(&store, "Long");
    runs::begin(&store, run.clone(), now()).await.unwrap();
    let value = |step: u64| {
        if step == 7_777 {
            99.0
        } else {
            1.0 / (step + 1) as f64
        }
    };
    // Pieces of 700 fall out of step with the chunks that they are kept in.
    for first in (0..10_000).step_by(700) {
        let points = (first..(first + 700).min(10_000)).map(|step| (step, value(step)));
        let points = series("loss", points);
        runs::append(&store, run.id, points, now()).await.unwrap();
    }

    let whole = curve(&store, run.id, 10_000).await;
    let thin = curve(&store, run.id, 1_000).await;

    let expected: Vec<(u64, f64)> = (0..10_000).map(|step| (step, value(step))).collect();
    assert_eq!(whole, expected);
    assert!(
        thin.len() <= 1_000 && thin.contains(&(7_777, 99.0)),
        "{}",
        thin.len()
    );
    let found = runs::find(&store, run.id).await.unwrap().unwrap();
    assert_eq!(found.metrics[0].n_points, 10_000);
    assert_eq!(found.metrics[0].greatest, Some(99.0));
}

#[tokio::test]
async fn a_training_that_goes_back_to_its_checkpoint_replaces_what_came_after() {
    let store = TestStore::open().await;
    let run = new_run(&store, "Resumed");
    runs::begin(&store, run.clone(), now()).await.unwrap();
    let first = series("loss", (0..5_000).map(|step| (step, 9.0)));
    runs::append(&store, run.id, first, now()).await.unwrap();
    runs::end(&store, run.id, RunEnd::failed("killed".to_owned()), now())
        .await
        .unwrap();

    runs::resume(&store, run.id, now()).await.unwrap();
    let again = series("loss", [(3_001, 2.0), (3_000, 1.0), (3_001, 3.0)]);
    runs::append(&store, run.id, again, now()).await.unwrap();

    let points = curve(&store, run.id, 10_000).await;
    assert_eq!(points.len(), 3_002);
    assert_eq!(points[2_999..], [(2_999, 9.0), (3_000, 1.0), (3_001, 3.0)]);
    let found = runs::find(&store, run.id).await.unwrap().unwrap();
    assert_eq!(
        (found.metrics[0].n_points, found.metrics[0].value),
        (3_002, Some(3.0))
    );
    assert_eq!(
        (found.run.status, found.run.error),
        (RunStatus::Running, None)
    );
}

#[tokio::test]
async fn beginning_again_forgets_what_was_told() {
    let store = TestStore::open().await;
    let run = new_run(&store, "Twice");
    runs::begin(&store, run.clone(), now()).await.unwrap();
    runs::append(&store, run.id, series("loss", [(0, 1.0)]), now())
        .await
        .unwrap();

    runs::begin(&store, run.clone(), now()).await.unwrap();

    let found = runs::find(&store, run.id).await.unwrap().unwrap();
    assert!(found.metrics.is_empty());
    let unknown = runs::append(&store, store.id(), series("loss", [(0, 1.0)]), now()).await;
    assert!(matches!(unknown, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn parameters_that_become_known_on_the_way_are_shown_and_found() {
    let store = TestStore::open().await;
    let run = new_run(&store, "Chosen");
    runs::begin(&store, run.clone(), now()).await.unwrap();
    let chosen = ParamValue::Text("Goss".to_owned());

    let params = [("sampling".to_owned(), chosen.clone())].into();
    runs::add_params(&store, run.id, params, now())
        .await
        .unwrap();

    let query = ListQuery {
        search: Some("goss".to_owned()),
        ..ListQuery::default()
    };
    let found = runs::list(&store, &query).await.unwrap();
    let params = &found.items[0].run.params;
    assert_eq!((params.len(), &params["sampling"]), (3, &chosen));
}

#[tokio::test]
async fn runs_are_filtered_sorted_searched_and_paged() {
    let store = TestStore::open().await;
    let mut ids = Vec::new();
    for (idx, name) in ["Ash", "Birch", "Cedar", "Douglas"].into_iter().enumerate() {
        let mut run = new_run(&store, name);
        if idx == 3 {
            run.task = "segment".to_owned();
            run.params.insert("k".to_owned(), ParamValue::number(5.0));
        }
        ids.push(run.id);
        runs::begin(&store, run, now().plus_seconds(idx as i64))
            .await
            .unwrap();
    }
    for (idx, value) in [(0, Some(0.7)), (1, Some(0.9)), (2, None)] {
        let headline = Headline {
            metric: "auc".to_owned(),
            value,
            baseline: None,
            is_higher_better: true,
        };
        runs::end(&store, ids[idx], RunEnd::finished(Some(headline)), now())
            .await
            .unwrap();
    }
    let names = async |query: ListQuery| -> Vec<String> {
        let page = runs::list(&store, &query).await.unwrap();
        page.items.into_iter().map(|row| row.run.name).collect()
    };
    let all = ListQuery::default;

    assert_eq!(names(all()).await, ["Douglas", "Cedar", "Birch", "Ash"]);
    let best = all().with("task", Op::Eq, "score").sorted("-headline");
    assert_eq!(names(best).await, ["Birch", "Ash", "Cedar"]);
    let running = all().with("status", Op::In, "running,failed");
    assert_eq!(names(running).await, ["Douglas"]);
    let tagged = all().with("tags", Op::Contains, "nightly");
    assert_eq!(names(tagged).await.len(), 4);
    let text = ListQuery {
        search: Some("logistic birch".to_owned()),
        ..all()
    };
    assert_eq!(names(text).await, ["Birch"]);
    let first = ListQuery {
        limit: 3,
        estimate: true,
        ..all().sorted("name")
    };
    let page = runs::list(&store, &first).await.unwrap();
    assert_eq!((page.items.len(), page.estimate), (3, Some(4)));
    let rest = ListQuery {
        cursor: page.next,
        ..first
    };
    assert_eq!(names(rest).await, ["Douglas"]);
}

#[tokio::test]
async fn an_evaluation_reads_back_without_its_gaps() {
    let store = TestStore::open().await;
    let run = new_run(&store, "Evaluated");
    runs::begin(&store, run.clone(), now()).await.unwrap();
    let mut evaluation = Evaluation {
        n_rows: 100,
        metrics: [("auc".to_owned(), 0.9)].into(),
        calibration: Some(Calibration {
            positive: "yes".to_owned(),
            ece: 0.01,
            bins: vec![CalibrationBin {
                lower: 0.0,
                upper: 0.1,
                n: 40,
                mean_predicted: 0.03,
                observed: 0.025,
            }],
        }),
        ..Evaluation::default()
    };
    let clean = evaluation.clone();
    evaluation.metrics.insert("ks".to_owned(), f64::NAN);

    runs::save_evaluation(&store, run.id, evaluation, now())
        .await
        .unwrap();

    let found = runs::find_evaluation(&store, run.id).await.unwrap();
    assert_eq!(found, Some(clean));
    let row = runs::find(&store, run.id).await.unwrap().unwrap();
    assert!(row.run.has_evaluation);
}

fn trial(number: u64, value: Option<f64>) -> Trial {
    Trial {
        number,
        status: if value.is_some() {
            TrialStatus::Finished
        } else {
            TrialStatus::Running
        },
        params: [("depth".to_owned(), ParamValue::number(3.0))].into(),
        value,
        cost: 1.5,
        reports: vec![TrialReport {
            step: 1,
            value: 0.5,
        }],
        error: None,
    }
}

#[tokio::test]
async fn trials_are_told_as_they_come_and_a_search_is_taken_up_again() {
    let store = TestStore::open().await;
    let run = new_run(&store, "Search");
    runs::begin(&store, run.clone(), now()).await.unwrap();
    let study = json!({ "seed": 42, "trials": [1, 2] });
    let told = vec![trial(0, Some(0.8)), trial(1, None)];
    runs::save_trials(&store, run.id, told, now())
        .await
        .unwrap();
    let told = vec![trial(1, Some(0.9))];
    runs::save_trials(&store, run.id, told, now())
        .await
        .unwrap();
    runs::save_artifact(&store, run.id, "study", &study, now())
        .await
        .unwrap();

    let best = ListQuery::default().sorted("-value");
    let best = runs::list_trials(&store, run.id, &best).await.unwrap();
    let in_order = runs::list_trials(&store, run.id, &ListQuery::default()).await;

    assert_eq!(best.items[0], trial(1, Some(0.9)));
    assert_eq!(in_order.unwrap().items[0].number, 0);
    let row = runs::find(&store, run.id).await.unwrap().unwrap();
    assert_eq!(row.run.n_trials, 2);
    let kept = runs::find_artifact::<serde_json::Value>(&store, run.id, "study").await;
    assert_eq!(kept.unwrap(), Some(study));
}

#[tokio::test]
async fn a_run_ends_with_the_job_that_it_runs_in() {
    let store = TestStore::open().await;
    let job: JobId = store.id();
    let new = NewJob {
        id: job,
        kind: "training".to_owned(),
        payload: json!({}),
        unique_key: None,
        run_at: now(),
        attempts_max: 1,
    };
    jobs::enqueue(&store, new, now()).await.unwrap();
    let lease = Duration::from_secs(60);
    let leased = jobs::claim(&store, &["training"], now(), lease).await;
    let mut run = new_run(&store, "In a job");
    run.job_id = Some(job);
    runs::begin(&store, run.clone(), now()).await.unwrap();

    let leased = leased.unwrap().unwrap();
    jobs::fail(&store, &leased, "out of memory", now().plus_seconds(3))
        .await
        .unwrap();

    let found = runs::find(&store, run.id).await.unwrap().unwrap().run;
    assert_eq!(found.status, RunStatus::Failed);
    assert_eq!(found.error.as_deref(), Some("out of memory"));
    assert_eq!(found.seconds, Some(3.0));
}
