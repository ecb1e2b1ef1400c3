//! Lists and records with chosen fields, and records that the caller has already.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::app::{Answer, Client, TestApp, id};

const CONTACTS: &str = "/api/v1/contacts";

fn names(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

async fn get_unless(client: &Client, path: &str, tag: &str) -> Answer {
    let request = client
        .request(Method::GET, path)
        .header(header::IF_NONE_MATCH, tag);
    client.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_list_and_a_record_are_narrowed_to_the_named_fields() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let ann = client.contact("Ann").await;
    client.contact("Bob").await;

    let list = client
        .get(&format!("{CONTACTS}?fields=name,%20id&limit=1&sort=name"))
        .await;
    let record = client
        .get(&format!("{CONTACTS}/{}?fields=email", id(&ann)))
        .await;

    let link = list.header("link").unwrap().to_owned();
    let list = list.json(200);
    assert_eq!(list["contacts"], json!([{ "id": id(&ann), "name": "Ann" }]));
    assert!(list["meta"]["next_cursor"].is_string());
    let next = link.trim_start_matches('<').split('>').next().unwrap();
    let next = client.get(next).await.json(200);
    assert_eq!(names(&next["contacts"][0]), ["id", "name"]);
    assert!(record.header("etag").unwrap().starts_with("\"1-"));
    assert_eq!(record.json(200), json!({ "email": null }));
}

#[tokio::test]
async fn custom_fields_are_chosen_by_their_keys() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    for key in ["level", "score"] {
        let body = json!({
            "object": "contact", "key": key, "label": { "en": key, "zh": key },
            "type": { "kind": "number" },
        });
        client
            .post("/api/v1/custom_fields", &body)
            .await
            .expect_status(201);
    }
    let body = json!({ "name": "Ann", "custom": { "level": 1, "score": 2 } });
    client.post(CONTACTS, &body).await.expect_status(201);

    let list = client
        .get(&format!("{CONTACTS}?fields=custom.score"))
        .await
        .json(200);

    assert_eq!(list["contacts"], json!([{ "custom": { "score": 2.0 } }]));
    let answer = client.get(&format!("{CONTACTS}?fields=custom.shoes")).await;
    assert_eq!(answer.pointers(400, "unknown_field"), ["?fields"]);
}

#[tokio::test]
async fn an_unknown_field_is_refused_although_the_list_is_empty() {
    let app = TestApp::start().await;
    let client = app.member().await;

    for fields in ["nome", "name,", "", "name,password_hash", "custom."] {
        let answer = client.get(&format!("{CONTACTS}?fields={fields}")).await;
        assert_eq!(
            answer.pointers(400, "unknown_field"),
            ["?fields"],
            "{fields}"
        );
    }
    let unknown = "0198c0de-0000-7000-8000-000000000001";
    let answer = client
        .get(&format!("{CONTACTS}/{unknown}?fields=name"))
        .await;
    answer.problem(404, "not_found");
}

#[tokio::test]
async fn where_fields_cannot_be_chosen_that_is_said() {
    let app = TestApp::start().await;
    let client = app.member().await;

    for path in [
        "/api/v1/home",
        "/api/v1/session",
        "/api/v1/exports/contacts.csv",
    ] {
        let answer = client.get(&format!("{path}?fields=id")).await;
        assert_eq!(
            answer.pointers(400, "unknown_parameter"),
            ["?fields"],
            "{path}"
        );
    }
}

#[tokio::test]
async fn every_list_can_be_narrowed() {
    let app = TestApp::start().await;
    let client = app.admin().await;

    for list in [
        "contacts",
        "companies",
        "deals",
        "tickets",
        "tasks",
        "notes",
        "products",
        "orders",
        "campaigns",
        "imports",
        "jobs",
        "runs",
        "users",
        "roles",
        "teams",
        "custom_fields",
    ] {
        let answer = client
            .get(&format!("/api/v1/{list}?fields=id"))
            .await
            .json(200);
        for row in answer[list].as_array().unwrap() {
            assert_eq!(names(row), ["id"], "{list}");
        }
    }
}

#[tokio::test]
async fn a_record_that_the_caller_has_is_not_sent_again() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let acme = client
        .post("/api/v1/companies", &json!({ "name": "Acme" }))
        .await
        .json(201);
    let body = json!({ "name": "Ann", "company_id": id(&acme) });
    let ann = client.post(CONTACTS, &body).await.json(201);
    let path = format!("{CONTACTS}/{}", id(&ann));
    let tag = client.get(&path).await.header("etag").unwrap().to_owned();

    let same = get_unless(&client, &path, &tag).await.expect_status(304);

    assert!(same.body.is_empty());
    assert_eq!(same.header("etag"), Some(&*tag));
    get_unless(&client, &path, &format!("\"9\", W/{tag}"))
        .await
        .expect_status(304);
    get_unless(&client, &path, "\"1\"").await.expect_status(200);
    // Other fields are another answer, and so is one with the company's new name.
    get_unless(&client, &format!("{path}?fields=id"), &tag)
        .await
        .expect_status(200);
    let company = format!("/api/v1/companies/{}", id(&acme));
    client
        .patch_version(&company, 1, &json!({ "name": "Apex" }))
        .await
        .expect_status(200);
    let renamed = get_unless(&client, &path, &tag).await.json(200);
    assert_eq!(renamed["company"]["name"], "Apex");
    // The tag of an answer is the version that a change is of.
    let request = client
        .request(Method::PATCH, &path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::IF_MATCH, &tag);
    let request = request.body(Body::from(r#"{"title":"Boss"}"#)).unwrap();
    client.send(request).await.expect_status(200);
    get_unless(&client, &path, &tag).await.expect_status(200);
}
