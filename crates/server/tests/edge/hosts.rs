use axum::body::Body;
use axum::http::{Method, Uri, header};
use rapport_server::ServerConfig;

use crate::app::TestApp;

async fn status(config: ServerConfig, host: &'static str, path: &str) -> u16 {
    let app = TestApp::with_config(config).await;
    let client = app.anonymous();
    let mut request = client
        .request(Method::GET, path)
        .body(Body::empty())
        .unwrap();
    request
        .headers_mut()
        .insert(header::HOST, host.parse().unwrap());
    client.send(request).await.status.as_u16()
}

#[tokio::test]
async fn a_rebound_name_is_not_answered() {
    assert_eq!(
        status(ServerConfig::default(), "evil.example", "/api/v1/session").await,
        421
    );
    assert_eq!(
        status(ServerConfig::default(), "127.0.0.1:7070", "/api/v1/session").await,
        401
    );
}

#[tokio::test]
async fn the_public_name_is_answered() {
    let public_url = Some(Uri::from_static("https://crm.example.com"));
    let config = ServerConfig {
        public_url,
        ..ServerConfig::default()
    };

    assert_eq!(
        status(config, "crm.example.com", "/api/v1/session").await,
        401
    );
}

#[tokio::test]
async fn health_checks_ask_by_any_address() {
    assert_eq!(
        status(ServerConfig::default(), "10.0.0.7:7070", "/healthz").await,
        200
    );
}
