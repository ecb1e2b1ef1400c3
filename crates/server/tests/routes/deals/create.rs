use serde_json::json;

use crate::app::{TestApp, id};
use crate::routes::pipelines::sales;

#[tokio::test]
async fn a_deal_is_created_in_a_stage_of_its_pipeline() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let pipeline = sales(&client).await;
    let body = json!({
        "name": "Forty lamps", "pipeline_id": id(&pipeline), "stage_id": id(&pipeline["stages"][0]),
        "amount": { "amount_minor": 79600, "currency": "EUR" }, "expected_close_on": "2026-02-01",
    });

    let deal = client.post("/api/v1/deals", &body).await.json(201);

    assert_eq!(deal["stage"]["name"], "Offer");
    assert_eq!(deal["amount"]["amount_minor"], 79600);
    assert_eq!(deal["expected_close_on"], "2026-02-01");
    let page = client.get("/api/v1/deals").await.json(200);
    assert_eq!(page["deals"][0], deal);
}

#[tokio::test]
async fn a_deal_needs_pipeline_and_stage_that_belong_together() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (one, other) = (sales(&client).await, sales(&client).await);

    let answer = client
        .post("/api/v1/deals", &json!({ "name": "Lamps" }))
        .await;
    assert_eq!(
        answer.pointers(422, "invalid"),
        ["/pipeline_id", "/stage_id"]
    );
    let body = json!({
        "name": "Lamps", "pipeline_id": id(&one), "stage_id": id(&other["stages"][0]),
    });
    let answer = client.post("/api/v1/deals", &body).await;
    assert_eq!(answer.pointers(422, "other_pipeline"), ["/stage_id"]);
    let nowhere = "0198c0de-0000-7000-8000-000000000001";
    let body = json!({ "name": "Lamps", "pipeline_id": id(&one), "stage_id": nowhere });
    let answer = client.post("/api/v1/deals", &body).await;
    assert_eq!(answer.pointers(422, "unknown"), ["/stage_id"]);
}

#[tokio::test]
async fn an_amount_is_whole_minor_units() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "name": "Lamps", "amount": { "amount_minor": 1.5, "currency": "EUR" } });

    let answer = client.post("/api/v1/deals", &body).await;

    assert_eq!(
        answer.pointers(422, "wrong_shape"),
        ["/amount/amount_minor"]
    );
}
