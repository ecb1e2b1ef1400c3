use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, header};
use rapport_server::ServerConfig;

use crate::app::{Answer, TestApp};

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_address() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let contact = client.contact("Ann Example").await;
    client
        .get(&format!("/api/v1/contacts/{}", crate::app::id(&contact)))
        .await
        .expect_status(200);

    let page = client.get("/metrics").await.expect_status(200).text();

    let line = r#"http_requests_total{method="GET",route="/api/v1/contacts/{id}",status="200"} 1"#;
    assert!(page.contains(line), "{page}");
    assert!(
        page.contains(r#"http_request_duration_seconds_count{route="/api/v1/contacts"}"#),
        "{page}"
    );
    assert!(!page.contains(crate::app::id(&contact)), "{page}");
}

#[tokio::test]
async fn jobs_and_events_are_told() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;

    let page = client.get("/metrics").await.expect_status(200).text();

    assert!(
        // The search for duplicates that an import asks for, a little later.
        page.contains(r#"rapport_jobs{status="queued"} 1"#),
        "{page}"
    );
    assert!(page.contains("rapport_lake_files "), "{page}");
    assert!(page.contains("rapport_lake_events "), "{page}");
    assert!(page.contains("rapport_inbox_events "), "{page}");
}

/// `/metrics` as somebody elsewhere asks for it, by the machine's own address.
async fn from_elsewhere(app: &TestApp, authorization: &str) -> Answer {
    let client = app.anonymous();
    let peer: SocketAddr = "192.0.2.7:50000".parse().unwrap();
    let request = client
        .request(Method::GET, "/metrics")
        .header(header::AUTHORIZATION, authorization)
        .extension(ConnectInfo(peer));
    let mut request = request.body(Body::empty()).unwrap();
    let host = "198.51.100.1:7070".parse().unwrap();
    request.headers_mut().insert(header::HOST, host);
    client.send(request).await
}

#[tokio::test]
async fn measurements_are_for_this_machine_and_for_who_has_the_token() {
    let config = ServerConfig {
        metrics_token: Some("a-long-secret".to_owned()),
        ..ServerConfig::default()
    };
    let app = TestApp::with_config(config).await;

    let with_token = from_elsewhere(&app, "Bearer a-long-secret").await;
    with_token.expect_status(200);
    for wrong in [
        "Bearer a-long-secre",
        "Bearer ",
        "a-long-secret",
        "Basic eDp5",
    ] {
        let refused = from_elsewhere(&app, wrong).await;
        refused.problem(401, "token_missing");
    }
    let open = TestApp::start().await;
    from_elsewhere(&open, "Bearer ")
        .await
        .problem(401, "token_missing");
}

#[tokio::test]
async fn behind_a_proxy_on_this_machine_only_the_token_counts() {
    let config = ServerConfig {
        public_url: Some("https://crm.example.com".parse().unwrap()),
        metrics_token: Some("a-long-secret".to_owned()),
        ..ServerConfig::default()
    };
    let app = TestApp::with_config(config).await;
    let client = app.anonymous();

    // As a proxy passes it on that says nothing of where it came from.
    client.get("/metrics").await.problem(401, "token_missing");
    let with_token = from_elsewhere(&app, "Bearer a-long-secret").await;
    with_token.expect_status(200);
}

#[tokio::test]
async fn a_strange_name_that_leads_here_does_not_read_the_measurements() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    let request = client.request(Method::GET, "/metrics");
    let mut request = request.body(Body::empty()).unwrap();
    let host = "evil.example".parse().unwrap();
    request.headers_mut().insert(header::HOST, host);

    client.send(request).await.problem(401, "token_missing");
}

#[tokio::test]
async fn made_up_methods_are_one_measurement() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    for name in ["BREW", "WHEN", "PROPFIND"] {
        let method = Method::from_bytes(name.as_bytes()).unwrap();
        let request = client.request(method, "/healthz").body(Body::empty());
        client.send(request.unwrap()).await;
    }

    let page = client.get("/metrics").await.expect_status(200).text();

    assert!(page.contains(r#"method="other""#), "{page}");
    assert!(!page.contains("BREW"), "{page}");
}
