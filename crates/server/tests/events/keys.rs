use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use super::{Sender, basic, track};

/// Sends a batch with nothing in the headers.
async fn send(sender: &Sender, body: &Value) -> crate::app::Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri("/v1/batch")
        .header(header::HOST, "localhost:7070")
        .body(Body::from(body.to_string()));
    sender.client.send(request.unwrap()).await
}

#[tokio::test]
async fn the_key_may_stand_in_the_body() {
    let sender = Sender::start().await;
    let body = json!({ "batch": [track("m1")], "writeKey": sender.key });

    send(&sender, &body).await.expect_status(200);

    assert_eq!(sender.stored().await.len(), 1);
}

#[tokio::test]
async fn without_a_known_key_nothing_is_taken() {
    let sender = Sender::start().await;
    let strange = format!("wk_{}", "0".repeat(32));
    let batch = |key: Value| json!({ "batch": [track("m1")], "writeKey": key });

    for key in [
        Value::Null,
        "".into(),
        "wk_1".into(),
        strange.clone().into(),
    ] {
        let answer = send(&sender, &batch(key)).await;
        answer.problem(401, "unknown_write_key");
    }
    let request = Request::builder()
        .method(Method::POST)
        .uri("/v1/batch")
        .header(header::HOST, "localhost:7070")
        .header(header::AUTHORIZATION, basic(&strange))
        .body(Body::from(batch(sender.key.clone().into()).to_string()));
    let answer = sender.client.send(request.unwrap()).await;

    answer.problem(401, "unknown_write_key");
    assert!(sender.stored().await.is_empty());
}

#[tokio::test]
async fn a_revoked_key_opens_nothing_any_more() {
    let sender = Sender::start().await;
    let path = format!("/api/v1/sources/{}/write_keys", sender.source_id);
    let listed = sender.admin.get(&path).await.json(200);
    let key = &listed["write_keys"][0];
    assert!(sender.key.starts_with(key["prefix"].as_str().unwrap()));
    assert_eq!(key["revoked_at"], Value::Null);

    let path = format!("/api/v1/write_keys/{}", key["id"].as_str().unwrap());
    sender.admin.delete(&path).await.expect_status(204);

    let answer = sender.send("/v1/track", &track("m1")).await;
    answer.problem(401, "unknown_write_key");
}

#[tokio::test]
async fn a_body_that_cannot_name_a_key_is_not_opened_without_one() {
    let sender = Sender::start().await;
    for path in ["/sa", "/v1/cloudevents"] {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, "localhost:7070")
            .header(header::CONTENT_ENCODING, "gzip")
            .body(Body::from("opened, this would be refused as it is no gzip"));

        let answer = sender.client.send(request.unwrap()).await;

        answer.problem(401, "unknown_write_key");
    }
}
