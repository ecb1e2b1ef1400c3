use serde_json::json;

use crate::app::{TestApp, id};
use crate::routes::pipelines::sales;

#[tokio::test]
async fn moving_a_deal_dates_its_stage() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let pipeline = sales(&client).await;
    let (offer, won) = (id(&pipeline["stages"][0]), id(&pipeline["stages"][1]));
    let body = json!({ "name": "Lamps", "pipeline_id": id(&pipeline), "stage_id": offer });
    let deal = client.post("/api/v1/deals", &body).await.json(201);
    let path = format!("/api/v1/deals/{}", id(&deal));
    app.advance_seconds(3600);

    let moved = client
        .patch_version(&path, 1, &json!({ "stage_id": won }))
        .await
        .json(200);

    assert_eq!(moved["stage"], json!({ "id": won, "name": "Won" }));
    assert!(moved["stage_entered_at"].as_str() > deal["stage_entered_at"].as_str());
}
