//! Deliveries as they are taken in: once, counted, tied to people, whatever dies.

use rapport_domain::{Currency, IdGenerator, Timestamp};
use rapport_ingest::events::{Terms, read_batch};
use rapport_store::ledger::{self, LedgerDay, LedgerQuery};
use rapport_store::{StoreError, contacts, sources};
use rapport_testing::killed_at_wait;
use serde_json::json;
use tempfile::TempDir;

use super::super::{flush, link_known};
use super::*;
use crate::killed::{hand_clock, left_by_the_dead, open};

/// A delivery of this many events with keys of their own, one that comes twice and one bad one.
fn delivery(
    workspace: &Workspace,
    name: &str,
    n_events: usize,
) -> Vec<Result<IncomingEvent, EventFault>> {
    let message =
        |key: String| json!({ "type": "track", "event": "Seen", "userId": "u1", "messageId": key });
    let mut batch: Vec<_> = (0..n_events)
        .map(|idx| message(format!("{name}-{idx}")))
        .collect();
    batch.push(message(format!("{name}-0")));
    batch.push(json!({ "type": "track", "event": "Seen" }));
    let terms = Terms {
        received_at: workspace.clock.now(),
        currency: Currency::GBP,
    };
    let body = json!({ "batch": batch }).to_string();
    read_batch(body.as_bytes(), &terms).unwrap().events
}

async fn web(workspace: &Workspace) -> Source {
    let now = workspace.clock.now();
    let id = IdGenerator::from_entropy().next(now);
    sources::find_or_create(&workspace.store, "Web", id, now)
        .await
        .unwrap()
}

async fn ledger_of(workspace: &Workspace) -> LedgerDay {
    let today = workspace.clock.now().date();
    let query = LedgerQuery {
        source_id: None,
        from: today,
        until: today,
    };
    let mut days = ledger::list(&workspace.store, query).await.unwrap();
    assert_eq!(days.len(), 1);
    days.remove(0)
}

async fn n_events(workspace: &Workspace) -> u64 {
    workspace.events().await.unwrap().n_events()
}

#[tokio::test]
async fn a_repeated_message_is_stored_once_also_after_its_file_and_the_next_start() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path(), hand_clock().0).await;
    let source = web(&workspace).await;
    let first = take_in(&workspace, &source, delivery(&workspace, "m", 3)).await;
    flush(&workspace).await.unwrap();
    workspace.store.close().await;
    drop(workspace);

    let workspace = open(dir.path(), hand_clock().0).await;
    let again = take_in(&workspace, &source, delivery(&workspace, "m", 3)).await;

    let (first, again) = (first.unwrap(), again.unwrap());
    assert_eq!(
        (first.n_stored, first.n_duplicate, first.n_rejected),
        (3, 1, 1)
    );
    assert_eq!(
        (again.n_stored, again.n_duplicate, again.n_rejected),
        (0, 4, 1)
    );
    assert_eq!(n_events(&workspace).await, 3);
}

#[tokio::test]
async fn a_delivery_of_several_transactions_is_counted_whole() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path(), hand_clock().0).await;
    let source = web(&workspace).await;

    let n = TAKE_EVENTS + 1;
    let receipt = take_in(&workspace, &source, delivery(&workspace, "m", n)).await;

    let receipt = receipt.unwrap();
    assert_eq!((receipt.n_stored, receipt.n_rejected), (n as u64, 1));
    let day = ledger_of(&workspace).await;
    assert_eq!((day.seen, day.stored), (n as u64 + 2, n as u64));
    assert!(day.is_complete());
}

#[tokio::test]
async fn an_empty_delivery_writes_nothing() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path(), hand_clock().0).await;
    let source = web(&workspace).await;

    let receipt = take_in(&workspace, &source, Vec::new()).await.unwrap();

    assert_eq!(receipt, Receipt::default());
}

#[tokio::test]
async fn a_known_address_gives_the_event_its_customer() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path(), hand_clock().0).await;
    let source = web(&workspace).await;
    let now = workspace.clock.now();
    let mut ada = rapport_domain::Contact::named(workspace.ids.next(now), "Ada", now);
    ada.email = "ada@example.com".parse().ok();
    contacts::create(&workspace.store, ada.clone())
        .await
        .unwrap();
    let body = json!({ "batch": [
        { "type": "track", "event": "a", "userId": "u1",
          "context": { "traits": { "email": "ada@example.com" } } },
        { "type": "track", "event": "b", "anonymousId": "x" },
    ]});
    let terms = Terms {
        received_at: now,
        currency: Currency::GBP,
    };
    let events = read_batch(body.to_string().as_bytes(), &terms)
        .unwrap()
        .events;

    take_in(&workspace, &source, events).await.unwrap();

    let inbox = events::list_inbox(&workspace.store, 10).await.unwrap();
    let customers: Vec<_> = inbox.iter().map(|row| row.event.customer_id).collect();
    assert_eq!(customers, [Some(ada.id), None]);
    let kept = inbox[1].event.properties.as_deref().unwrap();
    assert!(kept.contains("\"$anonymous_id\":\"x\""), "{kept}");
}

/// Events as they were read, all of them good.
fn events_of(now: Timestamp, batch: &serde_json::Value) -> Vec<Incoming> {
    let terms = Terms {
        received_at: now,
        currency: Currency::GBP,
    };
    let body = json!({ "batch": batch }).to_string();
    read_batch(body.as_bytes(), &terms).unwrap().events
}

#[tokio::test]
async fn who_is_tied_by_an_address_is_tied_by_name_in_all_of_the_delivery_and_after_it() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path(), hand_clock().0).await;
    let source = web(&workspace).await;
    let now = workspace.clock.now();
    let mut ada = rapport_domain::Contact::named(workspace.ids.next(now), "Ada", now);
    ada.email = "ada@example.com".parse().ok();
    contacts::create(&workspace.store, ada.clone())
        .await
        .unwrap();
    let seen =
        |key: &str| json!({ "type": "track", "event": "a", "messageId": key, "userId": "u1" });
    let mut told = seen("m2");
    told["context"] = json!({ "traits": { "email": "ada@example.com" } });

    let delivery = events_of(now, &json!([seen("m1"), told, seen("m3")]));
    take_in(&workspace, &source, delivery).await.unwrap();
    let inbox = events::list_inbox(&workspace.store, 10).await.unwrap();
    let customers: Vec<_> = inbox.iter().map(|row| row.event.customer_id).collect();
    assert_eq!(customers, [Some(ada.id); 3]);

    // By a delivery of its own that comes before the name is looked up, and by one after it.
    take_in(&workspace, &source, events_of(now, &json!([seen("m4")])))
        .await
        .unwrap();
    link_known(&workspace).await.unwrap();
    take_in(&workspace, &source, events_of(now, &json!([seen("m5")])))
        .await
        .unwrap();
    let snapshot = workspace.events().await.unwrap();
    let history = snapshot.history(ada.id, None, &[], 100).await.unwrap();
    assert_eq!(history.len(), 5);
}

#[tokio::test]
async fn a_delivery_that_comes_twice_at_once_is_taken_once() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path(), hand_clock().0).await;
    let source = web(&workspace).await;
    // Without keys and times of their own nothing else tells them apart.
    for (key, n) in [("d1", 3), ("d2", TAKE_EVENTS + 1)] {
        let before = n_events(&workspace).await;
        let batch: Vec<_> = (0..n)
            .map(|_| json!({ "type": "track", "event": "a", "userId": "u1" }))
            .collect();
        let delivery = events_of(workspace.clock.now(), &json!(batch));
        let take = || take_delivery(&workspace, &source, delivery.clone(), Some(key.to_owned()));

        let (one, two) = tokio::join!(take(), take());
        let again = take().await;

        let refused = [&one, &two, &again].into_iter().filter(|taken| {
            matches!(
                taken,
                Err(PipelineError::Store(StoreError::AlreadyDelivered))
            )
        });
        assert_eq!(refused.count(), 2, "{key}: {one:?} {two:?} {again:?}");
        assert_eq!(n_events(&workspace).await - before, n as u64, "{key}");
    }
    assert!(ledger_of(&workspace).await.is_complete());
}

#[tokio::test]
async fn a_delivery_killed_at_any_of_its_waits_and_sent_again_is_stored_once_and_counted() {
    let dir = TempDir::new().unwrap();
    let mut n_waits = 0;
    let mut is_done = false;
    while !is_done {
        n_waits += 1;
        let workspace = open(dir.path(), hand_clock().0).await;
        let source = web(&workspace).await;
        let name = n_waits.to_string();
        let sent = take_in(&workspace, &source, delivery(&workspace, &name, 5));

        is_done = killed_at_wait(n_waits, sent).await.is_some();

        // What the writer has begun it ends: only then can it be counted.
        workspace.store.close().await;
        drop(workspace);
        let workspace = open(dir.path(), hand_clock().0).await;
        if n_waits > 1 || is_done {
            let day = ledger_of(&workspace).await;
            assert!(day.is_complete(), "wait {n_waits}: {day:?}");
            assert_eq!(day.stored, n_events(&workspace).await, "wait {n_waits}");
        }
        take_in(&workspace, &source, delivery(&workspace, &name, 5))
            .await
            .unwrap();
        let day = ledger_of(&workspace).await;
        assert!(day.is_complete(), "wait {n_waits}: {day:?}");
        let n = 5 * n_waits as u64;
        assert_eq!((day.stored, n_events(&workspace).await), (n, n));
    }
    assert!(n_waits > 1, "it never waited, so it was never killed");
}

#[test]
fn an_acknowledged_delivery_survives_a_kill() {
    let name = "events::take::tests::an_acknowledged_delivery_survives_a_kill";
    let dir = left_by_the_dead(name, async |directory| {
        let workspace = open(&directory, hand_clock().0).await;
        let source = web(&workspace).await;
        let sent = delivery(&workspace, "m", 5);
        take_in(&workspace, &source, sent).await.unwrap();
    });

    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let workspace = open(dir.path(), hand_clock().0).await;
        let day = ledger_of(&workspace).await;
        assert_eq!((day.stored, n_events(&workspace).await), (5, 5));
        assert!(day.is_complete());
    });
}
