use serde_json::json;

use super::published;
use crate::app::TestApp;

#[tokio::test]
async fn the_map_is_columns_of_equal_length() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (segmentation, contacts) = published(&app, &client).await;

    let map = client
        .get(&format!("/api/v1/segmentations/{segmentation}/map"))
        .await
        .json(200);

    assert_eq!(map["ids"], json!(contacts));
    assert_eq!(map["x"], json!([0.0, 1.0]));
    assert_eq!(map["y"], json!([0.5, 0.5]));
    assert_eq!(map["segment"], json!([0, 1]));
    assert_eq!(map["axes"][0]["label"]["zh"], "价值");
}
