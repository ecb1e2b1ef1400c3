//! Receivers that drop, refuse, sleep, redirect and flood: nothing is lost, and nobody else waits.

use std::time::Duration;

use rapport_domain::WebhookDeliveryId;
use rapport_store::webhooks::{self, NewDelivery};
use serde_json::{Value, json};
use uuid::Uuid;

use super::receiver::{Reaction, Receiver};
use super::{PATH, Stage, id_of};
use crate::app::id;

#[tokio::test]
async fn what_is_not_taken_is_sent_again_under_the_same_id() {
    let stage = Stage::set().await;
    let made = stage.webhook(&["contact.created"]).await;
    let reactions = [
        Reaction::HangUp,
        Reaction::Answer(500, ""),
        Reaction::Answer(307, "location: http://127.0.0.1:1/\r\n"),
        Reaction::Sleep(Duration::from_secs(3)),
    ];
    stage.receiver.react(reactions);
    stage.send();
    stage.admin.contact("Ann").await;

    for n_calls in 1..=5 {
        stage.receiver.wait_for(n_calls).await;
        if n_calls < 5 {
            // The try is noted before the clock moves on.
            wait_for_tries(&stage, &made, n_calls).await;
            stage.app.advance_seconds(3 * 3_600);
        }
    }

    let log = stage.settled(&made, 1, "delivered").await;
    let calls = stage.receiver.calls();
    let ids: Vec<_> = calls.iter().map(|call| call.header("webhook-id")).collect();
    assert!(ids.iter().all(|id| *id == log[0]["message_id"]), "{ids:?}");
    assert!(calls.windows(2).all(|two| {
        // A fresh instant, so that a receiver that checks it takes a late try, too.
        two[0].header("webhook-timestamp") < two[1].header("webhook-timestamp")
    }));
    let detail = stage.detail(&made, &log[0]).await;
    let attempts = detail["attempts"].as_array().unwrap();
    let codes: Vec<_> = attempts.iter().map(|it| &it["code"]).collect();
    assert_eq!(json!(codes), json!([null, 500, 307, null, 204]));
    assert!(
        attempts[3]["failure"]
            .as_str()
            .unwrap()
            .contains("no answer")
    );
}

async fn wait_for_tries(stage: &Stage, webhook: &Value, n: usize) {
    for _ in 0..100 {
        let log = stage.log(webhook).await;
        let detail = stage.detail(webhook, &log[0]).await;
        if detail["attempts"].as_array().unwrap().len() >= n {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{n} tries: {:?}", stage.log(webhook).await);
}

impl Stage {
    async fn detail(&self, webhook: &Value, delivery: &Value) -> Value {
        let path = format!("{PATH}/{}/deliveries/{}", id_of(webhook), id(delivery));
        self.admin.get(&path).await.json(200)
    }
}

#[tokio::test]
async fn a_receiver_that_asks_for_time_gets_it() {
    let stage = Stage::set().await;
    let made = stage.webhook(&["contact.created"]).await;
    stage
        .receiver
        .react([Reaction::Answer(429, "retry-after: 600\r\n")]);
    stage.send();
    stage.admin.contact("Ann").await;
    stage.receiver.wait_for(1).await;
    wait_for_tries(&stage, &made, 1).await;

    let log = stage.log(&made).await;
    assert_eq!(log[0]["next_attempt_at"], "2026-01-05T09:10:00Z");
    stage.app.advance_seconds(599);
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(stage.receiver.calls().len(), 1);
    stage.app.advance_seconds(1);

    stage.receiver.wait_for(2).await;
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_switched_off_and_told_all_once_it_is_on_again() {
    let stage = Stage::set().await;
    let made = stage.webhook(&["contact.created"]).await;
    stage.receiver.react([Reaction::Answer(410, "")]);
    stage.send();
    stage.admin.contact("Ann").await;
    stage.admin.contact("Ben").await;
    stage.settled(&made, 1, "failed").await;

    let path = format!("{PATH}/{}", id_of(&made));
    let webhook = stage.admin.get(&path).await.json(200);
    assert_eq!(webhook["is_enabled"], false);
    assert_eq!(webhook["stop"], "gone");
    let on = json!({ "is_enabled": true });
    let webhook = stage.admin.patch_version(&path, 1, &on).await.json(200);
    assert_eq!(webhook["stop"], Value::Null);
    let failed = json!({ "since": "2026-01-01T00:00:00Z", "only_failed": true });
    let replayed = stage.admin.post(&format!("{path}/replay"), &failed).await;
    assert_eq!(replayed.json(200)["n_deliveries"], 1);

    let log = stage.settled(&made, 2, "delivered").await;
    assert_eq!(log.len(), 2);
}

#[tokio::test]
async fn a_flood_of_an_answer_is_read_at_its_beginning_only() {
    let stage = Stage::set().await;
    let made = stage.webhook(&["contact.created"]).await;
    stage.receiver.react([Reaction::Flood]);
    stage.send();
    stage.admin.contact("Ann").await;

    let log = stage.settled(&made, 1, "delivered").await;

    let detail = stage.detail(&made, &log[0]).await;
    let answer = detail["attempts"][0]["answer"].as_str().unwrap();
    assert_eq!(answer, "x".repeat(2_000));
}

#[tokio::test]
async fn a_slow_receiver_holds_up_nobody_else() {
    let stage = Stage::set().await;
    let slow = Receiver::listen().await;
    slow.react((0..50).map(|_| Reaction::Sleep(Duration::from_secs(30))));
    let body = json!({ "url": slow.url("/"), "types": ["contact.created"] });
    stage.admin.post(PATH, &body).await.json(201);
    let made = stage.webhook(&["contact.created"]).await;
    stage.send();

    for idx in 0..20 {
        stage.admin.contact(&format!("C{idx}")).await;
    }

    let calls = stage.receiver.wait_for(20).await;
    let names = calls.iter().map(|call| call.json());
    let names: Vec<_> = names
        .map(|body| body["data"]["record"]["name"].clone())
        .collect();
    let expected: Vec<_> = (0..20).map(|idx| json!(format!("C{idx}"))).collect();
    assert_eq!(names, expected);
    stage.settled(&made, 20, "delivered").await;
    assert!(slow.calls().len() < 20);
}

#[tokio::test]
async fn a_sender_that_is_killed_before_it_notes_sends_once_more() {
    let stage = Stage::set().await;
    let made = stage.webhook(&["contact.created"]).await;
    let sender = stage.send();
    stage
        .receiver
        .react([Reaction::Sleep(Duration::from_secs(30))]);
    stage.admin.contact("Ann").await;
    let first = stage.receiver.wait_for(1).await.remove(0);
    sender.abort();
    let _ = sender.await;
    assert!(stage.log(&made).await[0]["last_attempt_at"].is_null());

    stage.app.advance_seconds(61);
    stage.send();

    let again = stage.receiver.wait_for(2).await.remove(1);
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
    assert_eq!(again.body, first.body);
    stage.settled(&made, 1, "delivered").await;
}

#[tokio::test]
async fn what_was_told_is_replayed_under_its_id() {
    let stage = Stage::set().await;
    let made = stage.webhook(&["contact.created"]).await;
    stage.send();
    stage.admin.contact("Ann").await;
    let log = stage.settled(&made, 1, "delivered").await;

    let path = format!("{PATH}/{}", id_of(&made));
    let one = format!("{path}/deliveries/{}/replay", id(&log[0]));
    stage.admin.post(&one, &json!({})).await.expect_status(204);

    let calls = stage.receiver.wait_for(2).await;
    assert_eq!(calls[0].header("webhook-id"), calls[1].header("webhook-id"));
    assert_eq!(calls[0].body, calls[1].body);
    let strange = one.replace(id_of(&made), "0198c0de-0000-7000-8000-000000000001");
    stage
        .admin
        .post(&strange, &json!({}))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn what_is_not_to_be_seen_any_more_is_not_sent_again_nor_shown() {
    let stage = Stage::set().await;
    let made = stage.webhook(&["contact.created"]).await;
    stage.receiver.react([Reaction::Echo]);
    stage.send();
    let ann = stage.admin.contact("Ann").await;
    stage.receiver.wait_for(1).await;
    wait_for_tries(&stage, &made, 1).await;
    let log = stage.log(&made).await;
    let detail = stage.detail(&made, &log[0]).await;
    assert_eq!(detail["attempts"][0]["answer"], detail["body"]);

    let path = format!("/api/v1/contacts/{}", id(&ann));
    stage.admin.delete(&path).await.expect_status(204);
    stage.app.advance_seconds(60);

    let log = stage.settled(&made, 1, "withheld").await;
    let detail = stage.detail(&made, &log[0]).await;
    assert_eq!(detail["body"], Value::Null);
    assert_eq!(detail["attempts"][0]["code"], 503);
    assert_eq!(detail["attempts"][0]["answer"], Value::Null);
    assert_eq!(stage.receiver.calls().len(), 1);
}

#[tokio::test]
async fn a_test_that_was_cut_off_is_tried_once_more_and_no_more() {
    let stage = Stage::set().await;
    let made = stage.webhook(&["contact.created"]).await;
    let app = &stage.app;
    // Ids begin with their instant, by which old deliveries are forgotten.
    let millis = u64::try_from(app.now().as_millis()).unwrap();
    let test = NewDelivery {
        id: WebhookDeliveryId(Uuid::from_u64_pair(millis << 16, 1)),
        webhook_id: id_of(&made).parse().unwrap(),
        type_name: "webhook.test".to_owned(),
        object: None,
        record_id: None,
        body: "{}".to_owned(),
    };
    let lease = Duration::from_secs(60);
    // Whoever asked for it went away before it was sent.
    webhooks::queue_test(&app.workspace.store, test, app.now(), lease)
        .await
        .unwrap();
    stage.receiver.react([Reaction::Answer(500, "")]);
    stage.app.advance_seconds(61);
    stage.send();

    let log = stage.settled(&made, 1, "failed").await;

    assert_eq!(log[0]["next_attempt_at"], Value::Null);
    let webhook = format!("{PATH}/{}", id_of(&made));
    let webhook = stage.admin.get(&webhook).await.json(200);
    assert_eq!(webhook["failing_since"], Value::Null);
    assert_eq!(stage.receiver.calls().len(), 1);
}

#[tokio::test]
async fn a_name_that_means_this_machine_is_not_called_unless_it_is_allowed() {
    let stage = Stage::set().await;
    let made = stage.webhook(&["contact.created"]).await;
    let id = id_of(&made).parse().unwrap();
    let store = &stage.app.workspace.store;
    let mut row = webhooks::find(store, id).await.unwrap().unwrap();
    // As if the name had been looked up to an address inside since it was typed.
    row.webhook.url = "https://[::1]:9/".to_owned();
    webhooks::update(store, row.webhook, 1).await.unwrap();

    let path = format!("{PATH}/{}/test", id_of(&made));
    let test = stage.admin.post(&path, &json!({})).await.json(200);

    assert_eq!(test["delivery"]["status"], "failed");
    let failure = test["attempts"][0]["failure"].as_str().unwrap();
    assert!(failure.contains("private network"), "{failure}");
}
