use axum::body::Body;
use axum::http::{Method, header};

use crate::app::TestApp;

async fn refusal(remove: &str, add: Option<(&'static str, &'static str)>) -> String {
    let app = TestApp::start().await;
    let client = app.member().await;
    let request = client
        .request(Method::POST, "/api/v1/contacts")
        .header(header::CONTENT_TYPE, "application/json");
    let mut request = request.body(Body::from(r#"{"name":"Ann"}"#)).unwrap();
    request.headers_mut().remove(remove);
    if let Some((name, value)) = add {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let answer = client.send(request).await;
    match answer.status.as_u16() {
        201 => "created".to_owned(),
        403 => {
            let problem: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            problem["code"].as_str().unwrap().to_owned()
        }
        other => panic!("{other}: {}", answer.text()),
    }
}

#[tokio::test]
async fn a_change_needs_our_header() {
    assert_eq!(refusal("x-rapport-csrf", None).await, "csrf_header_missing");
}

#[tokio::test]
async fn a_change_from_another_origin_is_refused() {
    let evil = Some(("origin", "https://evil.example"));
    assert_eq!(refusal("origin", evil).await, "cross_origin");

    let cross_site = Some(("sec-fetch-site", "cross-site"));
    assert_eq!(refusal("origin", cross_site).await, "cross_origin");
}

#[tokio::test]
async fn a_client_that_is_no_browser_sends_only_our_header() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let mut request = client
        .request(Method::POST, "/api/v1/contacts")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(r#"{"name":"Ann"}"#))
        .unwrap();
    request.headers_mut().remove("origin");
    request.headers_mut().remove("sec-fetch-site");

    client.send(request).await.expect_status(201);
}

#[tokio::test]
async fn signing_in_is_a_change_too() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    let mut request = client
        .request(Method::POST, "/api/v1/session")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(r#"{"email":"a@example.com","password":"x"}"#))
        .unwrap();
    request.headers_mut().remove("x-rapport-csrf");

    client
        .send(request)
        .await
        .problem(403, "csrf_header_missing");
}
