//! Webhooks: what becomes of deliveries.

use std::time::Duration;

use rapport_domain::{
    Timestamp, Webhook, WebhookDeliveryId, WebhookId, WebhookStatus, WebhookStop, WebhookType,
};

use super::webhooks::{outbox, user, webhook};
use super::{TestStore, now};
use crate::webhooks::{self, Attempt, Fate, NewDelivery, WebhookSecret};
use crate::{ListQuery, Op, StoreError, contacts};

const LEASE: Duration = Duration::from_secs(60);

fn delivery(store: &TestStore, webhook: WebhookId) -> NewDelivery {
    NewDelivery {
        id: store.id(),
        webhook_id: webhook,
        type_name: "contact.created".to_owned(),
        object: None,
        record_id: None,
        body: "{}".to_owned(),
    }
}

fn attempt(number: u32, code: Option<u16>) -> Attempt {
    Attempt {
        number,
        at: now(),
        duration_ms: 12,
        code,
        failure: code.is_none().then(|| "no connection".to_owned()),
        answer: code.map(|_| "ok".to_owned()),
    }
}

/// A webhook at which so many deliveries wait, and their ids in order.
async fn waiting(store: &TestStore, n: usize) -> (Webhook, Vec<WebhookDeliveryId>) {
    let ada = user(store).await;
    let hook = webhook(store, ada, &[WebhookType::ContactCreated]).await;
    for idx in 0..n {
        let contact = store.contact(&format!("C{idx}"));
        contacts::create(store, contact).await.unwrap();
    }
    let changes = outbox(store).await;
    let told = changes.iter();
    let told: Vec<_> = told
        .map(|change| (change.no, delivery(store, hook.id)))
        .collect();
    let ids = told.iter().map(|(_, delivery)| delivery.id).collect();
    webhooks::queue(store, &changes, told, now()).await.unwrap();
    (hook, ids)
}

async fn note(store: &TestStore, claimed: &webhooks::Claimed, fate: Fate, at: Timestamp) {
    let limit = at.plus_days(-5);
    let tried = attempt(claimed.number, Some(500));
    webhooks::note(store, claimed, Some(tried), fate, limit, at)
        .await
        .unwrap();
}

#[tokio::test]
async fn changes_are_queued_once_and_deliveries_are_claimed_in_order() {
    let store = TestStore::open().await;
    let (hook, ids) = waiting(&store, 2).await;

    let due = webhooks::due(&store, now()).await.unwrap();
    let first = webhooks::claim(&store, hook.id, now(), LEASE)
        .await
        .unwrap();
    let second = webhooks::claim(&store, hook.id, now(), LEASE)
        .await
        .unwrap();
    let none = webhooks::claim(&store, hook.id, now(), LEASE)
        .await
        .unwrap();

    assert!(outbox(&store).await.is_empty());
    assert_eq!(due, [hook.id]);
    let claimed = [first.unwrap(), second.unwrap()];
    assert_eq!(claimed.iter().map(|it| it.id).collect::<Vec<_>>(), ids);
    assert_eq!(claimed[0].number, 1);
    assert_eq!(claimed[0].secrets.len(), 1);
    assert_eq!(none, None);
}

#[tokio::test]
async fn what_was_claimed_and_never_noted_is_due_again() {
    let store = TestStore::open().await;
    let (hook, ids) = waiting(&store, 1).await;
    webhooks::claim(&store, hook.id, now(), LEASE)
        .await
        .unwrap();
    let later = now().plus_seconds(61);

    let again = webhooks::claim(&store, hook.id, later, LEASE)
        .await
        .unwrap();

    let again = again.unwrap();
    assert_eq!((again.id, again.number), (ids[0], 2));
}

#[tokio::test]
async fn a_try_is_noted_with_what_becomes_of_the_delivery() {
    let store = TestStore::open().await;
    let (hook, ids) = waiting(&store, 1).await;
    let claimed = webhooks::claim(&store, hook.id, now(), LEASE)
        .await
        .unwrap();
    let retry = now().plus_seconds(5);
    note(&store, &claimed.unwrap(), Fate::TriedAgain(retry), now()).await;

    let detail = webhooks::find_delivery(&store, hook.id, ids[0])
        .await
        .unwrap();
    let row = webhooks::find(&store, hook.id).await.unwrap().unwrap();
    let detail = detail.unwrap();
    assert_eq!(detail.row.status, WebhookStatus::Waiting);
    assert_eq!(detail.row.next_attempt_at, Some(retry));
    assert_eq!(detail.row.last_code, Some(500));
    assert_eq!(detail.attempts, [attempt(1, Some(500))]);
    assert_eq!(row.webhook.failing_since, Some(now()));

    let claimed = webhooks::claim(&store, hook.id, retry, LEASE)
        .await
        .unwrap();
    note(&store, &claimed.unwrap(), Fate::Delivered, retry).await;

    let row = webhooks::find(&store, hook.id).await.unwrap().unwrap();
    let health = webhooks::health(&store, hook.id).await.unwrap();
    assert_eq!(row.webhook.failing_since, None);
    assert_eq!(health.recent, [WebhookStatus::Delivered]);
    assert_eq!(health.n_waiting, 0);
    assert_eq!(health.last_attempt_at, Some(retry));
}

#[tokio::test]
async fn a_receiver_that_wants_nothing_more_or_takes_nothing_for_days_is_not_called() {
    for (fate, at, stop) in [
        (Fate::Gone, now(), WebhookStop::Gone),
        (Fate::Failed, now().plus_days(6), WebhookStop::Failing),
    ] {
        let store = TestStore::open().await;
        let (hook, _) = waiting(&store, 2).await;
        let claimed = webhooks::claim(&store, hook.id, now(), LEASE)
            .await
            .unwrap();
        note(
            &store,
            &claimed.unwrap(),
            Fate::TriedAgain(now().plus_days(1)),
            now(),
        )
        .await;
        let claimed = webhooks::claim(&store, hook.id, at, LEASE).await.unwrap();
        note(&store, &claimed.unwrap(), fate, at).await;

        let row = webhooks::find(&store, hook.id).await.unwrap().unwrap();
        assert!(!row.webhook.is_enabled);
        assert_eq!(row.webhook.stop, Some(stop));
        let much_later = at.plus_days(9);
        assert!(webhooks::due(&store, much_later).await.unwrap().is_empty());
        contacts::create(&store, store.contact("Cid"))
            .await
            .unwrap();
        assert!(outbox(&store).await.is_empty(), "nobody wants it any more");
    }
}

#[tokio::test]
async fn a_secret_that_is_changed_leaves_the_old_one_for_a_while() {
    let store = TestStore::open().await;
    let (hook, _) = waiting(&store, 2).await;
    let secret = WebhookSecret::generate();
    let until = now().plus_seconds(3_600);
    webhooks::rotate_secret(&store, hook.id, &secret, until)
        .await
        .unwrap();

    let during = webhooks::claim(&store, hook.id, now(), LEASE)
        .await
        .unwrap();
    let after = webhooks::claim(&store, hook.id, until, LEASE)
        .await
        .unwrap();

    let during = during.unwrap().secrets;
    assert_eq!(during.len(), 2);
    assert_eq!(during[0], secret);
    assert_eq!(after.unwrap().secrets, [secret]);
}

#[tokio::test]
async fn deliveries_are_replayed_one_by_one_or_since_an_instant() {
    let store = TestStore::open().await;
    let (hook, ids) = waiting(&store, 3).await;
    for fate in [Fate::Delivered, Fate::Failed] {
        let claimed = webhooks::claim(&store, hook.id, now(), LEASE)
            .await
            .unwrap();
        note(&store, &claimed.unwrap(), fate, now()).await;
    }
    let since = now().plus_seconds(-1);
    let again = now().plus_seconds(10);

    let n_failed = webhooks::replay_since(&store, hook.id, since, true, again).await;
    assert_eq!(n_failed.unwrap(), 1);
    let query = ListQuery::default().with("status", Op::Eq, "delivered");
    let page = webhooks::list_deliveries(&store, hook.id, &query)
        .await
        .unwrap();
    assert_eq!(page.items.len(), 1);
    webhooks::replay(&store, hook.id, ids[0], again)
        .await
        .unwrap();
    let none = webhooks::replay_since(&store, hook.id, again, false, again).await;
    assert_eq!(none.unwrap(), 0);
    let strange = webhooks::replay(&store, store.id(), ids[0], again).await;
    assert!(matches!(strange, Err(StoreError::NotFound { .. })));

    let claimed = webhooks::claim(&store, hook.id, now(), LEASE)
        .await
        .unwrap();
    assert_eq!(
        claimed.unwrap().id,
        ids[2],
        "what was never tried is due first"
    );
    let claimed = webhooks::claim(&store, hook.id, again, LEASE)
        .await
        .unwrap();
    let claimed = claimed.unwrap();
    assert_eq!(
        (claimed.id, claimed.number, claimed.n_tries),
        (ids[0], 2, 1)
    );
}

#[tokio::test]
async fn old_deliveries_are_forgotten_whatever_became_of_them() {
    let store = TestStore::open().await;
    let (hook, ids) = waiting(&store, 2).await;
    let claimed = webhooks::claim(&store, hook.id, now(), LEASE)
        .await
        .unwrap();
    note(&store, &claimed.unwrap(), Fate::Delivered, now()).await;

    assert_eq!(webhooks::sweep(&store, now()).await.unwrap(), 0);
    assert_eq!(
        webhooks::sweep(&store, now().plus_days(1)).await.unwrap(),
        2
    );

    for id in ids {
        let gone = webhooks::find_delivery(&store, hook.id, id).await.unwrap();
        assert!(gone.is_none());
    }
}

#[tokio::test]
async fn what_was_told_of_a_record_is_erased_and_that_it_was_deleted_is_still_told() {
    let store = TestStore::open().await;
    let ada = user(&store).await;
    let hook = webhook(&store, ada, &[WebhookType::ContactCreated]).await;
    let [ann, ben] = [1, 2].map(uuid::Uuid::from_u128);
    let mut tested = Vec::new();
    for (record, type_name) in [
        (ann, "contact.created"),
        (ann, "contact.deleted"),
        (ben, "contact.created"),
    ] {
        let new = NewDelivery {
            record_id: Some(record),
            type_name: type_name.to_owned(),
            ..delivery(&store, hook.id)
        };
        let claimed = webhooks::queue_test(&store, new, now(), LEASE)
            .await
            .unwrap();
        note(&store, &claimed, Fate::Delivered, now()).await;
        tested.push(claimed);
    }

    assert_eq!(webhooks::erase(&store, ann).await.unwrap(), 1);
    // A sender that had it in hand notes what came of it.
    note(&store, &tested[0], Fate::Delivered, now()).await;

    let mut left = Vec::new();
    for claimed in &tested {
        let found = webhooks::find_delivery(&store, hook.id, claimed.id);
        let answers = found.await.unwrap().map(|found| {
            let attempts = found.attempts.into_iter();
            attempts.map(|attempt| attempt.answer).collect::<Vec<_>>()
        });
        left.push(answers);
    }
    assert_eq!(
        left,
        [None, Some(vec![None]), Some(vec![Some("ok".to_owned())])]
    );
}

#[tokio::test]
async fn a_quiet_time_is_no_time_of_failures() {
    for last in [Fate::Withheld, Fate::Unreadable, Fate::Failed] {
        let store = TestStore::open().await;
        let (hook, _) = waiting(&store, 2).await;
        let claimed = webhooks::claim(&store, hook.id, now(), LEASE)
            .await
            .unwrap();
        note(&store, &claimed.unwrap(), Fate::Failed, now()).await;
        let failing_since = async || {
            let row = webhooks::find(&store, hook.id).await.unwrap().unwrap();
            row.webhook.failing_since
        };
        assert_eq!(failing_since().await, Some(now()), "another one waits");

        let claimed = webhooks::claim(&store, hook.id, now(), LEASE)
            .await
            .unwrap();
        note(&store, &claimed.unwrap(), last, now()).await;

        assert_eq!(failing_since().await, None, "{last:?}");
    }
}
