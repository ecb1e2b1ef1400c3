//! What changes is told: signed, in order, and to whom it may be told.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::receiver::{Call, Reaction};
use super::{PATH, Stage, id_of};
use crate::access::policy;
use crate::app::id;
use crate::routes::pipelines::sales;

/// The signature as a receiver works it out by itself (standardwebhooks.com).
fn signature(secret: &Value, call: &Call) -> String {
    let secret = secret.as_str().unwrap().strip_prefix("whsec_").unwrap();
    let secret = STANDARD.decode(secret).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
    let (id, at) = (call.header("webhook-id"), call.header("webhook-timestamp"));
    mac.update(format!("{id}.{at}.{}", call.body).as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn changes_are_told_signed_and_in_order() {
    let stage = Stage::set().await;
    let types = ["contact.created", "contact.updated", "contact.deleted"];
    let made = stage.webhook(&types).await;
    stage.send();

    let ann = stage.admin.contact("Ann").await;
    let path = format!("/api/v1/contacts/{}", id(&ann));
    let title = json!({ "title": "CTO" });
    stage.admin.patch_version(&path, 1, &title).await.json(200);
    let calls = stage.receiver.wait_for(2).await;
    stage.admin.delete(&path).await.expect_status(204);
    let calls = [calls, stage.receiver.wait_for(3).await[2..].to_vec()].concat();

    let told: Vec<Value> = calls.iter().map(Call::json).collect();
    let names: Vec<_> = told.iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(names, types);
    assert_eq!(told[0]["timestamp"], ann["created_at"]);
    assert_eq!(told[0]["data"]["object"], "contact");
    assert_eq!(told[1]["data"]["record"]["title"], "CTO");
    assert_eq!(
        told[2]["data"],
        json!({ "object": "contact", "id": ann["id"] })
    );
    for call in &calls {
        assert_eq!(call.path, "/hook");
        assert_eq!(call.header("content-type"), "application/json");
        assert_eq!(call.header("webhook-timestamp"), "1767603600");
        assert_eq!(
            call.header("webhook-signature"),
            signature(&made["secret"], call)
        );
    }
    let log = stage.settled(&made, 3, "delivered").await;
    let ids: Vec<_> = log
        .iter()
        .rev()
        .map(|it| it["message_id"].as_str().unwrap())
        .collect();
    let sent: Vec<_> = calls.iter().map(|call| call.header("webhook-id")).collect();
    assert_eq!(ids, sent);
}

#[tokio::test]
async fn the_record_is_told_as_the_api_shows_it() {
    let stage = Stage::set().await;
    stage.webhook(&["contact.created"]).await;
    stage.send();

    let ann = stage.admin.contact("Ann").await;

    let calls = stage.receiver.wait_for(1).await;
    let path = format!("/api/v1/contacts/{}", id(&ann));
    let shown = stage.admin.get(&path).await.json(200);
    assert_eq!(calls[0].json()["data"]["record"], shown);
}

#[tokio::test]
async fn a_deal_that_is_won_is_told_so() {
    let stage = Stage::set().await;
    let pipeline = sales(&stage.admin).await;
    let stages = pipeline["stages"].as_array().unwrap();
    let won = stages.iter().find(|it| it["outcome"] == "won").unwrap();
    stage
        .webhook(&["deal.stage_changed", "deal.won", "deal.lost"])
        .await;
    stage.send();
    let deal = stage.admin.record("deal", "Big", None, &pipeline).await;

    let path = format!("/api/v1/deals/{}", id(&deal));
    let body = json!({ "stage_id": won["id"] });
    stage.admin.patch_version(&path, 1, &body).await.json(200);

    let calls = stage.receiver.wait_for(2).await;
    let told: Vec<Value> = calls.iter().map(Call::json).collect();
    assert_eq!(told[0]["type"], "deal.stage_changed");
    assert_eq!(told[0]["data"]["previous_stage_id"], stages[0]["id"]);
    assert_eq!(told[1]["type"], "deal.won");
    assert_eq!(told[1]["data"]["record"]["stage"]["id"], won["id"]);
}

#[tokio::test]
async fn a_webhook_sees_what_its_owner_sees_and_nothing_once_the_owner_is_disabled() {
    let stage = Stage::set().await;
    let policy = policy("own", "own", "own", &["manage_webhooks"]);
    let role = stage.admin.role("Herald", &policy).await;
    let (ada, ada_id) = stage.app.colleague(&stage.admin, "ada", &role).await;
    let types = ["contact.created", "contact.deleted"];
    let made = stage.webhook_of(&ada, &types).await;
    stage.send();

    let theirs = stage.admin.contact("Theirs").await;
    let own = ada.contact("Own").await;
    stage.receiver.wait_for(1).await;
    for contact in [&theirs, &own] {
        let path = format!("/api/v1/contacts/{}", id(contact));
        stage.admin.delete(&path).await.expect_status(204);
    }

    let calls = stage.receiver.wait_for(2).await;
    let told: Vec<Value> = calls.iter().map(Call::json).collect();
    assert_eq!(told[0]["data"]["record"]["name"], "Own");
    assert_eq!(told[1]["data"]["id"], own["id"]);
    assert_eq!(stage.settled(&made, 2, "delivered").await.len(), 2);

    let off = json!({ "disabled": true });
    let path = format!("/api/v1/users/{ada_id}");
    stage.admin.patch(&path, &off).await.expect_status(200);
    let body = json!({ "name": "Late", "owner_id": ada_id });
    stage.admin.post("/api/v1/contacts", &body).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    assert_eq!(stage.log(&made).await.len(), 2);
    assert_eq!(stage.receiver.calls().len(), 2);
}

#[tokio::test]
async fn an_owner_who_may_not_keep_webhooks_any_more_is_told_nothing() {
    let stage = Stage::set().await;
    let may = policy("all", "all", "all", &["manage_webhooks"]);
    let role = stage.admin.role("Herald", &may).await;
    let (ada, ada_id) = stage.app.colleague(&stage.admin, "ada", &role).await;
    let made = stage.webhook_of(&ada, &["contact.created"]).await;
    stage.receiver.react([Reaction::Answer(503, "")]);
    stage.send();
    stage.admin.contact("Before").await;
    stage.receiver.wait_for(1).await;

    let may_not = policy("all", "all", "all", &[]);
    let role = stage.admin.role("Reader", &may_not).await;
    let path = format!("/api/v1/users/{ada_id}");
    let body = json!({ "role_id": role });
    stage.admin.patch(&path, &body).await.expect_status(200);
    stage.admin.contact("After").await;
    stage.app.advance_seconds(60);

    // What waited is withheld, and what came after is not even queued.
    let log = stage.settled(&made, 1, "withheld").await;
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    assert_eq!(log.len(), 1);
    assert_eq!(stage.log(&made).await.len(), 1);
    assert_eq!(stage.receiver.calls().len(), 1);
}

#[tokio::test]
async fn a_file_is_told_by_its_end_and_row_by_row_where_that_is_asked_for() {
    let stage = Stage::set().await;
    let types = ["import.finished", "contact.created"];
    stage.webhook(&types).await;
    let body = json!({
        "url": stage.receiver.url("/rows"), "types": types, "with_imports": true,
    });
    stage.admin.post(PATH, &body).await.json(201);

    let import = stage.app.import_orders(&stage.admin).await;
    stage.send();

    let calls = stage.receiver.wait_for(5).await;
    let told = |path: &str| {
        let calls = calls.iter().filter(|call| call.path == path);
        let names = calls.map(|call| call.json()["type"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(told("/hook"), ["import.finished"]);
    let [created, finished] = ["contact.created", "import.finished"];
    assert_eq!(told("/rows"), [created, created, created, finished]);
    let finished = calls.iter().find(|call| call.path == "/hook").unwrap();
    assert_eq!(
        finished.json()["data"]["record"]["counts"],
        import["counts"]
    );
}

#[tokio::test]
async fn while_a_secret_is_changed_both_signatures_are_sent() {
    let stage = Stage::set().await;
    let made = stage.webhook(&["contact.created"]).await;
    let path = format!("{PATH}/{}/rotate_secret", id_of(&made));
    let rotated = stage.admin.post(&path, &json!({})).await;
    assert_eq!(rotated.header("cache-control"), Some("no-store"));
    let rotated = rotated.json(200);
    assert_eq!(rotated["old_secret_until"], "2026-01-06T09:00:00Z");
    stage.send();

    stage.admin.contact("Ann").await;
    let call = stage.receiver.wait_for(1).await.remove(0);
    stage.app.advance_seconds(24 * 3_600);
    stage.admin.contact("Ben").await;
    let later = stage.receiver.wait_for(2).await.remove(1);

    let (new, old) = (&rotated["secret"], &made["secret"]);
    let both = format!("{} {}", signature(new, &call), signature(old, &call));
    assert_eq!(call.header("webhook-signature"), both);
    assert_eq!(later.header("webhook-signature"), signature(new, &later));
}

#[tokio::test]
async fn a_test_answers_what_came_of_it_whether_the_webhook_is_on_or_not() {
    let stage = Stage::set().await;
    let made = stage.webhook(&["contact.created"]).await;
    let path = format!("{PATH}/{}", id_of(&made));
    let off = json!({ "is_enabled": false });
    stage.admin.patch_version(&path, 1, &off).await.json(200);

    let test = format!("{path}/test");
    let taken = stage.admin.post(&test, &json!({})).await.json(200);

    assert_eq!(taken["delivery"]["status"], "delivered");
    assert_eq!(taken["delivery"]["type"], "webhook.test");
    assert_eq!(taken["attempts"][0]["code"], 204);
    let call = stage.receiver.calls().remove(0);
    assert_eq!(call.json()["type"], "webhook.test");
    assert_eq!(
        call.header("webhook-signature"),
        signature(&made["secret"], &call)
    );
}
