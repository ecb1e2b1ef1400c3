//! Events survive kills at any point, and files come and go in order.

use std::sync::atomic::Ordering;

use rapport_domain::{ContactId, IdGenerator};
use rapport_testing::{EventBuilder, at, killed_at_wait};
use tempfile::TempDir;

use super::*;
use crate::backup::Hold;
use crate::killed::{hand_clock, left_by_the_dead, open};

/// Five events that nobody has seen before.
fn five() -> Vec<Event> {
    let ids = IdGenerator::from_entropy();
    let mut make = EventBuilder::new("shop");
    let day = at("2025-03-01T00:00:00Z");
    (0..5)
        .map(|i| {
            let mut event = make.ordered(ContactId(ids.next(day)), day.plus_days(i), "1", 100);
            event.id = ids.next(day);
            event.message_id = event.id.to_string();
            event
        })
        .collect()
}

/// Number of events and of minor units, both from the rows themselves.
async fn history(workspace: &Workspace) -> (u64, u64) {
    let snapshot = workspace.events().await.unwrap();
    let query = "SELECT CAST(count(*) AS DOUBLE) AS n, \
                 CAST(coalesce(sum(amount_minor), 0) AS DOUBLE) AS amount FROM events";
    let rows = snapshot.sql(query, &[]).await.unwrap();
    let number = |name| rapport_lake::first_float(&rows[0], name).unwrap() as u64;
    assert_eq!(snapshot.n_events(), number("n"));
    (number("n"), number("amount"))
}

#[test]
fn an_acknowledged_event_survives_a_kill() {
    let name = "events::tests::an_acknowledged_event_survives_a_kill";
    let dir = left_by_the_dead(name, async |directory| {
        let workspace = open(&directory, hand_clock().0).await;
        append_events(&workspace, five()).await.unwrap();
    });

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let found = runtime.block_on(async { history(&open(dir.path(), hand_clock().0).await).await });
    assert_eq!(found, (5, 500));
}

/// That it was killed at all is what makes the stories below tell something.
fn assert_was_killed(n_times: usize) {
    assert!(n_times > 0, "it never waited, so it was never killed");
}

#[tokio::test]
async fn a_flush_killed_at_any_of_its_waits_loses_and_doubles_nothing() {
    let dir = TempDir::new().unwrap();
    let mut n_waits = 0;
    let mut is_done = false;
    while !is_done {
        n_waits += 1;
        let workspace = open(dir.path(), hand_clock().0).await;
        append_events(&workspace, five()).await.unwrap();

        is_done = killed_at_wait(n_waits, flush(&workspace)).await.is_some();

        drop(workspace);
        let workspace = open(dir.path(), hand_clock().0).await;
        let n = 5 * n_waits as u64;
        assert_eq!(history(&workspace).await, (n, 100 * n), "wait {n_waits}");
    }
    assert_was_killed(n_waits - 1);
}

#[tokio::test]
async fn a_merge_killed_at_any_of_its_waits_loses_and_doubles_nothing() {
    let dir = TempDir::new().unwrap();
    let mut n_waits = 0;
    let mut is_done = false;
    while !is_done {
        n_waits += 1;
        let workspace = open(dir.path(), hand_clock().0).await;
        append_events(&workspace, five()).await.unwrap();
        flush(&workspace).await.unwrap();
        let n = 5 * n_waits as u64;
        if n_waits < 2 {
            continue;
        }

        let merged = killed_at_wait(n_waits, compact_once(&workspace, true)).await;

        is_done = matches!(merged, Some(Ok(true)));
        drop(workspace);
        let workspace = open(dir.path(), hand_clock().0).await;
        assert_eq!(history(&workspace).await, (n, 100 * n), "wait {n_waits}");
        while compact_once(&workspace, true).await.unwrap() {}
        assert_eq!(history(&workspace).await, (n, 100 * n), "wait {n_waits}");
    }
    assert_was_killed(n_waits - 2);
}

#[tokio::test]
async fn replaced_files_are_deleted_while_the_program_runs_after_a_time_of_grace() {
    let dir = TempDir::new().unwrap();
    let (clock, hand) = hand_clock();
    let workspace = open(dir.path(), clock).await;
    for _ in 0..2 {
        append_events(&workspace, five()).await.unwrap();
        flush(&workspace).await.unwrap();
    }
    let before = workspace.events().await.unwrap();
    assert!(compact_once(&workspace, true).await.unwrap());
    let exists = |file: &Segment| dir.path().join("lake").join(&file.path).exists();

    delete_replaced(&workspace).await.unwrap();
    assert!(before.segments().iter().all(exists));
    hand.fetch_add(GRACE.as_micros() as i64, Ordering::SeqCst);
    delete_replaced(&workspace).await.unwrap();

    assert!(!before.segments().iter().any(exists));
    assert_eq!(history(&workspace).await, (10, 1000));
}

#[tokio::test]
async fn replaced_files_stay_while_a_backup_copies_them() {
    let dir = TempDir::new().unwrap();
    let (clock, hand) = hand_clock();
    let workspace = open(dir.path(), clock).await;
    for _ in 0..2 {
        append_events(&workspace, five()).await.unwrap();
        flush(&workspace).await.unwrap();
    }
    let before = workspace.events().await.unwrap();
    let hold = Hold::take(dir.path()).await.unwrap();
    assert!(compact_once(&workspace, true).await.unwrap());
    let exists = |file: &Segment| dir.path().join("lake").join(&file.path).exists();
    hand.fetch_add(2 * GRACE.as_micros() as i64, Ordering::SeqCst);

    delete_replaced(&workspace).await.unwrap();
    assert!(before.segments().iter().all(exists));
    drop(hold);
    delete_replaced(&workspace).await.unwrap();

    assert!(!before.segments().iter().any(exists));
}

#[tokio::test]
async fn a_flush_leaves_what_comes_in_meanwhile_to_the_next() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path(), hand_clock().0).await;
    append_events(&workspace, five()).await.unwrap();

    let stream = async {
        loop {
            append_events(&workspace, five()).await.unwrap();
        }
    };
    let n_flushed = tokio::select! {
        n_flushed = flush(&workspace) => n_flushed.unwrap(),
        () = stream => unreachable!("it has no end"),
    };

    assert!(n_flushed >= 5);
    let segments = catalogue(&workspace.store).await.unwrap();
    assert_eq!(segments.len(), 1);
}

#[tokio::test]
async fn a_filling_inbox_asks_for_a_flush_and_a_full_one_takes_no_more() {
    let upkeep = Upkeep::default();

    upkeep.note_waiting(FLUSH_AT_EVENTS - 1);
    assert!(futures::FutureExt::now_or_never(upkeep.until_full()).is_none());
    upkeep.note_waiting(1);
    assert!(futures::FutureExt::now_or_never(upkeep.until_full()).is_some());

    upkeep.note_waiting(1);
    upkeep.note_flushed(FLUSH_AT_EVENTS);
    assert!(futures::FutureExt::now_or_never(upkeep.until_full()).is_none());

    upkeep.note_waiting(WAITING_MAX);
    assert!(!upkeep.has_room());
    upkeep.note_flushed(WAITING_MAX + 1);
    assert!(upkeep.has_room());
}
