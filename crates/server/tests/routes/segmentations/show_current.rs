use serde_json::json;

use super::published;
use crate::app::TestApp;

const PATH: &str = "/api/v1/segmentations/current";

#[tokio::test]
async fn before_the_first_there_is_none() {
    let app = TestApp::start().await;

    app.viewer().await.get(PATH).await.problem(404, "not_found");
}

#[tokio::test]
async fn the_segmentation_in_force_shows_portraits_and_baseline() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (segmentation, [ann, _]) = published(&app, &client).await;

    let current = client.get(PATH).await.json(200);

    assert_eq!(current["id"], segmentation.to_string());
    assert_eq!(current["status"], "current");
    assert_eq!(current["baseline"]["method"], "rfm");
    let segment = &current["segments"][0];
    assert_eq!(segment["name"], json!({ "en": "Regulars", "zh": "常客" }));
    assert_eq!(
        segment["value"],
        json!({ "amount_minor": 0, "currency": "EUR" })
    );
    assert_eq!(segment["traits"][0]["direction"], "low");
    assert_eq!(
        segment["typical"],
        json!([{ "contact": { "id": ann, "name": "Ann" } }])
    );
    let list = client.get("/api/v1/segmentations").await.json(200);
    assert_eq!(list["segmentations"][0]["id"], current["id"]);
}

#[tokio::test]
async fn an_archived_segmentation_is_shown_by_its_id() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (first, _) = published(&app, &client).await;
    let shown = client.get(PATH).await.json(200);
    published(&app, &client).await;

    let archived = client.get(&format!("/api/v1/segmentations/{first}")).await;

    let archived = archived.json(200);
    assert_eq!(archived["status"], "archived");
    assert_eq!(archived["segments"], shown["segments"]);
}
