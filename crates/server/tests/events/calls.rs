use std::io::Write;

use axum::body::Body;
use axum::http::header;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::{Sender, track};

#[tokio::test]
async fn every_call_is_stored_under_its_long_and_its_short_address() {
    let sender = Sender::start().await;
    let message = json!({
        "userId": "u1", "anonymousId": "a1", "event": "Seen", "groupId": "g1", "previousId": "a1",
    });
    let calls = [
        ("identify", "i", "identified"),
        ("track", "t", "Seen"),
        ("page", "p", "page_viewed"),
        ("screen", "s", "screen_viewed"),
        ("group", "g", "grouped"),
        ("alias", "a", "aliased"),
    ];

    for (long, short, _) in calls {
        for path in [long, short] {
            let answer = sender.send(&format!("/v1/{path}"), &message).await;
            assert_eq!(answer.json(200), json!({ "success": true }), "{path}");
        }
    }

    let kinds = calls.iter().flat_map(|(_, _, kind)| [*kind, *kind]);
    let stored = sender.stored().await;
    let stored: Vec<&str> = stored.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(stored, kinds.collect::<Vec<_>>());
}

#[tokio::test]
async fn a_batch_is_stored_with_its_source_and_corrected_times() {
    let sender = Sender::start().await;
    let mut early = track("m1");
    early["timestamp"] = "2026-01-05T10:00:00Z".into();
    let body = json!({ "batch": [early, track("m2")], "sentAt": "2026-01-05T10:00:30Z" });

    sender.send("/v1/batch", &body).await.expect_status(200);

    let stored = sender.stored().await;
    assert_eq!(stored.len(), 2);
    assert!(stored.iter().all(|event| event.source == "Web"));
    assert_eq!(stored[0].occurred_at.to_string(), "2026-01-05T08:59:30Z");
    assert_eq!(stored[0].received_at, sender.app.now());
}

#[tokio::test]
async fn a_repeated_message_is_stored_once() {
    let sender = Sender::start().await;
    let body = json!({ "batch": [track("m1"), track("m1")] });

    for _ in 0..3 {
        sender.send("/v1/batch", &body).await.expect_status(200);
    }

    assert_eq!(sender.stored().await.len(), 1);
    let day = sender.ledger().await;
    assert_eq!(day["seen"], 6);
    assert_eq!(day["duplicate"], 5);
}

#[tokio::test]
async fn an_event_of_a_known_customer_is_the_customers() {
    let sender = Sender::start().await;
    let contact = json!({ "name": "Ada", "email": "ada@example.com" });
    let contact = sender
        .admin
        .post("/api/v1/contacts", &contact)
        .await
        .json(201);
    let mut message = track("m1");
    message["context"] = json!({ "traits": { "email": "Ada@Example.com" } });

    sender.send("/v1/track", &message).await.expect_status(200);

    let customer = sender.stored().await[0].customer_id.unwrap();
    assert_eq!(contact["id"], customer.to_string());
}

fn gzip(body: &Value) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body.to_string().as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_compressed_batch_is_read_and_a_bomb_is_not() {
    let sender = Sender::start().await;
    let send = async |body: Vec<u8>| {
        let request = sender
            .request("/v1/batch")
            .header(header::CONTENT_ENCODING, "gzip");
        let request = request.body(Body::from(body)).unwrap();
        sender.client.send(request).await
    };

    let read = send(gzip(&json!({ "batch": [track("m1")] }))).await;
    let bomb = send(gzip(&json!({ "batch": [" ".repeat(5 << 20)] }))).await;
    let broken = send(b"{\"batch\":[]}".to_vec()).await;

    read.expect_status(200);
    bomb.problem(413, "too_large");
    broken.problem(400, "bad_gzip");
    assert_eq!(sender.stored().await.len(), 1);
    assert_eq!(sender.ledger().await["rejected"]["unreadable"], 2);
}
