//! Messages of Sensors' libraries.

use std::io::Write;

use axum::body::Body;
use axum::http::{Method, Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::Sender;
use crate::app::Answer;

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A field of a form, escaped as browsers do it.
fn field(name: &str, bytes: &[u8]) -> String {
    let base64 = STANDARD.encode(bytes);
    let escaped = base64
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    format!("{name}={escaped}&gzip=1")
}

async fn send(sender: &Sender, method: Method, query: &str, body: String) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(format!(
            "/sa?project=production&token={}{query}",
            sender.key
        ))
        .header(header::HOST, "localhost:7070")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    sender.client.send(request).await
}

async fn post(sender: &Sender, body: String) -> Answer {
    send(sender, Method::POST, "", body).await
}

fn message(kind: &str) -> Value {
    json!({ "type": kind, "distinct_id": "d1", "time": 1_767_603_500_000_i64, "properties": {} })
}

#[tokio::test]
async fn a_list_compressed_or_plain_and_one_in_the_address_are_taken_once() {
    let sender = Sender::start().await;
    let mut track = message("track");
    track["event"] = "ViewProduct".into();
    track["login_id"] = "u1".into();
    let list = json!([track, message("profile_set")]).to_string();

    post(&sender, field("data_list", &gzip(&list)))
        .await
        .expect_status(200);
    post(&sender, field("data_list", list.as_bytes()))
        .await
        .expect_status(200);
    let query = format!("&{}", field("data", track.to_string().as_bytes()));
    send(&sender, Method::GET, &query, String::new())
        .await
        .expect_status(200);

    let stored = sender.stored().await;
    let kinds: Vec<_> = stored.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["ViewProduct", "identified"]);
    let day = sender.ledger().await;
    assert_eq!((&day["seen"], &day["duplicate"]), (&json!(5), &json!(3)));
}

#[tokio::test]
async fn what_is_wrong_is_told_with_a_pointer_and_counted() {
    let sender = Sender::start().await;
    let nobody = json!({ "type": "track", "event": "x" }).to_string();

    let nobody = post(&sender, field("data", nobody.as_bytes())).await;
    let unknown = post(
        &sender,
        field("data", message("dance").to_string().as_bytes()),
    )
    .await;
    let empty = post(&sender, "gzip=1".to_owned()).await;
    let broken = post(&sender, "data=%21%21".to_owned()).await;

    assert_eq!(nobody.pointers(400, "no_id"), ["/distinct_id"]);
    assert_eq!(unknown.pointers(400, "unknown_type"), ["/type"]);
    assert_eq!(empty.pointers(400, "no_data"), ["/data"]);
    assert_eq!(broken.pointers(400, "bad_base64"), ["/data"]);
    let rejected = json!({ "no_id": 1, "unknown_type": 1, "unreadable": 2 });
    assert_eq!(sender.ledger().await["rejected"], rejected);
}
