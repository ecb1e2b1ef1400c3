//! Segmentations as a story: from imported orders to named segments with reasons.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use rapport_domain::{Contact, Currency, EventKind, IdGenerator, JobStatus, RunId};
use rapport_pipelines::segmentations::{self, SegmentationRequest};
use rapport_pipelines::timeline::{self, TimelineEntry, TimelineItem};
use rapport_pipelines::{
    Clock, OpenOptions, PipelineError, Workspace, imports, jobs, profiles, registry,
};
use rapport_store::jobs::Job;
use rapport_store::models::{self, ModelStage, RollBack, StageChange};
use rapport_store::runs::{self, CurveQuery, RunStatus};
use rapport_store::{ListQuery, contacts};
use rapport_testing::{EventBuilder, OrdersFile};
use tempfile::TempDir;

async fn with_orders(dir: &Path) -> Workspace {
    let options = OpenOptions {
        database: rapport_testing::database_of(dir),
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

/// Runs a segmentation to its end, however it ends.
async fn segment(workspace: &Workspace) -> Job {
    let job = segmentations::start(workspace, SegmentationRequest::default())
        .await
        .unwrap();
    jobs::run_until_over(workspace, job.id, &mut |_| {})
        .await
        .unwrap()
}

#[tokio::test]
async fn a_segmentation_leaves_a_run_and_its_model_serves_where_it_is_first_or_better() {
    let dir = TempDir::new().unwrap();
    let workspace = with_orders(dir.path()).await;
    let store = &workspace.store;

    let first = segment(&workspace).await;
    segment(&workspace).await;

    let run = runs::find(store, RunId(first.id.0)).await.unwrap().unwrap();
    assert_eq!(run.run.status, RunStatus::Finished);
    let headline = run.run.headline.unwrap();
    assert!(headline.value.is_some() && headline.baseline.is_some());
    assert_eq!(run.run.job_id, Some(first.id));
    assert!(run.run.data.unwrap().n_rows > 0);
    let version = run.model_version.unwrap();
    assert_eq!((version.kind.as_str(), version.version), ("segment", 1));
    let query = CurveQuery {
        runs: vec![RunId(first.id.0)],
        metrics: Vec::new(),
        n_points_max: 1_000,
    };
    let curves = runs::curves(store, &query).await.unwrap();
    let names: Vec<&str> = curves[0].curves.iter().map(|c| c.metric.as_str()).collect();
    assert!(
        names.contains(&"kmeans stability_ari by segments"),
        "{names:?}"
    );
    let evaluation = runs::find_evaluation(store, RunId(first.id.0)).await;
    let evaluation = evaluation.unwrap().unwrap();
    let chosen = evaluation.candidates.iter().filter(|c| c.is_chosen).count();
    assert_eq!(chosen, 1);

    let versions = models::list_versions(store, "segment", 10).await.unwrap();
    let evidence = versions[0].evidence.as_ref().unwrap();
    assert_eq!(evidence.champion.unwrap().version, 1);
    assert!(evidence.n_rows > 0 && evidence.baseline.name == "rfm");
    let stages = [versions[1].stage, versions[0].stage];
    let serving = match evidence.judge(Some((versions[1].id, 1))) {
        Ok(()) => {
            assert_eq!(stages, [ModelStage::Retired, ModelStage::Champion]);
            versions[0].id
        }
        Err(_) => {
            assert_eq!(stages, [ModelStage::Champion, ModelStage::Candidate]);
            versions[1].id
        }
    };
    let shown = rapport_store::segmentations::find_current(store).await;
    assert_eq!(shown.unwrap().unwrap().model_id, Some(serving));
}

#[tokio::test]
async fn a_roll_back_shows_the_segments_of_the_model_before() {
    let dir = TempDir::new().unwrap();
    let workspace = with_orders(dir.path()).await;
    let store = &workspace.store;
    segment(&workspace).await;
    segment(&workspace).await;
    let line = models::find_line(store, "segment").await.unwrap().unwrap();
    let champion = line.champion.unwrap();
    let retire = StageChange {
        kind: "segment".to_owned(),
        version: champion.version,
        to: ModelStage::Retired,
        reason: "too old".to_owned(),
        actor: None,
    };
    registry::change_stage(&workspace, retire, line.revision)
        .await
        .unwrap();

    let line = models::find_line(store, "segment").await.unwrap().unwrap();
    let back = RollBack {
        kind: "segment".to_owned(),
        reason: "it was good".to_owned(),
        actor: None,
    };
    registry::roll_back(&workspace, back, line.revision)
        .await
        .unwrap();

    let shown = rapport_store::segmentations::find_current(store).await;
    assert_eq!(shown.unwrap().unwrap().model_id, Some(champion.id));
}

async fn delete(workspace: &Workspace, contact: &Contact) {
    contacts::delete(&workspace.store, contact.id, contact.version)
        .await
        .unwrap();
}

async fn all_contacts(workspace: &Workspace) -> Vec<Contact> {
    let query = ListQuery {
        limit: 100,
        ..ListQuery::default()
    };
    let page = contacts::list(&workspace.store, &query).await.unwrap();
    page.items.into_iter().map(|row| row.contact).collect()
}

#[tokio::test]
async fn a_contact_that_was_deleted_does_not_keep_the_others_from_being_segmented() {
    let dir = TempDir::new().unwrap();
    let workspace = with_orders(dir.path()).await;
    let all = all_contacts(&workspace).await;
    delete(&workspace, &all[0]).await;

    let job = segment(&workspace).await;

    assert_eq!(job.status, JobStatus::Done, "{:?}", job.error);
    let store = &workspace.store;
    let current = rapport_store::segmentations::find_current(store)
        .await
        .unwrap()
        .unwrap();
    let map = rapport_store::segmentations::map(store, current.id)
        .await
        .unwrap();
    assert_eq!(map.ids.len(), all.len() - 1);
    assert!(!map.ids.contains(&all[0].id));
}

#[tokio::test]
async fn a_fit_that_fails_leaves_features_and_reasons_as_they_were() {
    let dir = TempDir::new().unwrap();
    let workspace = with_orders(dir.path()).await;
    segment(&workspace).await;
    let all = all_contacts(&workspace).await;
    let (last, others) = all.split_last().unwrap();
    let before = profiles::of(&workspace, last.id).await.unwrap();
    for contact in others {
        delete(&workspace, contact).await;
    }

    let job = segment(&workspace).await;

    assert_eq!(job.status, JobStatus::Failed);
    let after = profiles::of(&workspace, last.id).await.unwrap();
    assert!(!before.features.is_empty() && before.segment.is_some());
    assert_eq!(before, after);
}

#[tokio::test]
async fn another_request_while_one_is_under_way_is_refused_and_names_its_job() {
    let dir = TempDir::new().unwrap();
    let workspace = with_orders(dir.path()).await;
    let asked = SegmentationRequest {
        k: Some(4),
        ..SegmentationRequest::default()
    };
    let first = segmentations::start(&workspace, asked.clone())
        .await
        .unwrap();

    let again = segmentations::start(&workspace, asked).await.unwrap();
    let other = segmentations::start(&workspace, SegmentationRequest::default()).await;

    assert_eq!(again.id, first.id);
    assert!(matches!(other, Err(PipelineError::SegmentationUnderWay { job }) if job == first.id));
}

#[tokio::test]
async fn any_number_of_events_of_one_instant_are_in_the_timeline() {
    let dir = TempDir::new().unwrap();
    let workspace = with_orders(dir.path()).await;
    let contact = all_contacts(&workspace).await[0].id;
    let mut make = EventBuilder::new("site");
    let instant = rapport_testing::at("2025-06-01T00:00:00Z");
    let views = (0..700).map(|_| make.of_kind(EventKind::PageViewed, Some(contact), instant));
    rapport_pipelines::append_events(&workspace, views.collect())
        .await
        .unwrap();

    let mut n_views = 0;
    let mut before = None;
    loop {
        let page = timeline::of(&workspace, contact, before, 100)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.key);
        let is_view = |entry: &&TimelineEntry| matches!(entry.item, TimelineItem::Event(_));
        n_views += page.iter().filter(is_view).count();
    }

    assert_eq!(n_views, 700);
}

#[tokio::test]
async fn too_few_customers_fail_the_job_with_a_sentence() {
    let dir = TempDir::new().unwrap();
    let options = OpenOptions {
        database: rapport_testing::database_of(dir.path()),
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
