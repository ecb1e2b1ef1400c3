//! CloudEvents in their three modes, and signed deliveries.

use axum::body::Body;
use axum::http::{Method, Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

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

/// Gives the source of a sender a secret to sign with.
async fn secret_of(sender: &Sender) -> Vec<u8> {
    let path = format!("/api/v1/sources/{}/signing_secret", sender.source_id);
    let request = sender.admin.request(Method::PUT, &path).body(Body::empty());
    let made = sender.admin.send(request.unwrap()).await.json(200);
    let secret = made["secret"].as_str().unwrap();
    STANDARD
        .decode(secret.strip_prefix("whsec_").unwrap())
        .unwrap()
}

/// The headers of a signed delivery.
fn signed(sender: &Sender, secret: &[u8], id: &str, body: &str) -> [(&'static str, String); 3] {
    let at = sender.app.now().as_micros() / 1_000_000;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", at.to_string()),
        ("webhook-signature", format!("v1,{signature}")),
    ]
}

#[tokio::test]
async fn what_a_signature_does_not_cover_is_refused() {
    let sender = Sender::start().await;
    let secret = secret_of(&sender).await;
    let send_signed = async |id: &str, others: &[(&str, &str)], body: String| {
        let headers = signed(&sender, &secret, id, &body);
        let mut all: Vec<_> = headers.iter().map(|(name, it)| (*name, &**it)).collect();
        all.extend(others);
        send(&sender, &all, body).await
    };
    let binary = [
        ("content-type", "application/json"),
        ("ce-specversion", "1.0"),
        ("ce-id", "e1"),
        ("ce-source", "/erp"),
        ("ce-type", "com.example.shipped"),
    ];
    let whole = [("content-type", "application/cloudevents+json")];

    let refused = send_signed("d1", &binary, json!({ "order_id": "7" }).to_string()).await;
    refused.problem(400, "not_covered_by_signature");
    send_signed("d2", &whole, event("e1").to_string())
        .await
        .expect_status(200);

    // In the address of Sensors' messages, whose body says nothing.
    let mut request = Request::builder()
        .method(Method::GET)
        .uri(format!(
            "/sa?token={}&data={}",
            sender.key,
            STANDARD
                .encode(r#"{"type":"track","distinct_id":"d1","event":"a"}"#)
                .replace('=', "%3D")
        ))
        .header(header::HOST, "localhost:7070");
    for (name, value) in signed(&sender, &secret, "d3", "") {
        request = request.header(name, value);
    }
    let answer = sender.client.send(request.body(Body::empty()).unwrap());
    answer.await.problem(400, "not_covered_by_signature");
    assert_eq!(sender.stored().await.len(), 1);
}

#[tokio::test]
async fn a_signed_delivery_that_arrives_twice_at_once_is_taken_once() {
    let sender = Sender::start().await;
    let secret = secret_of(&sender).await;
    let body = json!({ "batch": [
        { "type": "track", "event": "a", "userId": "u1" },
        { "type": "track", "event": "a", "userId": "u1" },
    ] });
    let send = || async {
        let mut request = sender.request("/v1/batch");
        for (name, value) in signed(&sender, &secret, "d1", &body.to_string()) {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        sender.client.send(request).await
    };

    let answers = [
        futures::join!(send(), send()),
        futures::join!(send(), send()),
    ];

    let answers = answers.into_iter().flat_map(|(one, two)| [one, two]);
    let mut statuses: Vec<u16> = answers.map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409]);
    assert_eq!(sender.stored().await.len(), 2);
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
