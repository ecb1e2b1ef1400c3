//! The document that clients and the web app's types are made from.

use std::path::Path;

use rapport_server::openapi_document;
use serde_json::Value;

use crate::app::TestApp;

#[test]
fn the_snapshot_is_what_the_handlers_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let mut text = openapi_document().to_pretty_json().unwrap();
    text.push('\n');

    if std::env::var_os("RAPPORT_UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &text).unwrap();
    }

    let snapshot = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        snapshot == text,
        "openapi.json is stale; run RAPPORT_UPDATE_OPENAPI=1 cargo test -p rapport-server openapi \
         and look at what changed"
    );
}

#[test]
fn operation_ids_are_a_verb_and_a_resource_and_appear_once() {
    let document = serde_json::to_value(openapi_document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids: Vec<String> = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        let operations = item.as_object().unwrap().values();
        ids.extend(operations.filter_map(|o| o["operationId"].as_str().map(str::to_owned)));
    }
    let verbs = [
        "list", "show", "create", "update", "delete", "run", "cancel",
    ];
    for id in &ids {
        let (verb, resource) = id.split_once('_').unwrap();
        assert!(verbs.contains(&verb) && !resource.is_empty(), "{id}");
    }
    let n_ids = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), n_ids);
}

#[test]
fn answers_require_all_their_properties_and_requests_only_theirs() {
    let document = serde_json::to_value(openapi_document()).unwrap();
    let schemas = &document["components"]["schemas"];
    let required = |name: &str| -> Vec<&str> {
        let list = schemas[name]["required"].as_array();
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    };

    assert!(required("Contact").contains(&"name"));
    // What a role may hide may be absent.
    assert!(!required("Contact").contains(&"email"));
    assert!(!required("Identity").contains(&"profile_key"));
    assert!(required("ContactPatch").is_empty());
    assert!(required("NoteInput").contains(&"body"));
}

#[tokio::test]
async fn the_document_is_served() {
    let app = TestApp::start().await;

    let document = app.anonymous().get("/api/v1/openapi.json").await.json(200);

    assert_eq!(document, serde_json::to_value(openapi_document()).unwrap());
}
