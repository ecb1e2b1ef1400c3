use std::sync::Arc;

use futures::{StreamExt as _, stream};
use rapport_domain::{BulkEditId, Contact};
use rapport_store::{bulk_edits, contacts};
use serde_json::{Value, json};

use crate::app::{Client, TestApp, id};

/// More records than one batch holds.
const N_CONTACTS: usize = 1_700;

/// Many contacts, written past the front door for speed.
async fn many(app: &TestApp) {
    let made = stream::iter(0..N_CONTACTS).map(|n| {
        let contact = Contact::named(
            app.workspace.ids.next(app.now()),
            format!("C{n}"),
            app.now(),
        );
        contacts::create(&app.workspace.store, contact)
    });
    // No more at a time than get a connection in time.
    let made = made.buffered(16);
    made.for_each(async |made| {
        made.unwrap();
    })
    .await;
}

/// Does the first batch of an edit and no more, as a worker that is killed then.
async fn one_batch(app: &TestApp, edit: &Value) {
    let id: BulkEditId = id(edit).parse().unwrap();
    let store = &app.workspace.store;
    bulk_edits::start(store, id, app.now()).await.unwrap();
    let edit = bulk_edits::run_batch(store, id, app.now()).await.unwrap();
    assert_eq!((edit.batches_done, edit.n_batches), (1, 2));
}

async fn n_moved(client: &Client) -> usize {
    let path = "/api/v1/contacts?filter=city:eq:Bath";
    client.walk(path, "contacts", 500).await.len()
}

#[tokio::test]
async fn an_edit_that_is_killed_goes_on_and_does_nothing_twice() {
    let app = TestApp::start().await;
    let client = app.member().await;
    many(&app).await;
    let body = json!({ "filter": [], "set": { "tags": ["Buyer"] }, "expect": N_CONTACTS });
    let accepted = client.bulk("contacts", &body).await.json(202);
    one_batch(&app, &accepted["bulk_edit"]).await;

    app.run_job(&accepted["job"]).await;

    let edit = client.read("bulk_edits", &accepted["bulk_edit"]).await;
    assert_eq!(
        (&edit["status"], &edit["n_changed"]),
        (&json!("done"), &json!(N_CONTACTS))
    );
    let tagged = "/api/v1/contacts?filter=tags:contains:Buyer";
    let tagged = client.walk(tagged, "contacts", 500).await;
    assert_eq!(tagged.len(), N_CONTACTS);
    assert!(tagged.iter().all(|contact| contact["version"] == 2));

    let undone = app.take_back(&client, &edit).await;
    assert_eq!(
        (&undone["status"], &undone["batches_done"]),
        (&json!("undone"), &json!(0))
    );
    let after = client.walk("/api/v1/contacts", "contacts", 500).await;
    assert!(after.iter().all(|contact| contact["tags"] == json!([])));
}

#[tokio::test]
async fn an_edit_is_stopped_between_two_batches_and_what_is_done_can_be_taken_back() {
    let app = TestApp::start().await;
    let client = app.member().await;
    many(&app).await;
    let body = json!({ "filter": [], "set": { "address": { "city": "Bath" } } });
    let accepted = client.bulk("contacts", &body).await.json(202);
    one_batch(&app, &accepted["bulk_edit"]).await;
    assert_eq!(n_moved(&client).await, 1_000);
    let path = format!("/api/v1/bulk_edits/{}", id(&accepted["bulk_edit"]));

    client
        .post(&format!("{path}/cancel"), &json!({}))
        .await
        .expect_status(202);

    let edit = client.get(&path).await.json(200);
    assert_eq!(
        (&edit["status"], &edit["n_changed"]),
        (&json!("cancelled"), &json!(1_000))
    );
    let undone = app.take_back(&client, &edit).await;
    assert_eq!(undone["status"], "undone");
    assert_eq!(n_moved(&client).await, 0);
    let again = client.post(&format!("{path}/cancel"), &json!({})).await;
    again.problem(409, "wrong_state");
}

#[tokio::test]
async fn who_is_locked_out_changes_nothing_more() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let member = app.member().await;
    let contact = admin.contact("Ada").await;
    let body = json!({ "filter": [], "set": { "title": "Buyer" } });
    let accepted = member.bulk("contacts", &body).await.json(202);
    let me = member.get("/api/v1/session").await.json(200)["user"]["id"].clone();
    let path = format!("/api/v1/users/{}", me.as_str().unwrap());
    admin
        .patch(&path, &json!({ "disabled": true }))
        .await
        .expect_status(200);

    app.run_job(&accepted["job"]).await;

    let edit = admin.read("bulk_edits", &accepted["bulk_edit"]).await;
    assert_eq!(edit["status"], "failed", "{edit}");
    assert_eq!(admin.read("contacts", &contact).await["title"], json!(null));
}

#[tokio::test]
async fn a_role_that_changes_meanwhile_counts_from_the_next_batch_on() {
    let app = TestApp::start().await;
    let client = app.member().await;
    many(&app).await;
    let body = json!({ "filter": [], "set": { "title": "Buyer" } });
    let accepted = client.bulk("contacts", &body).await.json(202);
    one_batch(&app, &accepted["bulk_edit"]).await;
    let edit: BulkEditId = id(&accepted["bulk_edit"]).parse().unwrap();
    let user = client.get("/api/v1/session").await.json(200)["user"]["id"].clone();
    let user: rapport_domain::UserId = user.as_str().unwrap().parse().unwrap();
    let nobody = rapport_domain::Access::alone(user, rapport_domain::RolePolicy::default());
    let blind = app.workspace.store.as_seen_by(Arc::new(nobody));

    // A role without a grant sees not even the edit's records.
    let after = bulk_edits::run_batch(&blind, edit, app.now())
        .await
        .unwrap();

    assert_eq!(
        (after.counts.changed, after.counts.n_refused()),
        (1_000, 700)
    );
}

#[tokio::test]
async fn an_undo_that_is_stopped_ends_and_can_be_gone_on_with() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let contact = client.contact("Ada").await;
    let body = json!({ "filter": [], "set": { "title": "Buyer" } });
    let edit = app.edit(&client, "contacts", &body).await;
    let path = format!("/api/v1/bulk_edits/{}", id(&edit));
    let undo = client.post(&format!("{path}/undo"), &json!({})).await;
    undo.expect_status(202);

    let stopped = client.post(&format!("{path}/cancel"), &json!({})).await;
    stopped.expect_status(202);

    assert_eq!(client.get(&path).await.json(200)["status"], "cancelled");
    let undone = app.take_back(&client, &edit).await;
    assert_eq!(undone["status"], "undone");
    assert_eq!(
        client.read("contacts", &contact).await["title"],
        json!(null)
    );
}
