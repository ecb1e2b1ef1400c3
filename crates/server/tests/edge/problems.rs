use axum::body::Body;
use axum::http::{Method, header};

use crate::app::TestApp;

#[tokio::test]
async fn an_unknown_address_of_the_api_is_a_problem() {
    let app = TestApp::start().await;
    let client = app.anonymous();

    for path in [
        "/api/v1/nothing",
        "/api/v2/contacts",
        "/api/v1/contacts/1/2/3",
    ] {
        client.get(path).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_wrong_method_is_a_problem_that_names_the_right_ones() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let answer = client.put("/api/v1/contacts", &serde_json::json!({})).await;

    assert_eq!(answer.header("allow"), Some("GET,HEAD,POST"));
    answer.problem(405, "method_not_allowed");
}

#[tokio::test]
async fn a_problem_names_its_request() {
    let app = TestApp::start().await;

    let answer = app.anonymous().get("/api/v1/nothing").await;

    let request_id = answer.header("x-request-id").unwrap().to_owned();
    let problem = answer.problem(404, "not_found");
    assert_eq!(problem["instance"], format!("urn:uuid:{request_id}"));
    assert_eq!(problem["title"], "Not Found");
}

#[tokio::test]
async fn a_request_keeps_the_id_that_a_proxy_gave_it_if_it_is_a_uuid() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    let given = "0198c0de-0000-7000-8000-000000000001";

    for (sent, is_kept) in [(given, true), ("'; drop table", false)] {
        let request = client
            .request(Method::GET, "/healthz")
            .header("x-request-id", sent);
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("x-request-id") == Some(sent), is_kept);
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_or_too_large_is_refused() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let send = async |media_type: &str, body: String| {
        let request = client
            .request(Method::POST, "/api/v1/contacts")
            .header(header::CONTENT_TYPE, media_type);
        client.send(request.body(Body::from(body)).unwrap()).await
    };

    send("text/plain", r#"{"name":"Ann"}"#.to_owned())
        .await
        .problem(415, "not_json");
    let pointers = send("application/json", r#"{"name":"#.to_owned())
        .await
        .pointers(400, "not_json");
    assert_eq!(pointers, ["/name"]);
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(2 << 20));
    send("application/json", large)
        .await
        .problem(413, "body_unreadable");
}

#[tokio::test]
async fn large_answers_are_compressed_when_the_client_wants_it() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let request = client
        .request(Method::GET, "/api/v1/openapi.json")
        .header(header::ACCEPT_ENCODING, "gzip");

    let answer = client
        .send(request.body(Body::empty()).unwrap())
        .await
        .expect_status(200);

    assert_eq!(answer.header("content-encoding"), Some("gzip"));
}
