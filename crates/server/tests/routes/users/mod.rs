use serde_json::json;

use crate::app::{PASSWORD, TestApp};

const PATH: &str = "/api/v1/users";

#[tokio::test]
async fn an_added_user_can_sign_in() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({
        "email": "new@example.com", "name": "New", "role": "viewer", "password": PASSWORD,
    });

    let user = admin.post(PATH, &body).await.json(201);

    assert_eq!(
        (&user["role"], &user["disabled_at"]),
        (&json!("viewer"), &json!(null))
    );
    assert!(user.get("password").is_none());
    app.anonymous()
        .sign_in("new@example.com", PASSWORD)
        .await
        .expect_status(200);
    assert_eq!(
        admin.get(PATH).await.json(200)["users"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    admin.post(PATH, &body).await.problem(409, "duplicate");
}

#[tokio::test]
async fn a_bad_address_or_a_short_password_is_pointed_at() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = |email: &str, password: &str| json!({ "email": email, "name": "New", "role": "viewer", "password": password });

    let answer = admin.post(PATH, &body("nobody", PASSWORD)).await;
    assert_eq!(answer.pointers(422, "invalid"), ["/email"]);
    let answer = admin.post(PATH, &body("new@example.com", "short")).await;
    assert_eq!(answer.pointers(422, "invalid"), ["/password"]);
}

#[tokio::test]
async fn only_administrators_see_users() {
    let app = TestApp::start().await;

    app.member()
        .await
        .get(PATH)
        .await
        .problem(403, "not_allowed");
}
