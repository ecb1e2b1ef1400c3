use serde_json::json;

use crate::app::{TestApp, id};

#[tokio::test]
async fn an_import_tells_where_each_row_went() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let import = app.import_orders(&client).await;

    assert_eq!(import["status"], "done", "{import}");
    assert_eq!(import["counts"]["read"], 12);
    assert_eq!(import["counts"]["accepted"], 11);
    assert_eq!(import["counts"]["rejected"], json!({ "bad_number": 1 }));
    assert_eq!(import["progress"]["rows_done"], 12);
    assert_eq!(import["progress"]["seconds_left"], json!(null));
    let contacts = client
        .get("/api/v1/contacts?count=estimate")
        .await
        .json(200);
    assert_eq!(contacts["meta"]["estimate"], 3);
}

#[tokio::test]
async fn an_import_that_is_over_does_not_run_again() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = app.import_orders(&client).await;

    let path = format!("/api/v1/imports/{}/run", id(&import));
    let answer = client.post(&path, &json!({})).await;

    answer.problem(409, "wrong_state");
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;

    let again = app.import_orders(&client).await;

    assert_eq!(again["counts"]["unchanged"], 11, "{again}");
    let orders = client.get("/api/v1/orders?count=estimate").await.json(200);
    assert_eq!(orders["meta"]["estimate"], 10);
}
