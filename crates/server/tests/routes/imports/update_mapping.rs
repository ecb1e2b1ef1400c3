use serde_json::json;

use crate::app::{ORDERS_CSV, TestApp, id};

#[tokio::test]
async fn a_chosen_mapping_replaces_the_guess() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = client
        .upload("Shop", "orders.csv", ORDERS_CSV.as_bytes())
        .await
        .json(201);
    let mut mapping = import["mapping"].clone();
    mapping["constants"] = json!({ "currency": "GBP" });
    mapping["dates"] = json!("month_first");

    let path = format!("/api/v1/imports/{}/mapping", id(&import));
    let changed = client.put(&path, &mapping).await.json(200);

    assert_eq!(changed["mapping"], mapping);
    let import = app.run_import(&client, &changed).await;
    assert_eq!(import["status"], "done");
    let orders = client.get("/api/v1/orders?limit=1").await.json(200);
    assert_eq!(orders["orders"][0]["amount"]["currency"], "GBP");
}

#[tokio::test]
async fn a_field_fed_twice_and_an_unknown_field_are_refused() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = client
        .upload("Shop", "orders.csv", ORDERS_CSV.as_bytes())
        .await
        .json(201);
    let path = format!("/api/v1/imports/{}/mapping", id(&import));

    let mut twice = import["mapping"].clone();
    twice["columns"][1]["field"] = json!("order_id");
    let answer = client.put(&path, &twice).await;
    assert_eq!(answer.pointers(422, "invalid")[0], "/columns");
    let mut unknown = import["mapping"].clone();
    unknown["columns"][1]["field"] = json!("shoe_size");
    let answer = client.put(&path, &unknown).await;
    assert_eq!(answer.pointers(422, "wrong_shape"), ["/columns/1/field"]);
}
