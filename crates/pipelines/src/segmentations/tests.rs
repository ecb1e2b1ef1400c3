//! Publications that are killed at any point and run again, and segmentations one after the other.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use rapport_domain::{LocalizedText, ModelId};
use rapport_features::FeatureTable;
use rapport_learn::{Cancellation, Persist as _};
use rapport_segment::SegmentModel;
use rapport_store::jobs::LeasedJob;
use rapport_store::models::{Entry, ModelStage, StageChange};
use rapport_store::runs::RunStatus;
use rapport_store::segmentations::Segmentation;
use rapport_store::{feature_snapshots, models, runs, segmentations as stored};
use rapport_testing::{OrdersFile, killed_at_wait};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::publish::{Learned, id_of, publish};
use super::run::{build_features, fit_here};
use super::*;
use crate::imports;
use crate::jobs::JobContext;
use crate::killed::{hand_clock, open};
use crate::leftovers;

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

/// A lease that is over at once: who starts after a kill need not wait for it, on a server neither.
async fn claim(workspace: &Workspace) -> LeasedJob {
    let now = workspace.clock.now();
    let leased = jobs::claim(&workspace.store, &[JOB_KIND], now, Duration::ZERO).await;
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
        // Beside a server a start leaves what is young: another process may be writing it. Here none is.
        leftovers::sweep(&workspace, Duration::ZERO).await.unwrap();
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

#[tokio::test]
async fn what_a_killed_attempt_left_is_not_in_the_way_of_the_next() {
    let dir = TempDir::new().unwrap();
    let (table, learned) = prepare(dir.path()).await;
    let workspace = open(dir.path(), hand_clock().0).await;
    let leased = claim(&workspace).await;
    let folder = workspace.model_path(ModelId(leased.job.id.0));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("model.json"), "half of it").unwrap();

    let published = publish(&workspace, &leased, &table, &learned, None).await;

    assert_eq!(published.unwrap().id, id_of(leased.job.id));
    assert!(SegmentModel::load(&folder).is_ok());
}

#[tokio::test]
async fn an_attempt_after_the_publication_tells_what_the_run_learned_from() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path(), hand_clock().0).await;
    import_orders(&workspace, 400, 60).await;
    let (job, _) = segmented(&workspace, SegmentationRequest::default()).await;
    let run = run_of(job.id);
    let ended = runs::find(&workspace.store, run)
        .await
        .unwrap()
        .unwrap()
        .run;
    // As a kill between the publication and the end of the run leaves it.
    let mut new = told::new_run(&job, &SegmentationRequest::default());
    new.job_id = None;
    runs::begin(&workspace.store, new, workspace.clock.now())
        .await
        .unwrap();
    let leased = LeasedJob { job, token: 1 };
    let shutdown = CancellationToken::new();
    let mut context = JobContext::new(&workspace, &leased, &shutdown);

    super::run(&workspace, SegmentationRequest::default(), &mut context)
        .await
        .unwrap();

    let again = runs::find(&workspace.store, run)
        .await
        .unwrap()
        .unwrap()
        .run;
    assert_eq!(again.status, RunStatus::Finished);
    assert_eq!(again.data, ended.data);
    assert!(again.data.is_some());
}

#[tokio::test]
async fn where_a_person_retired_the_champion_the_baseline_serves_until_something_is_better() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path(), hand_clock().0).await;
    // Everybody is alike: nothing that is learned tells them apart better than RFM.
    import_orders(&workspace, 60, 30).await;
    segmented(&workspace, SegmentationRequest::default()).await;
    let line = models::find_line(&workspace.store, MODEL_KIND).await;
    let line = line.unwrap().unwrap();
    let retire = StageChange {
        kind: MODEL_KIND.to_owned(),
        version: 1,
        to: ModelStage::Retired,
        reason: "nobody trusts it".to_owned(),
        actor: None,
    };
    crate::registry::change_stage(&workspace, retire, line.revision)
        .await
        .unwrap();

    let (job, shown) = segmented(&workspace, SegmentationRequest::default()).await;

    let champion = models::find_champion(&workspace.store, MODEL_KIND).await;
    let champion = champion.unwrap().unwrap();
    assert_eq!((champion.version, champion.id.0), (2, job.id.0));
    assert_eq!(shown.model_id, Some(champion.id));
    let evidence = champion.evidence.map(|evidence| evidence.judge(None));
    assert_eq!(
        (evidence, shown.method.as_str()),
        (None, "rfm"),
        "what this is about"
    );
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
    let result = job.result.unwrap();
    assert_eq!(result["is_champion_kept"], is_kept);
    let refusal = models::find_refusal(&workspace.store, trained.id).await;
    let refusal = refusal.unwrap().map(|refusal| refusal.code().to_owned());
    assert_eq!(result["refusal"].as_str(), refusal.as_deref());
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
