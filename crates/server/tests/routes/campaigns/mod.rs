use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn without_campaigns_the_list_is_empty() {
    let app = TestApp::start().await;

    let list = app.viewer().await.get("/api/v1/campaigns").await.json(200);

    let meta = json!({ "next_cursor": null, "estimate": null });
    assert_eq!(list, json!({ "campaigns": [], "meta": meta }));
}
