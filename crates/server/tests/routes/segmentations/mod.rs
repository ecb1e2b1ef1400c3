use rapport_domain::{ContactId, LocalizedText, ModelId, SegmentId, SegmentationId};
use rapport_store::segmentations as stored;
use serde_json::Value;

use crate::app::{Client, TestApp, id};

mod create;
mod show_current;
mod show_map;

/// A segmentation of two contacts into two segments, published; its id and the contacts'.
pub(crate) async fn published(app: &TestApp, client: &Client) -> (SegmentationId, [String; 2]) {
    published_by(app, client, None).await
}

/// The same, by a model.
pub(in crate::routes) async fn published_by(
    app: &TestApp,
    client: &Client,
    model_id: Option<ModelId>,
) -> (SegmentationId, [String; 2]) {
    let contacts = [client.contact("Ann").await, client.contact("Bob").await];
    let contact_id = |contact: &Value| id(contact).parse::<ContactId>().unwrap();
    let segmentation_id: SegmentationId = app.workspace.ids.next(app.now());
    let both = LocalizedText::new;
    let segmentation = stored::Segmentation {
        id: segmentation_id,
        method: "kmeans".to_owned(),
        k: 2,
        as_of: app.now(),
        created_at: app.now(),
        n_customers: 2,
        silhouette: Some(0.5),
        stability_ari: Some(0.9),
        status: stored::SegmentationStatus::Current,
        model_id,
        snapshot: None,
        baseline: Some(stored::Baseline {
            method: "rfm".to_owned(),
            silhouette: Some(0.2),
            stability_ari: None,
            k: 5,
        }),
        axes: vec![stored::MapAxis {
            label: both("Value", "价值"),
            explained: 0.6,
        }],
    };
    let names = [both("Regulars", "常客"), both("Newcomers", "新客")];
    let segments = names
        .into_iter()
        .enumerate()
        .map(|(idx, name)| stored::Segment {
            id: app.workspace.ids.next::<SegmentId>(app.now()),
            segmentation_id,
            idx: idx as u64,
            name,
            description: both("…", "…"),
            color: "#2563eb".to_owned(),
            size: 1,
            share: 0.5,
            value: None,
            value_share: 0.5,
            traits: vec![stored::Trait {
                feature: "recency_days".to_owned(),
                label: both("Recency", "最近一次"),
                direction: stored::TraitDirection::Low,
                z: -1.0,
                typical: 3.0,
                overall: 30.0,
                unit: "days".to_owned(),
            }],
            typical: vec![contact_id(&contacts[idx])],
            rfm: None,
        });
    let members = contacts
        .iter()
        .enumerate()
        .map(|(idx, contact)| stored::NewMember {
            contact_id: contact_id(contact),
            idx: idx as u64,
            x: idx as f64,
            y: 0.5,
        });
    let new = stored::NewSegmentation {
        segmentation,
        segments: segments.collect(),
        members: members.collect(),
        origin: None,
    };
    stored::publish(&app.workspace.store, new).await.unwrap();
    (
        segmentation_id,
        contacts.map(|contact| id(&contact).to_owned()),
    )
}
