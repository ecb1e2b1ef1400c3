//! What a role lets see and change, by every route that takes the id of a record: one that is not seen is
//! 404, one that is seen and not to be changed 403.

use axum::body::Body;
use axum::http::{Method, header};
use rapport_server::openapi_document;
use serde_json::{Value, json};

use super::{OWNED, policy};
use crate::app::{Client, TestApp, id, texts};
use crate::routes::pipelines::sales;

/// A sent request with a record's id, made from the document of the API.
struct Operation {
    method: Method,
    /// With `{id}` for the record's.
    path: String,
}

/// All operations below the addresses of records of a list, and those on records of any kind.
fn operations(object: &str, list: &str) -> Vec<Operation> {
    const OF_ANY_KIND: &str = "/api/v1/records/{object}/{id}/";
    let document = serde_json::to_value(openapi_document()).unwrap();
    let below = format!("/api/v1/{list}/{{id}}");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        if !path.starts_with(&below) && !path.starts_with(OF_ANY_KIND) {
            continue;
        }
        for (method, operation) in item.as_object().unwrap() {
            if operation["operationId"].is_string() {
                operations.push(Operation {
                    method: method.to_uppercase().parse().unwrap(),
                    path: path.replace("{object}", object),
                });
            }
        }
    }
    assert!(operations.len() >= 3, "{list}: {}", operations.len());
    operations
}

/// The status of an operation on a record, with a body that changes nothing.
async fn call(client: &Client, operation: &Operation, record: &str) -> u16 {
    let body = match operation.path.ends_with("/shares") {
        true => json!({ "shares": [] }),
        false => json!({}),
    };
    let request = client
        .request(
            operation.method.clone(),
            &operation.path.replace("{id}", record),
        )
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::IF_MATCH, "\"1\"")
        .body(Body::from(body.to_string()))
        .unwrap();
    client.send(request).await.status.as_u16()
}

/// Whether it tells of other records too, and is for who sees them all.
fn is_for_all_seeing(operation: &Operation) -> bool {
    operation.path.ends_with("/source_records")
}

/// Whether it tells what would come of a change, and makes none.
fn is_preview(operation: &Operation) -> bool {
    operation.path.ends_with("/preview")
}

/// Whether it makes contacts one or parts them, and so is refused where nobody else is named.
fn is_of_identities(operation: &Operation) -> bool {
    let ends = ["/merge", "/split", "/decisions"];
    ends.iter().any(|end| operation.path.ends_with(end))
}

#[tokio::test]
async fn what_is_not_seen_is_not_there() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pipeline = sales(&admin).await;
    let role = admin
        .role("Seller", &policy("own", "own", "own", &[]))
        .await;
    let (ada, ada_id) = app.colleague(&admin, "ada", &role).await;
    let (_, ben_id) = app.colleague(&admin, "ben", &role).await;

    for (object, list) in OWNED {
        for owner in [None, Some(&*ben_id)] {
            let record = admin.record(object, "Theirs", owner, &pipeline).await;
            for operation in operations(object, list) {
                let wanted = if is_for_all_seeing(&operation) {
                    403
                } else {
                    404
                };
                let status = call(&ada, &operation, id(&record)).await;
                assert_eq!(status, wanted, "{} {}", operation.method, operation.path);
            }
        }
        // One's own takes all of them but those of the pool, with which the role has nothing to do.
        for operation in operations(object, list) {
            let own = admin.record(object, "Own", Some(&ada_id), &pipeline).await;
            let status = call(&ada, &operation, id(&own)).await;
            let is_refused = operation.path.ends_with("/claim") || is_for_all_seeing(&operation);
            let wanted: &[u16] = match is_refused {
                true => &[403],
                // A contact and itself, and no identity: nothing that changes something is asked of it.
                false if is_of_identities(&operation) => &[409],
                false => &[200, 204],
            };
            let what = format!("{} {}: {status}", operation.method, operation.path);
            assert!(wanted.contains(&status), "{what}");
        }
    }
}

#[tokio::test]
async fn what_is_seen_and_not_ones_to_change_is_forbidden() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pipeline = sales(&admin).await;
    let role = admin
        .role("Reader", &policy("all", "own", "own", &[]))
        .await;
    let (ada, _) = app.colleague(&admin, "ada", &role).await;

    for (object, list) in OWNED {
        let record = admin.record(object, "Theirs", None, &pipeline).await;
        for operation in operations(object, list) {
            let wanted = match operation.method.is_safe() || is_preview(&operation) {
                true => 200,
                false => 403,
            };
            let status = call(&ada, &operation, id(&record)).await;
            assert_eq!(status, wanted, "{} {}", operation.method, operation.path);
        }
    }
}

#[tokio::test]
async fn nothing_is_made_by_who_may_not_make_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pipeline = sales(&admin).await;
    let mut policy = policy("all", "all", "none", &[]);
    for (object, _) in OWNED {
        policy["objects"][object]["create"] = json!(false);
    }
    let role = admin.role("Mender", &policy).await;
    let (ada, _) = app.colleague(&admin, "ada", &role).await;
    let contact = admin.contact("Theirs").await;

    for (path, body) in [
        ("contacts", json!({ "name": "New" })),
        ("companies", json!({ "name": "New" })),
        (
            "deals",
            json!({
                "name": "New", "pipeline_id": id(&pipeline),
                "stage_id": id(&pipeline["stages"][0]),
            }),
        ),
        ("tickets", json!({ "subject": "New" })),
        ("tasks", json!({ "title": "New" })),
    ] {
        let answer = ada.post(&format!("/api/v1/{path}"), &body).await;
        answer.problem(403, "not_allowed");
        let list = admin.get(&format!("/api/v1/{path}")).await.json(200);
        let n_wanted = usize::from(path == "contacts");
        assert_eq!(list[path].as_array().unwrap().len(), n_wanted, "{path}");
    }
    let path = format!("/api/v1/contacts/{}", id(&contact));
    ada.patch_version(&path, 1, &json!({ "title": "Buyer" }))
        .await
        .expect_status(200);
}

#[tokio::test]
async fn who_sees_some_records_owns_the_new_ones_and_gives_none_away() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pipeline = sales(&admin).await;
    let role = admin
        .role("Seller", &policy("own", "own", "own", &[]))
        .await;
    let (ada, ada_id) = app.colleague(&admin, "ada", &role).await;
    let (_, ben_id) = app.colleague(&admin, "ben", &role).await;

    for (object, list) in OWNED {
        let record = ada.record(object, "New", None, &pipeline).await;
        assert_eq!(record["owner"]["id"], json!(ada_id), "{record}");
        let path = format!("/api/v1/{list}/{}", id(&record));
        for owner in [json!(ben_id), json!(null)] {
            let answer = ada
                .patch_version(&path, 1, &json!({ "owner_id": owner }))
                .await;
            assert_eq!(answer.pointers(422, "invalid"), ["/owner_id"]);
        }
        assert_eq!(ada.get(&path).await.json(200)["version"], 1);
    }
}

#[tokio::test]
async fn a_record_does_not_name_what_is_not_seen() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pipeline = sales(&admin).await;
    let role = admin
        .role("Seller", &policy("own", "own", "own", &[]))
        .await;
    let (ada, ada_id) = app.colleague(&admin, "ada", &role).await;
    let company = admin.record("company", "Hidden Ltd", None, &pipeline).await;
    let body = json!({ "name": "Known", "owner_id": ada_id, "company_id": id(&company) });
    let contact = admin.post("/api/v1/contacts", &body).await.json(201);

    let path = format!("/api/v1/contacts/{}", id(&contact));
    let shown = ada.get(&path).await;
    assert!(!shown.text().contains("Hidden"), "{}", shown.text());
    let list = "/api/v1/contacts?filter=company:contains:hidden";
    let found = ada.get(list).await.json(200);
    assert_eq!(found["contacts"], json!([]));
    // People are found by their company's name, but not by one that is not seen.
    let list = "/api/v1/contacts?search=hidden";
    assert_eq!(ada.get(list).await.json(200)["contacts"], json!([]));
    let found = admin.get(list).await.json(200);
    assert_eq!(found["contacts"][0]["id"], contact["id"]);
    let found = ada.get("/api/v1/search?q=hidden").await.json(200);
    assert_eq!(found["results"], json!([]));
    let found = admin.get("/api/v1/search?q=hidden").await.json(200);
    assert_eq!(found["results"].as_array().unwrap().len(), 2, "{found}");

    // What was named before and is out of sight keeps nobody from changing the rest, and stays.
    ada.patch_version(&path, 1, &json!({ "title": "Buyer" }))
        .await
        .expect_status(200);
    assert_eq!(
        admin.get(&path).await.json(200)["company"]["id"],
        company["id"]
    );
    let task = json!({ "title": "Call", "subject": { "kind": "company", "id": id(&company) } });
    let refused = ada.post("/api/v1/tasks", &task).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text());
    let note = json!({ "body": "Seen", "subject": { "kind": "company", "id": id(&company) } });
    let refused = ada.post("/api/v1/notes", &note).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text());
}

#[tokio::test]
async fn notes_and_orders_are_seen_with_what_they_are_about() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.import_orders(&admin).await;
    let role = admin
        .role("Seller", &policy("own", "own", "own", &["export_records"]))
        .await;
    let (ada, ada_id) = app.colleague(&admin, "ada", &role).await;
    let list = admin.get("/api/v1/contacts?sort=name").await.json(200);
    let contacts = list["contacts"].as_array().unwrap();
    let mut notes = Vec::new();
    for contact in contacts {
        let body = json!({
            "body": "Asked for a lamp", "subject": { "kind": "contact", "id": id(contact) },
        });
        notes.push(admin.post("/api/v1/notes", &body).await.json(201));
    }
    let path = format!("/api/v1/contacts/{}", id(&contacts[0]));
    admin
        .patch_version(
            &path,
            contacts[0]["version"].as_i64().unwrap(),
            &json!({ "owner_id": ada_id }),
        )
        .await
        .expect_status(200);
    let orders = format!("/api/v1/orders?filter=contact_id:eq:{}", id(&contacts[0]));
    let wanted = admin.get(&orders).await.json(200)["orders"].clone();
    let all = admin.get("/api/v1/orders").await.json(200);
    let all = all["orders"].as_array().unwrap();
    let n_wanted = wanted.as_array().unwrap().len();
    assert!(n_wanted > 0 && n_wanted < all.len());

    let seen = ada.get("/api/v1/orders?count=estimate").await.json(200);
    assert_eq!(seen["orders"].as_array().unwrap().len(), n_wanted);
    assert_eq!(seen["meta"]["estimate"], n_wanted);
    for order in all {
        let is_own = wanted
            .as_array()
            .unwrap()
            .iter()
            .any(|own| own["id"] == order["id"]);
        let status = if is_own { 200 } else { 404 };
        let path = format!("/api/v1/orders/{}", id(order));
        ada.get(&path).await.expect_status(status);
    }
    let list = ada.get("/api/v1/notes").await.json(200);
    assert_eq!(list["notes"].as_array().unwrap().len(), 1);
    let found = ada.get("/api/v1/search?q=asked").await.json(200);
    let found = found["results"].as_array().unwrap().clone();
    assert_eq!(texts(&found, "id"), [id(&notes[0])]);
    for (idx, note) in notes.iter().enumerate() {
        let path = format!("/api/v1/notes/{}", id(note));
        ada.get(&path)
            .await
            .expect_status(if idx == 0 { 200 } else { 404 });
        // A note bears its author's name, also to those who see it.
        let status = if idx == 0 { 403 } else { 404 };
        ada.patch(&path, &json!({ "body": "Changed" }))
            .await
            .expect_status(status);
        ada.delete(&path).await.expect_status(status);
    }
    let home = ada.get("/api/v1/home").await.json(200);
    assert_eq!(home["totals"]["contacts"], 1);
    assert_eq!(home["totals"]["orders"], completed(&wanted));
    assert_eq!(home["recent_imports"], json!([]));
    let file = ada
        .get("/api/v1/exports/orders.jsonl")
        .await
        .expect_status(200);
    assert_eq!(file.text().lines().count(), n_wanted);
    let file = ada
        .get("/api/v1/exports/contacts.jsonl")
        .await
        .expect_status(200);
    assert_eq!(file.text().lines().count(), 1);
}

fn completed(orders: &Value) -> usize {
    let orders = orders.as_array().unwrap().iter();
    orders
        .filter(|order| order["status"] == "completed")
        .count()
}

#[tokio::test]
async fn a_unique_value_of_a_record_that_is_not_seen_does_not_tell_whose_it_is() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let field = json!({
        "object": "contact", "key": "badge", "label": { "en": "Badge", "zh": "工牌" },
        "type": { "kind": "text" }, "is_unique": true,
    });
    admin
        .post("/api/v1/custom_fields", &field)
        .await
        .expect_status(201);
    let body = json!({ "name": "Hidden Person", "custom": { "badge": "7" } });
    let hidden = admin.post("/api/v1/contacts", &body).await.json(201);
    let role = admin
        .role("Seller", &policy("own", "own", "own", &[]))
        .await;
    let (ada, _) = app.colleague(&admin, "ada", &role).await;
    let body = json!({ "name": "New", "custom": { "badge": "7" } });

    let refused = ada.post("/api/v1/contacts", &body).await;

    let problem = refused.problem(409, "taken").to_string();
    assert!(
        !problem.contains("Hidden") && !problem.contains(id(&hidden)),
        "{problem}"
    );
    let named = admin
        .post("/api/v1/contacts", &body)
        .await
        .problem(409, "taken");
    assert!(named.to_string().contains("Hidden Person"), "{named}");
}

#[tokio::test]
async fn a_share_lets_see_and_where_it_says_so_change_and_never_delete() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pipeline = sales(&admin).await;
    let role = admin
        .role("Seller", &policy("own", "own", "own", &[]))
        .await;
    let (ada, ada_id) = app.colleague(&admin, "ada", &role).await;

    for (object, list) in OWNED {
        let record = admin.record(object, "Theirs", None, &pipeline).await;
        let path = format!("/api/v1/{list}/{}", id(&record));
        let shares = format!("/api/v1/records/{object}/{}/shares", id(&record));
        admin
            .share(object, id(&record), &json!([{ "user_id": ada_id }]))
            .await;
        ada.get(&path).await.expect_status(200);
        ada.patch_version(&path, 1, &json!({}))
            .await
            .problem(403, "not_allowed");
        ada.put(&shares, &json!({ "shares": [] }))
            .await
            .problem(403, "not_allowed");

        let write = json!([{ "user_id": ada_id, "may_write": true }]);
        admin.share(object, id(&record), &write).await;
        ada.patch_version(&path, 1, &json!({}))
            .await
            .expect_status(200);
        ada.delete(&path).await.problem(403, "not_allowed");
        let told = ada.get(&shares).await.json(200);
        assert_eq!(told["shares"][0]["user"]["id"], json!(ada_id));

        admin.share(object, id(&record), &json!([])).await;
        ada.get(&path).await.problem(404, "not_found");
        ada.get(&shares).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn what_is_about_a_record_is_listed_with_it_in_its_timeline() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut policy = policy("own", "own", "own", &[]);
    policy["objects"]["ticket"] = json!({
        "read": "none", "write": "none", "delete": "none", "create": false, "pool": false,
    });
    let role = admin.role("Seller", &policy).await;
    let (ada, ada_id) = app.colleague(&admin, "ada", &role).await;
    let body = json!({ "name": "Known", "owner_id": ada_id });
    let contact = admin.post("/api/v1/contacts", &body).await.json(201);
    let ticket = json!({ "subject": "Broken lamp", "contact_id": id(&contact) });
    admin
        .post("/api/v1/tickets", &ticket)
        .await
        .expect_status(201);
    let subject = json!({ "kind": "contact", "id": id(&contact) });
    let task = json!({ "title": "Call back", "subject": subject });
    admin.post("/api/v1/tasks", &task).await.expect_status(201);

    let path = format!("/api/v1/contacts/{}/timeline", id(&contact));
    let entries = ada.get(&path).await.json(200)["entries"].clone();

    let kinds = texts(entries.as_array().unwrap(), "kind");
    assert!(
        kinds.contains(&"task") && !kinds.contains(&"ticket"),
        "{entries}"
    );
    let tasks = ada.get("/api/v1/tasks").await.json(200);
    assert_eq!(tasks["tasks"].as_array().unwrap().len(), 1);
}
