//! Publications that are killed at any point and run again, and segmentations one after the other.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use rapport_domain::LocalizedText;
use rapport_features::FeatureTable;
use rapport_learn::Cancellation;
use rapport_store::jobs::LeasedJob;
use rapport_store::models::{Entry, ModelStage};
use rapport_store::segmentations::Segmentation;
use rapport_store::{feature_snapshots, models, segmentations as stored};
use rapport_testing::OrdersFile;
use tempfile::TempDir;

use super::publish::{Learned, id_of, publish};
use super::run::{build_features, fit_here};
use super::*;
use crate::imports;
use crate::killed::{hand_clock, killed_at_wait, open};

/// A workspace with orders, a segmentation queued, and what its job will find.
async fn prepare(dir: &Path) -> (FeatureTable, Learned) {
    let workspace = open(dir, hand_clock().0).await;
    import_orders(&workspace, 400, 60).await;
    let table = build_features(&workspace).await.unwrap();
    let request = SegmentationRequest {
        method: Some(SegmentationMethod::Rfm),
        ..SegmentationRequest::default()
    };
    let (steps, _) = mpsc::channel();
    let fitted = fit_here(&table, &request, steps, &Cancellation::default()).unwrap();
    let job = NewJob {
        id: workspace.ids.next(workspace.clock.now()),
        kind: JOB_KIND.to_owned(),
        payload: serde_json::to_value(&request).unwrap(),
        unique_key: None,
        run_at: workspace.clock.now(),
        attempts_max: 1_000,
    };
    jobs::enqueue(&workspace.store, job, workspace.clock.now())
        .await
        .unwrap();
    let learned = Learned {
        fitted,
        evidence: None,
        entry: Entry::ChampionIfFirstOrBetter,
        kept: None,
    };
    (table, learned)
}

async fn claim(workspace: &Workspace) -> LeasedJob {
    let (now, lease) = (workspace.clock.now(), Duration::from_secs(60));
    let leased = jobs::claim(&workspace.store, &[JOB_KIND], now, lease).await;
    leased.unwrap().unwrap()
}

fn n_entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn a_publication_killed_at_any_of_its_waits_is_whole_or_not_there_and_never_twice() {
    let dir = TempDir::new().unwrap();
    let (table, learned) = prepare(dir.path()).await;
    let mut n_waits = 0;
    let mut is_done = false;
    while !is_done {
        n_waits += 1;
        let workspace = open(dir.path(), hand_clock().0).await;
        let leased = claim(&workspace).await;

        let earlier = stored::find(&workspace.store, id_of(leased.job.id)).await;
        if earlier.unwrap().is_some() {
            // The job ends here, as it would have done before the kill.
            is_done = true;
        } else {
            let work = publish(&workspace, &leased, &table, &learned, None);
            let published = killed_at_wait(n_waits, work).await;
            is_done = matches!(published, Some(Ok(_)));
        }
        drop(workspace);
        let workspace = open(dir.path(), hand_clock().0).await;
        let store = &workspace.store;
        let found = stored::list(store, 10).await.unwrap();
        let models = models::list_ids(store).await.unwrap();
        let snapshots = feature_snapshots::list_paths(store).await.unwrap();
        assert!(found.len() <= 1);
        assert_eq!([models.len(), snapshots.len()], [found.len(); 2]);
        // Each snapshot is a table with its description; nothing else is left.
        assert_eq!(n_entries(&dir.path().join("features")), 2 * found.len());
        assert_eq!(n_entries(&dir.path().join("models")), found.len());
        if let [one] = &found[..] {
            assert_eq!(one.id, id_of(leased.job.id));
            let map = stored::map(store, one.id).await.unwrap();
            assert_eq!(map.ids.len(), table.n_customers());
            let profile = crate::profiles::of(&workspace, map.ids[0]).await.unwrap();
            assert!(!profile.features.is_empty() && profile.segment.is_some());
        }
        assert!(!is_done || found.len() == 1);
    }
    assert!(n_waits > 1);
}

/// Runs a segmentation to its end, and answers with what is shown then.
async fn segmented(workspace: &Workspace, request: SegmentationRequest) -> (Job, Segmentation) {
    let job = start(workspace, request).await.unwrap();
    let done = crate::jobs::run_until_over(workspace, job.id, &mut |_| {}).await;
    let shown = stored::find_current(&workspace.store).await;
    (done.unwrap(), shown.unwrap().unwrap())
}

async fn import_orders(workspace: &Workspace, n_orders: usize, n_customers: usize) {
    let text = OrdersFile::new(n_orders).with_customers(n_customers).csv();
    let name = format!("orders-{n_customers}.csv");
    let import = imports::upload(workspace, &name, "shop", None, u64::MAX, text.as_bytes())
        .await
        .unwrap();
    let job = imports::start(workspace, import.id).await.unwrap();
    crate::jobs::run_until_over(workspace, job.id, &mut |_| {})
        .await
        .unwrap();
}

async fn names(workspace: &Workspace, shown: &Segmentation) -> Vec<LocalizedText> {
    let segments = stored::list_segments(&workspace.store, shown.id).await;
    segments.unwrap().into_iter().map(|s| s.name).collect()
}

#[tokio::test]
async fn segments_that_nobody_beats_take_in_new_customers_and_a_persons_choice_is_shown() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path(), hand_clock().0).await;
    import_orders(&workspace, 400, 60).await;
    let (_, first) = segmented(&workspace, SegmentationRequest::default()).await;
    import_orders(&workspace, 600, 90).await;

    let (job, second) = segmented(&workspace, SegmentationRequest::default()).await;

    let versions = models::list_versions(&workspace.store, MODEL_KIND, 9).await;
    let versions = versions.unwrap();
    let trained = versions.iter().find(|version| version.id.0 == job.id.0);
    let trained = trained.unwrap();
    let is_kept = trained.stage == ModelStage::Candidate;
    assert_eq!(job.result.unwrap()["is_champion_kept"], is_kept);
    assert_ne!(second.id, first.id);
    // Every tenth order is anonymous: with these numbers, all orders of one customer in ten.
    assert_eq!((first.n_customers, second.n_customers), (54, 81));
    // What made the evidence decides: the figures stand there for everybody to check.
    let evidence = trained.evidence.as_ref().unwrap();
    let champion = evidence.champion.unwrap();
    assert_eq!(champion.model_id, first.model_id.unwrap());
    assert_eq!(
        is_kept,
        evidence.judge(Some((champion.model_id, 1))).is_err()
    );
    assert!(is_kept, "the case that this test is about: {evidence:?}");
    assert_eq!(second.model_id, first.model_id);
    assert_eq!(
        names(&workspace, &second).await,
        names(&workspace, &first).await
    );
    let map = stored::map(&workspace.store, second.id).await.unwrap();
    for customer in map.ids {
        let profile = crate::profiles::of(&workspace, customer).await.unwrap();
        assert!(profile.segment.is_some());
    }

    let asked = SegmentationRequest {
        method: Some(SegmentationMethod::Kmeans),
        k: Some(3),
        ..SegmentationRequest::default()
    };
    let (job, third) = segmented(&workspace, asked).await;

    assert_eq!(job.result.unwrap()["is_champion_kept"], false);
    assert_eq!(third.model_id.map(|id| id.0), Some(job.id.0));
    assert_eq!((third.k, third.n_customers), (3, 81));
}
