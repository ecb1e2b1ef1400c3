use rapport_store::runs;

use super::{begun, evaluation};
use crate::app::TestApp;

#[tokio::test]
async fn an_evaluation_shows_the_calibration_plot() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let run = begun(&app, "Ash", 1).await;
    let path = format!("/api/v1/runs/{run}/evaluation");
    client.get(&path).await.problem(404, "not_found");
    runs::save_evaluation(&app.workspace.store, run, evaluation(), app.now())
        .await
        .unwrap();

    let found = client.get(&path).await.json(200);

    assert_eq!(found["metrics"]["auc"], 0.9);
    assert_eq!(found["calibration"]["bins"][0]["observed"], 0.025);
    assert!(found["confusion"].is_null());
}
