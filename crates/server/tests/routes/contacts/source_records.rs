use crate::app::{TestApp, id};

#[tokio::test]
async fn rows_are_shown_as_they_stood_in_the_file() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = app.import_orders(&client).await;
    let page = client
        .get("/api/v1/contacts?sort=-n_orders")
        .await
        .json(200);
    let path = format!(
        "/api/v1/contacts/{}/source_records",
        id(&page["contacts"][0])
    );

    let rows = client.walk(&path, "source_records", 4).await;

    assert_eq!(rows.len(), 6);
    let first = rows.iter().find(|row| row["line"] == 2).unwrap();
    assert_eq!(first["import_id"], import["id"]);
    assert_eq!(first["cells"][1]["column"], "StockCode");
    assert_eq!(first["cells"][1]["value"], "LAMP");
}
