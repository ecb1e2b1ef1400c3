use serde_json::json;

use super::rivals;
use crate::app::TestApp;

#[tokio::test]
async fn each_kind_shows_what_serves_and_what_is_new() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let none = client.get("/api/v1/models").await.json(200);
    rivals(&app, 0.9).await;

    let found = client.get("/api/v1/models").await.json(200);

    assert_eq!(none, json!({ "models": [] }));
    let model = &found["models"][0];
    assert_eq!(
        (&model["kind"], &model["n_versions"]),
        (&json!("score"), &json!(2))
    );
    assert_eq!(
        model["stages"],
        json!({ "candidate": 1, "shadow": 0, "champion": 1, "retired": 0 })
    );
    assert_eq!(
        (&model["champion"]["version"], &model["latest"]["version"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(model["roll_back_to"], json!(null));
}
