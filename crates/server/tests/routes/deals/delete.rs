use serde_json::json;

use crate::app::{TestApp, id};
use crate::routes::pipelines::sales;

#[tokio::test]
async fn a_deleted_deal_is_gone() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let pipeline = sales(&client).await;
    let stage = id(&pipeline["stages"][0]);
    let body = json!({ "name": "Lamps", "pipeline_id": id(&pipeline), "stage_id": stage });
    let deal = client.post("/api/v1/deals", &body).await.json(201);
    let path = format!("/api/v1/deals/{}", id(&deal));

    client.delete(&path).await.expect_status(204);

    client.get(&path).await.problem(404, "not_found");
    client.delete(&path).await.problem(404, "not_found");
}
