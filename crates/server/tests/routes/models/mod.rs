use rapport_domain::ModelId;
use rapport_store::models::{self, ChampionFigure, Entry, Evidence, NamedFigure, NewModel};
use serde_json::{Value, json};

use crate::app::{Answer, Client, TestApp};

mod create_rollback;
mod create_transition;
mod list;
mod show;
mod show_version;

const PATH: &str = "/api/v1/models/score";

/// Registers a version with this AUC against a champion's, as a candidate unless it is the first.
async fn registered(app: &TestApp, auc: f64, champion: Option<(ModelId, u64, f64)>) -> ModelId {
    let id: ModelId = app.workspace.ids.next(app.now());
    let evidence = Evidence {
        metric: "auc".to_owned(),
        is_higher_better: true,
        n_rows: 1_000,
        value: auc,
        champion: champion.map(|(model_id, version, value)| ChampionFigure {
            model_id,
            version,
            value: Some(value),
        }),
        baseline: NamedFigure {
            name: "base_rate".to_owned(),
            value: Some(0.5),
        },
        saved_against_champion: None,
        saved_against_baseline: None,
        measured_at: app.now(),
    };
    let new = NewModel {
        id,
        kind: "score".to_owned(),
        folder: format!("models/{id}"),
        metrics: json!({ "auc": auc, "baseline": { "name": "base_rate", "auc": 0.5 } }),
        run_id: None,
        evidence: Some(evidence),
        entry: match champion {
            None => Entry::ChampionIfFirstOrBetter,
            Some(_) => Entry::Candidate,
        },
    };
    models::register(&app.workspace.store, new, app.now())
        .await
        .unwrap();
    id
}

/// A champion of 0.8 and a candidate with this AUC.
async fn rivals(app: &TestApp, auc: f64) {
    let champion = registered(app, 0.8, None).await;
    registered(app, auc, Some((champion, 1, 0.8))).await;
}

/// Asks for a transition at the present revision.
async fn go(client: &Client, version: u64, to: &str) -> Answer {
    let body = json!({ "version": version, "to": to, "reason": "because" });
    change(client, "transitions", &body).await
}

async fn change(client: &Client, what: &str, body: &Value) -> Answer {
    let model = client.get(PATH).await.json(200);
    let revision = model["revision"].as_i64();
    let path = format!("{PATH}/{what}");
    client
        .send_json(axum::http::Method::POST, &path, revision, body)
        .await
}

/// Stages by version, from the first.
fn stages(model: &Value) -> Vec<&str> {
    let versions = model["versions"].as_array().unwrap();
    let stages = versions.iter().rev().map(|v| v["stage"].as_str().unwrap());
    stages.collect()
}
