//! Segmentations, models, scores and feature snapshots.

use std::collections::HashSet;
use std::time::Duration;

use futures::FutureExt as _;
use rapport_domain::{Contact, Currency, JobId, LocalizedText, ModelId, Money, SegmentationId};
use sea_orm::EntityTrait as _;
use serde_json::json;
use uuid::Uuid;

use super::{TestStore, now};
use crate::entities::{model, score};
use crate::feature_snapshots::{self, FeatureSnapshot};
use crate::jobs::{self, NewJob};
use crate::models::{
    self, ChampionFigure, Entry, Evidence, ModelStage, NamedFigure, NewModel, PromotionRefusal,
    RollBack, StageChange, StageRefusal,
};
use crate::scores::{self, ScoreReason};
use crate::search::{self, HitKind};
use crate::segmentations::{
    self, Baseline, MapAxis, NewMember, NewSegmentation, Origin, Segment, Segmentation,
    SegmentationStatus, Trait, TraitDirection,
};
use crate::{ListQuery, Op, StoreError, bulk, contacts};

fn segment(store: &TestStore, id: SegmentationId, idx: u64, en: &str, zh: &str) -> Segment {
    Segment {
        id: store.id(),
        segmentation_id: id,
        idx,
        name: LocalizedText::new(en, zh),
        description: LocalizedText::new("They buy often", "经常购买"),
        color: "#336699".to_owned(),
        size: 1,
        share: 0.5,
        value: Some(Money::new(100, Currency::GBP)),
        value_share: 0.9,
        traits: vec![Trait {
            feature: "recency".to_owned(),
            label: LocalizedText::new("Recency", "最近购买"),
            direction: TraitDirection::Low,
            z: -1.2,
            typical: 3.0,
            overall: 90.0,
            unit: "days".to_owned(),
        }],
        typical: vec![store.id()],
        rfm: Some(json!({"r": 5})),
    }
}

/// A segmentation of two people into two segments.
pub(super) fn division(store: &TestStore, people: &[Contact; 2]) -> NewSegmentation {
    let id = store.id();
    let segmentation = Segmentation {
        id,
        method: "kmeans".to_owned(),
        k: 2,
        as_of: now(),
        created_at: now(),
        n_customers: 2,
        silhouette: Some(0.41),
        stability_ari: None,
        status: SegmentationStatus::Current,
        model_id: None,
        snapshot: None,
        baseline: Some(Baseline {
            method: "rfm".to_owned(),
            silhouette: Some(0.3),
            stability_ari: Some(0.9),
            k: 11,
        }),
        axes: vec![MapAxis {
            label: LocalizedText::new("Value", "价值"),
            explained: 0.6,
        }],
    };
    let member = |contact: &Contact, idx| NewMember {
        contact_id: contact.id,
        idx,
        x: idx as f64 + 0.25,
        y: -1.0,
    };
    NewSegmentation {
        segmentation,
        segments: vec![
            segment(store, id, 0, "Champions", "冠军客户"),
            segment(store, id, 1, "Asleep", "沉睡客户"),
        ],
        members: vec![member(&people[0], 0), member(&people[1], 1)],
        origin: None,
    }
}

async fn people(store: &TestStore) -> [Contact; 2] {
    let ada = contacts::create(store, store.contact("Ada")).await.unwrap();
    let bob = contacts::create(store, store.contact("Bob")).await.unwrap();
    [ada, bob]
}

#[tokio::test]
async fn a_segmentation_reads_back_as_written() {
    let store = TestStore::open().await;
    let people = people(&store).await;
    let new = division(&store, &people);
    let id = new.segmentation.id;

    segmentations::publish(&store, new.clone()).await.unwrap();

    let current = segmentations::find_current(&store).await.unwrap().unwrap();
    assert_eq!(current, new.segmentation);
    assert_eq!(
        segmentations::list_segments(&store, id).await.unwrap(),
        new.segments
    );
    let map = segmentations::map(&store, id).await.unwrap();
    assert_eq!(map.ids, [people[0].id, people[1].id]);
    assert_eq!((map.x, map.segment), (vec![0.25, 1.25], vec![0, 1]));
    let place = segmentations::find_membership(&store, id, people[1].id)
        .await
        .unwrap();
    assert_eq!(place.unwrap().segment_id, new.segments[1].id);
}

#[tokio::test]
async fn contacts_are_listed_with_and_filtered_by_their_current_segment() {
    let store = TestStore::open().await;
    let people = people(&store).await;
    let old = division(&store, &people);
    segmentations::publish(&store, old.clone()).await.unwrap();
    let mut new = division(&store, &people);
    new.members.pop();
    segmentations::publish(&store, new.clone()).await.unwrap();

    let all = contacts::list(&store, &ListQuery::default().sorted("name"))
        .await
        .unwrap();
    let champions = ListQuery::default().with("segment_id", Op::Eq, new.segments[0].id);
    let champions = contacts::list(&store, &champions).await.unwrap();
    let asleep = old.segments[1].id;
    let members = contacts::list_members(&store, asleep, &ListQuery::default())
        .await
        .unwrap();

    let label = all.items[0].segment.as_ref().unwrap();
    assert_eq!(
        (label.id, label.name.zh.as_str()),
        (new.segments[0].id, "冠军客户")
    );
    assert_eq!(all.items[1].segment, None);
    assert_eq!(champions.items.len(), 1);
    assert_eq!(members.items[0].contact.name, "Bob");
    assert_eq!(members.items[0].segment.as_ref().unwrap().id, asleep);
    let old = segmentations::find(&store, old.segmentation.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(old.status, SegmentationStatus::Archived);
    assert_eq!(segmentations::list(&store, 10).await.unwrap().len(), 2);
    let hits = search::everywhere(&store, "冠军", 5).await.unwrap();
    assert_eq!(hits[0].kind, HitKind::Segment);
}

/// A job under way, and what it has learned.
async fn origin(store: &TestStore) -> Origin {
    let id: JobId = store.id();
    let job = NewJob {
        id,
        kind: "segmentation".to_owned(),
        payload: json!({}),
        unique_key: None,
        run_at: now(),
        attempts_max: 2,
    };
    jobs::enqueue(store, job, now()).await.unwrap();
    let lease = Duration::from_secs(60);
    let job = jobs::claim(store, &["segmentation"], now(), lease).await;
    Origin {
        job: job.unwrap().unwrap(),
        model: NewModel {
            id: ModelId(id.0),
            kind: "segment".to_owned(),
            folder: format!("models/{id}"),
            metrics: json!({"silhouette": 0.4}),
            run_id: None,
            evidence: None,
            entry: Entry::ChampionIfFirstOrBetter,
        },
        snapshot: FeatureSnapshot {
            path: format!("features/{id}.parquet"),
            as_of: now(),
            fingerprint: "abc".to_owned(),
            n_customers: 2,
            n_features: 30,
            created_at: now(),
        },
    }
}

/// Better than a champion of version 1.
fn better_than(champion: ModelId) -> Evidence {
    Evidence {
        metric: "silhouette".to_owned(),
        is_higher_better: true,
        n_rows: 2,
        value: 0.4,
        champion: Some(ChampionFigure {
            model_id: champion,
            version: 1,
            value: Some(0.3),
        }),
        baseline: NamedFigure {
            name: "rfm".to_owned(),
            value: Some(0.2),
        },
        saved_against_champion: None,
        saved_against_baseline: None,
        measured_at: now(),
    }
}

/// A segmentation with all that it comes from.
pub(super) async fn learned(store: &TestStore, people: &[Contact; 2]) -> NewSegmentation {
    let origin = origin(store).await;
    let mut new = division(store, people);
    new.segmentation.model_id = Some(origin.model.id);
    new.segmentation.snapshot = Some(origin.snapshot.path.clone());
    new.origin = Some(origin);
    new
}

async fn status_of(store: &TestStore, model: ModelId) -> Option<(String, i64)> {
    let row = model::Entity::find_by_id(Uuid::from(model))
        .one(store.reader())
        .await
        .unwrap();
    row.map(|row| (row.status, row.version))
}

#[tokio::test]
async fn a_contact_deleted_before_publishing_is_left_out_and_not_counted() {
    let store = TestStore::open().await;
    let people = people(&store).await;
    let new = division(&store, &people);
    contacts::delete(&store, people[0].id, people[0].version)
        .await
        .unwrap();

    let published = segmentations::publish(&store, new.clone()).await.unwrap();

    let id = published.id;
    let segments = segmentations::list_segments(&store, id).await.unwrap();
    assert_eq!(published.n_customers, 1);
    assert_eq!([segments[0].size, segments[1].size], [0, 1]);
    assert_eq!(segments[1].share, 1.0);
    let map = segmentations::map(&store, id).await.unwrap();
    assert_eq!(map.ids, [people[1].id]);
}

#[tokio::test]
async fn a_segmentation_comes_with_its_model_and_features_or_not_at_all() {
    let store = TestStore::open().await;
    let people = people(&store).await;
    let first = learned(&store, &people).await;
    let model = first.origin.as_ref().unwrap().model.id;
    let mut broken = learned(&store, &people).await;
    let unborn = broken.origin.as_ref().unwrap().model.id;
    broken.segmentation.model_id = Some(store.id());

    segmentations::publish(&store, first.clone()).await.unwrap();
    let refused = segmentations::publish(&store, broken).await;

    assert!(matches!(refused, Err(StoreError::BrokenReference { .. })));
    let current = segmentations::find_current(&store).await.unwrap().unwrap();
    assert_eq!(current, first.segmentation);
    assert_eq!(
        status_of(&store, model).await,
        Some(("champion".to_owned(), 1))
    );
    assert_eq!(status_of(&store, unborn).await, None);
    assert_eq!(
        feature_snapshots::list_paths(&store).await.unwrap(),
        [current.snapshot.unwrap()]
    );
}

#[tokio::test]
async fn publishing_twice_replaces_and_a_better_model_retires_the_old_one() {
    let store = TestStore::open().await;
    let people = people(&store).await;
    let old = learned(&store, &people).await;
    let mut new = learned(&store, &people).await;
    let model_of = |new: &NewSegmentation| new.origin.as_ref().unwrap().model.id;
    new.origin.as_mut().unwrap().model.evidence = Some(better_than(model_of(&old)));

    for again in [&old, &new, &new] {
        segmentations::publish(&store, again.clone()).await.unwrap();
    }

    assert_eq!(segmentations::list(&store, 10).await.unwrap().len(), 2);
    let map = segmentations::map(&store, new.segmentation.id).await;
    assert_eq!(map.unwrap().ids.len(), 2);
    assert_eq!(
        status_of(&store, model_of(&old)).await,
        Some(("retired".to_owned(), 1))
    );
    assert_eq!(
        status_of(&store, model_of(&new)).await,
        Some(("champion".to_owned(), 2))
    );
    let models = models::list_ids(&store).await.unwrap();
    assert_eq!(models, [model_of(&old), model_of(&new)].into());
}

#[tokio::test]
async fn who_never_served_keeps_figures_and_gives_up_files_and_a_roll_back_finds_its_segments() {
    let store = TestStore::open().await;
    let people = people(&store).await;
    let first = learned(&store, &people).await;
    let serving = first.origin.as_ref().unwrap().model.id;
    segmentations::publish(&store, first.clone()).await.unwrap();
    let mut refused = Vec::new();
    for _ in 0..30 {
        // Each is no better, and today's customers are put into the champion's segments.
        let mut new = learned(&store, &people).await;
        refused.push(new.origin.as_ref().unwrap().model.id);
        new.segmentation.model_id = Some(serving);
        segmentations::publish(&store, new).await.unwrap();
    }

    let with_files = models::list_ids(&store).await.unwrap();
    let mut expected: HashSet<ModelId> = refused[25..].iter().copied().collect();
    expected.insert(serving);
    assert_eq!(with_files, expected);
    let left = segmentations::list(&store, 100).await.unwrap();
    assert_eq!(left.len(), 20);
    assert!(
        left.iter()
            .any(|one| one.status == SegmentationStatus::Current)
    );
    let snapshots = feature_snapshots::list_paths(&store).await.unwrap();
    assert_eq!(snapshots.len(), 20);
    let second = models::find_version(&store, "segment", 2).await.unwrap();
    let second = second.unwrap();
    assert!(second.files_dropped_at.is_some() && !second.metrics.is_empty());
    let up = StageChange {
        kind: "segment".to_owned(),
        version: 2,
        to: ModelStage::Shadow,
        reason: "it looks nice".to_owned(),
        actor: None,
    };
    let line = models::find_line(&store, "segment").await.unwrap().unwrap();
    let change = models::change_stage(&store, up, line.revision, now()).await;
    let refusal = StageRefusal::from(PromotionRefusal::FilesDropped);
    assert!(matches!(change, Err(StoreError::Stage(found)) if found == refusal));

    // A new champion, and more than enough trainings after it.
    let mut chosen = learned(&store, &people).await;
    chosen.origin.as_mut().unwrap().model.entry = Entry::ChampionBecause("asked for");
    let champion = chosen.origin.as_ref().unwrap().model.id;
    segmentations::publish(&store, chosen).await.unwrap();
    for _ in 0..30 {
        let mut new = learned(&store, &people).await;
        new.segmentation.model_id = Some(champion);
        segmentations::publish(&store, new).await.unwrap();
    }
    let back = RollBack {
        kind: "segment".to_owned(),
        reason: "it was good".to_owned(),
        actor: None,
    };
    let line = models::find_line(&store, "segment").await.unwrap().unwrap();
    models::roll_back(&store, back, line.revision, now())
        .await
        .unwrap();

    assert!(models::list_ids(&store).await.unwrap().contains(&serving));
    let shown = segmentations::find_current(&store).await.unwrap().unwrap();
    assert_eq!(shown.model_id, Some(serving));
}

#[tokio::test]
async fn what_is_shown_is_by_the_model_that_serves() {
    let store = TestStore::open().await;
    let people = people(&store).await;
    let first = learned(&store, &people).await;
    let refused = learned(&store, &people).await;
    let mut renewed = learned(&store, &people).await;
    let mut chosen = learned(&store, &people).await;
    renewed.segmentation.model_id = first.segmentation.model_id;
    chosen.origin.as_mut().unwrap().model.entry = Entry::ChampionBecause("asked for");

    let mut shown = Vec::new();
    for new in [&first, &refused, &renewed, &chosen] {
        segmentations::publish(&store, new.clone()).await.unwrap();
        let current = segmentations::find_current(&store).await.unwrap();
        shown.push(current.unwrap().id);
    }

    let id = |new: &NewSegmentation| new.segmentation.id;
    assert_eq!(shown, [id(&first), id(&first), id(&renewed), id(&chosen)]);
    let trained = |new: &NewSegmentation| new.origin.as_ref().unwrap().model.id;
    let mut stages = Vec::new();
    for new in [&first, &refused, &renewed, &chosen] {
        stages.push(status_of(&store, trained(new)).await.unwrap().0);
    }
    assert_eq!(stages, ["retired", "candidate", "candidate", "champion"]);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_publishes_nothing() {
    let store = TestStore::open().await;
    let people = people(&store).await;
    let slow = learned(&store, &people).await;
    let later = now().plus_seconds(61);
    let lease = Duration::from_secs(60);
    let fast = jobs::claim(&store, &["segmentation"], later, lease).await;
    assert!(fast.unwrap().is_some());

    let refused = segmentations::publish(&store, slow).await;

    assert!(matches!(refused, Err(StoreError::LeaseLost { .. })));
    assert_eq!(segmentations::find_current(&store).await.unwrap(), None);
    assert!(models::list_ids(&store).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_models_say_of_a_contact_reads_back_as_written() {
    let store = TestStore::open().await;
    let people = people(&store).await;
    let new = learned(&store, &people).await;
    let model_id = new.origin.as_ref().unwrap().model.id;
    segmentations::publish(&store, new).await.unwrap();
    let row = score::Model {
        contact_id: people[0].id.into(),
        kind: "churn".to_owned(),
        model_id: model_id.into(),
        value: 0.3,
        lower: Some(0.2),
        upper: None,
        reasons: r#"[{"feature":"recency","value":null,"contribution":0.1}]"#.to_owned(),
        snapshot: None,
        seed: -1,
        as_of: now().as_micros(),
    };
    store
        .write(move |tx| {
            async move { bulk::insert::<score::Entity>(tx, vec![row], "").await }.boxed()
        })
        .await
        .unwrap();

    let found = scores::list_of(&store, people[0].id).await.unwrap();

    assert_eq!(found.len(), 1);
    assert_eq!(found[0].seed, u64::MAX);
    assert_eq!(
        found[0].reasons,
        [ScoreReason {
            feature: "recency".to_owned(),
            value: None,
            contribution: 0.1
        }]
    );
}
