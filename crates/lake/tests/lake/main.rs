//! The lake through its public face: durable files, one consistent view, compaction, narrow reads.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod files;

use std::sync::Arc;

use object_store::memory::InMemory;
use proptest::prelude::*;
use rapport_domain::{ContactId, Event, EventKind};
use rapport_lake::{
    CompactOptions, Lake, LakeError, LakeLocation, LakeOptions, Place, Segment, SqlValue,
};
use rapport_testing::{EventBuilder, at};
use tempfile::TempDir;
use uuid::Uuid;

fn options() -> LakeOptions {
    LakeOptions {
        memory_limit_bytes: 64 * 1024 * 1024,
        n_partitions: 2,
        spill_dir: None,
    }
}

fn lake_in(dir: &TempDir) -> Lake {
    Lake::open(LakeLocation::Directory(dir.path().to_owned()), options()).unwrap()
}

fn customer(number: u128) -> ContactId {
    ContactId(Uuid::from_u128(number))
}

/// `n` orders of `n_customers` customers, one an hour from 2025-01-30.
fn events(n: usize, n_customers: u128) -> Vec<Event> {
    let mut make = EventBuilder::new("shop");
    let start = at("2025-01-30T00:00:00Z");
    (0..n)
        .map(|i| {
            let when = start.plus_seconds(3600 * i as i64);
            make.ordered(
                customer(1 + i as u128 % n_customers),
                when,
                &i.to_string(),
                100,
            )
        })
        .collect()
}

async fn sum_and_count(lake: &Lake, segments: &[Segment], inbox: &[Event]) -> (i64, i64) {
    let snapshot = lake.snapshot(segments, inbox).await.unwrap();
    let batches = snapshot
        .sql(
            "SELECT sum(amount_minor) AS s, count(*) AS n FROM events",
            &[],
        )
        .await
        .unwrap();
    let column = |name: &str| {
        use arrow::array::AsArray;
        batches[0][name]
            .as_primitive::<arrow::datatypes::Int64Type>()
            .value(0)
    };
    (column("s"), column("n"))
}

#[tokio::test]
async fn a_segment_counts_only_when_the_snapshot_names_it() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let all = events(10, 3);

    let first = lake.write_segment(&all[..4]).await.unwrap();
    let second = lake.write_segment(&all[4..8]).await.unwrap();

    assert_eq!(
        sum_and_count(&lake, std::slice::from_ref(&first), &[]).await,
        (400, 4)
    );
    assert_eq!(
        sum_and_count(&lake, &[first, second], &all[8..]).await,
        (1000, 10)
    );
}

#[tokio::test]
async fn no_events_make_no_file() {
    let dir = TempDir::new().unwrap();

    assert!(matches!(
        lake_in(&dir).write_segment(&[]).await,
        Err(LakeError::NoEvents)
    ));
}

#[tokio::test]
async fn compaction_changes_the_files_and_not_the_answers() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let all = events(500, 7);
    let mut before = Vec::new();
    for part in all.chunks(90) {
        before.push(lake.write_segment(part).await.unwrap());
    }

    let small = CompactOptions {
        target_rows: 100,
        ..CompactOptions::default()
    };
    let after = lake.compact(&before, &small).await.unwrap();
    lake.remove(&before).await.unwrap();

    assert!(
        after
            .iter()
            .all(|s| s.path.starts_with("month=2025-0") && s.n_buckets.is_some())
    );
    // February has all but two days of the events.
    let crowded = after.iter().filter(|s| s.path.starts_with("month=2025-02"));
    assert!(crowded.into_iter().all(|s| s.n_buckets == Some(8)));
    assert_eq!(after.iter().map(|s| s.rows).sum::<u64>(), 500);
    assert_eq!(sum_and_count(&lake, &after, &[]).await, (50_000, 500));
}

#[tokio::test]
async fn a_history_is_newest_first_and_comes_from_the_customers_bucket_alone() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let all = events(300, 10);
    let segment = lake.write_segment(&all).await.unwrap();
    let small = CompactOptions {
        target_rows: 50,
        ..CompactOptions::default()
    };
    let segments = lake.compact(&[segment], &small).await.unwrap();
    let wanted = customer(4);
    // A file that cannot hold the customer is not even opened: its loss goes unnoticed.
    let others: Vec<Segment> = segments
        .iter()
        .filter(|s| !s.may_hold(wanted))
        .cloned()
        .collect();
    assert!(!others.is_empty());
    lake.remove(&others).await.unwrap();

    let snapshot = lake.snapshot(&segments, &[]).await.unwrap();
    let history = snapshot.history(wanted, None, &[], 5).await.unwrap();
    let place = Place {
        at: history[4].occurred_at,
        id: history[4].id,
    };
    let earlier = snapshot
        .history(wanted, Some(place), &[], 100)
        .await
        .unwrap();

    assert!(history.iter().all(|e| e.customer_id == Some(wanted)));
    assert!(
        history
            .windows(2)
            .all(|pair| pair[0].occurred_at > pair[1].occurred_at)
    );
    assert_eq!(history.len() + earlier.len(), 30);
}

#[tokio::test]
async fn the_ordered_stream_goes_customer_by_customer() {
    use arrow::array::AsArray;
    use futures::TryStreamExt;

    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let all = events(200, 9);
    let segment = lake.write_segment(&all[..120]).await.unwrap();

    let snapshot = lake.snapshot(&[segment], &all[120..]).await.unwrap();
    let before = at("2025-02-05T00:00:00Z");
    let batches: Vec<_> = snapshot
        .ordered(before)
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();

    let customers: Vec<String> = batches
        .iter()
        .flat_map(|b| {
            b["customer_id"]
                .as_string::<i32>()
                .iter()
                .map(|c| c.unwrap().to_owned())
        })
        .collect();
    assert!(customers.is_sorted());
    assert_eq!(customers.len(), 6 * 24);
}

#[tokio::test]
async fn only_one_select_is_run() {
    let dir = TempDir::new().unwrap();
    let snapshot = lake_in(&dir).snapshot(&[], &events(1, 1)).await.unwrap();

    for query in [
        "DROP TABLE events",
        "CREATE TABLE x AS SELECT * FROM events",
        "COPY events TO 'out.parquet'",
        "SELECT 1; SELECT 2",
        "SET datafusion.execution.batch_size = 1",
        "INSERT INTO events SELECT * FROM events",
    ] {
        assert!(snapshot.sql(query, &[]).await.is_err(), "{query}");
    }
}

#[tokio::test]
async fn a_parameter_is_data_and_never_sql() {
    let dir = TempDir::new().unwrap();
    let snapshot = lake_in(&dir).snapshot(&[], &events(3, 1)).await.unwrap();
    let hostile = SqlValue::text("x' OR '1'='1");

    let rows = snapshot
        .sql("SELECT * FROM events WHERE source = $s", &[("s", hostile)])
        .await
        .unwrap();

    assert_eq!(rows.iter().map(|batch| batch.num_rows()).sum::<usize>(), 0);
}

#[tokio::test]
async fn a_damaged_file_is_an_error_that_names_it() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let segment = lake.write_segment(&events(100, 3)).await.unwrap();
    let path = dir.path().join(&segment.path);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();

    let snapshot = lake
        .snapshot(std::slice::from_ref(&segment), &[])
        .await
        .unwrap();
    let error = snapshot
        .sql("SELECT sum(amount_minor) FROM events", &[])
        .await
        .unwrap_err();

    let name = segment.path.rsplit('/').next().unwrap();
    assert!(error.to_string().contains(name), "{error}");
}

#[tokio::test]
async fn a_file_with_a_flipped_byte_is_named_by_streams_and_by_compaction() {
    use futures::TryStreamExt;

    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let whole = lake.write_segment(&events(100, 3)).await.unwrap();
    let damaged = lake.write_segment(&events(4000, 3)).await.unwrap();
    let path = dir.path().join(&damaged.path);
    let mut bytes = std::fs::read(&path).unwrap();
    // The first pages hold the customers; a run of zeros is no zstd frame.
    bytes[4..200].fill(0);
    std::fs::write(&path, &bytes).unwrap();

    let segments = [whole, damaged.clone()];
    let snapshot = lake.snapshot(&segments, &[]).await.unwrap();
    let late = at("2030-01-01T00:00:00Z");
    let streamed = match snapshot.ordered(late).await {
        Ok(stream) => stream.try_collect::<Vec<_>>().await.unwrap_err(),
        Err(error) => error,
    };
    let compacted = lake
        .compact(&segments, &CompactOptions::default())
        .await
        .unwrap_err();

    for error in [streamed, compacted] {
        assert!(
            matches!(&error, LakeError::Damaged { path, .. } if *path == damaged.path),
            "{error:?}"
        );
    }
    assert!(!dir.path().join("month=2025-01").exists() || n_files(dir.path()) == 2);
}

fn n_files(directory: &std::path::Path) -> usize {
    std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { n_files(&path) } else { 1 })
        .sum()
}

#[tokio::test]
async fn more_files_than_are_merged_at_once_leave_no_intermediate_files() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let all = events(210, 5);
    let mut before = Vec::new();
    for part in all.chunks(3) {
        before.push(lake.write_segment(part).await.unwrap());
    }

    let after = lake
        .compact(&before, &CompactOptions::default())
        .await
        .unwrap();

    assert_eq!(before.len(), 70);
    assert_eq!(n_files(dir.path()), before.len() + after.len());
    assert_eq!(sum_and_count(&lake, &after, &[]).await, (21_000, 210));
}

#[tokio::test]
async fn a_query_beyond_its_memory_spills_and_still_answers() {
    let dir = TempDir::new().unwrap();
    let options = LakeOptions {
        memory_limit_bytes: 16 * 1024 * 1024,
        n_partitions: 1,
        spill_dir: Some(dir.path().join("spill")),
    };
    let lake = Lake::open(LakeLocation::Directory(dir.path().join("lake")), options).unwrap();
    let segment = lake.write_segment(&events(100_000, 500)).await.unwrap();
    let snapshot = lake.snapshot(&[segment], &[]).await.unwrap();

    let batches = snapshot
        .sql("SELECT * FROM events ORDER BY message_id", &[])
        .await
        .unwrap();

    assert_eq!(batches.iter().map(|b| b.num_rows()).sum::<usize>(), 100_000);
}

#[tokio::test]
async fn a_history_pages_through_any_number_of_events_of_one_instant() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let mut make = EventBuilder::new("shop");
    let instant = at("2025-03-01T00:00:00Z");
    let mut all: Vec<Event> = (0..300)
        .map(|_| make.of_kind(EventKind::PageViewed, Some(customer(1)), instant))
        .collect();
    all.push(make.ordered(customer(1), instant, "1", 100));
    let segment = lake.write_segment(&all[..200]).await.unwrap();
    let snapshot = lake.snapshot(&[segment], &all[200..]).await.unwrap();

    let mut walked = Vec::new();
    let mut place = None;
    loop {
        let except = [EventKind::ProductOrdered];
        let page = snapshot
            .history(customer(1), place, &except, 7)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        place = Some(Place {
            at: last.occurred_at,
            id: last.id,
        });
        walked.extend(page.into_iter().map(|event| event.id));
    }

    assert_eq!(walked.len(), 300);
    assert!(walked.windows(2).all(|pair| pair[0] > pair[1]));
}

#[tokio::test]
async fn an_object_store_works_like_a_directory() {
    let location = LakeLocation::ObjectStore {
        store: Arc::new(InMemory::new()),
        prefix: "events".into(),
    };
    let lake = Lake::open(location, options()).unwrap();
    let all = events(60, 4);
    let segment = lake.write_segment(&all[..50]).await.unwrap();
    let compacted = lake
        .compact(std::slice::from_ref(&segment), &CompactOptions::default())
        .await
        .unwrap();
    lake.remove(&[segment]).await.unwrap();

    assert_eq!(
        sum_and_count(&lake, &compacted, &all[50..]).await,
        (6000, 60)
    );
}

#[tokio::test]
async fn the_same_events_make_the_same_bytes() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let all = events(50, 4);
    let mut reversed = all.clone();
    reversed.reverse();

    let first = lake.write_segment(&all).await.unwrap();
    let second = lake.write_segment(&reversed).await.unwrap();

    let read = |segment: &Segment| std::fs::read(dir.path().join(&segment.path)).unwrap();
    assert_eq!(read(&first), read(&second));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_event_is_lost_however_files_are_cut(
        sizes in prop::collection::vec(1_usize..40, 1..6),
        target_rows in 1_u64..60,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let dir = TempDir::new().unwrap();
            let lake = lake_in(&dir);
            let total: usize = sizes.iter().sum();
            let mut all = events(total, 5);
            all[0].customer_id = None;
            all[0].kind = EventKind::PageViewed;
            let mut segments = Vec::new();
            let mut from = 0;
            for size in &sizes {
                segments.push(lake.write_segment(&all[from..from + size]).await.unwrap());
                from += size;
            }
            let options = CompactOptions { target_rows, write_buffer_bytes: 1 };
            let compacted = lake.compact(&segments, &options).await.unwrap();
            let answer = sum_and_count(&lake, &compacted, &[]).await;
            assert_eq!(answer, (100 * total as i64, total as i64));
        });
    }
}
