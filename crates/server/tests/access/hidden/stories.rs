//! What hidden fields leave of searches, profiles, boards.

use serde_json::json;

use super::super::policy;
use super::staging::Staged;
use crate::app::{TestApp, id};

#[tokio::test]
async fn a_company_that_is_found_by_a_hidden_domain_finds_nobody() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
    let (contact, company) = (id(&staged.records[0]), id(&staged.records[1]));
    let path = format!("/api/v1/contacts/{contact}");
    let body = json!({ "company_id": company });
    staged.change(&path, &body).await;
    let mut policy = policy("all", "all", "all", &[]);
    policy["fields"] = json!({ "company": { "domain": "hidden" } });
    let role = staged.admin.role("No domains", &policy).await;
    let (ada, _) = app.colleague(&staged.admin, "ada", &role).await;

    for (client, by_domain) in [(&ada, 0), (&staged.admin, 1)] {
        for (word, n) in [("qbdomain", by_domain), ("company", 1), ("15177712345", 1)] {
            let found = client
                .get(&format!("/api/v1/contacts?search={word}"))
                .await
                .json(200);
            assert_eq!(found["contacts"].as_array().unwrap().len(), n, "{word}");
        }
    }
}

#[tokio::test]
async fn what_a_source_calls_somebody_is_hidden_with_the_address() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.import_orders(&admin).await;
    let list = admin.get("/api/v1/contacts?search=17850").await.json(200);
    // Without a name of its own it would be called by its number, which everybody sees.
    let path = format!("/api/v1/contacts/{}", id(&list["contacts"][0]));
    let version = list["contacts"][0]["version"].as_i64().unwrap();
    let body = json!({ "name": "Ann" });
    admin
        .patch_version(&path, version, &body)
        .await
        .expect_status(200);
    let profile = format!("{path}/profile");

    for (hidden, is_told) in [("email", false), ("phone", false), ("title", true)] {
        let mut policy = policy("all", "all", "all", &[]);
        policy["fields"] = json!({ "contact": { hidden: "hidden" } });
        let role = admin.role(&format!("No {hidden}"), &policy).await;
        let (client, _) = app.colleague(&admin, hidden, &role).await;

        let identity = client.get(&profile).await.json(200)["identities"][0].clone();
        assert_eq!(identity["profile_key"] == "17850", is_told, "{identity}");
        assert_eq!(identity.get("profile_key").is_some(), is_told);
        let found = client.get("/api/v1/contacts?search=17850").await.json(200);
        let n_found = found["contacts"].as_array().unwrap().len();
        assert_eq!(n_found, usize::from(is_told), "{hidden}");
        // What mixes everything is for who sees everything.
        client
            .get("/api/v1/imports")
            .await
            .problem(403, "not_allowed");
        client.get("/api/v1/jobs").await.problem(403, "not_allowed");
    }
}

#[tokio::test]
async fn the_median_and_the_number_of_deals_are_told_without_their_amounts() {
    let app = TestApp::start().await;
    let staged = Staged::stage(&app).await;
    let mut policy = policy("all", "all", "all", &[]);
    policy["fields"] = json!({ "deal": { "amount": "hidden" } });
    let role = staged.admin.role("No amounts", &policy).await;
    let (ada, _) = app.colleague(&staged.admin, "ada", &role).await;
    let board = format!("/api/v1/pipelines/{}/board", id(&staged.pipeline));

    let column = ada.get(&board).await.json(200)["columns"][0].clone();

    assert_eq!(column["n_deals"], 1);
    assert!(column["median_entered_at"].is_string());
    for member in ["sums", "weighted"] {
        assert!(column.get(member).is_none(), "{column}");
    }
    assert!(column["deals"][0].get("amount").is_none());
    let by_amount = ada.get(&format!("{board}?filter=amount:gte:1")).await;
    assert_eq!(by_amount.pointers(403, "field_hidden"), ["?filter"]);
}
