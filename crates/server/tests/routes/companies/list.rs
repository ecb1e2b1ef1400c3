use serde_json::json;

use crate::app::{TestApp, texts};

#[tokio::test]
async fn companies_come_by_name_page_by_page() {
    let app = TestApp::start().await;
    let client = app.member().await;
    for name in ["Delta", "alpha", "Charlie", "bravo", "echo"] {
        client
            .post("/api/v1/companies", &json!({ "name": name }))
            .await
            .expect_status(201);
    }

    let rows = client.walk("/api/v1/companies", "companies", 2).await;

    assert_eq!(
        texts(&rows, "name"),
        ["alpha", "bravo", "Charlie", "Delta", "echo"]
    );
}
