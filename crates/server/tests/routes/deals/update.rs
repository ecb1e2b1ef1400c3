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

#[tokio::test]
async fn a_deal_moves_to_another_pipeline_only_with_a_stage_of_it() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (one, other) = (sales(&client).await, sales(&client).await);
    let (here, there) = (id(&one["stages"][0]), id(&other["stages"][0]));
    let body = json!({ "name": "Lamps", "pipeline_id": id(&one), "stage_id": here });
    let deal = client.post("/api/v1/deals", &body).await.json(201);
    let path = format!("/api/v1/deals/{}", id(&deal));

    let answer = client
        .patch_version(&path, 1, &json!({ "stage_id": there }))
        .await;
    assert_eq!(answer.pointers(422, "other_pipeline"), ["/stage_id"]);
    let both = json!({ "pipeline_id": id(&other), "stage_id": there });
    let moved = client.patch_version(&path, 1, &both).await.json(200);

    assert_eq!(moved["pipeline_id"], id(&other));
    assert_eq!(moved["stage"]["id"], there);
}
