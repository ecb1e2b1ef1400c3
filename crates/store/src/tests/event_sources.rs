//! Events over HTTP: keys of sources, messages that come twice, and the ledger of both.

use std::collections::{BTreeMap, HashMap};

use rapport_domain::{Event, EventKind, SourceId, Timestamp};

use super::imports::{rejected, running};
use super::{TestStore, now};
use crate::StoreError;
use crate::contacts;
use crate::events::{self, EventSegment, Receipt, ReceivedEvents};
use crate::imports::{self, ImportBatch};
use crate::ledger::{self, Channel, LedgerDay, LedgerQuery};
use crate::write_keys::{self, WriteKey};

fn event(store: &TestStore, message_id: &str) -> Event {
    Event {
        id: store.id(),
        source: "Web".to_owned(),
        message_id: message_id.to_owned(),
        customer_id: None,
        kind: EventKind::PageViewed,
        occurred_at: now(),
        received_at: now(),
        order_id: None,
        sku: None,
        category: None,
        quantity: None,
        amount_minor: None,
        currency: None,
        properties: None,
    }
}

/// Sends messages of a source and tells how many were stored and how many were not new.
async fn send(store: &TestStore, source: SourceId, at: Timestamp, messages: &[&str]) -> (u64, u64) {
    let received = ReceivedEvents {
        source_id: source,
        received_at: at,
        n_seen: messages.len() as u64,
        events: messages.iter().map(|id| event(store, id)).collect(),
        rejected: BTreeMap::new(),
        told: HashMap::new(),
        strangers: BTreeMap::new(),
        delivery: None,
    };
    let receipt = events::receive(store, received).await.unwrap();
    (receipt.n_stored, receipt.n_duplicate)
}

/// Moves the inbox to a file, as the upkeep does every half minute.
async fn flush(store: &TestStore) {
    let waiting = events::list_inbox(store, 1_000).await.unwrap();
    let seqs: Vec<i64> = waiting.iter().map(|event| event.seq).collect();
    let file = EventSegment {
        path: seqs[0].to_string(),
        rows: seqs.len() as u64,
        bytes: 1,
        bucket: None,
        n_buckets: None,
        min_at: now(),
        max_at: now(),
    };
    events::flush_inbox(store, seqs, vec![file]).await.unwrap();
}

async fn ledger_of(store: &TestStore, days: i64) -> Vec<LedgerDay> {
    let query = LedgerQuery {
        source_id: None,
        from: now().date(),
        until: now().plus_days(days).date(),
    };
    ledger::list(store, query).await.unwrap()
}

#[tokio::test]
async fn a_message_that_comes_again_after_its_file_was_written_is_still_known() {
    let store = TestStore::open().await;
    let web = store.source("Web").await;

    let first = send(&store, web, now(), &["m1", "m2", "m1"]).await;
    flush(&store).await;
    let again = send(&store, web, now().plus_days(7), &["m2", "m3"]).await;

    assert_eq!(first, (2, 1));
    assert_eq!(again, (1, 1));
}

#[tokio::test]
async fn messages_of_two_sources_are_two_even_with_one_key() {
    let store = TestStore::open().await;
    let (web, app) = (store.source("Web").await, store.source("App").await);

    send(&store, web, now(), &["m1"]).await;
    flush(&store).await;

    assert_eq!(send(&store, app, now(), &["m1"]).await, (1, 0));
}

#[tokio::test]
async fn messages_are_forgotten_after_two_periods() {
    let store = TestStore::open().await;
    let web = store.source("Web").await;
    send(&store, web, now(), &["m1"]).await;
    flush(&store).await;

    events::forget_seen(&store, now().plus_days(7))
        .await
        .unwrap();
    assert_eq!(send(&store, web, now(), &["m1"]).await, (0, 1));
    events::forget_seen(&store, now().plus_days(14))
        .await
        .unwrap();

    assert_eq!(send(&store, web, now(), &["m1"]).await, (1, 0));
}

#[tokio::test]
async fn a_message_sent_many_times_at_once_is_stored_once() {
    let store = TestStore::open().await;
    let web = store.source("Web").await;
    let sends = (0..8).map(|_| send(&store, web, now(), &["m1", "m2", "m3"]));

    let stored: Vec<(u64, u64)> = futures::future::join_all(sends).await;

    assert_eq!(stored.iter().map(|(n_stored, _)| n_stored).sum::<u64>(), 3);
    assert_eq!(events::count_inbox(&store).await.unwrap(), 3);
    let days = ledger_of(&store, 0).await;
    assert_eq!(
        (days[0].seen, days[0].stored, days[0].duplicate),
        (24, 3, 21)
    );
}

#[tokio::test]
async fn the_ledger_tells_what_became_of_everything() {
    let store = TestStore::open().await;
    let web = store.source("Web").await;
    let received = ReceivedEvents {
        source_id: web,
        received_at: now(),
        events: ["a", "b", "a"].map(|id| event(&store, id)).into(),
        rejected: BTreeMap::from([("no_id", 2), ("too_large", 1)]),
        n_seen: 6,
        told: HashMap::new(),
        strangers: BTreeMap::new(),
        delivery: None,
    };

    let receipt = events::receive(&store, received).await.unwrap();
    send(&store, web, now().plus_days(1), &["c"]).await;

    let expected = Receipt {
        n_stored: 2,
        n_duplicate: 1,
        n_rejected: 3,
    };
    assert_eq!(receipt, expected);
    let days = ledger_of(&store, 1).await;
    assert_eq!(days.len(), 2);
    assert_eq!((days[0].seen, days[0].stored), (1, 1));
    let day = &days[1];
    assert_eq!(day.source.name, "Web");
    assert_eq!((day.seen, day.stored, day.duplicate), (6, 2, 1));
    assert_eq!(day.rejected["no_id"], 2);
    assert!(days.iter().all(LedgerDay::is_complete));
}

#[tokio::test]
async fn rows_of_files_are_entered_batch_by_batch_and_apart_from_events() {
    let store = TestStore::open().await;
    let web = store.source("Web").await;
    send(&store, web, now(), &["a"]).await;
    let import = running(&store, web).await;

    for n_batches in 1..=2 {
        let mut batch = ImportBatch::empty(import, 3 * (n_batches - 1));
        batch.rows_done = 3 * n_batches;
        batch.counts.read = batch.rows_done;
        batch.counts.accepted = 2 * n_batches;
        batch.counts.unchanged = n_batches;
        batch.rejected = vec![rejected(n_batches)];
        imports::commit_batch(&store, batch).await.unwrap();
    }
    let stale = imports::commit_batch(&store, ImportBatch::empty(import, 3)).await;

    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
    let days = ledger_of(&store, 0).await;
    assert_eq!((days[0].channel, days[0].seen), (Channel::Events, 1));
    let files = &days[1];
    assert_eq!(files.channel, Channel::Files);
    assert_eq!((files.seen, files.stored, files.duplicate), (6, 2, 2));
    assert_eq!(files.rejected["bad_number"], 2);
    assert!(files.is_complete());
}

#[tokio::test]
async fn the_ledger_of_one_source_and_of_some_days() {
    let store = TestStore::open().await;
    let (web, app) = (store.source("Web").await, store.source("App").await);
    for source in [web, app] {
        send(&store, source, now(), &["a"]).await;
        send(&store, source, now().plus_days(2), &["b"]).await;
    }

    let query = LedgerQuery {
        source_id: Some(app),
        from: now().plus_days(1).date(),
        until: now().plus_days(2).date(),
    };
    let days = ledger::list(&store, query).await.unwrap();

    assert_eq!(days.len(), 1);
    assert_eq!(days[0].source.id, app);
}

#[tokio::test]
async fn nothing_is_counted_where_nothing_was_stored() {
    let store = TestStore::open().await;
    let received = ReceivedEvents {
        source_id: store.id(),
        received_at: now(),
        n_seen: 1,
        events: vec![event(&store, "a")],
        rejected: BTreeMap::new(),
        told: HashMap::new(),
        strangers: BTreeMap::new(),
        delivery: None,
    };

    let refused = events::receive(&store, received).await;

    assert!(matches!(refused, Err(StoreError::BrokenReference { .. })));
    assert_eq!(events::count_inbox(&store).await.unwrap(), 0);
}

#[tokio::test]
async fn a_key_stands_for_its_source_until_it_is_revoked() {
    let store = TestStore::open().await;
    let web = store.source("Web").await;
    let (key, other) = (WriteKey::generate(), WriteKey::generate());

    let row = write_keys::create(&store, &key, store.id(), web, now())
        .await
        .unwrap();

    assert!(key.to_string().starts_with(&row.prefix));
    assert_eq!(row.prefix.len(), 8);
    let found = write_keys::find_source(&store, &key).await.unwrap();
    assert_eq!(found.unwrap().id, web);
    let found = write_keys::find_source(&store, &other).await.unwrap();
    assert_eq!(found, None);

    write_keys::revoke(&store, row.id, now()).await.unwrap();
    write_keys::revoke(&store, row.id, now().plus_days(1))
        .await
        .unwrap();

    let found = write_keys::find_source(&store, &key).await.unwrap();
    assert_eq!(found, None);
    let rows = write_keys::list_of(&store, web).await.unwrap();
    assert_eq!(rows[0].revoked_at, Some(now()));
}

#[tokio::test]
async fn a_key_needs_its_source_and_only_a_key_is_revoked() {
    let store = TestStore::open().await;

    let made =
        write_keys::create(&store, &WriteKey::generate(), store.id(), store.id(), now()).await;
    let revoked = write_keys::revoke(&store, store.id(), now()).await;

    assert!(matches!(made, Err(StoreError::BrokenReference { .. })));
    assert!(matches!(revoked, Err(StoreError::NotFound { .. })));
}

#[test]
fn a_key_reads_back_as_it_was_shown_and_other_texts_are_none() {
    let key = WriteKey::generate();
    let shown = key.to_string();

    assert_eq!(shown.len(), 35);
    assert_eq!(shown.parse(), Ok(key));
    for text in ["", "wk_", "wk_12", &shown[3..], &shown[..34]] {
        assert!(text.parse::<WriteKey>().is_err(), "{text}");
    }
}

#[tokio::test]
async fn people_whom_nobody_comes_to_know_are_forgotten_with_age() {
    let store = TestStore::open().await;
    let web = store.source("Web").await;
    let mut ada = store.contact("Ada");
    ada.email = "ada@example.com".parse().ok();
    contacts::create(&store, ada).await.unwrap();
    for (name, days) in [("old", 0), ("new", 1)] {
        let received = ReceivedEvents {
            source_id: web,
            received_at: now().plus_days(days),
            n_seen: 0,
            events: Vec::new(),
            rejected: BTreeMap::new(),
            told: HashMap::new(),
            strangers: [(name.to_owned(), Some("ada@example.com".to_owned()))].into(),
            delivery: None,
        };
        events::receive(&store, received).await.unwrap();
    }
    // All of them are known by now, so that the list names everybody who is not forgotten.
    let names = async || {
        let known = events::list_known(&store, None, 10).await.unwrap();
        let names = known.into_iter().map(|stranger| stranger.profile_key);
        names.collect::<Vec<_>>()
    };

    let end = now().plus_days(events::STRANGER_DAYS);
    events::forget_old_strangers(&store, end).await.unwrap();
    assert_eq!(names().await, ["new", "old"]);
    events::forget_old_strangers(&store, end.plus_days(1))
        .await
        .unwrap();

    assert_eq!(names().await, ["new"]);
}
