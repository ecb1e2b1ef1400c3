//! The pool: who sees it, claims from it and gives back, and what returns to it by itself.

use rapport_pipelines::pools;
use rapport_store::jobs;
use serde_json::{Value, json};

use super::{OWNED, policy};
use crate::app::{Client, TestApp, id};
use crate::routes::pipelines::sales;

const DAY: i64 = 86_400;

/// A role of one's own records and the pool.
fn seller() -> Value {
    let mut policy = policy("own", "own", "own", &[]);
    for (object, _) in OWNED {
        policy["objects"][object]["pool"] = json!(true);
    }
    policy
}

fn claim(object: &str, record: &str) -> String {
    format!("/api/v1/records/{object}/{record}/claim")
}

/// The owner of a record, as somebody who sees all has it.
async fn owner(admin: &Client, list: &str, record: &str) -> Value {
    let path = format!("/api/v1/{list}/{record}");
    admin.get(&path).await.json(200)["owner"]["id"].clone()
}

async fn set_rule(admin: &Client, object: &str, rule: &Value) {
    admin
        .put(&format!("/api/v1/pools/{object}"), rule)
        .await
        .expect_status(200);
}

#[tokio::test]
async fn what_is_nobodys_is_seen_claimed_and_given_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pipeline = sales(&admin).await;
    let role = admin.role("Seller", &seller()).await;
    let (ada, ada_id) = app.colleague(&admin, "ada", &role).await;
    let (ben, _) = app.colleague(&admin, "ben", &role).await;

    for (object, list) in OWNED {
        let record = admin.record(object, "Nobody's", None, &pipeline).await;
        let path = format!("/api/v1/{list}/{}", id(&record));
        let claim = claim(object, id(&record));
        let pool = format!("/api/v1/{list}?filter=owner_id:is_null");
        assert_eq!(ada.get(&pool).await.json(200)[list][0]["id"], record["id"]);
        // Seeing is not changing: it is claimed first.
        ada.patch_version(&path, 1, &json!({}))
            .await
            .problem(403, "not_allowed");
        ada.delete(&path).await.problem(403, "not_allowed");
        ada.delete(&claim).await.problem(409, "wrong_state");

        ada.post(&claim, &json!({})).await.expect_status(204);

        assert_eq!(owner(&admin, list, id(&record)).await, json!(ada_id));
        ada.post(&claim, &json!({}))
            .await
            .problem(409, "already_claimed");
        // Out of the pool it is out of the others' sight.
        ben.get(&path).await.problem(404, "not_found");
        ben.post(&claim, &json!({})).await.problem(404, "not_found");
        ben.delete(&claim).await.problem(404, "not_found");
        ada.patch_version(&path, 2, &json!({}))
            .await
            .expect_status(200);
        ada.delete(&claim).await.expect_status(204);
        assert_eq!(owner(&admin, list, id(&record)).await, json!(null));
        ben.get(&path).await.expect_status(200);
    }
}

#[tokio::test]
async fn the_role_says_who_takes_part() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let aside = admin.role("Aside", &policy("own", "own", "own", &[])).await;
    let reader = admin
        .role("Reader", &policy("all", "own", "own", &[]))
        .await;
    let taker = admin.role("Taker", &seller()).await;
    let (aside, _) = app.colleague(&admin, "aside", &aside).await;
    let (reader, _) = app.colleague(&admin, "reader", &reader).await;
    let (taker, _) = app.colleague(&admin, "taker", &taker).await;
    let (viewer, member) = (app.viewer().await, app.member().await);
    let contact = admin.contact("Nobody's").await;
    let path = claim("contact", id(&contact));

    aside
        .post(&path, &json!({}))
        .await
        .problem(404, "not_found");
    reader
        .post(&path, &json!({}))
        .await
        .problem(403, "not_allowed");
    viewer
        .post(&path, &json!({}))
        .await
        .problem(403, "not_allowed");
    member.post(&path, &json!({})).await.expect_status(204);
    // Only who may change a record gives it back.
    reader.delete(&path).await.problem(403, "not_allowed");
    taker.delete(&path).await.problem(404, "not_found");
    admin
        .share(
            "contact",
            id(&contact),
            &json!([{ "user_id": own_id(&taker).await }]),
        )
        .await;
    taker.delete(&path).await.problem(403, "not_allowed");
    member.delete(&path).await.expect_status(204);
    let pools = taker.get("/api/v1/pools").await.json(200);
    let may = |pools: &Value| pools["pools"][0]["may_claim"].clone();
    assert_eq!(may(&pools), true);
    assert_eq!(may(&reader.get("/api/v1/pools").await.json(200)), false);
    let own = taker.get("/api/v1/me/access").await.json(200);
    assert_eq!(own["policy"]["objects"]["contact"]["pool"], true);
    let ownerless = claim("order", id(&contact));
    admin
        .post(&ownerless, &json!({}))
        .await
        .problem(404, "not_found");
}

async fn own_id(client: &Client) -> String {
    let session = client.get("/api/v1/session").await.json(200);
    id(&session["user"]).to_owned()
}

#[tokio::test]
async fn of_many_who_claim_at_once_one_has_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = admin.role("Seller", &seller()).await;
    let mut colleagues = Vec::new();
    for name in ["ada", "ben", "cleo", "dan", "eve"] {
        colleagues.push(app.colleague(&admin, name, &role).await.0);
    }

    for _ in 0..5 {
        let contact = admin.contact("Nobody's").await;
        let path = claim("contact", id(&contact));
        let body = json!({});
        let claims = colleagues.iter().map(|client| client.post(&path, &body));
        let answers = futures::future::join_all(claims).await;
        let won = answers
            .iter()
            .filter(|answer| answer.status.as_u16() == 204);
        assert_eq!(won.count(), 1);
        let lost = |status: u16| status == 404 || status == 409;
        let n_lost = answers.iter().filter(|answer| lost(answer.status.as_u16()));
        assert_eq!(n_lost.count(), colleagues.len() - 1);
    }
}

#[tokio::test]
async fn a_colleague_has_no_more_than_the_rule_lets_claim() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let role = admin.role("Seller", &seller()).await;
    let (ada, ada_id) = app.colleague(&admin, "ada", &role).await;
    let rule = json!({ "n_owned_max": 2, "return_after_days": null });
    set_rule(&admin, "contact", &rule).await;
    let mut paths = Vec::new();
    for _ in 0..4 {
        let contact = admin.contact("Nobody's").await;
        paths.push((id(&contact).to_owned(), claim("contact", id(&contact))));
    }

    // All at once: two of them come through, whoever is first.
    let body = json!({});
    let claims = paths.iter().map(|(_, path)| ada.post(path, &body));
    let answers = futures::future::join_all(claims).await;

    let with = |status: u16| {
        let answers = answers
            .iter()
            .filter(|answer| answer.status.as_u16() == status);
        answers.count()
    };
    assert_eq!((with(204), with(409)), (2, 2));
    let pools = ada.get("/api/v1/pools").await.json(200);
    assert_eq!(pools["pools"][0]["object"], "contact");
    assert_eq!(
        (
            &pools["pools"][0]["n_owned"],
            &pools["pools"][0]["n_owned_max"]
        ),
        (&json!(2), &json!(2))
    );
    let mut own = Vec::new();
    let mut free = Vec::new();
    for (contact, path) in &paths {
        let is_own = owner(&admin, "contacts", contact).await == json!(ada_id);
        if is_own { &mut own } else { &mut free }.push(path);
    }
    ada.post(free[0], &body).await.problem(409, "claim_limit");
    ada.delete(own[0]).await.expect_status(204);
    ada.post(free[0], &body).await.expect_status(204);
    // Other kinds have their own rule.
    let company = json!({ "name": "Nobody's Ltd" });
    let company = admin.post("/api/v1/companies", &company).await.json(201);
    ada.post(&claim("company", id(&company)), &body)
        .await
        .expect_status(204);
}

#[tokio::test]
async fn a_rule_is_checked_and_for_whom_manages_settings() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let rule = |n: i64, days: i64| json!({ "n_owned_max": n, "return_after_days": days });

    let answer = admin.put("/api/v1/pools/deal", &rule(0, 4_000)).await;
    assert_eq!(
        answer.pointers(422, "invalid"),
        ["/n_owned_max", "/return_after_days"]
    );
    admin
        .put("/api/v1/pools/order", &rule(1, 1))
        .await
        .problem(404, "not_found");
    let member = app.member().await;
    member
        .put("/api/v1/pools/deal", &rule(1, 1))
        .await
        .problem(403, "not_allowed");
    set_rule(&admin, "deal", &rule(5, 30)).await;
    let pools = member.get("/api/v1/pools").await.json(200);
    assert_eq!(pools["pools"][2]["object"], "deal");
    assert_eq!(pools["pools"][2]["return_after_days"], 30);
}

#[tokio::test]
async fn what_nobody_attends_to_returns_by_itself() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pipeline = sales(&admin).await;
    let role = admin.role("Seller", &seller()).await;
    let (_, ada_id) = app.colleague(&admin, "ada", &role).await;
    let owned = async |object: &str, name: &str| {
        let record = admin.record(object, name, Some(&ada_id), &pipeline).await;
        id(&record).to_owned()
    };
    // Without a rule nothing returns, however old.
    let idle = owned("contact", "Idle").await;
    app.advance_seconds(13 * DAY);
    assert!(
        pools::return_idle(&app.workspace, app.now())
            .await
            .unwrap()
            .is_none()
    );
    let rule = json!({ "n_owned_max": null, "return_after_days": 10 });
    for (object, _) in OWNED {
        set_rule(&admin, object, &rule).await;
    }
    let noted = owned("contact", "Noted").await;
    let called = owned("contact", "Called").await;
    let dealt = owned("contact", "Dealt with").await;
    let deal = owned("deal", "Open").await;
    let won = owned("deal", "Won").await;
    let done = owned("task", "Done").await;
    let open = owned("task", "Open").await;
    let solved = owned("ticket", "Solved").await;
    let stage = json!({ "stage_id": pipeline["stages"][1]["id"] });
    let change = async |path: String, patch: Value| {
        admin
            .patch_version(&path, 1, &patch)
            .await
            .expect_status(200);
    };
    change(format!("/api/v1/deals/{won}"), stage).await;
    change(format!("/api/v1/tasks/{done}"), json!({ "status": "done" })).await;
    change(
        format!("/api/v1/tickets/{solved}"),
        json!({ "status": "solved" }),
    )
    .await;
    app.advance_seconds(9 * DAY);
    let subject = |id: &str| json!({ "kind": "contact", "id": id });
    let note = json!({ "body": "Spoke", "subject": subject(&noted) });
    admin.post("/api/v1/notes", &note).await.expect_status(201);
    let task = json!({ "title": "Call", "subject": subject(&called) });
    admin.post("/api/v1/tasks", &task).await.expect_status(201);
    let body = json!({
        "name": "Lamps", "contact_id": dealt, "pipeline_id": id(&pipeline),
        "stage_id": pipeline["stages"][0]["id"],
    });
    admin.post("/api/v1/deals", &body).await.expect_status(201);

    // A day before, the others are not idle yet.
    let n_returned = run(&app).await;
    assert_eq!(n_returned, 1);
    assert_eq!(owner(&admin, "contacts", &idle).await, json!(null));
    assert_eq!(owner(&admin, "deals", &deal).await, json!(ada_id));
    app.advance_seconds(DAY + 1);
    let n_returned = run(&app).await;
    assert_eq!(n_returned, 2);
    assert_eq!(owner(&admin, "deals", &deal).await, json!(null));
    assert_eq!(owner(&admin, "tasks", &open).await, json!(null));
    // Attended to, or closed: kept.
    for (list, record) in [
        ("contacts", &noted),
        ("contacts", &called),
        ("contacts", &dealt),
        ("deals", &won),
        ("tasks", &done),
        ("tickets", &solved),
    ] {
        assert_eq!(owner(&admin, list, record).await, json!(ada_id), "{list}");
    }
    assert_eq!(run(&app).await, 0);
}

/// Runs the job of the day; how many records it returned.
async fn run(app: &TestApp) -> u64 {
    let job = pools::return_idle(&app.workspace, app.now()).await.unwrap();
    let job = job.unwrap();
    app.run_job(&json!({ "id": job.id })).await;
    let job = jobs::find(&app.workspace.store, job.id).await.unwrap();
    job.unwrap().result.unwrap()["n_returned"].as_u64().unwrap()
}
