//! Records that are called by what is hidden: files often know people by an address alone.

use serde_json::{Value, json};

use super::super::OWNED;
use super::staging::Staged;
use crate::app::{Client, TestApp, id, texts};

/// What such a record is called instead, in every language.
const STAND_IN: &str = "•••";

/// What nobody is told to whom it is hidden.
const SENTINELS: [&str; 3] = ["qaemail", "15177712345", "qbdomain"];

fn hidden() -> Value {
    json!({
        "contact": { "email": "hidden", "phone": "hidden" },
        "company": { "domain": "hidden" },
    })
}

/// A workspace whose contact and company are called by their addresses, and somebody who does not see these.
async fn stage(app: &TestApp) -> (Staged, Client) {
    let staged = Staged::stage(app).await;
    let [contact, company] = [0, 1].map(|kind| staged.path(kind));
    let body = json!({ "name": "qaemail@hidden.example", "company_id": id(&staged.records[1]) });
    staged.change(&contact, &body).await;
    staged
        .change(&company, &json!({ "name": "Qbdomain.example" }))
        .await;
    for kind in [2, 3] {
        let body = json!({ "contact_id": id(&staged.records[0]) });
        staged.change(&staged.path(kind), &body).await;
    }
    let about = json!({ "subject": { "kind": "contact", "id": id(&staged.records[0]) } });
    staged.change(&staged.path(4), &about).await;
    let by_number = json!({ "name": "+49 15177712345", "phone": "+4915177712345" });
    let made = staged.admin.post("/api/v1/contacts", &by_number).await;
    made.expect_status(201);
    let ada = staged
        .colleague(app, "ada", &hidden(), &["export_records"])
        .await;
    (staged, ada)
}

#[tokio::test]
async fn a_name_that_repeats_what_is_hidden_is_told_by_no_answer() {
    let app = TestApp::start().await;
    let (staged, ada) = stage(&app).await;

    for address in staged.addresses().await {
        let text = ada.get(&address).await.text().to_lowercase();
        for sentinel in SENTINELS {
            assert!(
                !text.contains(sentinel),
                "{address} tells {sentinel}: {text}"
            );
        }
    }
    for kind in [0, 1] {
        let record = ada.get(&staged.path(kind)).await.json(200);
        assert_eq!(record["name"], STAND_IN);
    }
    for kind in [2, 3] {
        let record = ada.get(&staged.path(kind)).await.json(200);
        assert_eq!(record["contact"]["name"], STAND_IN, "{record}");
    }
    let contact = ada.get(&staged.path(0)).await.json(200);
    assert_eq!(contact["company"]["name"], STAND_IN);
    let whole = staged.admin.get(&staged.path(0)).await.json(200);
    assert_eq!(whole["name"], "qaemail@hidden.example");
}

#[tokio::test]
async fn such_a_record_is_neither_found_nor_sorted_by_its_name() {
    let app = TestApp::start().await;
    let (staged, ada) = stage(&app).await;
    for name in ["Zoe", "Alan"] {
        staged.admin.contact(name).await;
    }

    for (list, query) in [
        ("contacts", "filter=name:starts_with:qaemail"),
        ("contacts", "filter=name:starts_with:%2B49"),
        ("contacts", "filter=name:eq:qaemail%40hidden.example"),
        ("contacts", "filter=company:starts_with:qbdomain"),
        ("contacts", "search=qaemail"),
        ("contacts", "search=15177712345"),
        ("companies", "filter=name:starts_with:qbdomain"),
        ("companies", "search=qbdomain"),
        ("deals", "search=qbdomain"),
    ] {
        let path = format!("/api/v1/{list}?{query}&count=estimate");
        let found = ada.get(&path).await.json(200);
        assert_eq!(found[list], json!([]), "{path}");
        assert_eq!(found["meta"]["estimate"], 0, "{path}: {found}");
    }
    for word in SENTINELS {
        let found = ada.get(&format!("/api/v1/search?q={word}")).await;
        assert_eq!(found.json(200)["results"], json!([]), "{word}");
    }
    // They stand where their stand-in does, page by page.
    let sorted = ada.walk("/api/v1/contacts?sort=name", "contacts", 2).await;
    let names = texts(&sorted, "name");
    let stand_ins = names.iter().filter(|name| **name == STAND_IN).count();
    assert_eq!(stand_ins, 2, "{names:?}");
    let keys: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    assert!(keys.is_sorted(), "{names:?}");
    let found = ada.get("/api/v1/contacts?search=plain").await.json(200);
    assert_eq!(found["contacts"], json!([]));
    let found = ada.get("/api/v1/contacts?search=zoe").await.json(200);
    assert_eq!(
        texts(found["contacts"].as_array().unwrap(), "name"),
        ["Zoe"]
    );
}

#[tokio::test]
async fn a_change_leaves_such_a_name_and_a_new_name_replaces_it() {
    let app = TestApp::start().await;
    let (staged, ada) = stage(&app).await;

    for (kind, stored) in [(0, "qaemail@hidden.example"), (1, "Qbdomain.example")] {
        let path = staged.path(kind);
        let word = ["qaemail", "qbdomain"][kind];
        for (body, name, word) in [
            (json!({ "tags": ["new"] }), stored, word),
            (json!({ "name": STAND_IN }), stored, word),
            (json!({ "name": "Real name" }), "Real name", "real%20name"),
        ] {
            let version = ada.get(&path).await.json(200)["version"].as_i64().unwrap();
            let changed = ada.patch_version(&path, version, &body).await;
            changed.expect_status(200);
            let whole = staged.admin.get(&path).await.json(200);
            assert_eq!(whole["name"], name, "{body}");
            let (_, list) = OWNED[kind];
            let found = format!("/api/v1/{list}?search={word}");
            let found = staged.admin.get(&found).await.json(200);
            assert_eq!(found[list].as_array().unwrap().len(), 1, "{found}");
        }
        assert_eq!(ada.get(&path).await.json(200)["name"], "Real name");
    }
}

#[tokio::test]
async fn a_name_that_is_only_read_does_not_stand_in_the_way_of_other_changes() {
    let app = TestApp::start().await;
    let (staged, _) = stage(&app).await;
    let mut fields = hidden();
    fields["contact"]["name"] = json!("read_only");
    let mut policy = super::policy("all", "all", "none", &[]);
    policy["objects"]["contact"]["create"] = json!(false);
    policy["fields"] = fields;
    let role = staged.admin.role("Readers of names", &policy).await;
    let (eve, _) = app.colleague(&staged.admin, "eve", &role).await;
    let path = staged.path(0);
    let version = eve.get(&path).await.json(200)["version"].as_i64().unwrap();

    let title = json!({ "title": "Boss" });
    let changed = eve.patch_version(&path, version, &title).await;

    assert_eq!(changed.json(200)["title"], "Boss");
    // A right guess is answered as a wrong one.
    for guess in ["Other", "qaemail@hidden.example"] {
        let name = json!({ "name": guess });
        let refused = eve.patch_version(&path, version + 1, &name).await;
        let pointers = refused.pointers(403, "field_not_allowed");
        assert_eq!(pointers, ["/name"], "{guess}");
    }
}

#[tokio::test]
async fn names_that_stand_in_are_not_guessed_by_many_records() {
    let app = TestApp::start().await;
    let (staged, ada) = stage(&app).await;

    for (kind, guess) in [(0, "qaemail@hidden.example"), (1, "Qbdomain.example")] {
        let bulk = format!("/api/v1/{}/bulk", OWNED[kind].1);
        let ids = json!([id(&staged.records[kind])]);
        for guess in [guess, "Other"] {
            let asked = json!({ "ids": ids, "set": { "name": guess } });
            let preview = ada.post(&format!("{bulk}?dry_run=true"), &asked).await;
            preview.problem(403, "field_not_allowed");
        }
        let tags = json!({ "ids": ids, "set": { "tags": ["x"] } });
        let preview = ada.post(&format!("{bulk}?dry_run=true"), &tags).await;
        preview.expect_status(200);
    }
}

#[tokio::test]
async fn who_holds_a_unique_value_is_told_by_the_stand_in() {
    let app = TestApp::start().await;
    let (staged, ada) = stage(&app).await;
    let body = json!({
        "object": "contact", "key": "code", "label": { "en": "Code", "zh": "编号" },
        "type": { "kind": "text" }, "is_unique": true,
    });
    let defined = staged.admin.post("/api/v1/custom_fields", &body).await;
    defined.expect_status(201);
    let code = json!({ "custom": { "code": "A1" } });
    staged.change(&staged.path(0), &code).await;

    let body = json!({ "name": "Bob", "custom": { "code": "A1" } });
    let problem = ada.post("/api/v1/contacts", &body).await;

    let problem = problem.problem(409, "taken");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains(STAND_IN), "{detail}");
    assert!(!detail.contains("qaemail"), "{detail}");
}
