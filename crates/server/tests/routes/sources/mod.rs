use serde_json::{Value, json};

use crate::app::{TestApp, id, texts};

const PATH: &str = "/api/v1/sources";

#[tokio::test]
async fn a_source_is_made_once_and_listed() {
    let app = TestApp::start().await;
    let client = app.admin().await;

    let web = client.post(PATH, &json!({ "name": " Web " })).await;
    let again = client.post(PATH, &json!({ "name": "Web" })).await.json(201);
    client.post(PATH, &json!({ "name": "App" })).await.json(201);

    assert_eq!(web.json(201), again);
    let list = app.viewer().await.get(PATH).await.json(200);
    assert_eq!(
        texts(list["sources"].as_array().unwrap(), "name"),
        ["App", "Web"]
    );
}

#[tokio::test]
async fn a_source_has_a_name_of_some_length() {
    let app = TestApp::start().await;
    let client = app.admin().await;

    for name in [" ".to_owned(), "n".repeat(201)] {
        let answer = client.post(PATH, &json!({ "name": name })).await;
        assert_eq!(answer.pointers(422, "invalid"), ["/name"]);
    }
}

#[tokio::test]
async fn a_key_is_shown_once_and_kept_by_its_beginning() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let web = client.post(PATH, &json!({ "name": "Web" })).await.json(201);
    let path = format!("{PATH}/{}/write_keys", id(&web));

    let made = client.post(&path, &json!({})).await.json(201);

    let key = made["key"].as_str().unwrap();
    let list = client.get(&path).await;
    assert!(!list.text().contains(key));
    assert_eq!(list.json(200)["write_keys"], json!([made["write_key"]]));
}

#[tokio::test]
async fn a_key_of_no_source_is_not_made_and_an_unknown_one_not_revoked() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let nothing = "0198c0de-0000-7000-8000-000000000001";

    let made = client
        .post(&format!("{PATH}/{nothing}/write_keys"), &json!({}))
        .await;
    let revoked = client
        .delete(&format!("/api/v1/write_keys/{nothing}"))
        .await;

    made.problem(404, "not_found");
    revoked.problem(404, "not_found");
}

#[tokio::test]
async fn only_administrators_see_and_make_keys() {
    let app = TestApp::start().await;
    let web = app
        .admin()
        .await
        .post(PATH, &json!({ "name": "Web" }))
        .await;
    let web: Value = web.json(201);
    let path = format!("{PATH}/{}/write_keys", id(&web));
    let member = app.member().await;

    member.get(&path).await.problem(403, "not_allowed");
    member
        .post(&path, &json!({}))
        .await
        .problem(403, "not_allowed");
}
