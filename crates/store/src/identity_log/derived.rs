//! What was worked out about a contact: memberships of segments, scores, and whether events tell of it.
//!
//! A person has one membership a segmentation and one score a kind and model. The one that stays keeps its
//! own and gets those that it lacks; those of the one that goes are kept with the operation.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
};
use uuid::Uuid;

use super::operations::Kept;
use crate::entities::{score, segment_member};
use crate::sql::{self, Sql};
use crate::{StoreError, bulk, record};

const KEEP: &str = "ON CONFLICT DO NOTHING";

/// What was worked out about a contact.
pub(super) struct Derived {
    pub(super) memberships: Vec<segment_member::Model>,
    pub(super) scores: Vec<score::Model>,
    pub(super) is_told_of: bool,
}

pub(super) async fn of(tx: &DatabaseTransaction, contact: Uuid) -> Result<Derived, StoreError> {
    let memberships = segment_member::Entity::find()
        .filter(segment_member::Column::ContactId.eq(contact))
        .all(tx)
        .await?;
    let scores = score::Entity::find()
        .filter(score::Column::ContactId.eq(contact))
        .all(tx)
        .await?;
    let told = "SELECT contact_id FROM event_contacts WHERE contact_id = ?";
    let told = Sql::of(tx.get_database_backend(), told, [sql::id(contact)]);
    Ok(Derived {
        memberships,
        scores,
        is_told_of: told.one(tx).await?.is_some(),
    })
}

/// Gives a contact what it lacks of another one's; returns the segmentations, and the kinds and models.
pub(super) async fn lend(
    tx: &DatabaseTransaction,
    from: &Derived,
    into: Uuid,
) -> Result<(Vec<Uuid>, Vec<(String, Uuid)>), StoreError> {
    let own = of(tx, into).await?;
    let has_membership = |row: &segment_member::Model| {
        let mut own = own.memberships.iter();
        own.any(|it| it.segmentation_id == row.segmentation_id)
    };
    let memberships = from.memberships.iter().filter(|row| !has_membership(row));
    let memberships: Vec<segment_member::Model> = memberships
        .map(|row| segment_member::Model {
            contact_id: into,
            ..row.clone()
        })
        .collect();
    let has_score = |row: &score::Model| {
        let mut own = own.scores.iter();
        own.any(|it| (&it.kind, it.model_id) == (&row.kind, row.model_id))
    };
    let scores = from.scores.iter().filter(|row| !has_score(row));
    let scores: Vec<score::Model> = scores
        .map(|row| score::Model {
            contact_id: into,
            ..row.clone()
        })
        .collect();
    let segmentations = memberships.iter().map(|row| row.segmentation_id).collect();
    let kinds = scores.iter();
    let kinds = kinds.map(|row| (row.kind.clone(), row.model_id)).collect();
    bulk::insert::<segment_member::Entity>(tx, memberships, KEEP).await?;
    bulk::insert::<score::Entity>(tx, scores, KEEP).await?;
    if from.is_told_of {
        note_told_of(tx, into).await?;
    }
    Ok((segmentations, kinds))
}

/// What a merge has lent to the contact that stayed.
pub(super) struct Lent {
    memberships: Vec<segment_member::Model>,
    scores: Vec<score::Model>,
}

impl Lent {
    pub(super) fn of(kept: &Kept) -> Self {
        let memberships = kept.memberships.iter();
        let is_lent =
            |row: &&segment_member::Model| kept.lent_memberships.contains(&row.segmentation_id);
        let scores = kept.scores.iter();
        let is_lent_score = |row: &&score::Model| {
            let mut lent = kept.lent_scores.iter();
            lent.any(|(kind, model)| *kind == row.kind && *model == row.model_id)
        };
        Self {
            memberships: memberships.filter(is_lent).cloned().collect(),
            scores: scores.filter(is_lent_score).cloned().collect(),
        }
    }

    /// Takes it out of what a later merge keeps of the contact that it was lent to. Returns what that one has
    /// lent on.
    pub(super) fn take_out(self, later: &mut Kept) -> Self {
        let on = Self::of(later);
        let is_among = |rows: &[segment_member::Model], row: &segment_member::Model| {
            rows.iter().any(|it| is_same_membership(it, row))
        };
        let is_score_among = |rows: &[score::Model], row: &score::Model| {
            rows.iter().any(|it| is_same_score(it, row))
        };
        later
            .memberships
            .retain(|row| !is_among(&self.memberships, row));
        later
            .scores
            .retain(|row| !is_score_among(&self.scores, row));
        let memberships = self.memberships.into_iter();
        let scores = self.scores.into_iter();
        Self {
            memberships: memberships
                .filter(|row| is_among(&on.memberships, row))
                .collect(),
            scores: scores
                .filter(|row| is_score_among(&on.scores, row))
                .collect(),
        }
    }

    /// Takes it back from a contact, unless it was worked out anew since.
    pub(super) async fn take_back(
        self,
        tx: &DatabaseTransaction,
        contact: Uuid,
    ) -> Result<(), StoreError> {
        for row in self.memberships {
            segment_member::Entity::delete_many()
                .filter(segment_member::Column::ContactId.eq(contact))
                .filter(segment_member::Column::SegmentationId.eq(row.segmentation_id))
                .filter(segment_member::Column::Idx.eq(row.idx))
                .filter(segment_member::Column::X.eq(row.x))
                .filter(segment_member::Column::Y.eq(row.y))
                .exec(tx)
                .await?;
        }
        for row in self.scores {
            score::Entity::delete_many()
                .filter(score::Column::ContactId.eq(contact))
                .filter(score::Column::Kind.eq(row.kind))
                .filter(score::Column::ModelId.eq(row.model_id))
                .filter(score::Column::Value.eq(row.value))
                .filter(score::Column::AsOf.eq(row.as_of))
                .exec(tx)
                .await?;
        }
        Ok(())
    }
}

/// Whether two memberships are one, whosever they are.
fn is_same_membership(one: &segment_member::Model, other: &segment_member::Model) -> bool {
    let contact_id = other.contact_id;
    *other
        == segment_member::Model {
            contact_id,
            ..one.clone()
        }
}

/// Whether two scores are one, whosever they are.
fn is_same_score(one: &score::Model, other: &score::Model) -> bool {
    let contact_id = other.contact_id;
    *other
        == score::Model {
            contact_id,
            ..one.clone()
        }
}

/// Gives a contact that is there again what was worked out about it, where its segmentation or model is still
/// there.
pub(super) async fn give_back(
    tx: &DatabaseTransaction,
    kept: &Kept,
    contact: Uuid,
) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = kept
        .memberships
        .iter()
        .map(|row| row.segmentation_id)
        .collect();
    let there = record::hold_fast(tx, "segmentations", &ids).await?;
    let memberships = kept.memberships.iter();
    let memberships = memberships.filter(|row| there.contains(&row.segmentation_id));
    let memberships: Vec<_> = memberships.cloned().collect();
    bulk::insert::<segment_member::Entity>(tx, memberships, KEEP).await?;
    let ids: Vec<Uuid> = kept.scores.iter().map(|row| row.model_id).collect();
    let there = record::hold_fast(tx, "models", &ids).await?;
    let scores = kept.scores.iter();
    let scores: Vec<_> = scores
        .filter(|row| there.contains(&row.model_id))
        .cloned()
        .collect();
    bulk::insert::<score::Entity>(tx, scores, KEEP).await?;
    if kept.is_told_of {
        note_told_of(tx, contact).await?;
    }
    Ok(())
}

async fn note_told_of(tx: &DatabaseTransaction, contact: Uuid) -> Result<(), StoreError> {
    let text = format!("INSERT INTO event_contacts (contact_id) VALUES (?) {KEEP}");
    Sql::of(tx.get_database_backend(), &text, [sql::id(contact)])
        .execute(tx)
        .await?;
    Ok(())
}
