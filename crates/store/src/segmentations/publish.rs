//! Writing a segmentation with everything that belongs to it, in one transaction.

use futures::FutureExt as _;
use rapport_domain::{ContactId, ModelId, SegmentationId};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::{Segment, Segmentation, SegmentationStatus, retention};
use crate::entities::{segment, segment_member, segmentation};
use crate::feature_snapshots::{self, FeatureSnapshot};
use crate::jobs::{self, LeasedJob};
use crate::models::{self, NewModel};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec, contacts, record};

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

/// What a segmentation was made by and from.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// The job; where its lease is over, nothing is written.
    pub job: LeasedJob,
    /// The model that the job trained, to be registered. The segmentation may be by the one that
    /// serves.
    pub model: NewModel,
    /// The features.
    pub snapshot: FeatureSnapshot,
}

/// A segmentation with everything that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSegmentation {
    /// The segmentation; where its status is current, it replaces the one that is shown. It is
    /// archived instead where its model does not serve.
    pub segmentation: Segmentation,
    /// Its segments.
    pub segments: Vec<Segment>,
    /// All customers.
    pub members: Vec<NewMember>,
    /// Where it comes from; none for one that was not learned here.
    pub origin: Option<Origin>,
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

/// Writes a segmentation with its segments, members, model and feature snapshot in one
/// transaction. One of the same id is replaced, so that a job may publish again. Customers whose
/// contact was deleted meanwhile are left out and not counted.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another worker has the job; [`StoreError::BrokenReference`]
/// where the model is not registered. Nothing was written then.
pub async fn publish(store: &Store, new: NewSegmentation) -> Result<Segmentation, StoreError> {
    store.write(move |tx| publish_in(tx, new).boxed()).await
}

async fn publish_in(
    tx: &DatabaseTransaction,
    mut new: NewSegmentation,
) -> Result<Segmentation, StoreError> {
    if let Some(origin) = new.origin.take() {
        jobs::hold(tx, &origin.job).await?;
        feature_snapshots::save_in(tx, origin.snapshot).await?;
        let kind = origin.model.kind.clone();
        models::register_in(tx, origin.model, new.segmentation.created_at).await?;
        models::drop_files_in(tx, &kind, new.segmentation.created_at).await?;
        let champion = models::champion_in(tx, &kind).await?;
        if champion.map(|(id, _)| id) != new.segmentation.model_id {
            new.segmentation.status = SegmentationStatus::Archived;
        }
    }
    leave_out_deleted(tx, &mut new).await?;
    let id = new.segmentation.id;
    make_room(tx, id, new.segmentation.status).await?;
    let row = new.segmentation.clone().into();
    record::create::<segmentation::Entity>(tx, "segmentation", row).await?;
    let segments = new.segments.into_iter().map(segment::Model::from);
    bulk::insert::<segment::Entity>(tx, segments, "").await?;
    let members = new.members.into_iter().map(|member| segment_member::Model {
        segmentation_id: id.into(),
        contact_id: member.contact_id.into(),
        idx: codec::signed(member.idx),
        x: member.x,
        y: member.y,
    });
    bulk::insert::<segment_member::Entity>(tx, members, "").await?;
    retention::delete_old_in(tx).await?;
    Ok(new.segmentation)
}

/// Takes out members whose contact is gone. Events know of customers that were deleted, and one
/// may be deleted while the segmentation is being made.
async fn leave_out_deleted(
    tx: &DatabaseTransaction,
    new: &mut NewSegmentation,
) -> Result<(), StoreError> {
    let ids: Vec<ContactId> = new.members.iter().map(|member| member.contact_id).collect();
    let kept = contacts::hold_existing(tx, &ids).await?;
    let (members, gone): (Vec<NewMember>, Vec<NewMember>) = std::mem::take(&mut new.members)
        .into_iter()
        .partition(|member| kept.contains(&member.contact_id));
    new.members = members;
    if gone.is_empty() {
        return Ok(());
    }
    let n_customers = new
        .segmentation
        .n_customers
        .saturating_sub(gone.len() as u64);
    new.segmentation.n_customers = n_customers;
    for segment in &mut new.segments {
        let n_gone = gone
            .iter()
            .filter(|member| member.idx == segment.idx)
            .count();
        segment.size = segment.size.saturating_sub(n_gone as u64);
        segment.share = segment.size as f64 / n_customers.max(1) as f64;
        segment.typical.retain(|id| kept.contains(id));
    }
    Ok(())
}

/// Shows the segmentation that a model made, if there is one, instead of the one that is shown.
pub(crate) async fn show_of_model_in(
    tx: &DatabaseTransaction,
    model: ModelId,
) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    let text = "UPDATE segmentations SET status = 'archived' WHERE status = 'current' \
                AND EXISTS (SELECT 1 FROM segmentations s WHERE s.model_id = ?)";
    Sql::of(backend, text, [sql::id(model)]).execute(tx).await?;
    let text = "UPDATE segmentations SET status = 'current' WHERE id = (SELECT s.id FROM \
                segmentations s WHERE s.model_id = ? ORDER BY s.created_at DESC, s.id DESC LIMIT 1)";
    Sql::of(backend, text, [sql::id(model)]).execute(tx).await?;
    Ok(())
}

/// Makes room for a segmentation: takes away what an earlier run of its job wrote, and archives
/// the one that is shown where this one will be.
async fn make_room(
    tx: &DatabaseTransaction,
    id: SegmentationId,
    status: SegmentationStatus,
) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    Sql::of(
        backend,
        "DELETE FROM segmentations WHERE id = ?",
        [sql::id(id)],
    )
    .execute(tx)
    .await?;
    if status == SegmentationStatus::Current {
        let text = "UPDATE segmentations SET status = 'archived' WHERE status = 'current'";
        Sql::of(backend, text, []).execute(tx).await?;
    }
    Ok(())
}
