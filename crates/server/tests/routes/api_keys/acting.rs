use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, header};
use rapport_domain::Role;
use rapport_store::users;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{PATH, make};
use crate::app::{TestApp, capture_log, captured_log, id};

const CONTACTS: &str = "/api/v1/contacts";

#[tokio::test]
async fn a_key_does_what_its_scopes_say_and_nothing_else() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (key, _) = make(&client, &["contacts:read", "contacts:write"]).await;
    let program = client.with_key(&key);

    let ann = program.contact("Ann").await;

    let path = format!("{CONTACTS}/{}", id(&ann));
    program.get(&path).await.expect_status(200);
    program.delete(&path).await.expect_status(204);
    for path in ["/api/v1/companies", "/api/v1/search?q=ann", "/api/v1/users"] {
        program.get(path).await.problem(403, "scope_missing");
    }
    program
        .post("/api/v1/companies", &json!({ "name": "Acme" }))
        .await
        .problem(403, "scope_missing");
}

#[tokio::test]
async fn a_key_that_reads_changes_nothing() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (key, _) = make(&client, &["records:read"]).await;
    let program = client.with_key(&key);

    program.get("/api/v1/companies").await.expect_status(200);
    program
        .post(CONTACTS, &json!({ "name": "Ann" }))
        .await
        .problem(403, "scope_missing");
    program
        .get("/api/v1/stream")
        .await
        .problem(403, "session_needed");
}

#[tokio::test]
async fn no_key_reaches_accounts_sessions_or_keys() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let list = client.get(PATH).await.json(200);
    let all: Vec<&str> = list["scopes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s.as_str().unwrap())
        .collect();
    let (key, _) = make(&client, &all).await;
    let program = client.with_key(&key);
    let body = json!({ "name": "Another", "scopes": ["contacts:read"] });

    program
        .post(PATH, &body)
        .await
        .problem(403, "scope_missing");
    program.get(PATH).await.problem(403, "scope_missing");
    program
        .get("/api/v1/me/sessions")
        .await
        .problem(403, "scope_missing");
    program
        .patch("/api/v1/me", &json!({ "name": "X" }))
        .await
        .problem(403, "scope_missing");
    let users = program.get("/api/v1/users").await.json(200);
    assert_eq!(
        users["users"][0]["email"],
        Value::Null,
        "accounts are not shown to keys"
    );
    let whose = program.get("/api/v1/session").await.json(200);
    assert_eq!(whose["user"]["email"], "admin@example.com");
}

#[tokio::test]
async fn a_key_can_do_no_more_than_its_user_now() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (key, shown) = make(&client, &["contacts:write"]).await;
    let program = client.with_key(&key);
    let user_id = id(&shown["user"]).parse().unwrap();
    let store = &app.workspace.store;

    users::change(store, user_id, |user| user.role = Role::Viewer)
        .await
        .unwrap();
    program
        .post(CONTACTS, &json!({ "name": "Ann" }))
        .await
        .problem(403, "not_allowed");

    let now = app.now();
    users::change(store, user_id, move |user| user.disabled_at = Some(now))
        .await
        .unwrap();
    program
        .get("/api/v1/session")
        .await
        .problem(401, "unknown_api_key");
}

#[tokio::test]
async fn a_key_ends_when_it_is_revoked_and_at_its_end() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (key, shown) = make(&client, &["contacts:read"]).await;
    let body = json!({
        "name": "For an hour", "scopes": ["contacts:read"], "expires_at": "2026-01-05T10:00:00Z",
    });
    let hour = client.post(PATH, &body).await.json(201);
    let hour = client.with_key(hour["key"].as_str().unwrap());
    let program = client.with_key(&key);

    program.get(CONTACTS).await.expect_status(200);
    client
        .delete(&format!("{PATH}/{}", id(&shown)))
        .await
        .expect_status(204);
    program.get(CONTACTS).await.problem(401, "unknown_api_key");

    hour.get(CONTACTS).await.expect_status(200);
    app.advance_seconds(3_600);
    hour.get(CONTACTS).await.problem(401, "unknown_api_key");
}

#[tokio::test]
async fn beside_a_cookie_a_key_does_not_open_the_guard_against_forgery() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (key, _) = make(&client, &["contacts:write"]).await;
    let send = async |cookie: Option<String>| {
        let mut request = client
            .with_key(&key)
            .request(Method::POST, CONTACTS)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Body::from(r#"{"name":"Ann"}"#)).unwrap();
        client.send(request).await
    };

    send(None).await.expect_status(201);
    send(Some(client.cookie()))
        .await
        .problem(403, "csrf_header_missing");
    send(Some("rapport_session=nothing".to_owned()))
        .await
        .problem(403, "csrf_header_missing");
    send(Some("theme=dark".to_owned())).await.expect_status(201);
}

#[tokio::test]
async fn wrong_keys_are_slowed_down_and_right_ones_are_not() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (key, _) = make(&client, &["contacts:read"]).await;
    let strange = format!("rk_aaaaaaaa_{}", "a".repeat(52));
    for wrong in ["", "rk_", "x", &strange, &key[..key.len() - 1]] {
        let program = client.with_key(wrong);
        program.get(CONTACTS).await.problem(401, "unknown_api_key");
    }
    for _ in 5..50 {
        client
            .with_key(&strange)
            .get(CONTACTS)
            .await
            .problem(401, "unknown_api_key");
    }

    let limited = client.with_key(&strange).get(CONTACTS).await;

    assert!(limited.header("retry-after").is_some());
    limited.problem(429, "too_many_attempts");
    client.with_key(&key).get(CONTACTS).await.expect_status(200);
    let mut anew = app.anonymous();
    anew.sign_in("member@example.com", crate::app::PASSWORD)
        .await
        .expect_status(200);
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute_beside_the_request() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (key, _) = make(&client, &["contacts:read"]).await;
    let program = client.with_key(&key);
    let noted = async |expected: Value| {
        for _ in 0..200 {
            let list = client.get(PATH).await.json(200);
            if list["api_keys"][0]["last_used_at"] == expected {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("never noted {expected}");
    };

    program.get(CONTACTS).await.expect_status(200);
    noted("2026-01-05T09:00:00Z".into()).await;
    app.advance_seconds(59);
    program.get(CONTACTS).await.expect_status(200);
    app.advance_seconds(1);
    program.get(CONTACTS).await.expect_status(200);
    noted("2026-01-05T09:01:00Z".into()).await;
}

#[tokio::test]
async fn a_key_is_never_in_the_log() {
    let app = TestApp::start().await;
    let client = app.member().await;
    capture_log();

    let (key, _) = make(&client, &["contacts:read"]).await;
    client.with_key(&key).get(CONTACTS).await.expect_status(200);
    let other = if key.ends_with('a') { 'b' } else { 'a' };
    let wrong = format!("{}{other}", &key[..key.len() - 1]);
    client.with_key(&wrong).get(CONTACTS).await;

    let log = captured_log();
    let secret = &key["rk_aaaaaaaa_".len()..key.len() - 1];
    assert!(log.contains("unknown_api_key"), "{log}");
    assert!(!log.contains(secret), "{log}");
}
