use serde_json::json;

use super::{PATH, registered, rivals};
use crate::app::TestApp;

#[tokio::test]
async fn a_kind_shows_versions_evidence_and_the_trail_of_changes() {
    let app = TestApp::start().await;
    rivals(&app, 0.79).await;

    let answer = app.viewer().await.get(PATH).await;

    let tag = answer.header("etag").unwrap().to_owned();
    let model = answer.json(200);
    assert!(tag.starts_with(&format!("\"{}-", model["revision"])));
    let candidate = &model["versions"][0];
    assert_eq!(
        candidate["evidence"]["champion"],
        json!({ "version": 1, "value": 0.8 })
    );
    assert_eq!(
        candidate["baseline"],
        json!({ "name": "base_rate", "metrics": { "auc": 0.5 } })
    );
    assert_eq!(candidate["promotion"]["code"], "not_better_than_champion");
    assert_eq!(candidate["next_stages"], json!(["shadow", "retired"]));
    let trail = model["transitions"].as_array().unwrap();
    assert_eq!(
        (&trail[0]["from"], &trail[0]["to"]),
        (&json!(null), &json!("candidate"))
    );
    assert_eq!(
        (&trail[1]["to"], &trail[1]["reason"]),
        (&json!("champion"), &json!("the first of its kind"))
    );
}

#[tokio::test]
async fn the_champion_is_listed_however_many_versions_came_after_it() {
    let app = TestApp::start().await;
    let champion = registered(&app, 0.8, None).await;
    for _ in 0..201 {
        registered(&app, 0.7, Some((champion, 1, 0.8))).await;
    }

    let model = app.viewer().await.get(PATH).await.json(200);

    let versions = model["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 201);
    assert_eq!(versions[0]["version"], 202);
    let last = versions.last().unwrap();
    assert_eq!(
        (&last["version"], &last["stage"]),
        (&json!(1), &json!("champion"))
    );
}
