//! Setting back what an entry tells of: as a change like any other, which is checked, versioned and noted.

use rapport_domain::{
    AuditAction, AuditObject, Company, CompanyId, Contact, ContactId, Deal, DealId, Note, NoteId,
    Task, TaskId, Ticket, TicketId, Timestamp,
};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use thiserror::Error;
use uuid::Uuid;

use super::AuditEntry;
use super::audited::{Audited, VERSION, told, value_of};
use crate::codec::{self, Columns};
use crate::entities::{company, contact, deal, note, task, ticket};
use crate::imports::{CUSTOM, ColumnChange};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, companies, contacts, deals, notes, tasks, tickets};

/// What became of a record whose change was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// Its fields have their former values.
    Changed,
    /// It was deleted, for the entry told that it was made.
    Deleted,
    /// It is there again, for the entry told that it was deleted.
    Made,
}

/// The kinds of records whose making, changing and deleting is set back.
pub(super) const RECORDS: [AuditObject; 6] = [
    AuditObject::Contact,
    AuditObject::Company,
    AuditObject::Deal,
    AuditObject::Ticket,
    AuditObject::Task,
    AuditObject::Note,
];

/// A field that somebody has changed since.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldConflict {
    /// The field.
    pub column: String,
    /// What the entry's change left there.
    pub expected: Json,
    /// What stands there now.
    pub found: Json,
}

/// A change that is not taken back.
#[derive(Debug, Clone, Error)]
pub enum RestoreRefusal {
    /// The entry tells of no change that can be taken back.
    #[error("this cannot be set back; only changes to records can, and not what was erased")]
    NotRestorable,
    /// The record has been changed since.
    #[error("the record was changed since; set the later change back first, or edit it by hand")]
    ChangedSince(Vec<FieldConflict>),
    /// The record is gone, or not for the caller to see.
    #[error("the record is no longer there; set its deletion back first")]
    Gone,
    /// The record is there already.
    #[error("the record is there already")]
    ThereAlready,
    /// The change was refused as any other would be.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What taking back an entry comes to.
enum Step {
    Delete,
    Make(Columns),
    Change(Columns),
}

/// Sets back what an entry tells of, in the name of the store's author and with the author's rights: changed
/// fields get their former values, what was deleted is made anew with the same id, what was made is deleted.
/// Nothing is changed where a field no longer holds what the entry's change left there.
///
/// # Errors
/// [`RestoreRefusal`] where it cannot be set back; nothing was changed then.
pub async fn restore(
    store: &Store,
    entry: &AuditEntry,
    now: Timestamp,
) -> Result<Restored, RestoreRefusal> {
    let (Some(id), Some(changes)) = (entry.object_id, &entry.changes) else {
        return Err(RestoreRefusal::NotRestorable);
    };
    if entry.action == AuditAction::Deleted && is_deleted_again(store, entry.id, id).await? {
        return Err(RestoreRefusal::ChangedSince(Vec::new()));
    }
    let store = match store.author() {
        Some(author) => &store.in_name_of(author.restoring(entry.id)),
        None => store,
    };
    let change = Change {
        id,
        action: entry.action,
        changes,
        now,
    };
    match entry.object {
        AuditObject::Contact => change.of_contact(store).await,
        AuditObject::Company => change.of_company(store).await,
        AuditObject::Deal => change.of_deal(store).await,
        AuditObject::Ticket => change.of_ticket(store).await,
        AuditObject::Task => change.of_task(store).await,
        AuditObject::Note => change.of_note(store).await,
        _ => Err(RestoreRefusal::NotRestorable),
    }
}

/// Whether a record was made anew after an entry told that it was deleted, and deleted once more: what the
/// later deletion tells is newer.
async fn is_deleted_again(store: &Store, entry: i64, id: Uuid) -> Result<bool, StoreError> {
    let text = "SELECT id FROM audit_entries WHERE object_id = ? AND id > ? AND action = ? LIMIT 1";
    let deleted = sql::text(AuditAction::Deleted.name());
    let later = Sql::of(store.backend(), text, [sql::id(id), entry.into(), deleted]);
    Ok(later.one(store.reader()).await?.is_some())
}

/// A change that is to be taken back.
struct Change<'e> {
    id: Uuid,
    action: AuditAction,
    changes: &'e [ColumnChange],
    now: Timestamp,
}

/// Takes a change to a record with a version back, through the functions that all its changes go through.
macro_rules! of_versioned {
    ($name:ident, $record:ident, $id:ident, $resource:ident, $module:ident, |$one:ident| $row:expr) => {
        async fn $name(&self, store: &Store) -> Result<Restored, RestoreRefusal> {
            let id = $id::from(self.id);
            let found = $resource::find(store, id).await?;
            let version = found.as_ref().map_or(0, |record| record.version);
            let row = found.map(|$one| $row);
            match self.step::<$module::Entity>(row.as_ref())? {
                Step::Delete => {
                    $resource::delete(store, id, version).await?;
                    Ok(Restored::Deleted)
                }
                Step::Make(columns) => {
                    let record: $record = row_of::<$module::Model>(columns)?.try_into()?;
                    $resource::create(store, record).await?;
                    Ok(Restored::Made)
                }
                Step::Change(columns) => {
                    let record: $record = row_of::<$module::Model>(columns)?.try_into()?;
                    $resource::update(store, record, version).await?;
                    Ok(Restored::Changed)
                }
            }
        }
    };
}

impl Change<'_> {
    of_versioned!(of_contact, Contact, ContactId, contacts, contact, |one| {
        contact::Model::with_words(one, &[])
    });
    of_versioned!(of_company, Company, CompanyId, companies, company, |one| {
        company::Model::with_words(one, &[])
    });
    of_versioned!(of_deal, Deal, DealId, deals, deal, |one| deal::Model::from(
        one
    ));
    of_versioned!(of_ticket, Ticket, TicketId, tickets, ticket, |one| {
        ticket::Model::with_origin(one, None)
    });
    of_versioned!(of_task, Task, TaskId, tasks, task, |one| task::Model::from(
        one
    ));

    async fn of_note(&self, store: &Store) -> Result<Restored, RestoreRefusal> {
        let id = NoteId::from(self.id);
        let row = notes::find(store, id).await?.map(note::Model::from);
        match self.step::<note::Entity>(row.as_ref())? {
            Step::Delete => {
                notes::delete(store, id).await?;
                Ok(Restored::Deleted)
            }
            Step::Make(columns) => {
                let note: Note = row_of::<note::Model>(columns)?.try_into()?;
                notes::create(store, note).await?;
                Ok(Restored::Made)
            }
            Step::Change(columns) => {
                let note: Note = row_of::<note::Model>(columns)?.try_into()?;
                notes::update(store, note).await?;
                Ok(Restored::Changed)
            }
        }
    }

    fn step<E: Audited>(&self, row: Option<&E::Model>) -> Result<Step, RestoreRefusal> {
        match (self.action, row) {
            (AuditAction::Deleted, None) => Ok(Step::Make(self.set_back(self.blank()))),
            (AuditAction::Deleted, Some(_)) => Err(RestoreRefusal::ThereAlready),
            (AuditAction::Created | AuditAction::Updated, None) => Err(RestoreRefusal::Gone),
            (AuditAction::Created, Some(row)) => {
                let now = told::<E>(row);
                refuse_any(self.changed(&now).chain(self.filled(&now)).collect())?;
                Ok(Step::Delete)
            }
            (AuditAction::Updated, Some(row)) => {
                refuse_any(self.changed(&told::<E>(row)).collect())?;
                Ok(Step::Change(self.set_back(codec::columns(row))))
            }
            _ => Err(RestoreRefusal::NotRestorable),
        }
    }

    /// Fields that no longer hold what the change left there.
    fn changed(&self, now: &Columns) -> impl Iterator<Item = FieldConflict> {
        let is_changed = |change: &&ColumnChange| *value_of(now, &change.column) != change.after;
        self.changes
            .iter()
            .filter(is_changed)
            .map(|change| FieldConflict {
                column: change.column.clone(),
                expected: change.after.clone(),
                found: value_of(now, &change.column).clone(),
            })
    }

    /// Fields that the change does not tell of, for they were empty then, and that hold something now.
    fn filled(&self, now: &Columns) -> impl Iterator<Item = FieldConflict> {
        let is_told = |column: &str| self.changes.iter().any(|change| change.column == column);
        now.iter()
            .filter(move |(column, found)| !found.is_null() && !is_told(column))
            .map(|(column, found)| FieldConflict {
                column: column.clone(),
                expected: Json::Null,
                found: found.clone(),
            })
    }

    /// The columns that a deletion does not tell, for they say nothing of the record or follow from others.
    fn blank(&self) -> Columns {
        let blank = json!({
            "id": self.id, "version": 0, "updated_at": 0, "name_key": "", "search_text": "",
            "n_orders": 0, "total_spent_minor": 0, CUSTOM: "{}",
        });
        codec::columns(&blank)
    }

    /// Columns with the values from before the change.
    fn set_back(&self, mut columns: Columns) -> Columns {
        let custom = columns.get(CUSTOM).and_then(Json::as_str);
        let mut custom: Columns = custom
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        for change in self.changes {
            match custom_key(&change.column) {
                None => {
                    columns.insert(change.column.clone(), change.before.clone());
                }
                Some(key) if change.before.is_null() => {
                    custom.remove(key);
                }
                Some(key) => {
                    custom.insert(key.to_owned(), change.before.clone());
                }
            }
        }
        if columns.contains_key(CUSTOM) {
            columns.insert(CUSTOM.to_owned(), codec::to_json(&custom).into());
        }
        columns.insert("updated_at".to_owned(), self.now.as_micros().into());
        if self.action == AuditAction::Deleted {
            // Versions go on, so that who has read the record before cannot write over what is made anew.
            let last = columns.get(VERSION).and_then(Json::as_i64);
            columns.insert(VERSION.to_owned(), last.map_or(1, |last| last + 1).into());
        }
        columns
    }
}

fn refuse_any(conflicts: Vec<FieldConflict>) -> Result<(), RestoreRefusal> {
    match conflicts.is_empty() {
        true => Ok(()),
        false => Err(RestoreRefusal::ChangedSince(conflicts)),
    }
}

fn custom_key(column: &str) -> Option<&str> {
    column.strip_prefix(CUSTOM)?.strip_prefix('.')
}

fn row_of<M: DeserializeOwned>(columns: Columns) -> Result<M, StoreError> {
    serde_json::from_value(Json::Object(columns)).map_err(|error| StoreError::Decode {
        column: "audit_entries.changes",
        reason: error.to_string(),
    })
}
