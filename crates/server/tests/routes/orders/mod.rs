use serde_json::json;

use crate::app::{TestApp, id, texts};

#[tokio::test]
async fn orders_are_listed_newest_first_with_or_without_a_customer() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;

    let rows = client.walk("/api/v1/orders", "orders", 3).await;

    let numbers = texts(&rows, "external_id");
    assert_eq!(numbers.len(), 10);
    assert_eq!(numbers[..2], ["1011", "1009"]);
    assert_eq!(rows[0]["contact"], json!(null));
    assert_eq!(rows[0]["source"]["name"], "Shop");
}

#[tokio::test]
async fn an_order_shows_its_lines() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;
    let found = client
        .get("/api/v1/orders?filter=external_id:eq:1001")
        .await
        .json(200);

    let path = format!("/api/v1/orders/{}", id(&found["orders"][0]));
    let order = client.get(&path).await.json(200);

    assert_eq!(
        order["amount"],
        json!({ "amount_minor": 4980, "currency": "EUR" })
    );
    assert_eq!(order["lines"].as_array().unwrap().len(), 2);
    let line = &order["lines"][0];
    assert_eq!(
        (&line["line_no"], &line["quantity"]),
        (&json!(1), &json!(2.0))
    );
    assert_eq!(line["product"]["sku"], "LAMP");
    assert_eq!(line["unit_price"]["amount_minor"], 1990);
}

#[tokio::test]
async fn a_cancellation_is_an_order_of_its_own() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;

    let found = client
        .get("/api/v1/orders?filter=status:eq:returned")
        .await
        .json(200);

    let orders = found["orders"].as_array().unwrap();
    assert_eq!(texts(orders, "external_id"), ["C1005"]);
    assert_eq!(orders[0]["amount"]["amount_minor"], -1990);
}
