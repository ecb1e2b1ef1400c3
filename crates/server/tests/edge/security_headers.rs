use axum::http::Uri;
use rapport_server::ServerConfig;

use crate::app::TestApp;

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    let client = app.anonymous();

    for path in [
        "/",
        "/api/v1/session",
        "/api/nothing",
        "/healthz",
        "/contacts/1",
    ] {
        let answer = client.get(path).await;

        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("script-src 'self';"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-eval"), "{path}: {policy}");
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            answer.header("referrer-policy"),
            Some("same-origin"),
            "{path}"
        );
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            Some("same-origin"),
            "{path}"
        );
        assert!(answer.header("permissions-policy").is_some(), "{path}");
        assert!(answer.header("x-request-id").is_some(), "{path}");
        assert_eq!(answer.header("strict-transport-security"), None, "{path}");
    }
}

#[tokio::test]
async fn answers_of_the_api_stay_out_of_caches() {
    let app = TestApp::start().await;

    let answer = app.anonymous().get("/api/v1/session").await;

    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn an_https_server_insists_on_https() {
    let public_url = Some(Uri::from_static("https://localhost"));
    let app = TestApp::with_config(ServerConfig {
        public_url,
        ..ServerConfig::default()
    })
    .await;

    let answer = app.anonymous().get("/healthz").await;

    assert!(answer.header("strict-transport-security").is_some());
}
