//! CloudEvents in their three modes, and signed deliveries.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use super::Sender;
use crate::app::Answer;

const PATH: &str = "/v1/cloudevents";

async fn send(sender: &Sender, headers: &[(&str, &str)], body: String) -> Answer {
    let mut request = sender.request(PATH);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    sender
        .client
        .send(request.body(Body::from(body)).unwrap())
        .await
}

fn event(id: &str) -> Value {
    json!({ "specversion": "1.0", "id": id, "source": "/erp", "type": "com.example.shipped",
        "time": "2026-01-05T08:00:00Z", "data": { "userId": "u1", "order_id": "7" } })
}

#[tokio::test]
async fn one_event_whole_in_a_list_or_with_its_attributes_as_headers_is_the_same_event() {
    let sender = Sender::start().await;
    let one = [(
        "content-type",
        "application/cloudevents+json; charset=utf-8",
    )];
    let many = [("content-type", "application/cloudevents-batch+json")];
    let binary = [
        ("content-type", "application/json"),
        ("ce-specversion", "1.0"),
        ("ce-id", "e1"),
        ("ce-source", "/erp"),
        ("ce-type", "com.example.shipped"),
    ];

    send(&sender, &one, event("e1").to_string())
        .await
        .expect_status(200);
    let list = json!([event("e1"), event("e2"), { "id": "e3" }]).to_string();
    send(&sender, &many, list).await.expect_status(200);
    send(&sender, &binary, json!({ "order_id": "7" }).to_string())
        .await
        .expect_status(200);

    let stored = sender.stored().await;
    assert_eq!(stored.len(), 2);
    assert_eq!(stored[0].kind.as_str(), "com.example.shipped");
    assert_eq!(stored[0].order_id.as_deref(), Some("7"));
    let day = sender.ledger().await;
    assert_eq!((&day["seen"], &day["duplicate"]), (&json!(5), &json!(2)));
    assert_eq!(day["rejected"], json!({ "bad_specversion": 1 }));
}

#[tokio::test]
async fn a_missing_attribute_is_pointed_at_and_another_type_of_body_refused() {
    let sender = Sender::start().await;
    let one = [("content-type", "application/cloudevents+json")];
    for (name, code) in [
        ("id", "no_event_id"),
        ("source", "no_event_source"),
        ("type", "unknown_type"),
    ] {
        let mut event = event("e1");
        event.as_object_mut().unwrap().remove(name);

        let answer = send(&sender, &one, event.to_string()).await;

        assert_eq!(answer.pointers(400, code), [format!("/{name}")]);
    }
    let answer = send(&sender, &[("content-type", "text/csv")], String::new()).await;
    answer.problem(415, "unknown_content_type");
}

#[tokio::test]
async fn a_source_with_a_secret_must_sign() {
    let sender = Sender::start().await;
    let path = format!("/api/v1/sources/{}/signing_secret", sender.source_id);
    let request = sender.admin.request(Method::PUT, &path).body(Body::empty());
    let made = sender.admin.send(request.unwrap()).await.json(200);
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    let one = [("content-type", "application/cloudevents+json")];

    let unsigned = send(&sender, &one, event("e1").to_string()).await;
    let elsewhere = sender.send("/v1/track", &super::track("m1")).await;
    sender.admin.delete(&path).await.expect_status(204);
    let free = send(&sender, &one, event("e1").to_string()).await;

    unsigned.problem(401, "bad_signature");
    elsewhere.problem(401, "bad_signature");
    free.expect_status(200);
}

#[tokio::test]
async fn the_key_may_stand_in_the_address() {
    let sender = Sender::start().await;
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("{PATH}?token={}", sender.key))
        .header(header::HOST, "localhost:7070")
        .header(header::CONTENT_TYPE, "application/cloudevents+json")
        .body(Body::from(event("e1").to_string()));

    sender
        .client
        .send(request.unwrap())
        .await
        .expect_status(200);
}
