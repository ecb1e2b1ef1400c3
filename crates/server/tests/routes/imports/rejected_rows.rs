use serde_json::json;

use crate::app::{TestApp, id};

#[tokio::test]
async fn a_row_that_was_not_taken_is_shown_with_line_column_value_and_reason() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = app.import_orders(&client).await;

    let path = format!("/api/v1/imports/{}/rejected_rows", id(&import));
    let rows = client.walk(&path, "rejected_rows", 10).await;

    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["line"], 12);
    assert_eq!(rows[0]["column"], "Quantity");
    assert_eq!(rows[0]["value"], "many");
    assert_eq!(rows[0]["reason"], "bad_number");
    assert_eq!(rows[0]["cells"][0], json!("1010"));
}

#[tokio::test]
async fn rejected_rows_are_downloaded_as_a_file_to_mend() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = app.import_orders(&client).await;

    let path = format!("/api/v1/imports/{}/rejected_rows.csv", id(&import));
    let answer = client.get(&path).await.expect_status(200);

    assert_eq!(
        answer.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    assert!(
        answer
            .header("content-disposition")
            .unwrap()
            .starts_with("attachment")
    );
    let text = answer.text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].ends_with("UnitPrice,CustomerID,Country"), "{text}");
    assert!(lines[1].starts_with("12,bad_number,"), "{text}");
}
