//! Plans, not answers: files are merged and not sorted, and a history reads few bytes.

use std::sync::Arc;

use datafusion::physical_plan::{ExecutionPlan, collect, displayable};
use rapport_testing::{EventBuilder, at};
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::{LakeLocation, LakeOptions};

fn lake_in(dir: &TempDir) -> Lake {
    let options = LakeOptions {
        memory_limit_bytes: 64 * 1024 * 1024,
        n_partitions: 2,
        spill_dir: None,
    };
    Lake::open(LakeLocation::Directory(dir.path().to_owned()), options).unwrap()
}

fn customer(number: usize) -> ContactId {
    ContactId(Uuid::from_u128(1 + number as u128))
}

fn events(n: usize, n_customers: usize) -> Vec<Event> {
    let mut make = EventBuilder::new("shop");
    let start = at("2025-01-01T00:00:00Z");
    (0..n)
        .map(|i| {
            let when = start.plus_seconds(60 * i as i64);
            make.ordered(customer(i % n_customers), when, &i.to_string(), 100)
        })
        .collect()
}

async fn plan_of(frame: DataFrame) -> Arc<dyn ExecutionPlan> {
    frame.create_physical_plan().await.unwrap()
}

/// Sum of a metric over all operators of a plan that has run.
fn metric(plan: &Arc<dyn ExecutionPlan>, name: &str) -> usize {
    let own = plan
        .metrics()
        .and_then(|metrics| metrics.sum_by_name(name))
        .map_or(0, |value| value.as_usize());
    own + plan
        .children()
        .into_iter()
        .map(|child| metric(child, name))
        .sum::<usize>()
}

#[tokio::test]
async fn sorted_files_are_merged_and_never_sorted_again() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let all = events(600, 7);
    let mut segments = Vec::new();
    for part in all.chunks(100) {
        segments.push(lake.write_segment(part).await.unwrap());
    }
    let snapshot = lake.snapshot(&segments, &[]).await.unwrap();

    let frame = snapshot
        .ordered_of(at("2026-01-01T00:00:00Z"), &segments)
        .unwrap();
    let plan = displayable(plan_of(frame).await.as_ref())
        .indent(false)
        .to_string();

    assert!(plan.contains("SortPreservingMergeExec"), "{plan}");
    assert!(!plan.contains("SortExec"), "{plan}");
}

#[tokio::test]
async fn a_history_reads_the_pages_of_its_customer_and_no_others() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let segment = lake.write_segment(&events(40_000, 400)).await.unwrap();
    let segments = [segment];
    let snapshot = lake.snapshot(&segments, &[]).await.unwrap();

    let frame = snapshot
        .history_of(customer(200), None, &[], 1000, &segments)
        .unwrap();
    let task = Arc::new(frame.task_ctx());
    let plan = plan_of(frame).await;
    let batches = collect(Arc::clone(&plan), task).await.unwrap();

    let n_rows: usize = batches.iter().map(|batch| batch.num_rows()).sum();
    let n_read = metric(&plan, "bytes_scanned") as u64;
    assert_eq!(n_rows, 100);
    assert!(n_read > 0, "the metric has another name");
    assert!(
        n_read * 3 < segments[0].bytes,
        "read {n_read} of {} bytes",
        segments[0].bytes
    );
}

#[tokio::test]
async fn events_of_who_is_part_of_another_one_are_that_ones() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(&dir);
    let all = events(30, 3);
    let segment = lake.write_segment(&all[..20]).await.unwrap();
    let persons = [(customer(0), customer(2))].into();

    let snapshot = lake.snapshot(&[segment], &all[20..]).await.unwrap();
    let snapshot = snapshot.following(persons).unwrap();

    let history = snapshot.history(customer(2), None, &[], 100).await.unwrap();
    assert_eq!(history.len(), 20);
    assert!(
        history
            .iter()
            .all(|event| event.customer_id == Some(customer(2)))
    );
    // Who asks for the part gets its own.
    let of_part = snapshot.history(customer(0), None, &[], 100).await.unwrap();
    assert_eq!(of_part.len(), 10);
    let counted = "SELECT customer_id, count(*) AS n FROM events GROUP BY customer_id ORDER BY n";
    let rows = snapshot.sql(counted, &[]).await.unwrap();
    let found: Vec<String> = rows
        .iter()
        .flat_map(|rows| crate::texts_of(rows, "customer_id"))
        .map(str::to_owned)
        .collect();
    assert_eq!(found, [customer(1).to_string(), customer(2).to_string()]);
    let frame = snapshot
        .ordered_of(at("2026-01-01T00:00:00Z"), snapshot.segments())
        .unwrap();
    let batches = frame.collect().await.unwrap();
    let ordered: Vec<&str> = batches
        .iter()
        .flat_map(|rows| crate::texts_of(rows, "customer_id"))
        .collect();
    assert!(ordered.is_sorted());
    assert_eq!(ordered.len(), 30);
}
