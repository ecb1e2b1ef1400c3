use serde_json::json;

use super::finished;
use crate::app::TestApp;

#[tokio::test]
async fn a_run_shows_its_parameters_and_last_values() {
    let app = TestApp::start().await;
    let id = finished(&app, "Ash", 0.7).await;

    let path = format!("/api/v1/runs/{id}");
    let run = app.viewer().await.get(&path).await.json(200);

    assert_eq!(
        run["params"],
        json!({ "learning_rate": 0.1, "objective": "logistic" })
    );
    assert_eq!(run["status"], "finished");
    assert_eq!(
        (&run["data"], &run["model_version"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(run["has_evaluation"], false);
    assert_eq!(run["metrics"][0]["min"], 1.0 / 3.0);
}
