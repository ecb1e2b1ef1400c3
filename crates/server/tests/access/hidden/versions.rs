//! Versions and tags of records that are not seen whole.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::json;

use super::super::OWNED;
use super::staging::Staged;
use crate::app::{Answer, Client, TestApp, id};

/// A unique field of each kind, and two records of each, the first of which holds `taken`.
async fn coded(staged: &Staged) -> Vec<String> {
    let admin = &staged.admin;
    let mut paths = Vec::new();
    for (kind, (object, list)) in OWNED.into_iter().enumerate() {
        let body = json!({
            "object": object, "key": "code", "label": { "en": "Code", "zh": "编号" },
            "type": { "kind": "text" }, "is_unique": true,
        });
        let defined = admin.post("/api/v1/custom_fields", &body).await;
        defined.expect_status(201);
        let code = json!({ "custom": { "code": "taken" } });
        staged.change(&staged.path(kind), &code).await;
        let other = admin.record(object, "Other", None, &staged.pipeline).await;
        paths.push(format!("/api/v1/{list}/{}", id(&other)));
    }
    paths
}

#[tokio::test]
async fn an_old_version_is_refused_before_a_unique_value_is_looked_at() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
    let paths = coded(&staged).await;
    let rules = OWNED.map(|(object, _)| (object.to_owned(), json!({ "custom.secret": "hidden" })));
    let rules = serde_json::Value::Object(rules.into_iter().collect());
    let ada = staged.colleague(&app, "ada", &rules, &[]).await;

    for path in paths {
        for code in ["taken", "free"] {
            let body = json!({ "custom": { "code": code } });
            let answer = ada.patch_version(&path, 999, &body).await;
            answer.problem(412, "version_conflict");
        }
        let body = json!({ "custom": { "code": "taken" } });
        let answer = ada.patch_version(&path, 1, &body).await;
        answer.problem(409, "taken");
    }
}

#[tokio::test]
async fn a_hidden_unique_value_is_not_guessed() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
    let paths = coded(&staged).await;
    let rules = OWNED.map(|(object, _)| (object.to_owned(), json!({ "custom.code": "hidden" })));
    let rules = serde_json::Value::Object(rules.into_iter().collect());
    let ada = staged.colleague(&app, "ada", &rules, &[]).await;

    for (path, (_, list)) in paths.iter().zip(OWNED) {
        for code in [json!("taken"), json!("free"), json!(7), json!(null)] {
            let body = json!({ "custom": { "code": code } });
            for version in [1, 999] {
                let answer = ada.patch_version(path, version, &body).await;
                let pointers = answer.pointers(403, "field_not_allowed");
                assert_eq!(pointers, ["/custom/code"], "{path} {code}");
            }
            let answer = ada.post(&format!("/api/v1/{list}"), &body).await;
            let pointers = answer.pointers(403, "field_not_allowed");
            assert_eq!(pointers, ["/custom/code"], "{list} {code}");
        }
    }
}

#[tokio::test]
async fn what_a_hidden_field_takes_is_not_told_by_a_wrong_value() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
    let body = json!({
        "object": "contact", "key": "grade", "label": { "en": "Grade", "zh": "等级" },
        "type": { "kind": "choice", "options": ["qagold", "qasilver"] },
    });
    let defined = staged.admin.post("/api/v1/custom_fields", &body).await;
    defined.expect_status(201);
    let rules = json!({ "contact": { "custom.grade": "hidden" } });
    let ada = staged.colleague(&app, "ada", &rules, &[]).await;

    let body = json!({ "name": "Bob", "custom": { "grade": "wrong" } });
    let ids = json!({ "ids": [id(&staged.records[0])], "set": { "custom": { "grade": "wrong" } } });
    for answer in [
        ada.patch_version(&staged.path(0), 1, &body).await,
        ada.post("/api/v1/contacts", &body).await,
        ada.post("/api/v1/contacts/bulk", &ids).await,
        ada.get("/api/v1/contacts?filter=custom.grade:eq:wrong")
            .await,
        ada.get("/api/v1/contacts?fields=custom.grade").await,
    ] {
        assert_eq!(answer.status, 403);
        assert!(!answer.text().contains("qagold"), "{}", answer.text());
    }
    let document = ada.get("/api/v1/openapi.json").await.expect_status(200);
    assert!(!document.text().contains("qagold"));
}

async fn get_unless(client: &Client, path: &str, tag: &str) -> Answer {
    let request = client
        .request(Method::GET, path)
        .header(header::IF_NONE_MATCH, tag);
    client.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn every_record_that_is_said_to_have_a_tag_has_one() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
    let takes_tag = |operation: &serde_json::Value| {
        let parameters = operation["parameters"].as_array();
        let mut parameters = parameters.into_iter().flatten();
        parameters.any(|parameter| parameter["name"] == "If-None-Match")
    };
    let addresses = staged.addresses_where(takes_tag).await;

    assert!(addresses.len() > 10, "{addresses:?}");
    for address in addresses {
        let answer = staged.admin.get(&address).await.expect_status(200);
        let tag = answer.header("etag").expect(&address).to_owned();
        let same = get_unless(&staged.admin, &address, &tag).await;
        same.expect_status(304);
    }
}

#[tokio::test]
async fn two_who_see_different_fields_have_different_tags() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
    let rules = json!({ "contact": { "phone": "hidden" } });
    let ada = staged.colleague(&app, "ada", &rules, &[]).await;
    let path = staged.path(0);
    let tag_of = async |client: &Client| {
        let answer = client.get(&path).await.expect_status(200);
        answer.header("etag").unwrap().to_owned()
    };

    let (whole, part) = (tag_of(&staged.admin).await, tag_of(&ada).await);

    assert_ne!(whole, part);
    let answer = get_unless(&ada, &path, &whole).await.expect_status(200);
    assert!(!answer.text().contains("15177712345"));
    get_unless(&ada, &path, &part).await.expect_status(304);
    get_unless(&staged.admin, &path, &part)
        .await
        .expect_status(200);
    // Either is the version that a change is of.
    for (client, tag) in [(&ada, &part), (&staged.admin, &whole)] {
        let request = client
            .request(Method::PATCH, &path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, tag);
        let request = request.body(Body::from(r#"{"title":"Boss"}"#)).unwrap();
        let answer = client.send(request).await;
        let expected = if tag == &part { 200 } else { 412 };
        answer.expect_status(expected);
    }
}
