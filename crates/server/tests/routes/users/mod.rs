use rapport_domain::Role;
use serde_json::json;

use crate::app::{PASSWORD, TestApp, id};

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
async fn members_see_the_names_of_who_may_sign_in_and_nothing_else() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let member = app.member().await;
    let left = app.add_user("left@example.com", Role::Member).await;
    let left = format!("{PATH}/{}", left.id);
    let disabled = json!({ "disabled": true });
    admin.patch(&left, &disabled).await.expect_status(200);

    let list = member.get(PATH).await.json(200);

    let users = list["users"].as_array().unwrap();
    assert_eq!(users.len(), 2);
    for user in users {
        assert_eq!(user["name"], "Ada Example");
        for hidden in ["email", "role", "language", "created_at", "disabled_at"] {
            assert_eq!(user[hidden], json!(null), "{hidden}");
        }
        let path = format!("{PATH}/{}", id(user));
        assert_eq!(&member.get(&path).await.json(200), user);
    }
    let all = admin.get(PATH).await.json(200);
    assert_eq!(all["users"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn who_leaves_is_locked_out_at_once_and_can_come_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.add_user("ann@example.com", Role::Member).await;
    let path = format!("{PATH}/{}", user.id);
    let mut ann = app.anonymous();
    ann.sign_in("ann@example.com", PASSWORD)
        .await
        .expect_status(200);

    let disabled = admin.patch(&path, &json!({ "disabled": true })).await;

    assert!(disabled.json(200)["disabled_at"].is_string());
    ann.get("/api/v1/session")
        .await
        .problem(401, "not_signed_in");
    ann.sign_in("ann@example.com", PASSWORD)
        .await
        .problem(401, "wrong_credentials");
    let enabled = admin.patch(&path, &json!({ "disabled": false })).await;
    assert_eq!(enabled.json(200)["disabled_at"], json!(null));
    ann.sign_in("ann@example.com", PASSWORD)
        .await
        .expect_status(200);
}

#[tokio::test]
async fn a_role_and_a_name_are_changed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.add_user("ann@example.com", Role::Member).await;
    let path = format!("{PATH}/{}", user.id);

    let body = json!({ "name": " Ann ", "role": "viewer" });
    let changed = admin.patch(&path, &body).await.json(200);

    assert_eq!(
        (&changed["name"], &changed["role"]),
        (&json!("Ann"), &json!("viewer"))
    );
    assert_eq!(admin.get(&path).await.json(200), changed);
    let answer = admin.patch(&path, &json!({ "name": "" })).await;
    assert_eq!(answer.pointers(422, "bad_length"), ["/name"]);
}

#[tokio::test]
async fn the_last_administrator_cannot_be_demoted_or_disabled() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let session = admin.get("/api/v1/session").await.json(200);
    let path = format!("{PATH}/{}", id(&session["user"]));

    for change in [json!({ "role": "member" }), json!({ "disabled": true })] {
        let answer = admin.patch(&path, &change).await;
        answer.problem(409, "last_administrator");
    }

    app.add_user("second@example.com", Role::Admin).await;
    let demoted = admin.patch(&path, &json!({ "role": "member" })).await;
    assert_eq!(demoted.json(200)["role"], "member");
}
