//! What somebody changes without having it, and what does not come of that.

use axum::http::StatusCode;
use rapport_domain::{Note, Subject};
use rapport_store::notes;
use serde_json::{Value, json};

use super::{OWNED, policy};
use crate::app::{TestApp, id};
use crate::routes::pipelines::sales;

/// A role that lets do the same with all kinds of records and takes part in the pools.
fn with_pool(read: &str, write: &str, delete: &str) -> Value {
    let mut policy = policy(read, write, delete, &[]);
    for (object, _) in OWNED {
        policy["objects"][object]["pool"] = json!(true);
    }
    policy
}

#[tokio::test]
async fn what_is_shared_is_changed_and_not_handed_on() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pipeline = sales(&admin).await;
    let role = admin.role("Seller", &with_pool("own", "own", "own")).await;
    let (ada, ada_id) = app.colleague(&admin, "ada", &role).await;
    let (_, ben_id) = app.colleague(&admin, "ben", &role).await;
    let (_, cleo_id) = app.colleague(&admin, "cleo", &role).await;

    for (object, list) in OWNED {
        let record = admin
            .record(object, "Ben's", Some(&ben_id), &pipeline)
            .await;
        let path = format!("/api/v1/{list}/{}", id(&record));
        let write = json!([{ "user_id": ada_id, "may_write": true }]);
        admin.share(object, id(&record), &write).await;
        for owner in [json!(ada_id), json!(cleo_id), json!(null)] {
            ada.patch_version(&path, 1, &json!({ "owner_id": owner }))
                .await
                .problem(403, "not_allowed");
        }
        let claim = format!("/api/v1/records/{object}/{}/claim", id(&record));
        ada.delete(&claim).await.problem(403, "not_allowed");
        let shown = admin.get(&path).await.json(200);
        assert_eq!(
            (&shown["owner"]["id"], &shown["version"]),
            (&json!(ben_id), &json!(1))
        );
        ada.patch_version(&path, 1, &json!({}))
            .await
            .expect_status(200);
    }
}

#[tokio::test]
async fn a_task_that_is_shared_is_not_won_by_what_it_is_about() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = admin
        .role("Seller", &policy("own", "own", "own", &[]))
        .await;
    let (ada, ada_id) = app.colleague(&admin, "ada", &role).await;
    let task = json!({ "title": "Call" });
    let task = admin.post("/api/v1/tasks", &task).await.json(201);
    let write = json!([{ "user_id": ada_id, "may_write": true }]);
    admin.share("task", id(&task), &write).await;
    let own = ada.contact("Own").await;
    let path = format!("/api/v1/tasks/{}", id(&task));

    let about = json!({ "subject": { "kind": "contact", "id": id(&own) } });
    ada.patch_version(&path, 1, &about)
        .await
        .problem(403, "not_allowed");

    ada.patch_version(&path, 1, &json!({ "title": "Call today" }))
        .await
        .expect_status(200);
}

#[tokio::test]
async fn who_deletes_the_own_makes_nothing_the_own_to_delete_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pipeline = sales(&admin).await;
    let role = admin.role("Lead", &with_pool("team", "team", "own")).await;
    let (ada, ada_id) = app.colleague(&admin, "ada", &role).await;
    let (_, ben_id) = app.colleague(&admin, "ben", &role).await;
    let (_, cleo_id) = app.colleague(&admin, "cleo", &role).await;
    let team = admin.team("Sales", None).await;
    admin
        .set_members(&team, &[&ada_id, &ben_id, &cleo_id])
        .await;

    for (object, list) in OWNED {
        let record = admin
            .record(object, "Ben's", Some(&ben_id), &pipeline)
            .await;
        let path = format!("/api/v1/{list}/{}", id(&record));
        ada.patch_version(&path, 1, &json!({ "owner_id": ada_id }))
            .await
            .problem(403, "not_allowed");
        let claim = format!("/api/v1/records/{object}/{}/claim", id(&record));
        ada.delete(&claim).await.problem(403, "not_allowed");
        ada.delete(&path).await.problem(403, "not_allowed");
        // Between the others it is the team's to be arranged.
        ada.patch_version(&path, 1, &json!({ "owner_id": cleo_id }))
            .await
            .expect_status(200);
    }
}

#[tokio::test]
async fn who_makes_a_record_changes_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pipeline = sales(&admin).await;
    let role = admin
        .role("Reader", &policy("all", "own", "own", &[]))
        .await;
    let (ada, ada_id) = app.colleague(&admin, "ada", &role).await;

    for (object, list) in OWNED {
        let record = ada.record(object, "New", None, &pipeline).await;
        assert_eq!(record["owner"]["id"], json!(ada_id));
        let path = format!("/api/v1/{list}/{}", id(&record));
        ada.patch_version(&path, 1, &json!({}))
            .await
            .expect_status(200);
    }
}

#[tokio::test]
async fn a_unique_value_is_told_to_who_may_write() {
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
    let taken = json!({ "name": "Holder", "custom": { "badge": "7" } });
    admin
        .post("/api/v1/contacts", &taken)
        .await
        .expect_status(201);
    let other = admin.contact("Other").await;
    let mut mender = policy("all", "own", "own", &[]);
    mender["objects"]["contact"]["create"] = json!(false);
    let role = admin.role("Mender", &mender).await;
    let (ada, _) = app.colleague(&admin, "ada", &role).await;

    ada.post("/api/v1/contacts", &taken)
        .await
        .problem(403, "not_allowed");
    let path = format!("/api/v1/contacts/{}", id(&other));
    ada.patch_version(&path, 1, &json!({ "custom": { "badge": "7" } }))
        .await
        .problem(403, "not_allowed");
}

#[tokio::test]
async fn a_note_that_is_nobodys_is_changed_by_who_changes_what_it_is_about() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = admin
        .role("Reader", &policy("all", "own", "all", &[]))
        .await;
    let (ada, _) = app.colleague(&admin, "ada", &role).await;
    let (theirs, own) = (admin.contact("Theirs").await, ada.contact("Own").await);
    let mut paths = Vec::new();
    for contact in [&theirs, &own] {
        let now = app.now();
        let note = Note {
            id: app.workspace.ids.next(now),
            body: "From a file".to_owned(),
            subject: Subject::Contact(id(contact).parse().unwrap()),
            author_id: None,
            created_at: now,
            updated_at: now,
        };
        let note = notes::create(&app.workspace.store, note).await.unwrap();
        paths.push(format!("/api/v1/notes/{}", note.id));
    }
    let body = json!({ "body": "Changed" });

    ada.get(&paths[0]).await.expect_status(200);
    ada.patch(&paths[0], &body)
        .await
        .problem(403, "not_allowed");
    ada.delete(&paths[0]).await.problem(403, "not_allowed");
    ada.patch(&paths[1], &body).await.expect_status(200);
    ada.delete(&paths[1]).await.expect_status(204);
}

#[tokio::test]
async fn the_limit_of_a_pool_holds_for_who_names_oneself() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let rule = json!({ "n_owned_max": 1, "return_after_days": null });
    admin
        .put("/api/v1/pools/contact", &rule)
        .await
        .expect_status(200);
    let session = admin.get("/api/v1/session").await.json(200);
    let me = json!({ "owner_id": id(&session["user"]) });
    let (first, second) = (admin.contact("First").await, admin.contact("Second").await);
    let path = |contact: &Value| format!("/api/v1/contacts/{}", id(contact));

    admin
        .patch_version(&path(&first), 1, &me)
        .await
        .expect_status(200);
    admin
        .patch_version(&path(&second), 1, &me)
        .await
        .problem(409, "claim_limit");

    let shown = admin.get(&path(&second)).await.json(200);
    assert_eq!(
        (&shown["owner"], &shown["version"]),
        (&json!(null), &json!(1))
    );
}

#[tokio::test]
async fn of_two_sets_of_shares_at_once_one_stays() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ada = app.add_user("ada@example.com", rapport_domain::Role::Member);
    let ben = app.add_user("ben@example.com", rapport_domain::Role::Member);
    let users = [ada.await, ben.await];
    let contact = admin.contact("Shared").await;
    let path = format!("/api/v1/records/contact/{}/shares", id(&contact));

    for _ in 0..5 {
        let bodies = users.each_ref().map(|user| {
            let share = json!({ "user_id": user.id.to_string() });
            json!({ "shares": [share] })
        });
        let sets = bodies.iter().map(|body| admin.put(&path, body));
        let answers = futures::future::join_all(sets).await;
        assert!(answers.iter().all(|a| a.status == StatusCode::OK));
        let shares = admin.get(&path).await.json(200);
        assert_eq!(shares["shares"].as_array().unwrap().len(), 1, "{shares}");
    }
}
