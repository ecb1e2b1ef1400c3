//! Publications that are killed at any point and run again.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use rapport_features::FeatureTable;
use rapport_learn::Cancellation;
use rapport_store::jobs::LeasedJob;
use rapport_store::{feature_snapshots, models, segmentations as stored};
use rapport_testing::OrdersFile;
use tempfile::TempDir;

use super::publish::{Entering, Fitted, id_of, publish};
use super::run::{build_features, fit_here};
use super::*;
use crate::imports;
use crate::killed::{hand_clock, killed_at_wait, open};

/// A workspace with orders, a segmentation queued, and what its job will find.
async fn prepare(dir: &Path) -> (FeatureTable, Fitted) {
    let workspace = open(dir, hand_clock().0).await;
    let text = OrdersFile::new(400).with_customers(60).csv();
    let file = text.as_bytes();
    let import = imports::upload(&workspace, "orders.csv", "shop", None, u64::MAX, file)
        .await
        .unwrap();
    let job = imports::start(&workspace, import.id).await.unwrap();
    crate::jobs::run_until_over(&workspace, job.id, &mut |_| {})
        .await
        .unwrap();
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
    (table, fitted)
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
    let (table, fitted) = prepare(dir.path()).await;
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
            let work = publish(&workspace, &leased, &table, &fitted, Entering::default());
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
