use serde_json::json;

use crate::app::{TestApp, id, texts};

#[tokio::test]
async fn products_are_listed_by_what_they_sold() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;

    let rows = client
        .walk("/api/v1/products?sort=-units_sold", "products", 2)
        .await;

    assert_eq!(texts(&rows, "sku"), ["BULB", "LAMP", "CHAIR"]);
    assert_eq!(rows[0]["units_sold"], 17.0);
    assert_eq!(
        rows[0]["price"],
        json!({ "amount_minor": 250, "currency": "EUR" })
    );
}

#[tokio::test]
async fn a_product_shows_its_months_and_buyers() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;
    let found = client
        .get("/api/v1/products?filter=sku:eq:CHAIR")
        .await
        .json(200);

    let path = format!("/api/v1/products/{}", id(&found["products"][0]));
    let chair = client.get(&path).await.json(200);

    assert_eq!(chair["sku"], "CHAIR");
    assert_eq!(
        chair["monthly"],
        json!([
            { "month": "2025-11", "units": 1.0, "amount_minor": 12000 },
            { "month": "2025-12", "units": 2.0, "amount_minor": 24000 },
        ])
    );
    assert_eq!(chair["buyers"].as_array().unwrap().len(), 1);
    assert_eq!(chair["buyers"][0]["units"], 3.0);
}
