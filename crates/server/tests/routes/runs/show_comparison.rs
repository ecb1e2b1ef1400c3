use super::finished;
use crate::app::{TestApp, texts};

const PATH: &str = "/api/v1/runs/compare";

#[tokio::test]
async fn runs_stand_side_by_side_in_the_order_asked_for() {
    let app = TestApp::start().await;
    let ash = finished(&app, "Ash", 0.7).await;
    let birch = finished(&app, "Birch", 0.9).await;

    let path = format!("{PATH}?run={birch},{ash}");
    let found = app.viewer().await.get(&path).await.json(200);

    let runs = found["runs"].as_array().unwrap();
    assert_eq!(texts(runs, "name"), ["Birch", "Ash"]);
    assert_eq!(runs[0]["params"]["learning_rate"], 0.1);
}

#[tokio::test]
async fn what_names_no_runs_is_refused() {
    let app = TestApp::start().await;
    let client = app.viewer().await;

    for query in ["", "?run=", "?run=x"] {
        let answer = client.get(&format!("{PATH}{query}")).await;
        assert_eq!(answer.pointers(400, "bad_runs"), ["?run"], "{query}");
    }
    let unknown = format!("{PATH}?run=0198c0de-0000-7000-8000-000000000001");
    client.get(&unknown).await.problem(404, "not_found");
}
