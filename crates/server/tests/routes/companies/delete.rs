use serde_json::json;

use crate::app::{TestApp, id};

#[tokio::test]
async fn a_deleted_company_is_gone_and_its_people_stay() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let company = client
        .post("/api/v1/companies", &json!({ "name": "Acme" }))
        .await
        .json(201);
    let body = json!({ "name": "Ann", "company_id": id(&company) });
    let ann = client.post("/api/v1/contacts", &body).await.json(201);
    let path = format!("/api/v1/companies/{}", id(&company));

    client.delete(&path).await.expect_status(204);

    client.get(&path).await.problem(404, "not_found");
    let ann = client.get(&format!("/api/v1/contacts/{}", id(&ann))).await;
    assert_eq!(ann.json(200)["company"], json!(null));
}
