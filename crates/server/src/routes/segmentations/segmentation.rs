//! A segmentation as the API shows it.

use rapport_store::segmentations as stored;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::segment::Segment;
use crate::respond::Meta;
use crate::wire::{LocalizedText, Time};

/// One division of all customers into segments.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Segmentation {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Method that won, such as `kmeans`.
    pub(crate) method: String,
    /// Number of segments.
    pub(crate) k: u64,
    /// Instant up to which events were seen.
    pub(crate) as_of: Time,
    /// When it was made.
    pub(crate) created_at: Time,
    /// Customers divided.
    pub(crate) n_customers: u64,
    /// Mean silhouette, in `[-1, 1]`.
    pub(crate) silhouette: Option<f64>,
    /// Mean adjusted Rand index over bootstrap resamples, at most 1.
    pub(crate) stability_ari: Option<f64>,
    /// Whether it is the one that is shown.
    pub(crate) status: SegmentationStatus,
    /// The model that made it.
    pub(crate) model_id: Option<Uuid>,
    /// The naive method's figures on the same customers.
    pub(crate) baseline: Option<Baseline>,
}

/// Whether a segmentation is the one that is shown.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SegmentationStatus {
    /// Shown.
    Current,
    /// Kept for comparison.
    Archived,
}

/// The naive method's figures.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Baseline {
    /// Name, such as `rfm`.
    pub(crate) method: String,
    /// Mean silhouette.
    pub(crate) silhouette: Option<f64>,
    /// Mean adjusted Rand index over bootstrap resamples.
    pub(crate) stability_ari: Option<f64>,
    /// Number of segments.
    pub(crate) k: u64,
}

/// A page of segmentations, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentationList {
    /// The segmentations.
    pub(crate) segmentations: Vec<Segmentation>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

/// A segmentation with its segments' portraits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentationDetail {
    #[serde(flatten)]
    pub(crate) segmentation: Segmentation,
    /// The segments by position.
    pub(crate) segments: Vec<Segment>,
}

/// All customers as points, column by column.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentationMap {
    /// Contacts.
    pub(crate) ids: Vec<Uuid>,
    /// Horizontal positions.
    pub(crate) x: Vec<f64>,
    /// Vertical positions.
    pub(crate) y: Vec<f64>,
    /// Position of each customer's segment, from 0.
    pub(crate) segment: Vec<u64>,
    /// What the two directions stand for.
    pub(crate) axes: Vec<MapAxis>,
}

/// One direction of the map.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MapAxis {
    /// The features that weigh most in it.
    pub(crate) label: LocalizedText,
    /// Share of the variance along it, in `[0, 1]`.
    pub(crate) explained: f64,
}

impl From<stored::Segmentation> for Segmentation {
    fn from(segmentation: stored::Segmentation) -> Self {
        Self {
            id: segmentation.id.0,
            method: segmentation.method,
            k: segmentation.k,
            as_of: Time(segmentation.as_of),
            created_at: Time(segmentation.created_at),
            n_customers: segmentation.n_customers,
            silhouette: segmentation.silhouette,
            stability_ari: segmentation.stability_ari,
            status: match segmentation.status {
                stored::SegmentationStatus::Current => SegmentationStatus::Current,
                stored::SegmentationStatus::Archived => SegmentationStatus::Archived,
            },
            model_id: segmentation.model_id.map(|id| id.0),
            baseline: segmentation.baseline.map(|baseline| Baseline {
                method: baseline.method,
                silhouette: baseline.silhouette,
                stability_ari: baseline.stability_ari,
                k: baseline.k,
            }),
        }
    }
}

impl SegmentationMap {
    /// The stored columns with the axes of their segmentation.
    pub(super) fn of(columns: stored::MapColumns, axes: Vec<stored::MapAxis>) -> Self {
        let axis = |axis: stored::MapAxis| MapAxis {
            label: axis.label.into(),
            explained: axis.explained,
        };
        Self {
            ids: columns.ids.into_iter().map(|id| id.0).collect(),
            x: columns.x,
            y: columns.y,
            segment: columns.segment,
            axes: axes.into_iter().map(axis).collect(),
        }
    }
}
