//! `/audit`: what is told of changes and of who saw what, and what is set back.

mod rules;

use rapport_domain::Role;
use serde_json::{Value, json};

use crate::access::policy;
use crate::app::{Client, TestApp, id};

impl Client {
    /// The entries that meet conditions, the latest first.
    async fn audit(&self, conditions: &[&str]) -> Vec<Value> {
        let filter: Vec<String> = conditions.iter().map(|c| format!("filter={c}")).collect();
        let path = format!("/api/v1/audit?{}", filter.join("&"));
        let list = self.get(&path).await.json(200);
        list["entries"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn a_change_is_told_with_who_made_it_and_what_stood_there() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ada = admin.contact("Ada").await;
    let path = format!("/api/v1/contacts/{}", id(&ada));
    app.advance_seconds(60);
    let patch = json!({ "title": "Countess" });
    admin.patch_version(&path, 1, &patch).await.json(200);

    let about = format!("object_id:eq:{}", id(&ada));
    let entries = admin.audit(&[&about, "action:eq:updated"]).await;

    let [entry] = &entries[..] else {
        panic!("one entry: {entries:?}");
    };
    let change = json!({ "field": "title", "before": null, "after": "Countess" });
    assert_eq!(entry["changes"], json!([change]));
    assert_eq!(entry["actor"]["user"]["name"], "Ada Example");
    assert_eq!(entry["at"], "2026-01-05T09:01:00Z");
    assert_eq!(entry["title"], "Ada");
    assert_eq!(entry["can_restore"], true);
    assert!(entry["seq"].is_number() && entry["hash"].is_string());
}

#[tokio::test]
async fn a_key_is_told_beside_whom_it_acts_for() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({ "name": "Sync", "scopes": ["contacts:write"] });
    let key = admin.post("/api/v1/api_keys", &body).await.json(201);
    let program = app.anonymous().with_key(key["key"].as_str().unwrap());
    program.contact("Ada").await;

    let entries = admin.audit(&["actor:eq:api_key"]).await;

    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["actor"]["api_key"]["name"], "Sync");
    assert_eq!(entries[0]["actor"]["user"]["name"], "Ada Example");
    let of_key = admin.audit(&["object:eq:api_key"]).await;
    let text = of_key[0].to_string();
    assert!(!text.contains("key_hash"), "{text}");
}

#[tokio::test]
async fn a_key_that_reads_the_audit_sets_nothing_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    admin.contact("Ada").await;
    let body = json!({ "name": "Watch", "scopes": ["audit:read"] });
    let key = admin.post("/api/v1/api_keys", &body).await.json(201);
    let program = app.anonymous().with_key(key["key"].as_str().unwrap());

    let made = program.audit(&["object:eq:contact"]).await[0]["id"].clone();

    let restore = format!("/api/v1/audit/{made}/restore");
    program
        .post(&restore, &json!({}))
        .await
        .problem(403, "scope_missing");
}

#[tokio::test]
async fn who_opens_a_record_is_told_once_within_minutes() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let viewer = app.viewer().await;
    let ada = admin.contact("Ada").await;
    let path = format!("/api/v1/contacts/{}", id(&ada));
    for _ in 0..3 {
        viewer.get(&path).await.json(200);
        viewer.get(&format!("{path}/profile")).await.json(200);
    }
    let about = format!("object_id:eq:{}", id(&ada));
    let conditions = [&*about, "action:eq:viewed"];

    assert_eq!(admin.audit(&conditions).await.len(), 1);
    app.advance_seconds(601);
    viewer.get(&path).await.json(200);
    admin.get(&path).await.json(200);

    assert_eq!(admin.audit(&conditions).await.len(), 3);
    // What is not there was not seen.
    let unknown = "0198c0de-0000-7000-8000-000000000001";
    let gone = format!("/api/v1/contacts/{unknown}");
    viewer.get(&gone).await.problem(404, "not_found");
    let about = format!("object_id:eq:{unknown}");
    assert!(admin.audit(&[&about]).await.is_empty());
}

#[tokio::test]
async fn a_list_that_is_taken_away_is_told_with_what_it_was_asked_for_with() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let admin = app.admin().await;
    let path = "/api/v1/exports/contacts.csv?filter=city:eq:Paris";
    member.get(path).await.expect_status(200);
    member
        .get("/api/v1/exports/contacts.csv?filter=shoe:eq:1")
        .await
        .problem(400, "unknown_field");

    let entries = admin.audit(&["action:eq:exported"]).await;

    assert_eq!(entries.len(), 1);
    let told = entries[0]["changes"].to_string();
    assert!(
        told.contains("contacts.csv") && told.contains("filter=city"),
        "{told}"
    );
    // Whom it was looked for with may be personal, and no erasure could find it.
    assert!(!told.contains("Paris"), "{told}");
}

#[tokio::test]
async fn an_import_is_one_entry() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let admin = app.admin().await;
    let import = app.import_orders(&member).await;

    let about = format!("object_id:eq:{}", id(&import));
    let entries = admin.audit(&[&about]).await;

    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(entries[0]["action"], "started");
    assert!(admin.audit(&["object:eq:contact"]).await.is_empty());
}

#[tokio::test]
async fn a_deleted_record_is_set_back_with_its_fields() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({ "name": "Ada", "title": "Countess", "tags": ["vip"] });
    let ada = admin.post("/api/v1/contacts", &body).await.json(201);
    let path = format!("/api/v1/contacts/{}", id(&ada));
    admin.delete(&path).await.expect_status(204);
    let entries = admin.audit(&["action:eq:deleted"]).await;
    assert_eq!(entries[0]["title"], "Ada");

    let restore = format!("/api/v1/audit/{}/restore", entries[0]["id"]);
    let restored = admin.post(&restore, &json!({})).await.json(200);

    assert_eq!(restored["outcome"], "made");
    let now = admin.get(&path).await.json(200);
    assert_eq!(
        (&now["title"], &now["tags"]),
        (&body["title"], &body["tags"])
    );
    admin
        .post(&restore, &json!({}))
        .await
        .problem(409, "record_there");
}

#[tokio::test]
async fn a_field_that_was_changed_since_is_named() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ada = admin.contact("Ada").await;
    let path = format!("/api/v1/contacts/{}", id(&ada));
    let patch = json!({ "title": "Countess" });
    admin.patch_version(&path, 1, &patch).await.json(200);
    let changed = admin.audit(&["action:eq:updated"]).await[0]["id"].clone();
    let patch = json!({ "title": "Programmer" });
    admin.patch_version(&path, 2, &patch).await.json(200);

    let restore = format!("/api/v1/audit/{changed}/restore");
    let answer = admin.post(&restore, &json!({})).await;

    assert_eq!(answer.pointers(409, "changed_since"), ["/title"]);
    let unknown = "/api/v1/audit/999999/restore";
    admin
        .post(unknown, &json!({}))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn the_chain_is_checked_and_stays_whole_when_values_are_erased() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ada = admin.contact("Ada").await;
    let body = json!({ "object": "contact", "object_id": id(&ada) });

    let erased = admin.post("/api/v1/audit/erasures", &body).await.json(200);
    let checked = admin.get("/api/v1/audit/verification").await.json(200);

    assert_eq!(erased["n_erased"], 1);
    assert_eq!(checked["fault"], Value::Null);
    assert_eq!(checked["n_sound"], 2);
    let head = checked["head"].as_str().unwrap();
    assert!(head.starts_with("2:"), "{head}");
    let made = admin
        .audit(&["action:eq:created", "object:eq:contact"])
        .await;
    assert_eq!(made[0]["changes"], Value::Null);
    assert_eq!(made[0]["can_restore"], false);
}

#[tokio::test]
async fn the_audit_is_for_those_who_are_given_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let viewer = app.signed_in(Role::Viewer).await;
    for path in ["/api/v1/audit", "/api/v1/audit/verification"] {
        viewer.get(path).await.problem(403, "not_allowed");
    }
    // A role may be given it, and then sees it without being an administrator.
    let role = admin
        .role("Auditor", &policy("all", "none", "none", &["read_audit"]))
        .await;
    let (auditor, _) = app.colleague(&admin, "auditor", &role).await;
    let ada = admin.contact("Ada").await;
    assert!(!auditor.audit(&[]).await.is_empty());

    let body = json!({ "object": "contact", "object_id": id(&ada) });
    auditor
        .post("/api/v1/audit/erasures", &body)
        .await
        .problem(403, "not_allowed");
    let made = auditor.audit(&["object:eq:contact"]).await[0]["id"].clone();
    auditor
        .post(&format!("/api/v1/audit/{made}/restore"), &json!({}))
        .await
        .problem(403, "not_allowed");
    let own = json!({ "name": "Half", "policy": policy("own", "own", "own", &["read_audit"]) });
    let refused = admin.post("/api/v1/roles", &own).await;
    assert_eq!(refused.pointers(422, "invalid"), ["/policy/actions"]);
}
