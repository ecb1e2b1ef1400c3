//! The rules of merges, over the API.

use serde_json::{Value, json};

use crate::app::{Client, TestApp, id};

const PATH: &str = "/api/v1/settings/survivorship";

async fn contact(client: &Client, name: &str, title: &str) -> Value {
    let body = json!({ "name": name, "title": title });
    client.post("/api/v1/contacts", &body).await.json(201)
}

fn winner(preview: &Value, field: &str) -> Value {
    let fields = preview["merged_fields"].as_array().unwrap();
    let found = fields.iter().find(|it| it["field"] == field);
    found.map_or(Value::Null, |it| it["winner"].clone())
}

#[tokio::test]
async fn a_rule_is_set_for_a_field_tried_on_a_pair_and_followed_by_the_merge() {
    let app = TestApp::start().await;
    let (admin, member) = (app.admin().await, app.member().await);
    let stays = contact(&member, "Ada", "Poet").await;
    let goes = contact(&member, "Ada King", "Countess of Lovelace").await;
    let preview = format!("/api/v1/contacts/{}/merge/preview", id(&stays));

    let usual = json!({ "from": goes["id"] });
    let tried = json!({ "from": goes["id"], "rules": { "usual": "most_complete" } });
    let of_usual = member.post(&preview, &usual).await.json(200);
    let of_tried = member.post(&preview, &tried).await.json(200);
    let body = json!({ "fields": { "title": "most_complete", "custom.size": "most_recent" } });
    let saved = admin.patch(PATH, &body).await.json(200);

    assert_eq!(winner(&of_usual, "title"), "stays");
    assert_eq!(winner(&of_tried, "title"), "goes");
    assert_eq!(winner(&of_tried, "name"), "goes");
    assert_eq!(winner(&of_tried, "email"), Value::Null);
    let fields = json!({ "title": "most_complete", "custom.size": "most_recent" });
    let expected = json!({ "usual": "survivor", "fields": fields, "trusted_sources": [] });
    assert_eq!(saved, expected);
    assert_eq!(member.get(PATH).await.json(200), expected);
    let merge = format!("/api/v1/contacts/{}/merge", id(&stays));
    let body = json!({ "from": goes["id"], "reason": null });
    let merged = member.post(&merge, &body).await.json(200);
    assert_eq!(merged["contact"]["title"], "Countess of Lovelace");
    assert_eq!(merged["contact"]["name"], "Ada");
}

#[tokio::test]
async fn a_patch_changes_only_the_rules_that_it_names() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let first = json!({ "usual": "most_recent", "fields": { "title": "survivor", "name": "most_complete" } });
    admin.patch(PATH, &first).await.expect_status(200);

    let second = json!({ "fields": { "title": null } });
    let saved = admin.patch(PATH, &second).await.json(200);

    assert_eq!(saved["usual"], "most_recent");
    assert_eq!(saved["fields"], json!({ "name": "most_complete" }));
}

#[tokio::test]
async fn what_is_no_field_no_rule_and_no_source_is_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let before = admin.get(PATH).await.json(200);
    let nobody = "00000000-0000-7000-8000-000000000000";

    let field = json!({ "fields": { "shoe": "survivor" } });
    let rule = json!({ "usual": "the_best" });
    let source = json!({ "trusted_sources": [nobody] });

    let refused = admin.patch(PATH, &field).await;
    assert_eq!(refused.pointers(422, "invalid"), ["/fields"]);
    admin.patch(PATH, &rule).await.expect_status(422);
    admin.patch(PATH, &source).await.expect_status(422);
    let member = app.member().await;
    member
        .patch(PATH, &json!({}))
        .await
        .problem(403, "not_allowed");
    assert_eq!(admin.get(PATH).await.json(200), before);
}
