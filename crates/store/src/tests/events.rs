//! The inbox of events and the catalogue of files.

use rapport_domain::{Currency, Event, EventKind};

use super::{TestStore, now};
use crate::StoreError;
use crate::events::{self, EventSegment};

fn event(store: &TestStore, message_id: &str) -> Event {
    Event {
        id: store.id(),
        source: "shop".to_owned(),
        message_id: message_id.to_owned(),
        customer_id: Some(store.id()),
        kind: EventKind::Other("Video Played".to_owned()),
        occurred_at: now(),
        received_at: now(),
        order_id: Some("536365".to_owned()),
        sku: None,
        category: None,
        quantity: Some(1.5),
        amount_minor: Some(-3),
        currency: Some(Currency::GBP),
        properties: Some("{\"a\":1}".to_owned()),
    }
}

fn segment(path: &str) -> EventSegment {
    EventSegment {
        path: path.to_owned(),
        rows: 3,
        bytes: 300,
        bucket: Some(1),
        n_buckets: Some(8),
        min_at: now(),
        max_at: now(),
    }
}

#[tokio::test]
async fn a_repeated_event_is_one_event() {
    let store = TestStore::open().await;
    let first = event(&store, "m1");
    let events = vec![first.clone(), event(&store, "m1"), event(&store, "m2")];

    let n_new = events::append_inbox(&store, events).await.unwrap();
    let n_again = events::append_inbox(&store, vec![event(&store, "m2")])
        .await
        .unwrap();

    assert_eq!((n_new, n_again), (2, 0));
    assert_eq!(events::count_inbox(&store).await.unwrap(), 2);
    let inbox = events::list_inbox(&store, 1).await.unwrap();
    assert_eq!(inbox[0].event, first);
}

#[tokio::test]
async fn no_more_is_taken_from_the_inbox_than_fits_and_one_event_always() {
    let store = TestStore::open().await;
    let wide = |n: i32| rapport_domain::Event {
        properties: Some("x".repeat(10)),
        ..event(&store, &n.to_string())
    };
    events::append_inbox(&store, (0..5).map(wide).collect())
        .await
        .unwrap();
    let n_within = async |limit, n_chars_max| {
        let found = events::list_inbox_within(&store, limit, n_chars_max).await;
        found.unwrap().len()
    };

    assert_eq!(n_within(100, 1_000).await, 5);
    assert_eq!(n_within(100, 30).await, 3);
    assert_eq!(n_within(2, 1_000).await, 2);
    assert_eq!(n_within(100, 1).await, 1);
}

#[tokio::test]
async fn a_flush_moves_events_from_the_inbox_to_the_catalogue() {
    let store = TestStore::open().await;
    let events = (0..5).map(|n| event(&store, &n.to_string())).collect();
    events::append_inbox(&store, events).await.unwrap();
    let drained = events::list_inbox(&store, 3).await.unwrap();
    let seqs: Vec<i64> = drained.iter().map(|event| event.seq).collect();

    events::flush_inbox(&store, seqs.clone(), vec![segment("a")])
        .await
        .unwrap();
    let again = events::flush_inbox(&store, seqs, vec![segment("b")]).await;

    assert!(matches!(again, Err(StoreError::Conflict { .. })));
    assert_eq!(events::count_inbox(&store).await.unwrap(), 2);
    assert_eq!(events::list_segments(&store).await.unwrap(), [segment("a")]);
}

#[tokio::test]
async fn files_are_swapped_whole() {
    let store = TestStore::open().await;
    events::flush_inbox(&store, vec![], vec![segment("a"), segment("b")])
        .await
        .unwrap();

    let missing = vec!["a".to_owned(), "gone".to_owned()];
    let refused = events::swap_segments(&store, missing, vec![segment("c")]).await;
    let old = vec!["a".to_owned(), "b".to_owned()];
    events::swap_segments(&store, old, vec![segment("c")])
        .await
        .unwrap();

    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
    assert_eq!(events::list_segments(&store).await.unwrap(), [segment("c")]);
}
