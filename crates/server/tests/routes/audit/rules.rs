//! Rules that hold where changes are set back as elsewhere, and what bulk edits and webhooks leave.

use std::time::Duration;

use serde_json::{Value, json};

use crate::access::policy;
use crate::app::{Client, TestApp, id};

impl Client {
    async fn set_back(&self, entry: &Value) -> crate::app::Answer {
        let path = format!("/api/v1/audit/{}/restore", entry["id"]);
        self.post(&path, &json!({})).await
    }

    async fn patch_record(&self, path: &str, body: &Value) -> Value {
        let version = self.get(path).await.json(200)["version"].as_i64();
        let version = version.expect("records have versions");
        self.patch_version(path, version, body).await.json(200)
    }
}

#[tokio::test]
async fn a_note_is_set_back_by_who_may_change_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = policy("all", "all", "all", &["read_audit"]);
    let role = admin.role("Auditor", &role).await;
    let (auditor, _) = app.colleague(&admin, "auditor", &role).await;
    let ada = admin.contact("Ada").await;
    let subject = json!({ "kind": "contact", "id": id(&ada) });
    let body = json!({ "subject": subject, "body": "Likes tea" });
    let note = admin.post("/api/v1/notes", &body).await.json(201);
    let path = format!("/api/v1/notes/{}", id(&note));
    let patch = json!({ "body": "Likes coffee" });
    admin.patch(&path, &patch).await.json(200);

    let entries = auditor.audit(&["object:eq:note"]).await;
    for entry in &entries {
        auditor.set_back(entry).await.problem(403, "not_allowed");
    }
    assert_eq!(admin.get(&path).await.json(200)["body"], "Likes coffee");
    admin.delete(&path).await.expect_status(204);
    let deleted = &auditor.audit(&["object:eq:note"]).await[0];
    auditor.set_back(deleted).await.problem(403, "not_allowed");
    admin.get(&path).await.problem(404, "not_found");

    admin.set_back(deleted).await.json(200);
    assert_eq!(admin.get(&path).await.json(200)["body"], "Likes coffee");
}

#[tokio::test]
async fn a_custom_value_is_set_back_only_where_its_field_takes_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let fields = "/api/v1/custom_fields";
    let field = |kind: &str| {
        json!({
            "object": "contact", "key": "level", "label": { "en": "Level", "zh": "等级" },
            "type": { "kind": kind },
        })
    };
    let text = admin.post(fields, &field("text")).await.json(201);
    let body = json!({ "name": "Ada", "custom": { "level": "gold" } });
    let ada = admin.post("/api/v1/contacts", &body).await.json(201);
    let path = format!("/api/v1/contacts/{}", id(&ada));
    admin
        .patch_record(&path, &json!({ "custom": { "level": null } }))
        .await;
    let cleared = admin
        .audit(&["action:eq:updated", "object:eq:contact"])
        .await[0]
        .clone();
    let gone = format!("{fields}/{}", id(&text));
    let archived = json!({ "is_archived": true });
    admin.patch_record(&gone, &archived).await;
    admin.delete(&gone).await.expect_status(204);

    let unknown = admin.set_back(&cleared).await;
    assert_eq!(unknown.pointers(422, "unknown_field"), ["/custom/level"]);
    admin.post(fields, &field("number")).await.json(201);
    let wrong = admin.set_back(&cleared).await;

    assert_eq!(wrong.pointers(422, "wrong_type"), ["/custom/level"]);
    assert_eq!(admin.get(&path).await.json(200)["custom"], json!({}));
}

#[tokio::test]
async fn a_bulk_edit_is_one_entry_when_it_is_begun_and_one_when_it_is_taken_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for name in ["Ada", "Ben", "Cleo"] {
        admin.contact(name).await;
    }
    let before = admin.audit(&[]).await.len();
    let body = json!({ "filter": ["name:ne:Cleo"], "set": { "title": "Countess" }, "expect": 2 });
    let accepted = admin.post("/api/v1/contacts/bulk", &body).await.json(202);
    app.run_job(&accepted["job"]).await;
    let edit = id(&accepted["bulk_edit"]);
    let undo = format!("/api/v1/bulk_edits/{edit}/undo");
    let accepted = admin.post(&undo, &json!({})).await.json(202);
    app.run_job(&accepted["job"]).await;

    let entries = admin.audit(&[]).await;

    assert_eq!(entries.len(), before + 2, "{entries:?}");
    let [undone, started] = &entries[..2] else {
        panic!("two entries");
    };
    assert_eq!(
        (&undone["action"], &started["action"]),
        (&json!("undone"), &json!("started"))
    );
    assert_eq!(started["object"], "bulk_edit");
    assert_eq!(started["object_id"], *edit);
    let told = started["changes"].to_string();
    assert!(
        told.contains("contact") && !told.contains("Countess"),
        "{told}"
    );
}

#[tokio::test]
async fn what_becomes_of_a_webhook_is_told_without_its_secrets() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let hooks = "/api/v1/webhooks";
    let body = json!({ "url": "https://one.example/", "types": ["contact.created"] });
    let hook = admin.post(hooks, &body).await.json(201);
    let path = format!(
        "{hooks}/{}",
        hook["webhook"]["id"].as_str().unwrap_or_else(|| id(&hook))
    );
    let patch = json!({ "url": "https://two.example/" });
    admin.patch_version(&path, 1, &patch).await.json(200);
    let rotate = format!("{path}/rotate_secret");
    admin.post(&rotate, &json!({})).await.json(200);
    admin.delete(&path).await.expect_status(204);

    let entries = admin.audit(&["object:eq:webhook"]).await;

    let actions: Vec<_> = entries.iter().map(|entry| &entry["action"]).collect();
    assert_eq!(actions, ["deleted", "updated", "updated", "created"]);
    let url = json!([{
        "field": "url", "before": "https://one.example/", "after": "https://two.example/",
    }]);
    assert_eq!(entries[2]["changes"], url);
    assert_eq!(entries[0]["title"], "https://two.example/");
    for entry in &entries {
        let changes = entry["changes"].as_array().unwrap();
        let is_secret = |change: &&Value| {
            let field = change["field"].as_str().unwrap();
            field.contains("secret") && change["after"] != "set"
        };
        assert_eq!(changes.iter().find(is_secret), None);
    }
}

#[tokio::test]
async fn who_opened_a_record_is_noted_whenever_a_reader_of_the_audit_goes_away() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let n_people: u32 = 25;
    for n in 0..n_people {
        let contact = admin.contact(&format!("C{n}")).await;
        let path = format!("/api/v1/contacts/{}", id(&contact));
        admin.get(&path).await.json(200);
        let patience = Duration::from_micros(u64::from(n) * 150);
        let left = tokio::time::timeout(patience, admin.audit(&["action:eq:viewed"])).await;
        drop(left);
    }

    let views = admin.audit(&["action:eq:viewed"]).await;

    assert_eq!(views.len(), n_people as usize);
}
