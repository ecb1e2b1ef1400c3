use serde_json::json;

use super::{PATH, ask, make};
use crate::app::{TestApp, id, texts};

#[tokio::test]
async fn a_key_is_shown_once_and_kept_by_its_beginning() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let (key, shown) = make(&client, &["contacts:read", "contacts:read"]).await;

    assert_eq!(key.len(), "rk_".len() + 8 + 1 + 52);
    assert!(key.starts_with(shown["prefix"].as_str().unwrap()));
    assert_eq!(shown["scopes"], json!(["contacts:read"]));
    let list = client.get(PATH).await;
    assert!(!list.text().contains(&key));
    assert_eq!(list.json(200)["api_keys"], json!([shown]));
}

#[tokio::test]
async fn what_a_key_cannot_be_made_of_is_pointed_at() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let post = async |body| client.post(PATH, &body).await;

    let cases = [
        (
            json!({ "name": " ", "scopes": ["contacts:read"] }),
            "/name",
            "bad_length",
        ),
        (json!({ "name": "x", "scopes": [] }), "/scopes", "required"),
        (
            json!({ "name": "x", "scopes": ["contacts:read", "contacts:write"] }),
            "/scopes/1",
            "beyond_role",
        ),
        (
            json!({ "name": "x", "scopes": ["contacts:everything"] }),
            "/scopes/0",
            "wrong_shape",
        ),
        (
            json!({
                "name": "x", "scopes": ["contacts:read"], "expires_at": "2026-01-05T08:59:59Z",
            }),
            "/expires_at",
            "in_the_past",
        ),
    ];
    for (body, pointer, code) in cases {
        let answer = post(body).await.expect_status(422);
        let problem: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        let error = &problem["errors"][0];
        assert_eq!(error["pointer"], pointer, "{problem}");
        assert!(
            error["code"] == code || problem["code"] == code,
            "{problem}"
        );
    }
    let list = client.get(PATH).await.json(200);
    assert_eq!(list["api_keys"], json!([]));
    assert!(!texts_of(&list["scopes"]).contains(&"contacts:write".to_owned()));
}

fn texts_of(list: &serde_json::Value) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    list.map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn people_see_their_own_keys_and_administrators_all() {
    let app = TestApp::start().await;
    let (member, admin) = (app.member().await, app.admin().await);
    let (_, theirs) = make(&member, &["contacts:read"]).await;
    let (_, own) = make(&admin, &["settings:read"]).await;

    let seen = member.get(PATH).await.json(200);
    let all = admin.get(PATH).await.json(200);

    assert_eq!(
        texts(seen["api_keys"].as_array().unwrap(), "id"),
        [id(&theirs)]
    );
    assert_eq!(
        texts(all["api_keys"].as_array().unwrap(), "id"),
        [id(&theirs), id(&own)]
    );
    let path = |key| format!("{PATH}/{}", id(key));
    member.delete(&path(&own)).await.problem(404, "not_found");
    admin.delete(&path(&theirs)).await.expect_status(204);
    let seen = member.get(PATH).await.json(200);
    assert_ne!(seen["api_keys"][0]["revoked_at"], json!(null));
}

#[tokio::test]
async fn nobody_gathers_keys_without_end() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let mut keys = Vec::new();
    for _ in 0..100 {
        keys.push(make(&client, &["contacts:read"]).await.1);
    }

    ask(&client, &["contacts:read"])
        .await
        .problem(409, "too_many_api_keys");

    let path = format!("{PATH}/{}", id(&keys[0]));
    client.delete(&path).await.expect_status(204);
    ask(&client, &["contacts:read"]).await.expect_status(201);
}
