use rapport_domain::RunId;
use rapport_store::runs::{
    self, Calibration, CalibrationBin, Evaluation, Headline, NewRun, ParamValue, Point, RunEnd,
    Series, Trial, TrialReport, TrialStatus,
};

use crate::app::TestApp;

mod list;
mod list_trials;
mod show;
mod show_comparison;
mod show_curves;
mod show_evaluation;

/// A run under way, with a curve of `n_points`.
pub(in crate::routes) async fn begun(app: &TestApp, name: &str, n_points: u64) -> RunId {
    let id = app.workspace.ids.next(app.now());
    let new = NewRun {
        id,
        name: name.to_owned(),
        task: "score".to_owned(),
        model: "boosted_trees".to_owned(),
        tags: vec!["nightly".to_owned()],
        seed: 42,
        params: [
            ("learning_rate".to_owned(), ParamValue::number(0.1)),
            (
                "objective".to_owned(),
                ParamValue::Text("logistic".to_owned()),
            ),
        ]
        .into(),
        data: None,
        code_version: "0.1.0".to_owned(),
        parent_id: None,
        job_id: None,
    };
    let (store, now) = (&app.workspace.store, app.now());
    runs::begin(store, new, now).await.unwrap();
    let points = (0..n_points).map(|step| Point {
        step,
        value: if step == 1 {
            f64::NAN
        } else {
            1.0 / (step + 1) as f64
        },
    });
    let series = vec![Series {
        metric: "loss".to_owned(),
        points: points.collect(),
    }];
    runs::append(store, id, series, now).await.unwrap();
    id
}

/// The same, finished with this AUC.
async fn finished(app: &TestApp, name: &str, auc: f64) -> RunId {
    let id = begun(app, name, 3).await;
    let headline = Headline {
        metric: "auc".to_owned(),
        value: Some(auc),
        baseline: Some(0.5),
        is_higher_better: true,
    };
    app.advance_seconds(12);
    let end = RunEnd::finished(Some(headline));
    runs::end(&app.workspace.store, id, end, app.now())
        .await
        .unwrap();
    id
}

fn evaluation() -> Evaluation {
    Evaluation {
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
    }
}

fn trial(number: u64, value: f64) -> Trial {
    Trial {
        number,
        status: TrialStatus::Finished,
        params: [("depth".to_owned(), ParamValue::number(3.0))].into(),
        value: Some(value),
        cost: 1.5,
        reports: vec![TrialReport {
            step: 10,
            value: 0.5,
        }],
        error: None,
    }
}
