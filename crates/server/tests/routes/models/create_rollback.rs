use serde_json::json;

use super::{change, go, rivals, stages};
use crate::app::TestApp;

#[tokio::test]
async fn the_champion_before_serves_again() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    rivals(&app, 0.9).await;
    let nothing = json!({ "reason": "complaints" });
    let refused = change(&client, "rollbacks", &nothing).await;
    go(&client, 2, "shadow").await.json(200);
    go(&client, 2, "champion").await.json(200);

    let model = change(&client, "rollbacks", &json!({ "reason": "complaints" }))
        .await
        .json(200);

    refused.problem(409, "nothing_to_roll_back");
    assert_eq!(stages(&model), ["champion", "retired"]);
    assert_eq!(model["transitions"][0]["reason"], "complaints");
    assert_eq!(model["champion"]["version"], 1);
}
