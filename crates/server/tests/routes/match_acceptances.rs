//! Acceptances of many pairs, as their makers and those who may read jobs follow, stop and undo them.

use rapport_domain::Role;
use serde_json::{Value, json};

use super::match_pairs::{PAIRS, open, with_pairs};
use crate::access::policy;
use crate::app::{Client, TestApp, id};

fn acceptances() -> String {
    format!("{PAIRS}/acceptances")
}

async fn accept(client: &Client, min_probability: f64) -> Value {
    let body = json!({ "min_probability": min_probability });
    client.post(&acceptances(), &body).await.json(202)
}

/// A colleague who may merge all contacts and does not see all deals, so that jobs are not theirs to read.
async fn merger(app: &TestApp, admin: &Client, name: &str) -> Client {
    let mut policy = policy("all", "all", "all", &[]);
    policy["objects"]["deal"]["read"] = json!("own");
    policy["objects"]["deal"]["write"] = json!("own");
    policy["objects"]["deal"]["delete"] = json!("own");
    let role = admin.role(name, &policy).await;
    app.colleague(admin, name, &role).await.0
}

#[tokio::test]
async fn whoever_made_an_acceptance_follows_it_to_its_end_and_takes_it_back() {
    let (app, _, _) = with_pairs().await;
    let admin = app.signed_in(Role::Admin).await;
    let maker = merger(&app, &admin, "mia").await;
    let other = merger(&app, &admin, "otto").await;

    let asked = accept(&maker, 0.9).await;
    let twice = accept(&maker, 0.9).await;
    assert_eq!(twice["job"]["id"], asked["job"]["id"]);
    assert_eq!(twice["n_pairs"], asked["n_pairs"]);
    let path = format!("{}/{}", acceptances(), id(&asked["job"]));
    let waits = maker.get(&path).await.json(200);
    assert_eq!(
        (&waits["status"], &waits["undo"]),
        (&json!("queued"), &json!(null))
    );
    assert_eq!(waits["min_probability"], 0.9);
    // The job itself is for those who read everything.
    let job = format!("/api/v1/jobs/{}", id(&asked["job"]));
    maker.get(&job).await.problem(403, "not_allowed");
    app.run_job(&asked["job"]).await;

    let done = maker.get(&path).await.json(200);
    assert_eq!(done["status"], "done");
    assert!(done["n_merged"].as_u64() >= Some(4), "{done}");
    assert_eq!(
        (&done["refused"], &done["not_undone"]),
        (&json!([]), &json!([]))
    );
    assert_eq!(
        (&done["n_changed"], &done["n_not_undone"]),
        (&json!(0), &json!(0))
    );
    let list = maker.get(&acceptances()).await.json(200);
    let mut summary = done.clone();
    let members = summary.as_object_mut().unwrap();
    members.remove("refused");
    members.remove("not_undone");
    assert_eq!(list["acceptances"], json!([summary]));
    assert_eq!(list["meta"]["next_cursor"], json!(null));

    // Others see it who read jobs; whoever may change all contacts may take it back.
    let none = other.get(&acceptances()).await.json(200);
    assert_eq!(none["acceptances"], json!([]));
    other.get(&path).await.problem(404, "not_found");
    let cancel = format!("{path}/cancel");
    other
        .post(&cancel, &json!({}))
        .await
        .problem(404, "not_found");
    assert_eq!(admin.get(&path).await.json(200), done);
    let seen = admin.get(&acceptances()).await.json(200);
    assert_eq!(seen["acceptances"], list["acceptances"]);

    let undo = maker
        .post(&format!("{path}/undo"), &json!({}))
        .await
        .json(202);
    let waits = maker.get(&path).await.json(200);
    let expected = json!({ "job_id": undo["job"]["id"], "status": "queued" });
    assert_eq!(waits["undo"], expected);
    app.run_job(&undo["job"]).await;

    let undone = maker.get(&path).await.json(200);
    assert_eq!(undone["undo"]["status"], "done");
    assert_eq!(undone["n_undone"], done["n_merged"]);
}

#[tokio::test]
async fn an_acceptance_is_stopped_by_whoever_made_it_and_what_waits_stays_open() {
    let (app, _, _) = with_pairs().await;
    let admin = app.signed_in(Role::Admin).await;
    let maker = merger(&app, &admin, "mia").await;
    let n_open = open(&maker).await["n_open"].clone();
    let asked = accept(&maker, 0.9).await;
    let path = format!("{}/{}", acceptances(), id(&asked["job"]));

    let cancelled = maker.post(&format!("{path}/cancel"), &json!({})).await;

    let cancelled = cancelled.json(202);
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(
        (&cancelled["n_merged"], &cancelled["n_pairs"]),
        (&json!(0), &asked["n_pairs"])
    );
    assert_eq!(open(&maker).await["n_open"], n_open);
    // It is over, so that the next one is another one.
    let next = accept(&maker, 0.9).await;
    assert_ne!(next["job"]["id"], asked["job"]["id"]);
    let unknown = format!("{}/0198c0de-0000-7000-8000-000000000001", acceptances());
    maker.get(&unknown).await.problem(404, "not_found");
    let cancel = format!("{unknown}/cancel");
    admin
        .post(&cancel, &json!({}))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn what_the_preview_counts_is_what_is_accepted() {
    let (_app, client, _) = with_pairs().await;
    let query = "filter=status:eq:open&filter=is_grouped:eq:true&filter=probability:gte:0.5";
    let preview = client.get(&format!("{PAIRS}?{query}&count=estimate")).await;
    let preview = preview.json(200);

    let asked = accept(&client, 0.5).await;

    assert_eq!(asked["n_pairs"], preview["meta"]["estimate"]);
}
