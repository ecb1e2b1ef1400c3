//! Histories told by hand, and what is built from them.

use rapport_domain::{ContactId, Event, EventKind, Timestamp};
use rapport_features::{FeatureTable, Sequences, build, end_of_history, sequences};
use rapport_lake::{Lake, LakeLocation, LakeOptions};
use rapport_testing::{EventBuilder, at};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) fn lake_in(dir: &TempDir) -> Lake {
    let options = LakeOptions {
        memory_limit_bytes: 64 * 1024 * 1024,
        n_partitions: 2,
        spill_dir: None,
    };
    Lake::open(LakeLocation::Directory(dir.path().to_owned()), options).unwrap()
}

pub(crate) fn customer(number: u128) -> ContactId {
    ContactId(Uuid::from_u128(number))
}

pub(crate) async fn build_from(events: &[Event], as_of: Timestamp) -> FeatureTable {
    let dir = TempDir::new().unwrap();
    let snapshot = lake_in(&dir).snapshot(&[], events).await.unwrap();
    build(&snapshot, as_of).await.unwrap()
}

pub(crate) async fn end_from(events: &[Event], before: Timestamp) -> Option<Timestamp> {
    let dir = TempDir::new().unwrap();
    let snapshot = lake_in(&dir).snapshot(&[], events).await.unwrap();
    end_of_history(&snapshot, before).await.unwrap()
}

pub(crate) async fn sequences_from(
    events: &[Event],
    as_of: Timestamp,
    max_len: usize,
) -> Sequences {
    let dir = TempDir::new().unwrap();
    let snapshot = lake_in(&dir).snapshot(&[], events).await.unwrap();
    sequences(&snapshot, as_of, max_len).await.unwrap()
}

/// Three orders (one with two lines), one return, one page view, told by hand.
pub(crate) fn small_history() -> Vec<Event> {
    let mut make = EventBuilder::new("shop");
    let ada = customer(1);
    // 2025-03-01 is a Saturday, 08:00 is morning; 2025-03-11 is a Tuesday, 18:00 is evening;
    // 2025-03-31 is a Monday, 23:00 is night.
    let mut events = vec![
        make.ordered(ada, at("2025-03-01T08:00:00Z"), "A", 1000),
        make.ordered(ada, at("2025-03-01T08:00:00Z"), "A", 3000),
        make.ordered(ada, at("2025-03-11T18:00:00Z"), "B", 2000),
        make.ordered(ada, at("2025-03-31T23:00:00Z"), "C", 6000),
    ];
    events[1].sku = Some("sku-2".into());
    events[1].quantity = Some(3.0);
    let mut returned = make.ordered(ada, at("2025-04-01T08:00:00Z"), "CB", -2000);
    returned.kind = EventKind::ProductReturned;
    returned.quantity = Some(-1.0);
    events.push(returned);
    events.push(make.of_kind(
        EventKind::PageViewed,
        Some(customer(2)),
        at("2025-04-02T00:00:00Z"),
    ));
    events
}
