use serde_json::json;

use crate::app::{TestApp, id};

const PATH: &str = "/api/v1/contacts";

#[tokio::test]
async fn a_contact_is_created_and_answered_as_it_is_shown() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({
        "name": "Ann Example", "email": "Ann@Example.com", "phone": "+4915112345678",
        "address": { "city": "Berlin" }, "tags": ["vip", "vip", " "],
    });

    let answer = client.post(PATH, &body).await.expect_status(201);

    assert_eq!(answer.header("etag"), Some("\"1\""));
    let location = answer.header("location").unwrap().to_owned();
    let contact = answer.json(201);
    assert_eq!(location, format!("{PATH}/{}", id(&contact)));
    assert_eq!(contact["email"], "ann@example.com");
    assert_eq!(contact["address"]["city"], "Berlin");
    assert_eq!(contact["tags"], json!(["vip"]));
    assert_eq!(contact["total_spent"], json!(null));
    assert_eq!(client.get(&location).await.json(200), contact);
}

#[tokio::test]
async fn all_broken_rules_are_told_at_once() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "email": "nobody", "phone": "12", "title": "x".repeat(300) });

    let pointers = client.post(PATH, &body).await.pointers(422, "invalid");

    assert_eq!(pointers, ["/email", "/phone", "/name", "/title"]);
}

#[tokio::test]
async fn an_unknown_field_is_refused_rather_than_dropped() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let answer = client
        .post(PATH, &json!({ "name": "Ann", "nmae": "x" }))
        .await;

    answer.pointers(422, "wrong_shape");
}

#[tokio::test]
async fn a_company_that_does_not_exist_is_pointed_at() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "name": "Ann", "company_id": "0198c0de-0000-7000-8000-000000000001" });

    let answer = client.post(PATH, &body).await;

    assert_eq!(answer.pointers(422, "unknown_reference"), ["/company_id"]);
}

#[tokio::test]
async fn a_viewer_may_not() {
    let app = TestApp::start().await;
    let client = app.viewer().await;

    client
        .post(PATH, &json!({ "name": "Ann" }))
        .await
        .problem(403, "not_allowed");
}
