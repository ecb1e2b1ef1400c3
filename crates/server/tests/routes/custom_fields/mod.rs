use serde_json::json;

use crate::app::TestApp;

const PATH: &str = "/api/v1/custom_fields";

#[tokio::test]
async fn a_field_is_defined_once() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let body = json!({
        "object": "contact", "key": "level", "label": { "en": "Level", "zh": "等级" },
        "type": { "kind": "choice", "options": ["gold", "silver"] },
    });

    let field = client.post(PATH, &body).await.json(201);

    assert_eq!(field["type"]["options"], json!(["gold", "silver"]));
    client.post(PATH, &body).await.problem(409, "duplicate");
    assert_eq!(
        client.get(PATH).await.json(200)["custom_fields"],
        json!([field])
    );
}

#[tokio::test]
async fn a_key_is_snake_case() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let body = json!({
        "object": "contact", "key": "Shoe Size", "label": { "en": "x", "zh": "x" },
        "type": { "kind": "number" },
    });

    assert_eq!(
        client.post(PATH, &body).await.pointers(422, "invalid"),
        ["/key"]
    );
}

#[tokio::test]
async fn a_member_defines_no_fields() {
    let app = TestApp::start().await;

    let answer = app.member().await.post(PATH, &json!({})).await;

    answer.problem(403, "not_allowed");
}
