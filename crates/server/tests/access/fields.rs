//! Rules for fields: how roles have them, and what they do to what is kept beside records.

use axum::http::Method;
use serde_json::{Value, json};

use super::policy;
use crate::app::{Client, TestApp, id};

fn ruled(fields: &Value) -> Value {
    let mut policy = policy("all", "all", "all", &[]);
    policy["fields"] = fields.clone();
    policy
}

async fn colleague(app: &TestApp, admin: &Client, fields: &Value) -> (Client, String) {
    let role = admin.role("Ruled", &ruled(fields)).await;
    (app.colleague(admin, "ada", &role).await.0, role)
}

#[tokio::test]
async fn a_rule_that_cannot_be_is_pointed_at() {
    let app = TestApp::start().await;
    let admin = app.admin().await;

    for (fields, pointer, code) in [
        (
            json!({ "contact": { "name": "hidden" } }),
            "/policy/fields/contact/name",
            "not_hideable",
        ),
        (
            json!({ "contact": { "name": "read_only" } }),
            "/policy/fields/contact/name",
            "needed",
        ),
        (
            json!({ "deal": { "owner_id": "hidden" } }),
            "/policy/fields/deal/owner_id",
            "not_hideable",
        ),
        (
            json!({ "contact": { "id": "hidden" } }),
            "/policy/fields/contact/id",
            "unknown_field",
        ),
        (
            json!({ "order": { "amount": "hidden" } }),
            "/policy/fields/order/amount",
            "unknown_field",
        ),
        (
            json!({ "task": { "custom.level": "hidden" } }),
            "/policy/fields/task/custom.level",
            "unknown_field",
        ),
        (
            json!({ "contact": { "a/b~c": "hidden" } }),
            "/policy/fields/contact/a~1b~0c",
            "unknown_field",
        ),
    ] {
        let body = json!({ "name": "Odd", "policy": ruled(&fields) });
        let problem = admin
            .post("/api/v1/roles", &body)
            .await
            .problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }
    let unknown =
        json!({ "name": "Odd", "policy": ruled(&json!({ "lead": { "name": "hidden" } })) });
    let answer = admin.post("/api/v1/roles", &unknown).await;
    assert_eq!(answer.pointers(422, "wrong_shape").len(), 1);
    let mut importer = ruled(&json!({ "contact": { "phone": "read_only" } }));
    importer["actions"] = json!(["import_files"]);
    let answer = admin
        .post(
            "/api/v1/roles",
            &json!({ "name": "Odd", "policy": importer }),
        )
        .await;
    assert_eq!(answer.pointers(422, "invalid"), ["/policy/actions"]);
    assert_eq!(
        admin.get("/api/v1/roles").await.json(200)["roles"],
        json!([])
    );
}

#[tokio::test]
async fn rules_are_told_to_whom_they_are_for() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let fields = json!({ "contact": { "phone": "hidden", "email": "read_only" } });
    let (ada, _) = colleague(&app, &admin, &fields).await;

    let access = ada.get("/api/v1/me/access").await.json(200);

    assert_eq!(access["policy"]["fields"], fields);
    let own = admin.get("/api/v1/me/access").await.json(200);
    assert_eq!(own["policy"]["fields"], json!({}));
}

#[tokio::test]
async fn a_role_from_before_there_were_rules_for_fields_has_none() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut old = policy("all", "all", "all", &[]);
    old.as_object_mut().unwrap().remove("fields");

    let role = admin
        .post("/api/v1/roles", &json!({ "name": "Old", "policy": old }))
        .await
        .json(201);

    assert_eq!(role["policy"]["fields"], json!({}));
}

#[tokio::test]
async fn what_must_be_told_and_is_hidden_takes_the_default_or_is_missed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let define = |key: &str, default: Value| {
        json!({
            "object": "contact", "key": key, "label": { "en": "x", "zh": "x" },
            "type": { "kind": "text" }, "is_required": true, "default": default,
        })
    };
    let path = "/api/v1/custom_fields";
    admin
        .post(path, &define("grade", json!("new")))
        .await
        .expect_status(201);
    let (ada, _) = colleague(
        &app,
        &admin,
        &json!({ "contact": { "custom.grade": "hidden" } }),
    )
    .await;

    let made = ada.contact("Ann").await;

    assert_eq!(made["custom"], json!({}));
    let address = format!("/api/v1/contacts/{}", id(&made));
    assert_eq!(
        admin.get(&address).await.json(200)["custom"],
        json!({ "grade": "new" })
    );
    let body = json!({ "name": "Bob", "custom": { "grade": "old" } });
    let answer = ada.post("/api/v1/contacts", &body).await;
    assert_eq!(answer.pointers(403, "field_not_allowed"), ["/custom/grade"]);
    let list = ada.get(path).await.json(200);
    assert_eq!(list["custom_fields"], json!([]));

    admin
        .post(path, &define("origin", json!(null)))
        .await
        .expect_status(201);
    let answer = ada
        .post("/api/v1/contacts", &json!({ "name": "Bob" }))
        .await;
    assert_eq!(answer.pointers(422, "required"), ["/custom/origin"]);
}

#[tokio::test]
async fn a_field_that_is_deleted_leaves_no_rule_behind() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({
        "object": "deal", "key": "risk", "label": { "en": "Risk", "zh": "风险" },
        "type": { "kind": "number" },
    });
    let field = admin.post("/api/v1/custom_fields", &body).await.json(201);
    let fields = json!({ "deal": { "custom.risk": "hidden", "amount": "hidden" } });
    let role = admin.role("Ruled", &ruled(&fields)).await;
    let path = format!("/api/v1/custom_fields/{}", id(&field));

    admin
        .patch_version(&path, 1, &json!({ "is_archived": true }))
        .await
        .expect_status(200);
    admin.delete(&path).await.expect_status(204);

    let role = admin.get(&format!("/api/v1/roles/{role}")).await.json(200);
    assert_eq!(
        role["policy"]["fields"],
        json!({ "deal": { "amount": "hidden" } })
    );
}

#[tokio::test]
async fn views_that_ask_for_what_is_hidden_are_not_shown() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = "/api/v1/saved_views";
    let view = |name: &str, query: &str| json!({ "list": "contacts", "name": name, "query": query, "is_shared": true });
    let told = admin
        .post(path, &view("Told", "filter=phone%3Aeq%3A%2B4930"))
        .await
        .json(201);
    admin
        .post(path, &view("Plain", "sort=-name"))
        .await
        .expect_status(201);
    let (ada, _) = colleague(&app, &admin, &json!({ "contact": { "phone": "hidden" } })).await;

    let views = ada.get(path).await.json(200);

    let views = views["saved_views"].as_array().unwrap();
    assert_eq!(views.len(), 1);
    assert_eq!(views[0]["name"], "Plain");
    ada.get(&format!("{path}/{}", id(&told)))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn what_a_rule_says_holds_from_the_next_request_on() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (ada, role) = colleague(&app, &admin, &json!({})).await;
    let body = json!({ "name": "Ann", "phone": "+4930123456", "title": "Boss" });
    let ann = ada.post("/api/v1/contacts", &body).await.json(201);
    let path = format!("/api/v1/contacts/{}", id(&ann));
    assert_eq!(ada.get(&path).await.json(200)["phone"], "+4930123456");

    let narrow =
        json!({ "name": "Ruled", "policy": ruled(&json!({ "contact": { "phone": "hidden" } })) });
    admin
        .send_json(
            Method::PUT,
            &format!("/api/v1/roles/{role}"),
            Some(1),
            &narrow,
        )
        .await
        .expect_status(200);

    let seen = ada.get(&path).await.json(200);
    assert!(seen.get("phone").is_none(), "{seen}");
    assert_eq!(seen["title"], "Boss");
    // What is not seen is not lost by a change of the rest, and is still what others find it by.
    ada.patch_version(&path, 1, &json!({ "title": "Chief" }))
        .await
        .expect_status(200);
    let found = admin
        .get("/api/v1/contacts?search=4930123456")
        .await
        .json(200);
    assert_eq!(found["contacts"][0]["title"], "Chief");
    assert_eq!(found["contacts"][0]["phone"], "+4930123456");
}

#[tokio::test]
async fn who_may_not_give_records_away_makes_them_and_leaves_them() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ruled =
        json!({ "contact": { "owner_id": "read_only" }, "ticket": { "status": "read_only" } });
    let (ada, _) = colleague(&app, &admin, &ruled).await;
    let me = admin.get("/api/v1/session").await.json(200)["user"]["id"].clone();

    let ann = ada.contact("Ann").await;
    let path = format!("/api/v1/contacts/{}", id(&ann));
    let answer = ada
        .patch_version(&path, 1, &json!({ "owner_id": me }))
        .await;
    assert_eq!(answer.pointers(403, "field_not_allowed"), ["/owner_id"]);

    let ticket = json!({ "subject": "Help", "status": "open" });
    ada.post("/api/v1/tickets", &ticket)
        .await
        .expect_status(201);
    let ticket = json!({ "subject": "Help", "status": "solved" });
    let answer = ada.post("/api/v1/tickets", &ticket).await;
    assert_eq!(answer.pointers(403, "field_not_allowed"), ["/status"]);
    // An old version is refused for that, whatever the change.
    ada.patch_version(&path, 7, &json!({ "owner_id": me }))
        .await
        .problem(412, "version_conflict");
}
