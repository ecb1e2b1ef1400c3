use rapport_domain::Role;
use serde_json::json;

use crate::app::{PASSWORD, TestApp};

const NEW: &str = "a whole new password";

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let app = TestApp::start().await;
    app.add_user("ann@example.com", Role::Member).await;
    let (mut here, mut there) = (app.anonymous(), app.anonymous());
    here.sign_in("ann@example.com", PASSWORD)
        .await
        .expect_status(200);
    there
        .sign_in("ann@example.com", PASSWORD)
        .await
        .expect_status(200);

    let body = json!({ "current": PASSWORD, "new": NEW });
    let answer = here
        .post("/api/v1/me/password", &body)
        .await
        .expect_status(204);
    here.keep_cookie(&answer);

    here.get("/api/v1/session").await.expect_status(200);
    there
        .get("/api/v1/session")
        .await
        .problem(401, "not_signed_in");
    there
        .sign_in("ann@example.com", PASSWORD)
        .await
        .problem(401, "wrong_credentials");
    there
        .sign_in("ann@example.com", NEW)
        .await
        .expect_status(200);
}

#[tokio::test]
async fn a_wrong_or_too_short_password_is_pointed_at() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let wrong = json!({ "current": "wrong", "new": NEW });
    let wrong = client.post("/api/v1/me/password", &wrong).await;
    assert_eq!(wrong.pointers(422, "wrong_password"), ["/current"]);
    let short = json!({ "current": PASSWORD, "new": "short" });
    let short = client.post("/api/v1/me/password", &short).await;
    assert_eq!(short.pointers(422, "invalid"), ["/new"]);
}
