//! Segmentations: divisions of all customers into segments, of which one is current.

mod members;
mod publish;
mod retention;

use rapport_domain::{
    ContactId, LocalizedText, ModelId, Money, SegmentId, SegmentationId, Timestamp,
};
use sea_orm::QuerySelect as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entities::{segment, segmentation};
use crate::{Store, StoreError, codec, record};

pub use members::{MapColumns, Membership, find_membership, map};
pub use publish::{NewMember, NewSegmentation, Origin, publish};

pub(crate) use publish::show_of_model_in;

/// Whether a segmentation is the one that lists and pages show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentationStatus {
    /// Shown.
    Current,
    /// Kept for comparison.
    Archived,
}

/// The simple method that a segmentation is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Its name, such as `rfm`.
    pub method: String,
    /// Mean silhouette, in `[-1, 1]`.
    pub silhouette: Option<f64>,
    /// Mean adjusted Rand index over resamples, at most 1.
    pub stability_ari: Option<f64>,
    /// Segments.
    pub k: u64,
}

/// An axis of the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MapAxis {
    /// What it is made of.
    pub label: LocalizedText,
    /// Share of the variance that it explains, in `[0, 1]`.
    pub explained: f64,
}

/// A division of all customers into segments.
#[derive(Debug, Clone, PartialEq)]
pub struct Segmentation {
    /// Identifier.
    pub id: SegmentationId,
    /// Method, such as `kmeans`.
    pub method: String,
    /// Segments.
    pub k: u64,
    /// The instant that its features know up to.
    pub as_of: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// Customers divided.
    pub n_customers: u64,
    /// Mean silhouette, in `[-1, 1]`.
    pub silhouette: Option<f64>,
    /// Mean adjusted Rand index over resamples, at most 1.
    pub stability_ari: Option<f64>,
    /// Whether it is shown.
    pub status: SegmentationStatus,
    /// The model that made it.
    pub model_id: Option<ModelId>,
    /// Path of the feature snapshot that it was made from.
    pub snapshot: Option<String>,
    /// What it is compared with.
    pub baseline: Option<Baseline>,
    /// The axes of its map.
    pub axes: Vec<MapAxis>,
}

/// Which way a segment differs from all customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraitDirection {
    /// More than others.
    High,
    /// Less than others.
    Low,
}

/// What sets a segment apart in one feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trait {
    /// Name of the feature.
    pub feature: String,
    /// What it means.
    pub label: LocalizedText,
    /// Which way the segment differs.
    pub direction: TraitDirection,
    /// How far, in standard deviations of all customers.
    pub z: f64,
    /// What is usual in the segment: the median, or the mean where medians hide the difference.
    pub typical: f64,
    /// The same figure of all customers.
    pub overall: f64,
    /// Unit of both, such as `days`.
    pub unit: String,
}

/// A segment with its portrait.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Identifier.
    pub id: SegmentId,
    /// The segmentation it belongs to.
    pub segmentation_id: SegmentationId,
    /// Position in the segmentation, from 0.
    pub idx: u64,
    /// Name.
    pub name: LocalizedText,
    /// What its customers are like, in a sentence.
    pub description: LocalizedText,
    /// Color on the screen, as `#rrggbb`.
    pub color: String,
    /// Customers.
    pub size: u64,
    /// Share of all customers, in `[0, 1]`.
    pub share: f64,
    /// What they have spent.
    pub value: Option<Money>,
    /// Share of what all have spent; outside of `[0, 1]` only where returns exceed purchases.
    pub value_share: f64,
    /// What sets it apart, the strongest first.
    pub traits: Vec<Trait>,
    /// Typical customers.
    pub typical: Vec<ContactId>,
    /// How the segment looks to the simple method, as that method describes it.
    pub rfm: Option<serde_json::Value>,
}

impl TryFrom<segmentation::Model> for Segmentation {
    type Error = StoreError;

    fn try_from(row: segmentation::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            method: row.method,
            k: codec::unsigned(row.k),
            as_of: Timestamp::from_micros(row.as_of),
            created_at: Timestamp::from_micros(row.created_at),
            n_customers: codec::unsigned(row.n_customers),
            silhouette: row.silhouette,
            stability_ari: row.stability_ari,
            status: codec::member("segmentations.status", &row.status)?,
            model_id: row.model_id.map(Into::into),
            snapshot: row.snapshot,
            baseline: codec::from_json_option("segmentations.baseline", row.baseline.as_deref())?,
            axes: codec::from_json("segmentations.axes", &row.axes)?,
        })
    }
}

impl TryFrom<segment::Model> for Segment {
    type Error = StoreError;

    fn try_from(row: segment::Model) -> Result<Self, StoreError> {
        let currency = row.currency.as_deref();
        Ok(Self {
            id: row.id.into(),
            segmentation_id: row.segmentation_id.into(),
            idx: codec::unsigned(row.idx),
            name: LocalizedText::new(row.name_en, row.name_zh),
            description: LocalizedText::new(row.description_en, row.description_zh),
            color: row.color,
            size: codec::unsigned(row.size),
            share: row.share,
            value: codec::money("segments.currency", Some(row.value_minor), currency)?,
            value_share: row.value_share,
            traits: codec::from_json("segments.traits", &row.traits)?,
            typical: codec::from_json("segments.typical", &row.typical)?,
            rfm: codec::from_json_option("segments.rfm", row.rfm.as_deref())?,
        })
    }
}

/// Lists segmentations, the latest first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store, limit: u64) -> Result<Vec<Segmentation>, StoreError> {
    let rows = segmentation::Entity::find()
        .order_by_desc(segmentation::Column::CreatedAt)
        .order_by_desc(segmentation::Column::Id)
        .limit(limit)
        .all(store.reader())
        .await?;
    rows.into_iter().map(Segmentation::try_from).collect()
}

/// Finds a segmentation.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: SegmentationId) -> Result<Option<Segmentation>, StoreError> {
    record::find_seen::<segmentation::Entity, _>(store, id).await
}

/// Finds the segmentation that is shown.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_current(store: &Store) -> Result<Option<Segmentation>, StoreError> {
    let row = segmentation::Entity::find()
        .filter(segmentation::Column::Status.eq("current"))
        .one(store.reader())
        .await?;
    row.map(Segmentation::try_from).transpose()
}

/// Lists the segments of a segmentation in order.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_segments(store: &Store, id: SegmentationId) -> Result<Vec<Segment>, StoreError> {
    let rows = segment::Entity::find()
        .filter(segment::Column::SegmentationId.eq(Uuid::from(id)))
        .order_by_asc(segment::Column::Idx)
        .all(store.reader())
        .await?;
    rows.into_iter().map(Segment::try_from).collect()
}

/// Finds a segment.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_segment(store: &Store, id: SegmentId) -> Result<Option<Segment>, StoreError> {
    record::find_seen::<segment::Entity, _>(store, id).await
}
