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
async fn nothing_of_who_was_erased_comes_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (ada, bob, eve) = (
        admin.contact("Ada").await,
        admin.contact("Bob").await,
        admin.contact("Eve").await,
    );
    let set = json!({ "ids": [id(&eve)], "set": { "title": "Countess" } });
    let titled = app.edit(&admin, "contacts", &set).await;
    let delete = json!({ "ids": [id(&ada), id(&bob)], "delete": true });
    let deleted = app.edit(&admin, "contacts", &delete).await;
    for contact in [&ada, &eve] {
        let body = json!({ "object": "contact", "object_id": id(contact) });
        let erased = admin.post("/api/v1/audit/erasures", &body).await;
        erased.expect_status(200);
    }

    app.take_back(&admin, &deleted).await;
    app.take_back(&admin, &titled).await;

    let path = |contact: &Value| format!("/api/v1/contacts/{}", id(contact));
    admin.get(&path(&bob)).await.expect_status(200);
    admin.get(&path(&ada)).await.problem(404, "not_found");
    assert_eq!(admin.read("contacts", &eve).await["title"], "Countess");
    for edit in [&deleted, &titled] {
        let left = conflicts(&admin, edit).await;
        assert!(left.is_empty(), "{left:?}");
    }
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

#[tokio::test]
async fn what_follows_from_a_status_comes_back_with_it_or_not_at_all() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let create = async |list: &str, body: Value| {
        let path = format!("/api/v1/{list}");
        client.post(&path, &body).await.json(201)
    };
    let set_status = async |list: &str, record: &Value, status: &str| {
        let path = format!("/api/v1/{list}/{}", id(record));
        let version = client.read(list, record).await["version"].as_i64().unwrap();
        app.advance_seconds(60);
        let change = json!({ "status": status });
        let changed = client.patch_version(&path, version, &change).await;
        changed.expect_status(200);
    };
    let bulk = async |list: &str, record: &Value, status: &str| {
        app.advance_seconds(60);
        let body = json!({ "ids": [record["id"]], "set": { "status": status } });
        app.edit(&client, list, &body).await
    };
    let closed = create("tickets", json!({ "subject": "Closed" })).await;
    let pending = create("tickets", json!({ "subject": "Pending" })).await;
    set_status("tickets", &pending, "solved").await;
    let again = create("tasks", json!({ "title": "Again" })).await;

    let solving = bulk("tickets", &closed, "solved").await;
    set_status("tickets", &closed, "closed").await;
    let reopening = bulk("tickets", &pending, "open").await;
    set_status("tickets", &pending, "pending").await;
    let doing = bulk("tasks", &again, "done").await;
    set_status("tasks", &again, "open").await;
    set_status("tasks", &again, "done").await;
    for edit in [&solving, &reopening, &doing] {
        app.take_back(&client, edit).await;
        assert!(!conflicts(&client, edit).await.is_empty(), "{edit}");
    }

    let closed = client.read("tickets", &closed).await;
    assert_eq!(closed["status"], "closed");
    assert!(closed["solved_at"].is_string(), "{closed}");
    let pending = client.read("tickets", &pending).await;
    assert_eq!(
        (&pending["status"], &pending["solved_at"]),
        (&json!("pending"), &json!(null))
    );
    let again = client.read("tasks", &again).await;
    assert_eq!(again["status"], "done");
    assert!(again["done_at"].is_string(), "{again}");
}

#[tokio::test]
async fn an_import_goes_though_its_people_were_deleted_and_brought_back() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = app.import_orders(&client).await;
    let all = json!({ "filter": [], "delete": true });
    let edit = app.edit(&client, "contacts", &all).await;
    app.take_back(&client, &edit).await;

    let path = format!("/api/v1/imports/{}", id(&import));
    let accepted = client
        .post(&format!("{path}/undo"), &json!({}))
        .await
        .json(202);
    app.run_job(&accepted["job"]).await;

    let left = client.get(&format!("{path}/conflicts")).await.json(200);
    assert_eq!(left["conflicts"], json!([]));
    let people = client.walk("/api/v1/contacts", "contacts", 10).await;
    assert_eq!(people, Vec::<Value>::new());
}

#[tokio::test]
async fn a_ticket_whose_bulk_edit_is_taken_back_is_its_sources_again() {
    const TICKETS: &str = "Ticket ID,Subject,Description,Status,Priority,Requester Email\n\
                           1,Late parcel,Where is it?,open,normal,ada@example.com\n";
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = async |file: &str| {
        let uploaded = client.upload("Desk", "tickets.csv", file.as_bytes()).await;
        let import = app.run_import(&client, &uploaded.json(201)).await;
        assert_eq!(import["status"], "done", "{import}");
        import
    };
    let ticket = async || client.walk("/api/v1/tickets", "tickets", 10).await[0].clone();
    import(TICKETS).await;
    let high = json!({ "filter": [], "set": { "priority": "high" } });
    for change in [high, json!({ "filter": [], "delete": true })] {
        let edit = app.edit(&client, "tickets", &change).await;
        assert_eq!(edit["n_changed"], 1, "{edit}");
        app.take_back(&client, &edit).await;
    }
    assert_eq!(ticket().await["version"], 4);

    let later = import(&TICKETS.replace("open", "pending")).await;
    assert_eq!(ticket().await["status"], "pending");
    let path = format!("/api/v1/imports/{}/undo", id(&later));
    let accepted = client.post(&path, &json!({})).await.json(202);
    app.run_job(&accepted["job"]).await;
    assert_eq!(ticket().await["status"], "open");

    let path = format!("/api/v1/tickets/{}", id(&ticket().await));
    let low = json!({ "priority": "low" });
    let edited = client.patch_version(&path, 4, &low).await;
    edited.expect_status(200);
    import(&TICKETS.replace("open", "solved")).await;
    assert_eq!(ticket().await["status"], "open");
}

#[tokio::test]
async fn what_others_have_taken_since_a_deletion_is_told_and_totals_are_true() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;
    let all = json!({ "filter": [], "delete": true });
    let edit = app.edit(&client, "contacts", &all).await;
    // The same people again, as new contacts with the identities of the old ones.
    app.import_orders(&client).await;

    app.take_back(&client, &edit).await;

    let left = conflicts(&client, &edit).await;
    assert_eq!(left.len(), 3, "{left:?}");
    for conflict in &left {
        assert_eq!(conflict["reason"], "taken", "{conflict}");
        assert_eq!(conflict["field"], "identities", "{conflict}");
    }
    let contacts = client.walk("/api/v1/contacts", "contacts", 10).await;
    assert_eq!(contacts.len(), 6);
    for contact in &contacts {
        let path = format!(
            "/api/v1/orders?filter=contact_id:eq:{}&filter=status:eq:completed",
            id(contact)
        );
        let orders = client.walk(&path, "orders", 50).await;
        assert_eq!(contact["n_orders"], json!(orders.len()), "{contact}");
    }
}
