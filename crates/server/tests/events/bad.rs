use axum::body::Body;
use axum::http::{Method, header};
use serde_json::json;

use super::{Sender, track};

#[tokio::test]
async fn good_events_of_a_batch_are_taken_and_bad_ones_counted_by_reason() {
    let sender = Sender::start().await;
    let nobody = json!({ "type": "track", "event": "Seen" });
    let nameless = json!({ "type": "track", "userId": "u1" });
    let body = json!({ "batch": [track("m1"), nobody, nobody, 7, nameless, track("m2")] });

    let answer = sender.send("/v1/batch", &body).await;

    assert_eq!(answer.json(200), json!({ "success": true }));
    assert_eq!(sender.stored().await.len(), 2);
    let day = sender.ledger().await;
    assert_eq!((&day["seen"], &day["stored"]), (&json!(6), &json!(2)));
    let rejected = json!({ "no_id": 2, "not_an_object": 1, "bad_name": 1 });
    assert_eq!(day["rejected"], rejected);
    assert_eq!(day["source"]["name"], "Web");
}

#[tokio::test]
async fn the_one_event_of_a_call_is_refused_with_a_pointer_and_counted() {
    let sender = Sender::start().await;

    let nobody = sender.send("/v1/track", &json!({ "event": "Seen" })).await;
    let nameless = sender.send("/v1/track", &json!({ "userId": "u1" })).await;
    let mut large = track("m1");
    large["properties"] = json!({ "a": "a".repeat(32 << 10) });
    let large = sender.send("/v1/track", &large).await;

    assert_eq!(nobody.pointers(400, "no_id"), ["/userId"]);
    assert_eq!(nameless.pointers(400, "bad_name"), ["/event"]);
    large.problem(413, "too_large");
    let day = sender.ledger().await;
    assert_eq!(
        day["rejected"],
        json!({ "no_id": 1, "bad_name": 1, "too_large": 1 })
    );
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_a_problem() {
    let sender = Sender::start().await;
    let send = async |body: &str| {
        let body = body.as_bytes().to_vec();
        sender.send_bytes("/v1/batch", body).await
    };

    send("").await.problem(400, "not_json");
    send("batch=1").await.problem(400, "not_json");
    let pointers = send("{}").await.pointers(400, "wrong_shape");
    assert_eq!(pointers, ["/batch"]);
    let large = format!("{{\"batch\":[{}]}}", " ".repeat(4 << 20));
    send(&large).await.problem(413, "too_large");

    assert_eq!(sender.ledger().await["rejected"]["unreadable"], 4);
}

#[tokio::test]
async fn an_empty_batch_is_taken_and_counts_nothing() {
    let sender = Sender::start().await;

    let answer = sender.send("/v1/batch", &json!({ "batch": [] })).await;

    answer.expect_status(200);
    let ledger = sender.admin.get("/api/v1/ledger").await.json(200);
    assert_eq!(ledger["days"], json!([]));
}

#[tokio::test]
async fn an_encoding_that_nobody_knows_is_refused() {
    let sender = Sender::start().await;
    let request = sender
        .request("/v1/batch")
        .header(header::CONTENT_ENCODING, "br")
        .body(Body::from("{}"));

    let answer = sender.client.send(request.unwrap()).await;

    answer.problem(415, "unknown_encoding");
}

#[tokio::test]
async fn other_methods_and_addresses_are_none() {
    let sender = Sender::start().await;

    let read = sender.client.get("/v1/track").await;
    let unknown = sender.send("/v1/unknown", &json!({})).await;

    read.problem(405, "method_not_allowed");
    unknown.problem(404, "not_found");
}

#[tokio::test]
async fn a_cookie_opens_nothing_here() {
    let sender = Sender::start().await;
    let request = sender
        .admin
        .request(Method::POST, "/v1/track")
        .body(Body::from(track("m1").to_string()));

    let answer = sender.admin.send(request.unwrap()).await;

    answer.problem(401, "unknown_write_key");
}
