//! What holds for every operation of the OpenAPI document, so that no new route can forget it.

use axum::body::Body;
use axum::http::{Method, header};
use rapport_server::openapi_document;
use serde_json::Value;

use crate::app::{Client, TestApp};

/// Operations that anybody may call.
const OPEN: [&str; 2] = ["create_session", "delete_session"];

/// Changes that a viewer may make: the own account with its browsers and keys, the own views of lists.
const OWN: [&str; 9] = [
    "update_me",
    "update_password",
    "delete_own_session",
    "delete_other_sessions",
    "create_api_key",
    "delete_api_key",
    "create_saved_view",
    "update_saved_view",
    "delete_saved_view",
];

/// What changes nothing, though it is asked with rules to try.
const READS: [&str; 1] = ["show_contact_merge_preview"];

/// What nothing is named.
const UNKNOWN: &str = "0198c0de-0000-7000-8000-000000000001";

struct Operation {
    id: String,
    method: Method,
    path: String,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(openapi_document()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else {
                continue;
            };
            let Value::String(id) = &operation["operationId"] else {
                continue;
            };
            let path = path
                .replace("{object}", "contact")
                .replace("{id}", UNKNOWN)
                .replace("{delivery_id}", UNKNOWN)
                .replace("{kind}", UNKNOWN)
                .replace("{file}", UNKNOWN)
                .replace("{version}", "1");
            operations.push(Operation {
                id: id.clone(),
                method,
                path,
            });
        }
    }
    assert!(operations.len() > 50, "{} operations", operations.len());
    operations
}

async fn call(client: &Client, operation: &Operation) -> u16 {
    let request = client
        .request(operation.method.clone(), &operation.path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::IF_MATCH, "\"1\"");
    client
        .send(request.body(Body::from("{}")).unwrap())
        .await
        .status
        .as_u16()
}

#[tokio::test]
async fn nothing_is_answered_to_who_has_not_signed_in() {
    let app = TestApp::start().await;
    let client = app.anonymous();

    for operation in operations()
        .iter()
        .filter(|o| !OPEN.contains(&o.id.as_str()))
    {
        assert_eq!(call(&client, operation).await, 401, "{}", operation.id);
    }
}

#[tokio::test]
async fn a_viewer_changes_nothing_but_the_own_account() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let is_exempt = |id: &str| [&OPEN[..], &OWN, &READS].concat().contains(&id);

    for operation in operations()
        .iter()
        .filter(|o| !o.method.is_safe() && !is_exempt(&o.id))
    {
        assert_eq!(call(&client, operation).await, 403, "{}", operation.id);
    }
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let needs_no_body = |o: &&Operation| o.path.contains("0198c0de") && o.method == Method::GET;

    for operation in operations().iter().filter(needs_no_body) {
        assert_eq!(call(&client, operation).await, 404, "{}", operation.id);
    }
}
