//! The log itself: operations are added and read, and never changed but for what they keep.

use rapport_domain::{
    Actor, Author, ContactId, IdentityChange, IdentityGrounds, IdentityOperation, SystemActor,
    Timestamp,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fold::Step;
use super::{OBJECT, read, tree};
use crate::entities::{identity_operation, score, segment_member};
use crate::lens::Lens;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec, match_pairs};

/// What taking a merge back needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) step: Step,
    /// The memberships and scores of the contact that went.
    pub(super) memberships: Vec<segment_member::Model>,
    pub(super) scores: Vec<score::Model>,
    /// Those of them that the one that stayed has got, which had none of its own: segmentations, and kinds of
    /// score with their models.
    pub(super) lent_memberships: Vec<Uuid>,
    pub(super) lent_scores: Vec<(String, Uuid)>,
    /// Whether events told of the contact that went.
    pub(super) is_told_of: bool,
}

/// An operation, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationRow {
    /// The operation.
    pub operation: IdentityOperation,
    /// The operation that took it back, if one did.
    pub undone_by: Option<i64>,
    /// When what it kept of the person was erased.
    pub erased_at: Option<Timestamp>,
    /// What people called the contact that was merged; none of other operations, and where it was taken back
    /// or erased.
    pub name: Option<String>,
}

/// In whose name an operation is done: the log has no entry of nobody's.
pub(super) fn author_of(lens: &Lens) -> Result<Author, StoreError> {
    lens.author().ok_or_else(|| StoreError::WrongState {
        object: OBJECT,
        state: "only done in somebody's name".to_owned(),
    })
}

/// Adds an operation to the log; returns its number.
pub(super) async fn add(
    tx: &DatabaseTransaction,
    author: Author,
    change: &IdentityChange,
    grounds: &IdentityGrounds,
    kept: Option<&Kept>,
) -> Result<i64, StoreError> {
    let (contact, other) = contacts_of(change);
    let (key_id, system_actor) = match author.actor {
        Actor::User(_) => (None, None),
        Actor::ApiKey { key_id, .. } => (Some(key_id.into()), None),
        Actor::System(system) => (None, Some(codec::name_of(&system))),
    };
    let row = identity_operation::Model {
        seq: 0,
        kind: change.name().to_owned(),
        at: author.at.as_micros(),
        user_id: author.actor.user_id().map(Into::into),
        key_id,
        system_actor,
        reason: grounds.reason.clone(),
        rule: grounds.rule.clone(),
        model_version: grounds.model_version.clone(),
        score: grounds.score,
        contact_id: contact.into(),
        other_id: other.into(),
        change: codec::to_json(change),
        undone_by: None,
        kept: kept.map(codec::to_json),
        erased_at: None,
    };
    bulk::insert_except::<identity_operation::Entity>(tx, vec![row], &["seq"], "").await?;
    // Others wait until this transaction ends, so that the last one is ours.
    let last = Sql::of(
        tx.get_database_backend(),
        "SELECT max(seq) AS seq FROM identity_operations",
        [],
    );
    let row = last.one(tx).await?;
    let row = row.ok_or_else(|| StoreError::not_found(OBJECT, "just added"))?;
    Ok(row.try_get("", "seq")?)
}

/// The two contacts that an operation is about: the one that stays or is left, and the other one.
fn contacts_of(change: &IdentityChange) -> (ContactId, ContactId) {
    match change {
        IdentityChange::Link { contact, .. } => (*contact, *contact),
        IdentityChange::Merge { from, into } => (*into, *from),
        IdentityChange::Unmerge { from, .. } => (*from, *from),
        IdentityChange::Split { from, into, .. } => (*from, *into),
        IdentityChange::Confirm { first, second }
        | IdentityChange::Reject { first, second }
        | IdentityChange::Withdraw { first, second, .. } => (*first, *second),
    }
}

/// Finds an operation, within a transaction too.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    seq: i64,
) -> Result<identity_operation::Model, StoreError> {
    let found = identity_operation::Entity::find_by_id(seq);
    let row = found.one(connection).await?;
    row.ok_or_else(|| StoreError::not_found(OBJECT, seq))
}

/// What an operation kept; none where it was erased.
pub(super) fn kept_of(row: &identity_operation::Model) -> Result<Option<Kept>, StoreError> {
    codec::from_json_option("identity_operations.kept", row.kept.as_deref())
}

/// Keeps something else of an operation.
pub(super) async fn keep(
    tx: &DatabaseTransaction,
    seq: i64,
    kept: &Kept,
) -> Result<(), StoreError> {
    let text = "UPDATE identity_operations SET kept = ? WHERE seq = ?";
    let values = [sql::text(codec::to_json(kept)), seq.into()];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that an operation was taken back; what it kept is needed no more.
pub(super) async fn undo(tx: &DatabaseTransaction, seq: i64, by: i64) -> Result<(), StoreError> {
    let text = "UPDATE identity_operations SET undone_by = ?, kept = NULL WHERE seq = ?";
    Sql::of(tx.get_database_backend(), text, [by.into(), seq.into()])
        .execute(tx)
        .await?;
    Ok(())
}

/// Finds an operation on a contact that is seen.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none.
pub async fn expect(store: &Store, seq: i64) -> Result<OperationRow, StoreError> {
    let row = identity_operation::Entity::find_by_id(seq)
        .one(store.reader())
        .await?;
    let row = row.ok_or_else(|| StoreError::not_found(OBJECT, seq))?;
    if !read::is_seen(store, row.contact_id.into()).await? {
        return Err(StoreError::not_found(OBJECT, seq));
    }
    row_of(store, row)
}

/// Lists the operations on a contact and all that is part of it, the latest first; none where the contact is
/// not seen.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store, contact: ContactId) -> Result<Vec<OperationRow>, StoreError> {
    if !read::is_seen(store, contact).await? {
        return Ok(Vec::new());
    }
    let members = tree::members(store.reader(), contact.into()).await?;
    let members = sql::padded(members);
    let names = Condition::any()
        .add(identity_operation::Column::ContactId.is_in(members.clone()))
        .add(identity_operation::Column::OtherId.is_in(members));
    let rows = identity_operation::Entity::find()
        .filter(names)
        .order_by_desc(identity_operation::Column::Seq)
        .all(store.reader())
        .await?;
    rows.into_iter().map(|row| row_of(store, row)).collect()
}

/// The whole log, in the order in which it happened. How identities came to their homes is told by the
/// identities themselves, with rule and time; a million of an import are a million rows once, not twice.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn log(store: &Store) -> Result<Vec<IdentityOperation>, StoreError> {
    let rows = identity_operation::Entity::find()
        .order_by_asc(identity_operation::Column::Seq)
        .all(store.reader())
        .await?;
    let rows = rows
        .into_iter()
        .map(|row| Ok(row_of(store, row)?.operation));
    rows.collect()
}

fn row_of(store: &Store, row: identity_operation::Model) -> Result<OperationRow, StoreError> {
    // Who does not see some field may not see that one.
    let is_told = !store.lens().hides_some("contacts");
    let kept = kept_of(&row)?.filter(|_| is_told);
    let operation = IdentityOperation {
        seq: row.seq,
        change: codec::from_json("identity_operations.change", &row.change)?,
        actor: actor(&row)?,
        at: Timestamp::from_micros(row.at),
        grounds: IdentityGrounds {
            reason: row.reason,
            rule: row.rule,
            model_version: row.model_version,
            score: row
                .score
                .map(|score| match_pairs::told_probability(store.lens(), score)),
        },
    };
    Ok(OperationRow {
        operation,
        undone_by: row.undone_by,
        erased_at: codec::instant(row.erased_at),
        name: kept.map(|kept| kept.step.child.name),
    })
}

fn actor(row: &identity_operation::Model) -> Result<Actor, StoreError> {
    match (row.user_id, row.key_id, &row.system_actor) {
        (Some(user), None, None) => Ok(Actor::User(user.into())),
        (Some(user), Some(key), None) => Ok(Actor::ApiKey {
            key_id: key.into(),
            user_id: user.into(),
        }),
        (None, None, Some(name)) => {
            let system: SystemActor = codec::member("identity_operations.system_actor", name)?;
            Ok(Actor::System(system))
        }
        _ => Err(StoreError::Decode {
            column: "identity_operations.user_id",
            reason: "neither a person, a key nor the system".to_owned(),
        }),
    }
}
