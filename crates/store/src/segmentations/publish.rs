//! Writing a segmentation with everything that belongs to it, and choosing the one that is shown.

use futures::FutureExt as _;
use rapport_domain::{ContactId, SegmentationId};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::{Segment, Segmentation, SegmentationStatus};
use crate::entities::{segment, segment_member, segmentation};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec, record};

/// A customer's place in a segmentation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewMember {
    /// The customer.
    pub contact_id: ContactId,
    /// Position of the segment, from 0.
    pub idx: u64,
    /// Place on the map, along the first axis.
    pub x: f64,
    /// Place on the map, along the second axis.
    pub y: f64,
}

/// A segmentation with everything that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSegmentation {
    /// The segmentation; where its status is current, it replaces the one that is shown.
    pub segmentation: Segmentation,
    /// Its segments.
    pub segments: Vec<Segment>,
    /// All customers.
    pub members: Vec<NewMember>,
}

impl From<Segmentation> for segmentation::Model {
    fn from(segmentation: Segmentation) -> Self {
        Self {
            id: segmentation.id.into(),
            method: segmentation.method,
            k: codec::signed(segmentation.k),
            as_of: segmentation.as_of.as_micros(),
            created_at: segmentation.created_at.as_micros(),
            n_customers: codec::signed(segmentation.n_customers),
            silhouette: segmentation.silhouette,
            stability_ari: segmentation.stability_ari,
            status: codec::name_of(&segmentation.status),
            model_id: segmentation.model_id.map(Into::into),
            snapshot: segmentation.snapshot,
            baseline: segmentation.baseline.as_ref().map(codec::to_json),
            axes: codec::to_json(&segmentation.axes),
        }
    }
}

impl From<Segment> for segment::Model {
    fn from(segment: Segment) -> Self {
        Self {
            id: segment.id.into(),
            segmentation_id: segment.segmentation_id.into(),
            idx: codec::signed(segment.idx),
            name_en: segment.name.en,
            name_zh: segment.name.zh,
            description_en: segment.description.en,
            description_zh: segment.description.zh,
            color: segment.color,
            size: codec::signed(segment.size),
            share: segment.share,
            value_minor: segment.value.map_or(0, |value| value.amount_minor),
            currency: segment.value.map(|value| value.currency.to_string()),
            value_share: segment.value_share,
            traits: codec::to_json(&segment.traits),
            typical: codec::to_json(&segment.typical),
            rfm: segment.rfm.map(|rfm| rfm.to_string()),
        }
    }
}

/// Writes a segmentation, its segments and members in one transaction.
///
/// # Errors
/// [`StoreError::BrokenReference`] where a member or the model is gone; nothing was written then.
pub async fn publish(store: &Store, new: NewSegmentation) -> Result<(), StoreError> {
    store.write(move |tx| publish_in(tx, new).boxed()).await
}

async fn publish_in(tx: &DatabaseTransaction, new: NewSegmentation) -> Result<(), StoreError> {
    let id = new.segmentation.id;
    if new.segmentation.status == SegmentationStatus::Current {
        archive_current(tx).await?;
    }
    let row = new.segmentation.into();
    record::create::<segmentation::Entity>(tx, "segmentation", row).await?;
    let segments = new.segments.into_iter().map(segment::Model::from);
    bulk::insert::<segment::Entity>(tx, segments.collect(), "").await?;
    let members = new.members.into_iter().map(|member| segment_member::Model {
        segmentation_id: id.into(),
        contact_id: member.contact_id.into(),
        idx: codec::signed(member.idx),
        x: member.x,
        y: member.y,
    });
    bulk::insert::<segment_member::Entity>(tx, members.collect(), "").await?;
    Ok(())
}

/// Shows another segmentation.
///
/// # Errors
/// [`StoreError::NotFound`] where it is gone.
pub async fn make_current(store: &Store, id: SegmentationId) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            async move {
                archive_current(tx).await?;
                let text = "UPDATE segmentations SET status = 'current' WHERE id = ?";
                let statement = Sql::of(tx.get_database_backend(), text, [sql::id(id)]);
                match statement.execute(tx).await? {
                    0 => Err(StoreError::not_found("segmentation", id)),
                    _ => Ok(()),
                }
            }
            .boxed()
        })
        .await
}

async fn archive_current(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    let text = "UPDATE segmentations SET status = 'archived' WHERE status = 'current'";
    Sql::of(tx.get_database_backend(), text, [])
        .execute(tx)
        .await?;
    Ok(())
}
