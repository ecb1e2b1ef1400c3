//! Segmentations, models, scores and feature snapshots.

use rapport_domain::{Contact, Currency, LocalizedText, Money, SegmentationId};
use serde_json::json;

use super::{TestStore, now};
use crate::feature_snapshots::{self, FeatureSnapshot};
use crate::models::{self, ModelStatus, NewModel};
use crate::scores::{self, Score, ScoreReason};
use crate::search::{self, HitKind};
use crate::segmentations::{
    self, Baseline, MapAxis, NewMember, NewSegmentation, Segment, Segmentation, SegmentationStatus,
    Trait, TraitDirection,
};
use crate::{ListQuery, Op, StoreError, contacts};

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
            mean: 3.0,
            overall: 90.0,
            unit: "days".to_owned(),
        }],
        typical: vec![store.id()],
        rfm: Some(json!({"r": 5})),
    }
}

/// A segmentation of two people into two segments.
fn division(store: &TestStore, people: &[Contact; 2]) -> NewSegmentation {
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
    segmentations::make_current(&store, old.id).await.unwrap();
    assert_eq!(
        segmentations::find_current(&store)
            .await
            .unwrap()
            .unwrap()
            .id,
        old.id
    );
    assert_eq!(segmentations::list(&store, 10).await.unwrap().len(), 2);
    let hits = search::everywhere(&store, "冠军", 5).await.unwrap();
    assert_eq!(hits[0].kind, HitKind::Segment);
}

#[tokio::test]
async fn a_segmentation_with_an_unknown_member_leaves_nothing() {
    let store = TestStore::open().await;
    let people = people(&store).await;
    let mut new = division(&store, &people);
    new.members[0].contact_id = store.id();

    let refused = segmentations::publish(&store, new).await;

    assert!(matches!(refused, Err(StoreError::BrokenReference { .. })));
    assert_eq!(segmentations::find_current(&store).await.unwrap(), None);
}

#[tokio::test]
async fn a_new_champion_retires_the_old_one() {
    let store = TestStore::open().await;
    let model = |kind: &str| NewModel {
        id: store.id(),
        kind: kind.to_owned(),
        folder: "models/1".to_owned(),
        metrics: json!({"auc": 0.8}),
    };
    let first = models::create(&store, model("churn"), now()).await.unwrap();
    let second = models::create(&store, model("churn"), now()).await.unwrap();
    let other = models::create(&store, model("segmentation"), now())
        .await
        .unwrap();
    models::set_status(&store, other.id, ModelStatus::Champion)
        .await
        .unwrap();
    models::set_status(&store, first.id, ModelStatus::Champion)
        .await
        .unwrap();

    models::set_status(&store, second.id, ModelStatus::Champion)
        .await
        .unwrap();

    let champion = models::find_champion(&store, "churn")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((champion.id, champion.version), (second.id, 2));
    let retired = models::find(&store, first.id).await.unwrap().unwrap();
    assert_eq!(retired.status, ModelStatus::Retired);
    assert!(
        models::find_champion(&store, "segmentation")
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(models::list(&store, Some("churn")).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_new_score_of_a_model_replaces_its_old_one() {
    let store = TestStore::open().await;
    let [ada, _] = people(&store).await;
    let model = NewModel {
        id: store.id(),
        kind: "churn".to_owned(),
        folder: String::new(),
        metrics: json!({}),
    };
    let model = models::create(&store, model, now()).await.unwrap();
    let mut score = Score {
        contact_id: ada.id,
        kind: "churn".to_owned(),
        model_id: model.id,
        value: 0.3,
        lower: Some(0.2),
        upper: None,
        reasons: vec![ScoreReason {
            feature: "recency".to_owned(),
            value: None,
            contribution: 0.1,
        }],
        snapshot: None,
        seed: u64::MAX,
        as_of: now(),
    };
    scores::save(&store, vec![score.clone()]).await.unwrap();
    score.value = 0.7;

    scores::save(&store, vec![score.clone()]).await.unwrap();

    assert_eq!(scores::list_of(&store, ada.id).await.unwrap(), [score]);
}

#[tokio::test]
async fn the_latest_feature_snapshot_is_found() {
    let store = TestStore::open().await;
    let snapshot = |path: &str, days| FeatureSnapshot {
        path: path.to_owned(),
        as_of: now(),
        fingerprint: "abc".to_owned(),
        n_customers: 2,
        n_features: 30,
        created_at: now().plus_days(days),
    };
    feature_snapshots::save(&store, snapshot("new", 1))
        .await
        .unwrap();
    feature_snapshots::save(&store, snapshot("old", 0))
        .await
        .unwrap();

    let latest = feature_snapshots::find_latest(&store).await.unwrap();

    assert_eq!(latest, Some(snapshot("new", 1)));
    let old = feature_snapshots::find(&store, "old").await.unwrap();
    assert_eq!(old, Some(snapshot("old", 0)));
}
