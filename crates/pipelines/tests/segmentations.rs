//! Segmentations as a story: from imported orders to named segments with reasons.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use rapport_domain::{Currency, IdGenerator, JobStatus};
use rapport_pipelines::segmentations::{self, SegmentationRequest};
use rapport_pipelines::timeline::{self, TimelineItem};
use rapport_pipelines::{Clock, OpenOptions, Workspace, imports, jobs, profiles};
use rapport_store::{ListQuery, contacts};
use rapport_testing::OrdersFile;
use tempfile::TempDir;

async fn with_orders(dir: &Path) -> Workspace {
    let options = OpenOptions {
        database: None,
        lake: None,
        currency: Currency::GBP,
        region: "GB".to_owned(),
        memory_limit_bytes: 128 * 1024 * 1024,
        clock: Clock::fixed(rapport_testing::at("2026-01-01T00:00:00Z")),
        ids: IdGenerator::new(1),
    };
    let workspace = Workspace::open(dir, options).await.unwrap();
    let text = OrdersFile::new(600).with_customers(90).csv();
    let import = imports::upload(
        &workspace,
        "orders.csv",
        "shop",
        None,
        u64::MAX,
        text.as_bytes(),
    )
    .await
    .unwrap();
    let job = imports::start(&workspace, import.id).await.unwrap();
    jobs::run_until_over(&workspace, job.id, &mut |_| {})
        .await
        .unwrap();
    workspace
}

#[tokio::test]
async fn every_customer_is_in_a_named_segment_and_told_why() {
    let dir = TempDir::new().unwrap();
    let workspace = with_orders(dir.path()).await;

    let job = segmentations::start(&workspace, SegmentationRequest::default())
        .await
        .unwrap();
    let job = jobs::run_until_over(&workspace, job.id, &mut |_| {})
        .await
        .unwrap();

    assert_eq!(job.status, JobStatus::Done, "{:?}", job.error);
    let store = &workspace.store;
    let current = rapport_store::segmentations::find_current(store)
        .await
        .unwrap()
        .unwrap();
    let segments = rapport_store::segmentations::list_segments(store, current.id)
        .await
        .unwrap();
    let map = rapport_store::segmentations::map(store, current.id)
        .await
        .unwrap();
    assert_eq!(
        segments.iter().map(|segment| segment.size).sum::<u64>(),
        current.n_customers
    );
    assert_eq!(map.ids.len() as u64, current.n_customers);
    assert!(
        segments
            .iter()
            .all(|s| !s.name.en.is_empty() && !s.name.zh.is_empty())
    );
    assert!(current.baseline.is_some() && current.stability_ari.is_some());
    let model = workspace.model_path(current.model_id.unwrap());
    assert!(model.join("model.json").exists() && model.join("card.md").exists());

    let page = contacts::list(store, &ListQuery::default()).await.unwrap();
    assert!(page.items.iter().all(|row| row.segment.is_some()));
    let profile = profiles::of(&workspace, page.items[0].contact.id)
        .await
        .unwrap();
    let recency = profile
        .features
        .iter()
        .find(|f| f.name == "recency_days")
        .unwrap();
    assert!(recency.value.is_some());
    assert!((0.0..=1.0).contains(&recency.percentile.unwrap()));
    assert!(profile.segment.is_some());
}

#[tokio::test]
async fn the_same_request_gives_the_same_segments() {
    let dir = TempDir::new().unwrap();
    let workspace = with_orders(dir.path()).await;
    let mut sizes = Vec::new();

    for _ in 0..2 {
        let job = segmentations::start(&workspace, SegmentationRequest::default())
            .await
            .unwrap();
        jobs::run_until_over(&workspace, job.id, &mut |_| {})
            .await
            .unwrap();
        let store = &workspace.store;
        let current = rapport_store::segmentations::find_current(store)
            .await
            .unwrap()
            .unwrap();
        let segments = rapport_store::segmentations::list_segments(store, current.id)
            .await
            .unwrap();
        sizes.push(
            segments
                .into_iter()
                .map(|s| (s.name, s.size))
                .collect::<Vec<_>>(),
        );
    }

    assert_eq!(sizes[0], sizes[1]);
}

#[tokio::test]
async fn too_few_customers_fail_the_job_with_a_sentence() {
    let dir = TempDir::new().unwrap();
    let options = OpenOptions {
        database: None,
        lake: None,
        currency: Currency::GBP,
        region: "GB".to_owned(),
        memory_limit_bytes: 64 * 1024 * 1024,
        clock: Clock::fixed(rapport_testing::at("2026-01-01T00:00:00Z")),
        ids: IdGenerator::new(1),
    };
    let workspace = Workspace::open(dir.path(), options).await.unwrap();

    let job = segmentations::start(&workspace, SegmentationRequest::default())
        .await
        .unwrap();
    let job = jobs::run_until_over(&workspace, job.id, &mut |_| {})
        .await
        .unwrap();

    assert_eq!(job.status, JobStatus::Failed);
    assert!(job.error.unwrap().contains("customers"));
}

#[tokio::test]
async fn a_timeline_pages_from_new_to_old_without_gaps_or_repeats() {
    let dir = TempDir::new().unwrap();
    let workspace = with_orders(dir.path()).await;
    let page = contacts::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    let contact = page.items[0].contact.id;
    let all = timeline::of(&workspace, contact, None, 500).await.unwrap();

    let mut walked = Vec::new();
    let mut before = None;
    loop {
        let page = timeline::of(&workspace, contact, before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.key);
        walked.extend(page);
    }

    assert!(
        all.iter()
            .all(|entry| matches!(entry.item, TimelineItem::Record(_)))
    );
    assert!(all.len() > 3);
    assert_eq!(walked, all);
}
