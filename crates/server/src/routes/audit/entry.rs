//! An entry of the audit as the API shows it.

use std::collections::BTreeMap;

use rapport_domain::{Actor, AuditAction as Done};
use rapport_store::audit;
use rapport_store::imports::ColumnChange;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::wire::{AuditAction, AuditObject, Reference, SystemActor, Time};

/// Who acted: a person, a key that acts as a person, or the program itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditActor {
    /// The person who acted, or as whom the key acted.
    user: Option<Reference>,
    /// The key.
    api_key: Option<Reference>,
    /// The part of the program that acted by itself.
    system: Option<SystemActor>,
}

/// A value that was replaced.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditChange {
    /// The field; of a custom field `custom.` and its key. Instants are in microseconds since 1970, dates
    /// in days, amounts in minor units.
    field: String,
    /// What stood there; null where nothing did.
    before: Value,
    /// What stands there since; null where nothing does.
    after: Value,
}

/// What somebody did to something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// Identifier.
    id: i64,
    /// Place in the chain; null in the moment before it is put there.
    seq: Option<i64>,
    /// When.
    at: Time,
    /// Who.
    actor: AuditActor,
    /// What was done.
    action: AuditAction,
    /// What kind of thing it was done to.
    object: AuditObject,
    /// Which one; settings and lists have none.
    object_id: Option<Uuid>,
    /// What people call it now; null where it has no name or is gone.
    title: Option<String>,
    /// The currency of its amounts now; null where it has none or is gone.
    currency: Option<String>,
    /// The record that this one is about, such as the contact of a note.
    about_id: Option<Uuid>,
    /// The entry whose change was taken back so.
    restores: Option<i64>,
    /// The values that were replaced; null where they were erased.
    changes: Option<Vec<AuditChange>>,
    /// Whether it tells of a change that can be set back.
    can_restore: bool,
    /// The hash by which the next entry is chained to this one.
    hash: Option<String>,
}

/// A page of the audit, the latest entry first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditList {
    /// The entries.
    pub(super) entries: Vec<AuditEntry>,
    /// What people call the records whose identifiers stand among the values.
    pub(super) names: BTreeMap<Uuid, String>,
    /// Where the list goes on.
    pub(super) meta: Meta,
}

impl From<audit::AuditRow> for AuditEntry {
    fn from(row: audit::AuditRow) -> Self {
        let can_restore = row.entry.can_restore();
        let entry = row.entry;
        let system = match entry.actor {
            Actor::System(system) => Some(system.into()),
            Actor::User(_) | Actor::ApiKey { .. } => None,
        };
        Self {
            id: entry.id,
            seq: entry.seq,
            at: entry.at.into(),
            actor: AuditActor {
                user: row.user.map(Reference::from),
                api_key: row.key.map(Reference::from),
                system,
            },
            action: entry.action.into(),
            object: entry.object.into(),
            object_id: entry.object_id,
            title: row
                .title
                .or_else(|| last_name(entry.action, &entry.changes)),
            currency: row.currency,
            about_id: entry.about_id,
            restores: entry.restores,
            changes: entry
                .changes
                .map(|changes| changes.into_iter().map(AuditChange::from).collect()),
            can_restore,
            hash: entry.hash,
        }
    }
}

/// What a record that is gone was called, as its deletion tells.
fn last_name(action: Done, changes: &Option<Vec<ColumnChange>>) -> Option<String> {
    const NAMES: [&str; 4] = ["name", "title", "subject", "url"];
    let mut changes = changes.iter().flatten();
    let is_name = |change: &&ColumnChange| NAMES.contains(&change.column.as_str());
    let name = changes.find(is_name).filter(|_| action == Done::Deleted)?;
    name.before.as_str().map(str::to_owned)
}

impl From<ColumnChange> for AuditChange {
    fn from(change: ColumnChange) -> Self {
        Self {
            field: change.column,
            before: change.before,
            after: change.after,
        }
    }
}
