//! The audit: who changed what from which value to which, and who saw whom.
//!
//! An entry is written in the transaction of the change that it tells of (`note`), by the lens that the
//! change goes through, so that neither is there without the other. Entries are put into a chain of
//! hashes a moment later (`chain`), of which a check names the first entry that is not as it was written
//! (`verify`). What an entry tells can be set back (`restore`), and erased without breaking the chain
//! (`erase`). Decision note 15.

mod audited;
mod chain;
mod erase;
mod names;
mod note;
mod restore;
mod verify;

use rapport_domain::{Actor, ApiKeyId, AuditAction, AuditObject, SystemActor, Timestamp, UserId};
use sea_orm::{EntityTrait as _, FromQueryResult as _, QueryResult};
use uuid::Uuid;

use crate::entities::audit_entry;
use crate::imports::ColumnChange;
use crate::lists::{Field, Kind, Listing, page};
use crate::record::{self, Named};
use crate::{ListQuery, Page, Store, StoreError, codec};

pub use chain::{ChainHead, head, seal};
pub use erase::erase;
pub use names::names;
pub use note::{Seen, note, note_seen};
pub use restore::{FieldConflict, RestoreRefusal, Restored, restore};
pub use verify::{Fault, FaultKind, Verdict, verify};

pub(crate) use audited::{Audited, before, changed, changed_by, created, deleted, detach, held};
pub(crate) use note::{Draft, replaced, write, write_as};

const OBJECT: &str = "entry of the audit";

/// What somebody did to something.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Identifier; grows in the order in which entries were written.
    pub id: i64,
    /// Place in the chain; none in the moment before it is put there.
    pub seq: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What was done.
    pub action: AuditAction,
    /// What kind of thing it was done to.
    pub object: AuditObject,
    /// Which one.
    pub object_id: Option<Uuid>,
    /// The record that this one is about, such as the contact of a note.
    pub about_id: Option<Uuid>,
    /// The entry whose change was taken back so.
    pub restores: Option<i64>,
    /// What stood there and what stands there now; none where it was erased.
    pub changes: Option<Vec<ColumnChange>>,
    /// The hash by which the next entry is chained to this one, in hexadecimal digits.
    pub hash: Option<String>,
}

impl AuditEntry {
    /// Whether it tells of a change of the kind that [`restore`] sets back.
    pub fn can_restore(&self) -> bool {
        let is_change = matches!(
            self.action,
            AuditAction::Created | AuditAction::Updated | AuditAction::Deleted
        );
        let is_record = restore::RECORDS.contains(&self.object);
        is_change && is_record && self.changes.is_some() && self.object_id.is_some()
    }
}

/// An entry as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditRow {
    /// The entry.
    pub entry: AuditEntry,
    /// The person who acted, or as whom a key acted, if the person has still an account.
    pub user: Option<Named<UserId>>,
    /// The key.
    pub key: Option<Named<ApiKeyId>>,
    /// What people call the thing now; none where it has no name or is gone.
    pub title: Option<String>,
    /// The currency of its amounts now.
    pub currency: Option<String>,
}

const ACTORS: &[&str] = &["user", "api_key", "system"];

const FIELDS: &[Field] = &[
    Field::required("id", "e.id", Kind::Integer),
    Field::required("at", "e.at", Kind::Timestamp),
    Field::required("actor", "e.actor", Kind::Choice(ACTORS)),
    Field::optional("user_id", "e.user_id", Kind::Id),
    Field::optional("key_id", "e.key_id", Kind::Id),
    Field::required("action", "e.action", Kind::Choice(AuditAction::NAMES)),
    Field::required("object", "e.object", Kind::Choice(AuditObject::NAMES)),
    Field::optional("object_id", "e.object_id", Kind::Id),
    Field::optional("about_id", "e.about_id", Kind::Id),
];

/// What people call things now, by kind.
const TITLE: &str = "CASE e.object \
    WHEN 'contact' THEN (SELECT t.name FROM contacts t WHERE t.id = e.object_id) \
    WHEN 'company' THEN (SELECT t.name FROM companies t WHERE t.id = e.object_id) \
    WHEN 'deal' THEN (SELECT t.name FROM deals t WHERE t.id = e.object_id) \
    WHEN 'ticket' THEN (SELECT t.subject FROM tickets t WHERE t.id = e.object_id) \
    WHEN 'task' THEN (SELECT t.title FROM tasks t WHERE t.id = e.object_id) \
    WHEN 'model' THEN (SELECT t.kind FROM models t WHERE t.id = e.object_id) \
    WHEN 'pipeline' THEN (SELECT t.name FROM pipelines t WHERE t.id = e.object_id) \
    WHEN 'user' THEN (SELECT t.name FROM users t WHERE t.id = e.object_id) \
    WHEN 'role' THEN (SELECT t.name FROM roles t WHERE t.id = e.object_id) \
    WHEN 'team' THEN (SELECT t.name FROM teams t WHERE t.id = e.object_id) \
    WHEN 'api_key' THEN (SELECT t.name FROM api_keys t WHERE t.id = e.object_id) \
    WHEN 'source' THEN (SELECT t.name FROM sources t WHERE t.id = e.object_id) \
    WHEN 'import' THEN (SELECT t.file_name FROM imports t WHERE t.id = e.object_id) \
    WHEN 'custom_field' THEN (SELECT t.key FROM custom_fields t WHERE t.id = e.object_id) \
    WHEN 'mailbox' THEN (SELECT t.source FROM mailboxes t WHERE t.id = e.object_id) \
    WHEN 'webhook' THEN (SELECT t.url FROM webhooks t WHERE t.id = e.object_id) \
    END AS title";

/// The currency of a record's amounts, which an entry tells only where it changed.
const CURRENCY: &str = "CASE e.object \
    WHEN 'deal' THEN (SELECT t.currency FROM deals t WHERE t.id = e.object_id) \
    END AS currency";

fn listing() -> Listing {
    let columns = record::columns::<audit_entry::Entity>("e", "e_");
    Listing {
        object: "audit",
        table: "audit_entries",
        alias: "e",
        columns: format!(
            "{columns}, u.id AS u_id, u.name AS u_name, k.id AS k_id, k.name AS k_name, {TITLE}, \
             {CURRENCY}"
        ),
        joins: " LEFT JOIN users u ON u.id = e.user_id LEFT JOIN api_keys k ON k.id = e.key_id",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "e.id", Kind::Integer),
        default_sort: "-id",
        search: None,
    }
}

fn read(row: &QueryResult) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        entry: audit_entry::Model::from_query_result(row, "e_")?.try_into()?,
        user: Named::read(row, "u_")?,
        key: Named::read(row, "k_")?,
        title: row.try_get("", "title")?,
        currency: row.try_get("", "currency")?,
    })
}

/// Lists entries, the latest first where no order is named.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<AuditRow>, StoreError> {
    page(store, &listing(), query, read).await
}

/// Finds an entry.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none.
pub async fn expect(store: &Store, id: i64) -> Result<AuditEntry, StoreError> {
    let row = audit_entry::Entity::find_by_id(id)
        .one(store.reader())
        .await?;
    let row = row.ok_or_else(|| StoreError::not_found(OBJECT, id))?;
    row.try_into()
}

impl TryFrom<audit_entry::Model> for AuditEntry {
    type Error = StoreError;

    fn try_from(row: audit_entry::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            seq: row.seq,
            at: Timestamp::from_micros(row.at),
            actor: actor(&row)?,
            action: codec::member("audit_entries.action", &row.action)?,
            object: codec::member("audit_entries.object", &row.object)?,
            object_id: row.object_id,
            about_id: row.about_id,
            restores: row.restores,
            changes: codec::from_json_option("audit_entries.changes", row.changes.as_deref())?,
            hash: row.hash.map(|hash| codec::to_hex(&hash)),
        })
    }
}

fn actor(row: &audit_entry::Model) -> Result<Actor, StoreError> {
    match (row.user_id, row.key_id, &row.system_actor) {
        (Some(user), None, None) => Ok(Actor::User(user.into())),
        (Some(user), Some(key), None) => Ok(Actor::ApiKey {
            key_id: key.into(),
            user_id: user.into(),
        }),
        (None, None, Some(name)) => {
            let system: SystemActor = codec::member("audit_entries.system_actor", name)?;
            Ok(Actor::System(system))
        }
        _ => Err(StoreError::Decode {
            column: "audit_entries.actor",
            reason: "neither a person, a key nor the system".to_owned(),
        }),
    }
}
