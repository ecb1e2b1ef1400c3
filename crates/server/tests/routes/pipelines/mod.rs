mod board;
mod update;

use serde_json::{Value, json};

use crate::app::{Client, TestApp};

/// A pipeline with three stages.
pub(crate) async fn sales(client: &Client) -> Value {
    let stage = |name: &str, outcome: &str, probability: f64| json!({ "name": name, "outcome": outcome, "probability": probability });
    let body = json!({
        "name": "Sales",
        "stages": [stage("Offer", "open", 0.4), stage("Won", "won", 1.0), stage("Lost", "lost", 0.0)],
    });
    client.post("/api/v1/pipelines", &body).await.json(201)
}

#[tokio::test]
async fn a_pipeline_is_listed_with_its_stages_in_order() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let pipeline = sales(&client).await;

    let list = client.get("/api/v1/pipelines").await.json(200);

    assert!(
        list["pipelines"].as_array().unwrap().contains(&pipeline),
        "{list}"
    );
    assert_eq!(pipeline["stages"][2]["name"], "Lost");
}

#[tokio::test]
async fn a_pipeline_without_a_lost_stage_is_refused() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({
        "name": "Sales",
        "stages": [{ "name": "Offer", "outcome": "open", "probability": 0.5 }],
    });

    let answer = client.post("/api/v1/pipelines", &body).await;

    assert_eq!(answer.pointers(422, "invalid"), ["/stages"]);
}
