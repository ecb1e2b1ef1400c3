//! Webhooks are made, changed and deleted, and what they may not be is refused.

use serde_json::json;

use super::{PATH, Stage, config, id_of};
use crate::access::policy;
use crate::app::TestApp;

#[tokio::test]
async fn a_webhook_shows_its_secret_once() {
    let stage = Stage::set().await;

    let answer = stage
        .admin
        .post(
            PATH,
            &json!({
                "url": "https://example.com/hook", "description": " Warehouse ",
                "types": ["deal.won", "contact.created", "deal.won"],
            }),
        )
        .await;

    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let made = answer.json(201);
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    let webhook = &made["webhook"];
    assert_eq!(webhook["description"], "Warehouse");
    assert_eq!(webhook["types"], json!(["contact.created", "deal.won"]));
    assert_eq!(webhook["is_enabled"], true);
    assert_eq!(webhook["health"]["n_waiting"], 0);
    let list = stage.admin.get(PATH).await.json(200);
    assert_eq!(list["webhooks"], json!([webhook]));
    assert!(list["types"].as_array().unwrap().len() > 20);
    assert!(!list.to_string().contains("whsec_"));
}

#[tokio::test]
async fn what_a_webhook_may_not_be_is_refused_with_its_place() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (body, pointers) in [
        (
            json!({ "url": "nowhere", "types": ["deal.won"] }),
            vec!["/url"],
        ),
        (
            json!({ "url": "http://example.com/", "types": ["deal.won"] }),
            vec!["/url"],
        ),
        (
            json!({ "url": "https://10.0.0.8/", "types": ["deal.won"] }),
            vec!["/url"],
        ),
        (
            json!({ "url": "https://169.254.169.254/", "types": [] }),
            vec!["/url", "/types"],
        ),
        (
            json!({ "url": "https://example.com/", "types": ["deal.won", "deal.lust"] }),
            vec!["/types/1"],
        ),
        (
            json!({ "url": "https://example.com/", "types": ["deal.won"], "description": "x".repeat(201) }),
            vec!["/description"],
        ),
    ] {
        let answer = admin.post(PATH, &body).await;
        let problem: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        let found = problem["errors"].as_array().unwrap().iter();
        let found: Vec<_> = found.map(|it| it["pointer"].as_str().unwrap()).collect();
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(found, pointers, "{body}");
    }
    let list = admin.get(PATH).await.json(200);
    assert_eq!(list["webhooks"], json!([]));
}

#[tokio::test]
async fn a_webhook_is_changed_by_version_and_deleted() {
    let stage = Stage::set().await;
    let made = stage.webhook(&["deal.won"]).await;
    let path = format!("{PATH}/{}", id_of(&made));

    let off = json!({ "is_enabled": false, "types": ["deal.lost"] });
    let changed = stage.admin.patch_version(&path, 1, &off).await.json(200);
    let stale = stage.admin.patch_version(&path, 1, &off).await;
    let bad = json!({ "types": ["deal.lust"] });
    let bad = stage.admin.patch_version(&path, 2, &bad).await;

    assert_eq!(changed["is_enabled"], false);
    assert_eq!(changed["version"], 2);
    stale.problem(412, "version_conflict");
    assert_eq!(bad.pointers(422, "unknown_type"), ["/types/0"]);
    stage.admin.delete(&path).await.expect_status(204);
    stage.admin.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn others_webhooks_are_as_if_they_were_not_there_but_for_administrators() {
    let app = TestApp::with_config(config()).await;
    let admin = app.admin().await;
    let role = admin
        .role("Herald", &policy("own", "own", "own", &["manage_webhooks"]))
        .await;
    let (ada, _) = app.colleague(&admin, "ada", &role).await;
    let (ben, _) = app.colleague(&admin, "ben", &role).await;
    let body = json!({ "url": "https://example.com/", "types": ["deal.won"] });
    let made = ada.post(PATH, &body).await.json(201);
    let path = format!("{PATH}/{}", id_of(&made));

    for path in [path.clone(), format!("{path}/deliveries")] {
        ben.get(&path).await.problem(404, "not_found");
        ada.get(&path).await.expect_status(200);
        admin.get(&path).await.expect_status(200);
    }
    ben.post(&format!("{path}/rotate_secret"), &json!({}))
        .await
        .problem(404, "not_found");
    let of_ben = ben.get(PATH).await.json(200);
    assert_eq!(of_ben["webhooks"], json!([]));
}

#[tokio::test]
async fn a_key_keeps_webhooks_where_it_was_given_the_scope() {
    let stage = Stage::set().await;
    let body = json!({ "name": "Sync", "scopes": ["webhooks:write"] });
    let key = stage.admin.post("/api/v1/api_keys", &body).await.json(201);
    let program = stage.admin.with_key(key["key"].as_str().unwrap());

    let made = stage.webhook_of(&program, &["deal.won"]).await;

    assert_eq!(made["webhook"]["owner"]["name"], "Ada Example");
    program
        .get("/api/v1/deals")
        .await
        .problem(403, "scope_missing");
}
