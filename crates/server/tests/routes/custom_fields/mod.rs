mod story;

use serde_json::json;

use crate::app::{TestApp, id};

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
async fn a_key_is_snake_case_and_orders_take_no_fields() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let body = json!({
        "object": "order", "key": "Shoe Size", "label": { "en": "x", "zh": "x" },
        "type": { "kind": "number" },
    });

    assert_eq!(
        client.post(PATH, &body).await.pointers(422, "invalid"),
        ["/object", "/key"]
    );
}

#[tokio::test]
async fn a_member_defines_no_fields() {
    let app = TestApp::start().await;

    let answer = app.member().await.post(PATH, &json!({})).await;

    answer.problem(403, "not_allowed");
}

#[tokio::test]
async fn options_are_added_and_labelled_under_a_version_and_never_removed() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let body = json!({
        "object": "deal", "key": "risk", "label": { "en": "Risk", "zh": "风险" },
        "type": { "kind": "choice", "options": ["low", "high"] },
    });
    let field = client.post(PATH, &body).await.json(201);
    let path = format!("{PATH}/{}", id(&field));
    let kind = |options| json!({ "type": { "kind": "choice", "options": options, "labels": { "low": "Hardly any" } } });

    let answer = client
        .patch_version(&path, 1, &kind(json!(["low", "medium", "high"])))
        .await;
    assert_eq!(answer.header("etag"), Some("\"2\""));
    assert_eq!(answer.json(200)["type"]["labels"]["low"], "Hardly any");

    let stale = client.patch_version(&path, 1, &json!({})).await;
    stale.problem(412, "version_conflict");
    let fewer = client.patch_version(&path, 2, &kind(json!(["low"]))).await;
    assert_eq!(fewer.pointers(422, "invalid"), ["/type/options"]);
    let other = json!({ "type": { "kind": "number" } });
    let other = client.patch_version(&path, 2, &other).await;
    assert_eq!(other.pointers(422, "invalid"), ["/type/kind"]);
}

#[tokio::test]
async fn what_must_be_there_is_missed_and_what_must_differ_names_who_has_it() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    for body in [
        json!({
            "object": "company", "key": "tax_id", "label": { "en": "Tax id", "zh": "税号" },
            "type": { "kind": "text" }, "is_required": true, "is_unique": true,
        }),
        json!({
            "object": "company", "key": "tier", "label": { "en": "Tier", "zh": "级别" },
            "type": { "kind": "choice", "options": ["a", "b"] }, "default": "b",
        }),
    ] {
        client.post(PATH, &body).await.expect_status(201);
    }
    let create = async |custom: serde_json::Value| {
        let body = json!({ "name": "Acme", "custom": custom });
        client.post("/api/v1/companies", &body).await
    };

    let missing = create(json!({})).await;
    assert_eq!(missing.pointers(422, "required"), ["/custom/tax_id"]);
    let acme = create(json!({ "tax_id": " DE1 " })).await.json(201);
    assert_eq!(acme["custom"], json!({ "tax_id": "DE1", "tier": "b" }));
    let taken = create(json!({ "tax_id": "DE1", "tier": "a" })).await;
    let problem = taken.problem(409, "taken");
    assert_eq!(problem["errors"][0]["pointer"], "/custom/tax_id");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains(id(&acme)) && detail.contains("Acme"),
        "{detail}"
    );
    let path = format!("/api/v1/companies/{}", id(&acme));
    let cleared = json!({ "custom": { "tax_id": null } });
    let cleared = client.patch_version(&path, 1, &cleared).await;
    assert_eq!(cleared.pointers(422, "required"), ["/custom/tax_id"]);
    let same = json!({ "custom": { "tax_id": "DE1" } });
    client
        .patch_version(&path, 1, &same)
        .await
        .expect_status(200);
}
