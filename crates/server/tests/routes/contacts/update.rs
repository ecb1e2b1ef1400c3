use serde_json::json;

use crate::app::{TestApp, id};

async fn start() -> (TestApp, crate::app::Client, String) {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "name": "Ann", "title": "Buyer", "address": { "city": "Berlin" } });
    let contact = client.post("/api/v1/contacts", &body).await.json(201);
    let path = format!("/api/v1/contacts/{}", id(&contact));
    (app, client, path)
}

#[tokio::test]
async fn a_merge_patch_changes_what_it_names_and_null_clears() {
    let (app, client, path) = start().await;
    app.advance_seconds(60);

    let body = json!({ "title": null, "address": { "country": "Germany" } });
    let answer = client
        .patch_version(&path, 1, &body)
        .await
        .expect_status(200);

    assert_eq!(answer.header("etag"), Some("\"2\""));
    let contact = answer.json(200);
    assert_eq!(contact["name"], "Ann");
    assert_eq!(contact["title"], json!(null));
    assert_eq!(contact["address"]["city"], "Berlin");
    assert_eq!(contact["address"]["country"], "Germany");
    assert!(contact["updated_at"].as_str() > contact["created_at"].as_str());
}

#[tokio::test]
async fn an_edit_of_an_old_version_is_refused() {
    let (_app, client, path) = start().await;
    client
        .patch_version(&path, 1, &json!({ "name": "Anna" }))
        .await
        .expect_status(200);

    let late = client
        .patch_version(&path, 1, &json!({ "name": "Anne" }))
        .await;

    late.problem(412, "version_conflict");
    assert_eq!(client.get(&path).await.json(200)["name"], "Anna");
}

#[tokio::test]
async fn an_edit_without_a_version_is_refused() {
    let (_app, client, path) = start().await;

    client
        .patch(&path, &json!({ "name": "Anna" }))
        .await
        .problem(428, "version_missing");
}

#[tokio::test]
async fn a_name_cannot_be_cleared() {
    let (_app, client, path) = start().await;

    let answer = client
        .patch_version(&path, 1, &json!({ "name": null }))
        .await;

    assert_eq!(answer.pointers(422, "invalid"), ["/name"]);
}

#[tokio::test]
async fn a_custom_value_must_fit_its_definition() {
    let (app, client, path) = start().await;
    let admin = app.admin().await;
    let field = json!({
        "object": "contact", "key": "shoe_size", "label": { "en": "Shoe size", "zh": "鞋码" },
        "type": { "kind": "number" },
    });
    admin
        .post("/api/v1/custom_fields", &field)
        .await
        .expect_status(201);

    let wrong = client
        .patch_version(&path, 1, &json!({ "custom": { "shoe_size": "big" } }))
        .await;
    assert_eq!(wrong.pointers(422, "wrong_type"), ["/custom/shoe_size"]);
    let unknown = client
        .patch_version(&path, 1, &json!({ "custom": { "hat": 5 } }))
        .await;
    assert_eq!(unknown.pointers(422, "unknown_field"), ["/custom/hat"]);
    let right = client
        .patch_version(&path, 1, &json!({ "custom": { "shoe_size": 42 } }))
        .await;
    assert_eq!(right.json(200)["custom"]["shoe_size"], 42.0);
    let cleared = client
        .patch_version(&path, 2, &json!({ "custom": { "shoe_size": null } }))
        .await;
    assert_eq!(cleared.json(200)["custom"], json!({}));
}
