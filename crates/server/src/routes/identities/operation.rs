//! An operation of the log as the API shows it.

use rapport_domain::{Actor, IdentityChange};
use rapport_store::identity_log::OperationRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::wire::{SystemActor, Time};

/// What somebody did to who is whom.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IdentityOperation {
    /// Its number.
    id: i64,
    /// What was done: `link`, `merge`, `unmerge`, `split`, `confirm`, `reject` or `withdraw`.
    kind: String,
    /// When.
    at: Time,
    /// The person who acted, or as whom a key acted.
    user_id: Option<Uuid>,
    /// The part of the program that acted by itself.
    system: Option<SystemActor>,
    /// Why.
    reason: Option<String>,
    /// The rule that it follows; `person` where somebody decided.
    rule: Option<String>,
    /// The version of the model that proposed it.
    model_version: Option<String>,
    /// The probability that the model gave to the two being one.
    score: Option<f64>,
    /// The contact that stays or is left, or one of two.
    contact_id: Uuid,
    /// The contact that went, is new, or is the other one.
    other_id: Uuid,
    /// What people called the contact that went; null where it is there again, or erased.
    other_name: Option<String>,
    /// The operation that this one takes back.
    undoes: Option<i64>,
    /// The operation that took this one back.
    undone_by: Option<i64>,
    /// When the values that it kept were erased.
    erased_at: Option<Time>,
}

impl From<OperationRow> for IdentityOperation {
    fn from(row: OperationRow) -> Self {
        let operation = row.operation;
        let (contact_id, other_id, undoes) = match &operation.change {
            IdentityChange::Link { contact, .. } => (*contact, *contact, None),
            IdentityChange::Merge { from, into } => (*into, *from, None),
            IdentityChange::Unmerge { from, merge, .. } => (*from, *from, Some(*merge)),
            IdentityChange::Split { from, into, .. } => (*from, *into, None),
            IdentityChange::Confirm { first, second }
            | IdentityChange::Reject { first, second } => (*first, *second, None),
            IdentityChange::Withdraw {
                decision,
                first,
                second,
            } => (*first, *second, Some(*decision)),
        };
        let system = match operation.actor {
            Actor::System(system) => Some(system.into()),
            Actor::User(_) | Actor::ApiKey { .. } => None,
        };
        Self {
            id: operation.seq,
            kind: operation.change.name().to_owned(),
            at: Time(operation.at),
            user_id: operation.actor.user_id().map(Into::into),
            system,
            reason: operation.grounds.reason,
            rule: operation.grounds.rule,
            model_version: operation.grounds.model_version,
            score: operation.grounds.score,
            contact_id: contact_id.into(),
            other_id: other_id.into(),
            other_name: row.name,
            undoes,
            undone_by: row.undone_by,
            erased_at: row.erased_at.map(Time),
        }
    }
}
