use serde_json::json;

use crate::app::{ORDERS_CSV, TestApp, id};

#[tokio::test]
async fn an_import_that_waits_is_cancelled_and_may_run_later() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = client
        .upload("Shop", "orders.csv", ORDERS_CSV.as_bytes())
        .await
        .json(201);
    let path = format!("/api/v1/imports/{}", id(&import));
    client
        .post(&format!("{path}/run"), &json!({}))
        .await
        .expect_status(202);

    let cancelled = client
        .post(&format!("{path}/cancel"), &json!({}))
        .await
        .json(200);

    assert_eq!(cancelled["status"], "cancelled");
    let import = app.run_import(&client, &import).await;
    assert_eq!(import["status"], "done", "{import}");
}
