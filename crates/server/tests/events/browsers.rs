use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::json;

use super::{Sender, track};

#[tokio::test]
async fn a_beacon_of_a_page_is_taken_as_plain_text() {
    let sender = Sender::start().await;
    let mut body = track("m1");
    body["writeKey"] = sender.key.clone().into();
    let request = Request::builder()
        .method(Method::POST)
        .uri("/v1/t")
        .header(header::HOST, "localhost:7070")
        .header(header::ORIGIN, "https://shop.example")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "text/plain;charset=UTF-8")
        .body(Body::from(body.to_string()));

    let answer = sender.client.send(request.unwrap()).await;

    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(
        answer.header("cross-origin-resource-policy"),
        Some("cross-origin")
    );
    answer.expect_status(200);
    assert_eq!(sender.stored().await.len(), 1);
}

#[tokio::test]
async fn a_page_that_asks_first_may_send_its_key() {
    let sender = Sender::start().await;
    let request = Request::builder()
        .method(Method::OPTIONS)
        .uri("/v1/batch")
        .header(header::HOST, "localhost:7070")
        .header(header::ORIGIN, "https://shop.example")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            "authorization,content-type",
        )
        .body(Body::empty());

    let answer = sender
        .client
        .send(request.unwrap())
        .await
        .expect_status(204);

    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(
        answer.header("access-control-allow-methods"),
        Some("POST, GET")
    );
    let headers = answer.header("access-control-allow-headers").unwrap();
    assert!(headers.contains("authorization") && headers.contains("content-type"));
}

#[tokio::test]
async fn a_page_can_read_why_it_was_refused() {
    let sender = Sender::start().await;

    let answer = sender.send("/v1/track", &json!({ "userId": "u1" })).await;

    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    answer.problem(400, "bad_name");
}

#[tokio::test]
async fn the_api_itself_stays_closed_to_other_origins() {
    let sender = Sender::start().await;

    let answer = sender.admin.get("/api/v1/ledger").await;

    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(
        answer.header("cross-origin-resource-policy"),
        Some("same-origin")
    );
}
