use axum::body::Body;
use axum::http::{Method, header};
use rapport_domain::Role;
use serde_json::{Value, json};

use crate::app::{Client, PASSWORD, TestApp, id};

const PATH: &str = "/api/v1/me/sessions";

/// Signs in with a browser of this name.
async fn sign_in(app: &TestApp, email: &str, user_agent: &str) -> Client {
    let mut client = app.anonymous();
    let body = json!({ "email": email, "password": PASSWORD });
    let request = client
        .request(Method::POST, "/api/v1/session")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, user_agent)
        .header("x-forwarded-for", "203.0.113.9")
        .body(Body::from(body.to_string()))
        .unwrap();
    let answer = client.send(request).await.expect_status(200);
    client.keep_cookie(&answer);
    client
}

async fn sessions(client: &Client, path: &str) -> Vec<Value> {
    let list = client.get(path).await.json(200);
    list["sessions"].as_array().unwrap().clone()
}

#[tokio::test]
async fn people_see_where_they_are_signed_in() {
    let app = TestApp::start().await;
    app.add_user("ann@example.com", Role::Member).await;
    let phone = sign_in(&app, "ann@example.com", "Phone/1").await;
    app.advance_seconds(60);
    let long = "Desk/".to_owned() + &"9".repeat(1_000);
    let desk = sign_in(&app, "ann@example.com", &long).await;

    let seen = sessions(&desk, PATH).await;

    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0]["is_current"], true);
    assert_eq!(seen[0]["user_agent"].as_str().unwrap().len(), 300);
    assert_eq!(seen[1]["is_current"], false);
    assert_eq!(seen[1]["user_agent"], "Phone/1");
    assert_eq!(seen[1]["address"], "203.0.113.9");
    assert_eq!(seen[1]["seen_at"], "2026-01-05T09:00:00Z");
    let token = phone.cookie().split_once('=').unwrap().1.to_owned();
    assert!(!seen[1].to_string().contains(&token[..16]));
}

#[tokio::test]
async fn a_browser_is_signed_out_by_another() {
    let app = TestApp::start().await;
    app.add_user("ann@example.com", Role::Member).await;
    let phone = sign_in(&app, "ann@example.com", "Phone/1").await;
    app.advance_seconds(60);
    let desk = sign_in(&app, "ann@example.com", "Desk/1").await;
    let seen = sessions(&desk, PATH).await;
    let stranger = app.admin().await;

    let path = format!("{PATH}/{}", id(&seen[1]));
    stranger.delete(&path).await.problem(404, "not_found");
    phone.get(PATH).await.expect_status(200);
    desk.delete(&path).await.expect_status(204);

    phone.get(PATH).await.problem(401, "not_signed_in");
    desk.delete(&path).await.problem(404, "not_found");
    assert_eq!(sessions(&desk, PATH).await.len(), 1);
}

#[tokio::test]
async fn signing_out_everywhere_else_keeps_this_browser() {
    let app = TestApp::start().await;
    app.add_user("ann@example.com", Role::Member).await;
    let others = [
        sign_in(&app, "ann@example.com", "Phone/1").await,
        sign_in(&app, "ann@example.com", "Tablet/1").await,
    ];
    let desk = sign_in(&app, "ann@example.com", "Desk/1").await;

    desk.delete(PATH).await.expect_status(204);

    for other in &others {
        other.get(PATH).await.problem(401, "not_signed_in");
    }
    assert_eq!(sessions(&desk, PATH).await.len(), 1);
}

#[tokio::test]
async fn administrators_see_and_end_the_sessions_of_others() {
    let app = TestApp::start().await;
    let user = app.add_user("ann@example.com", Role::Member).await;
    let ann = sign_in(&app, "ann@example.com", "Phone/1").await;
    let (admin, member) = (app.admin().await, app.member().await);
    let path = format!("/api/v1/users/{}/sessions", user.id);

    member.get(&path).await.problem(403, "not_allowed");
    member.delete(&path).await.problem(403, "not_allowed");
    let seen = sessions(&admin, &path).await;
    assert_eq!(seen[0]["user_agent"], "Phone/1");
    assert_eq!(seen[0]["is_current"], false);
    admin.delete(&path).await.expect_status(204);

    ann.get(PATH).await.problem(401, "not_signed_in");
    assert!(sessions(&admin, &path).await.is_empty());
}
