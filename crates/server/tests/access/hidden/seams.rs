//! Rules for fields where records are changed or told in other ways than one by one: bulk edits, the audit, the
//! pool, saved views.

use axum::http::Method;
use serde_json::{Value, json};

use super::super::policy;
use super::staging::Staged;
use crate::app::{Client, TestApp, id};

const BULK: &str = "/api/v1/contacts/bulk";

fn rules() -> Value {
    json!({ "contact": { "phone": "hidden", "email": "hidden", "title": "read_only" } })
}

/// Gives a role other rules.
async fn set_rules(admin: &Client, role: &str, fields: &Value) {
    let path = format!("/api/v1/roles/{role}");
    let mut policy = policy("all", "all", "all", &["export_records"]);
    policy["fields"] = fields.clone();
    let version = admin.get(&path).await.json(200)["version"].as_i64();
    let body = json!({ "name": "Changing", "policy": policy });
    let put = admin.send_json(Method::PUT, &path, version, &body).await;
    put.expect_status(200);
}

#[tokio::test]
async fn a_bulk_edit_neither_asks_by_what_is_hidden_nor_sets_what_is_not_to_be_set() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
    let ada = staged.colleague(&app, "ada", &rules(), &[]).await;
    let ids = json!([id(&staged.records[0])]);
    let set = json!({ "tags": ["seen"] });

    for (body, code, pointer) in [
        (
            json!({ "filter": ["phone:not_null"], "set": set }),
            "field_hidden",
            "/filter",
        ),
        (
            json!({ "where": { "not": { "field": "email", "op": "is_null" } }, "set": set }),
            "field_hidden",
            "/where/not",
        ),
        (
            json!({ "ids": ids, "set": { "phone": "+4915177712345" } }),
            "field_not_allowed",
            "/set/phone",
        ),
        (
            json!({ "ids": ids, "set": { "phone": null } }),
            "field_not_allowed",
            "/set/phone",
        ),
        (
            json!({ "ids": ids, "set": { "title": "Boss" } }),
            "field_not_allowed",
            "/set/title",
        ),
    ] {
        for path in [BULK.to_owned(), format!("{BULK}?dry_run=true")] {
            let answer = ada.post(&path, &body).await;
            assert_eq!(answer.pointers(403, code), [pointer], "{body}");
        }
    }
    // A word that only a hidden value has finds nothing to change.
    let by_word = json!({ "search": "15177712345", "set": set });
    let path = format!("{BULK}?dry_run=true");
    assert_eq!(ada.post(&path, &by_word).await.json(200)["n_rows"], 0);
    let preview = ada.post(&path, &json!({ "ids": ids, "set": set })).await;
    assert_eq!(preview.json(200)["n_changed"], 1);
}

#[tokio::test]
async fn a_bulk_edit_does_only_what_its_author_may_when_it_is_done_and_undone() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
    let admin = &staged.admin;
    let role = admin
        .role("Changing", &policy("all", "all", "all", &[]))
        .await;
    let (ada, _) = app.colleague(admin, "ada", &role).await;
    let body = json!({ "ids": [id(&staged.records[0])], "set": { "title": "Boss" } });
    let done = ada.post(BULK, &body).await.json(202);
    app.run_job(&done["job"]).await;
    let waiting = json!({ "ids": [id(&staged.records[0])], "set": { "title": "Chief" } });
    let waiting = ada.post(BULK, &waiting).await.json(202);

    set_rules(admin, &role, &rules()).await;
    app.run_job(&waiting["job"]).await;

    let contact = admin.get(&staged.path(0)).await.json(200);
    assert_eq!(contact["title"], "Boss");
    let path = format!("/api/v1/bulk_edits/{}", id(&waiting["bulk_edit"]));
    let edit = ada.get(&path).await.json(200);
    assert_eq!(edit["status"], "failed");
    assert!(edit["error"].as_str().unwrap().contains("title"), "{edit}");
    let path = format!("/api/v1/bulk_edits/{}/undo", id(&done["bulk_edit"]));
    let undo = ada.post(&path, &json!({})).await;
    assert_eq!(undo.pointers(403, "field_not_allowed"), ["/title"]);
    let undo = admin.post(&path, &json!({})).await.json(202);
    app.run_job(&undo["job"]).await;
    let contact = admin.get(&staged.path(0)).await.json(200);
    assert_eq!(contact["title"], "Qatitle");
}

#[tokio::test]
async fn what_a_bulk_edit_left_is_told_without_what_is_hidden() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
    let admin = &staged.admin;
    let named = json!({ "name": "qaemail@hidden.example" });
    staged.change(&staged.path(0), &named).await;
    let role = policy("all", "all", "all", &["export_records"]);
    let role = admin.role("Changing", &role).await;
    let (ada, _) = app.colleague(admin, "ada", &role).await;
    let ids = json!([id(&staged.records[0])]);
    // One edit is undone after somebody has changed what it had set, the other meets a new version.
    let first = json!({ "ids": ids, "set": { "title": "First" } });
    let first = ada.post(BULK, &first).await.json(202);
    app.run_job(&first["job"]).await;
    let changed = json!({ "title": "Qatitle the second" });
    staged.change(&staged.path(0), &changed).await;
    let first = format!("/api/v1/bulk_edits/{}", id(&first["bulk_edit"]));
    let undo = ada.post(&format!("{first}/undo"), &json!({})).await;
    app.run_job(&undo.json(202)["job"]).await;
    let second = json!({ "ids": ids, "set": { "tags": ["x"] } });
    let second = ada.post(BULK, &second).await.json(202);
    staged
        .change(&staged.path(0), &json!({ "language": "de" }))
        .await;
    app.run_job(&second["job"]).await;
    let second = format!("/api/v1/bulk_edits/{}", id(&second["bulk_edit"]));

    let hidden = json!({ "contact": { "email": "hidden", "title": "hidden" } });
    set_rules(admin, &role, &hidden).await;

    let conflicts = ada.get(&format!("{first}/conflicts")).await.json(200);
    let conflict = &conflicts["conflicts"][0];
    assert_eq!(conflict["name"], "•••");
    for value in ["before", "after", "found"] {
        assert_eq!(conflict[value], json!(null), "{conflict}");
    }
    let refused = ada.get(&format!("{second}/refused_rows")).await.json(200);
    assert_eq!(refused["refused_rows"][0]["name"], "•••");
    let file = ada.get(&format!("{second}/refused_rows.csv")).await;
    let file = file.expect_status(200).text();
    assert!(!file.contains("qaemail"), "{file}");
    let whole = admin.get(&format!("{first}/conflicts")).await.json(200);
    let told = whole["conflicts"][0].to_string();
    assert!(told.contains("Qatitle the second"), "{told}");
    // What others did is told to who sees all fields.
    let all = ada.get("/api/v1/bulk_edits").await.json(200);
    assert_eq!(all["bulk_edits"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_one_may_not_set_is_not_set_back_either() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
    let fields = json!({ "contact": { "title": "read_only" } });
    let auditor = staged
        .colleague(&app, "auditor", &fields, &["read_audit"])
        .await;
    staged
        .change(&staged.path(0), &json!({ "title": "New" }))
        .await;
    let contact = staged.admin.contact("Deleted").await;
    let path = format!("/api/v1/contacts/{}", id(&contact));
    staged.change(&path, &json!({ "title": "Boss" })).await;
    staged.admin.delete(&path).await.expect_status(204);

    for (object_id, action) in [
        (id(&staged.records[0]), "updated"),
        (id(&contact), "deleted"),
    ] {
        let query = format!("filter=object_id:eq:{object_id}&filter=action:eq:{action}&limit=1");
        let entries = auditor
            .get(&format!("/api/v1/audit?{query}"))
            .await
            .json(200);
        let restore = format!("/api/v1/audit/{}/restore", entries["entries"][0]["id"]);
        let answer = auditor.post(&restore, &json!({})).await;
        assert_eq!(answer.pointers(403, "field_not_allowed"), ["/title"]);
        staged.admin.post(&restore, &json!({})).await.json(200);
    }
    // The audit tells all values, and is not for who does not see them.
    let mut hiding = policy("all", "all", "all", &["read_audit"]);
    hiding["fields"] = json!({ "contact": { "title": "hidden" } });
    let body = json!({ "name": "Odd", "policy": hiding });
    let answer = staged.admin.post("/api/v1/roles", &body).await;
    assert_eq!(answer.pointers(422, "invalid"), ["/policy/actions"]);
}

#[tokio::test]
async fn who_may_not_set_owners_claims_nothing_and_gives_nothing_back() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
    let mut policy = policy("all", "all", "all", &[]);
    policy["objects"]["contact"]["pool"] = json!(true);
    policy["objects"]["deal"]["pool"] = json!(true);
    policy["fields"] = json!({ "contact": { "owner_id": "read_only" } });
    let role = staged.admin.role("Seller", &policy).await;
    let (ada, _) = app.colleague(&staged.admin, "ada", &role).await;
    let claim = |object: &str, kind: usize| {
        format!(
            "/api/v1/records/{object}/{}/claim",
            id(&staged.records[kind])
        )
    };

    let contact = claim("contact", 0);
    for answer in [
        ada.post(&contact, &json!({})).await,
        ada.delete(&contact).await,
    ] {
        let pointers = answer.pointers(403, "field_not_allowed");
        assert_eq!(pointers, ["/owner_id"]);
    }
    ada.post(&claim("deal", 2), &json!({}))
        .await
        .expect_status(204);
    let pools = ada.get("/api/v1/pools").await.json(200);
    let pools = pools["pools"].as_array().unwrap();
    for (object, may) in [("contact", false), ("deal", true)] {
        let pool = pools.iter().find(|pool| pool["object"] == object).unwrap();
        assert_eq!(pool["may_claim"], may, "{pool}");
    }
}

#[tokio::test]
async fn a_view_of_ones_own_can_be_deleted_though_it_names_what_is_hidden_by_now() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = admin
        .role("Changing", &policy("all", "all", "all", &[]))
        .await;
    let (ada, _) = app.colleague(&admin, "ada", &role).await;
    let (ben, _) = app.colleague(&admin, "ben", &role).await;
    let body = json!({
        "list": "contacts", "name": "Told", "query": "sort=phone", "is_shared": true,
    });
    let view = ada.post("/api/v1/saved_views", &body).await.json(201);
    let path = format!("/api/v1/saved_views/{}", id(&view));

    set_rules(&admin, &role, &json!({ "contact": { "phone": "hidden" } })).await;

    ada.get(&path).await.problem(404, "not_found");
    ben.delete(&path).await.problem(404, "not_found");
    ada.delete(&path).await.expect_status(204);
    admin.get(&path).await.problem(404, "not_found");
}
