use serde_json::{Value, json};

use super::conflicts;
use crate::access::policy;
use crate::app::{TestApp, id};

#[tokio::test]
async fn what_others_have_changed_since_stays_and_is_listed() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (ada, bob, eve) = (
        client.contact("Ada").await,
        client.contact("Bob").await,
        client.contact("Eve").await,
    );
    let set = json!({ "title": "Countess", "tags": ["vip"] });
    let edit = app
        .edit(&client, "contacts", &json!({ "filter": [], "set": set }))
        .await;
    let path = |contact: &Value| format!("/api/v1/contacts/{}", id(contact));
    client
        .patch_version(
            &path(&ada),
            2,
            &json!({ "title": "Baroness", "phone": "+4930123456" }),
        )
        .await
        .expect_status(200);
    client.delete(&path(&bob)).await.expect_status(204);

    app.take_back(&client, &edit).await;

    let after = client.read("contacts", &ada).await;
    assert_eq!(
        (&after["title"], &after["tags"]),
        (&json!("Baroness"), &json!([]))
    );
    assert_eq!(after["phone"], "+4930123456");
    let after = client.read("contacts", &eve).await;
    assert_eq!(
        (&after["title"], &after["version"]),
        (&json!(null), &json!(3))
    );
    let left = conflicts(&client, &edit).await;
    let told = |record: &Value, field: &str| {
        left.iter()
            .find(|it| it["record_id"] == record["id"] && it["field"] == field)
            .unwrap_or_else(|| panic!("{field}: {left:?}"))
    };
    assert_eq!(told(&ada, "title")["reason"], "changed");
    assert_eq!(told(&ada, "title")["found"], "Baroness");
    assert_eq!(told(&bob, "tags")["reason"], "deleted");
    assert_eq!(left.len(), 3, "{left:?}");
}

#[tokio::test]
async fn deleted_people_come_back_with_all_that_hung_on_them() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;
    let company = client
        .post("/api/v1/companies", &json!({ "name": "Acme" }))
        .await
        .json(201);
    let contacts = client
        .walk("/api/v1/contacts?sort=name", "contacts", 10)
        .await;
    let first = &contacts[0];
    let path = format!("/api/v1/contacts/{}", id(first));
    let employed = json!({ "company_id": company["id"] });
    client
        .patch_version(&path, 1, &employed)
        .await
        .expect_status(200);
    let ticket = json!({ "subject": "Help", "contact_id": first["id"] });
    let ticket = client.post("/api/v1/tickets", &ticket).await.json(201);
    let before = client.read("contacts", first).await;
    let lineage = client
        .get(&format!("{path}/source_records"))
        .await
        .json(200);
    let orders = client
        .walk("/api/v1/orders?sort=external_id", "orders", 50)
        .await;

    let gone = app
        .edit(
            &client,
            "contacts",
            &json!({ "filter": [], "delete": true }),
        )
        .await;
    assert_eq!(
        (&gone["is_deletion"], &gone["n_changed"]),
        (&json!(true), &json!(3))
    );
    client.get(&path).await.problem(404, "not_found");
    assert_eq!(
        client.read("tickets", &ticket).await["contact"],
        json!(null)
    );
    let no_company = app
        .edit(
            &client,
            "companies",
            &json!({ "filter": [], "delete": true }),
        )
        .await;
    app.take_back(&client, &no_company).await;
    app.take_back(&client, &gone).await;

    let mut after = client.read("contacts", first).await;
    assert_eq!(
        after["version"],
        json!(before["version"].as_i64().unwrap() + 1)
    );
    after["version"] = before["version"].clone();
    after["updated_at"] = before["updated_at"].clone();
    assert_eq!(after, before);
    assert_eq!(
        client.read("tickets", &ticket).await["contact"]["id"],
        first["id"]
    );
    assert_eq!(
        client
            .get(&format!("{path}/source_records"))
            .await
            .json(200),
        lineage
    );
    assert_eq!(
        client
            .walk("/api/v1/orders?sort=external_id", "orders", 50)
            .await,
        orders
    );
    assert_eq!(conflicts(&client, &gone).await, Vec::<Value>::new());
    let found = client.get("/api/v1/contacts?search=17850").await.json(200);
    assert_eq!(found["contacts"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_deleted_record_comes_back_without_what_is_gone_and_not_at_all_where_it_cannot() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let field = json!({
        "object": "contact", "key": "card", "label": { "en": "Card", "zh": "卡号" },
        "type": { "kind": "text" }, "is_unique": true,
    });
    admin
        .post("/api/v1/custom_fields", &field)
        .await
        .expect_status(201);
    let company = admin
        .post("/api/v1/companies", &json!({ "name": "Acme" }))
        .await
        .json(201);
    let body = json!({ "name": "Ada", "company_id": company["id"], "custom": { "card": "1" } });
    let ada = admin.post("/api/v1/contacts", &body).await.json(201);
    let body = json!({ "name": "Bob", "company_id": company["id"] });
    let bob = admin.post("/api/v1/contacts", &body).await.json(201);
    let edit = app
        .edit(&admin, "contacts", &json!({ "filter": [], "delete": true }))
        .await;
    let path = format!("/api/v1/companies/{}", id(&company));
    admin.delete(&path).await.expect_status(204);
    let body = json!({ "name": "Eve", "custom": { "card": "1" } });
    admin
        .post("/api/v1/contacts", &body)
        .await
        .expect_status(201);

    app.take_back(&admin, &edit).await;

    assert_eq!(admin.read("contacts", &bob).await["company"], json!(null));
    let path = format!("/api/v1/contacts/{}", id(&ada));
    admin.get(&path).await.problem(404, "not_found");
    let left = conflicts(&admin, &edit).await;
    let told: Vec<(&Value, &Value, &Value)> = left
        .iter()
        .map(|it| (&it["name"], &it["reason"], &it["field"]))
        .collect();
    let expected = [
        (json!("Ada"), json!("taken"), json!(null)),
        (json!("Bob"), json!("deleted"), json!("company_id")),
    ];
    for (name, reason, field) in &expected {
        assert!(told.contains(&(name, reason, field)), "{left:?}");
    }
    assert_eq!(left.len(), 2, "{left:?}");
}

#[tokio::test]
async fn a_record_that_is_nobody_elses_to_change_any_more_is_left() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = admin
        .role("Seller", &policy("own", "own", "own", &[]))
        .await;
    let (seller, _) = app.colleague(&admin, "sal", &role).await;
    let (kept, given) = (seller.contact("Kept").await, seller.contact("Given").await);
    let set = json!({ "filter": [], "set": { "title": "Buyer" } });
    let edit = app.edit(&seller, "contacts", &set).await;
    let path = format!("/api/v1/contacts/{}", id(&given));
    admin
        .patch_version(&path, 2, &json!({ "owner_id": null }))
        .await
        .expect_status(200);

    app.take_back(&seller, &edit).await;

    assert_eq!(admin.read("contacts", &kept).await["title"], json!(null));
    assert_eq!(admin.read("contacts", &given).await["title"], "Buyer");
    let left = conflicts(&seller, &edit).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(
        (&left[0]["reason"], &left[0]["name"]),
        (&json!("not_allowed"), &json!(""))
    );
}

#[tokio::test]
async fn an_import_goes_as_if_a_bulk_edit_that_is_taken_back_had_never_been() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = app.import_orders(&client).await;
    let set = json!({ "filter": [], "set": { "title": "Buyer" } });
    let edit = app.edit(&client, "contacts", &set).await;
    app.take_back(&client, &edit).await;

    let path = format!("/api/v1/imports/{}", id(&import));
    let accepted = client
        .post(&format!("{path}/undo"), &json!({}))
        .await
        .json(202);
    app.run_job(&accepted["job"]).await;

    let left = client.get(&format!("{path}/conflicts")).await.json(200);
    assert_eq!(left["conflicts"], json!([]));
    assert_eq!(
        client.walk("/api/v1/contacts", "contacts", 10).await,
        Vec::<Value>::new()
    );
}
