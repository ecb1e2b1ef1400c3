use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn a_company_is_created() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "name": "Lamps Ltd", "domain": "Lamps.Example", "n_employees": 12 });

    let company = client.post("/api/v1/companies", &body).await.json(201);

    assert_eq!(company["domain"], "lamps.example");
    assert_eq!(company["n_employees"], 12);
    assert_eq!(company["n_contacts"], 0);
}

#[tokio::test]
async fn a_company_needs_a_name() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let answer = client
        .post("/api/v1/companies", &json!({ "domain": "lamps.example" }))
        .await;

    assert_eq!(answer.pointers(422, "invalid"), ["/name"]);
}
