//! Taking a bulk edit back, batch by batch, the last one first.

use std::collections::{BTreeMap, HashMap, HashSet};

use rapport_domain::{BulkAction, ContactId, ObjectKind, Verb};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, TransactionTrait as _,
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::ConflictReason;
use super::delete::Deleted;
use super::editable::{Editable, Surroundings};
use super::left::{NewConflict, add_conflicts};
use super::remains::{self, Lost};
use super::run::Editing;
use super::write::{Pending, settle};
use crate::entities::{bulk_edit, bulk_edit_change, company, contact, deal, task, ticket};
use crate::journal::{
    Change, Columns, Left, Overwritten, RecordKey, compare, is_gone, is_taken, rows_by,
};
use crate::orders::{self, TotalsScope};
use crate::sql::{self, Sql};
use crate::{StoreError, bulk, codec, custom_fields};

/// Takes the batch back that an edit has just left behind.
pub(super) async fn undo_in(
    editing: &Editing<'_>,
    edit: bulk_edit::Model,
) -> Result<(), StoreError> {
    let tx = editing.tx;
    let action: BulkAction = codec::from_json("bulk_edits.action", &edit.action)?;
    editing
        .lens
        .check_fields(action.object(), action.fields())?;
    // Before any record is locked, as whoever writes one of them does it.
    custom_fields::hold_all(tx, &[action.object()]).await?;
    let rows = bulk_edit_change::Entity::find()
        .filter(bulk_edit_change::Column::BulkEditId.eq(edit.id))
        .filter(bulk_edit_change::Column::BatchNo.eq(edit.batches_done + 1))
        .all(tx)
        .await?;
    let batch = Batch {
        editing,
        edit_id: edit.id,
        batch_no: edit.batches_done + 1,
    };
    match action {
        BulkAction::ChangeContacts(_) => batch.restore::<contact::Entity>(rows).await,
        BulkAction::ChangeCompanies(_) => batch.restore::<company::Entity>(rows).await,
        BulkAction::ChangeDeals(_) => batch.restore::<deal::Entity>(rows).await,
        BulkAction::ChangeTickets(_) => batch.restore::<ticket::Entity>(rows).await,
        BulkAction::ChangeTasks(_) => batch.restore::<task::Entity>(rows).await,
        BulkAction::Delete(ObjectKind::Contact) => batch.revive::<contact::Entity>(rows).await,
        BulkAction::Delete(ObjectKind::Company) => batch.revive::<company::Entity>(rows).await,
        BulkAction::Delete(ObjectKind::Deal) => batch.revive::<deal::Entity>(rows).await,
        BulkAction::Delete(ObjectKind::Ticket) => batch.revive::<ticket::Entity>(rows).await,
        BulkAction::Delete(ObjectKind::Task) => batch.revive::<task::Entity>(rows).await,
        // Nothing of these was ever deleted.
        BulkAction::Delete(_) => Ok(()),
    }
}

/// The batch that is taken back.
struct Batch<'e> {
    editing: &'e Editing<'e>,
    edit_id: Uuid,
    batch_no: i64,
}

impl Batch<'_> {
    fn tx(&self) -> &DatabaseTransaction {
        self.editing.tx
    }

    /// Gives columns back what stood there before.
    async fn restore<E: Editable>(
        &self,
        rows: Vec<bulk_edit_change::Model>,
    ) -> Result<(), StoreError> {
        let tx = self.tx();
        let changes = rows.into_iter().map(change_of);
        let changes: Vec<Change> = changes.collect::<Result<_, _>>()?;
        let ids: Vec<Uuid> = changes.iter().map(|change| change.key.id).collect();
        let values: Vec<_> = sql::ids(&ids).collect();
        let current = rows_by::<E>(tx, E::ID, &values).await?;
        let current: HashMap<Uuid, E::Model> = current
            .into_iter()
            .map(|row| (E::key(&row).id, row))
            .collect();
        let (lens, guarded) = (self.editing.lens, E::GUARDED);
        let seen = lens.seen_for(tx, guarded.table, &ids, Verb::Write).await?;
        let may = |id: &Uuid| {
            let Some(seen) = &seen else { return true };
            let seen = seen.get(id);
            seen.is_some_and(|seen| seen.check(guarded.object).is_ok())
        };
        let is_seen = |id: &Uuid| seen.as_ref().is_none_or(|seen| seen.contains_key(id));
        let surroundings = Surroundings::read(tx, guarded.kind).await?;
        let mut conflicts = Vec::new();
        let mut pending: Vec<Pending<E>> = Vec::new();
        let mut restored_of: HashMap<Uuid, &Change> = HashMap::new();
        for change in &changes {
            let id = change.key.id;
            let Some(row) = current.get(&id) else {
                conflicts.extend(whole(change, "", ConflictReason::Deleted));
                continue;
            };
            if !may(&id) {
                let name = if is_seen(&id) { E::label(row) } else { "" };
                conflicts.extend(whole(change, name, ConflictReason::NotAllowed));
                continue;
            }
            let none = Overwritten::new();
            let (restored, left) = compare::<E>(tx, change, row, &none).await?;
            conflicts.extend(left.into_iter().map(|left| NewConflict {
                record_id: id,
                name: E::label(row).to_owned(),
                left,
            }));
            if restored.is_empty() {
                continue;
            }
            let mut record = E::Record::try_from(E::with(row, &restored)?)?;
            E::settle(&mut record, &surroundings);
            E::stamp(&mut record, self.editing.now);
            let after = E::row(&surroundings, tx, row, record).await?;
            pending.push(Pending::new(row, after));
            restored_of.insert(id, change);
        }
        let settled = settle(tx, lens, pending).await?;
        for refused in settled.refused {
            if let Some(change) = restored_of.get(&refused.id) {
                conflicts.extend(whole(change, &refused.name, ConflictReason::NotAllowed));
            }
        }
        let written: Vec<Uuid> = settled.written.iter().map(|row| row.id).collect();
        self.note_restored(&written).await?;
        add_conflicts(tx, self.edit_id, conflicts).await
    }

    /// Notes that records were written once more, so that their versions tell edits by others.
    async fn note_restored(&self, ids: &[Uuid]) -> Result<(), StoreError> {
        let mut sql = Sql::new(self.tx().get_database_backend());
        sql.push_with(
            "UPDATE bulk_edit_changes SET is_restored = ? \
             WHERE bulk_edit_id = ? AND batch_no = ? AND record_id IN ",
            [true.into(), sql::id(self.edit_id), self.batch_no.into()],
        );
        sql.bind_list(sql::ids(ids));
        sql.execute(self.tx()).await?;
        Ok(())
    }

    /// Brings deleted records back, with what hung on them.
    async fn revive<E: Editable>(
        &self,
        rows: Vec<bulk_edit_change::Model>,
    ) -> Result<(), StoreError> {
        let tx = self.tx();
        let ids: Vec<Uuid> = rows.iter().map(|row| row.record_id).collect();
        let values: Vec<_> = sql::ids(&ids).collect();
        let there = rows_by::<E>(tx, E::ID, &values).await?;
        let mut conflicts = Vec::new();
        conflicts.extend(there.iter().map(|row| {
            let (id, name) = (E::key(row).id, E::label(row));
            of_record(id, name, ConflictReason::Changed)
        }));
        let there: HashSet<Uuid> = there.iter().map(|row| E::key(row).id).collect();
        let (mut found, mut remains) = (Vec::new(), HashMap::new());
        for row in rows.iter().filter(|row| !there.contains(&row.record_id)) {
            let deleted: Deleted = codec::from_json("bulk_edit_changes.before", &row.before)?;
            match self.revivable::<E>(deleted.row, &mut conflicts).await? {
                Ok(row) => found.push(row),
                Err(conflict) => {
                    conflicts.push(conflict);
                    continue;
                }
            }
            remains.insert(row.record_id, deleted.remains);
        }
        let names = found
            .iter()
            .map(|row| (E::key(row).id, E::label(row).to_owned()));
        let names: HashMap<Uuid, String> = names.collect();
        let kept = self.insert::<E>(found, &mut conflicts).await?;
        remains.retain(|id, _| kept.contains(id));
        let lost = remains::restore(tx, remains.into_iter().collect()).await?;
        conflicts.extend(told_of_lost(lost, &names));
        let kept: Vec<Uuid> = kept.into_iter().collect();
        self.note_restored(&kept).await?;
        if E::GUARDED.kind == ObjectKind::Contact {
            // Their orders may have changed while nobody was named by them.
            let contacts = kept.into_iter().map(ContactId::from).collect();
            let products = Vec::new();
            orders::refresh_totals_in(tx, TotalsScope::Of { contacts, products }).await?;
        }
        add_conflicts(tx, self.edit_id, conflicts).await
    }

    /// The row of a deleted record as it can come back: without what is gone meanwhile, of which conflicts
    /// tell. None of it comes back where it cannot be without, or where another record has its values.
    async fn revivable<E: Editable>(
        &self,
        row: Json,
        conflicts: &mut Vec<NewConflict>,
    ) -> Result<Result<E::Model, NewConflict>, StoreError> {
        let tx = self.tx();
        let read = |row: Json| -> Result<E::Model, StoreError> {
            serde_json::from_value(row).map_err(|error| StoreError::Decode {
                column: "bulk_edit_changes.before",
                reason: error.to_string(),
            })
        };
        let model = read(row)?;
        let id = E::key(&model).id;
        let conflict = |reason, field: &str, before| NewConflict {
            record_id: id,
            name: E::label(&model).to_owned(),
            left: Left {
                field: field.to_owned(),
                before,
                ..Left::record(reason, None)
            },
        };
        let mut columns = codec::columns(&model);
        let custom = columns.get("custom").cloned().unwrap_or_default();
        if is_taken(tx, E::CUSTOM, id, "custom", &custom).await? {
            return Ok(Err(conflict(ConflictReason::Taken, "", None)));
        }
        for (field, value) in codec::columns(&model) {
            if !is_gone(tx, &field, &value).await? {
                continue;
            }
            if matches!(field.as_str(), "stage_id" | "pipeline_id") {
                return Ok(Err(conflict(ConflictReason::Deleted, "", None)));
            }
            conflicts.push(conflict(ConflictReason::Deleted, &field, Some(value)));
            columns.insert(field, Json::Null);
        }
        // Whoever read the record before it was deleted must read it again.
        columns.insert("version".to_owned(), (E::version(&model) + 1).into());
        columns.insert("updated_at".to_owned(), self.editing.now.as_micros().into());
        Ok(Ok(read(Json::Object(columns))?))
    }

    /// Inserts rows, but those that their user would not be allowed to change; returns which are there.
    async fn insert<E: Editable>(
        &self,
        mut rows: Vec<E::Model>,
        conflicts: &mut Vec<NewConflict>,
    ) -> Result<HashSet<Uuid>, StoreError> {
        let (lens, guarded) = (self.editing.lens, E::GUARDED);
        loop {
            let ids: Vec<Uuid> = rows.iter().map(|row| E::key(row).id).collect();
            let savepoint = self.tx().begin().await?;
            bulk::insert::<E>(&savepoint, rows.clone(), "").await?;
            let seen = lens
                .seen_for(&savepoint, guarded.table, &ids, Verb::Write)
                .await?;
            let may = |id: &Uuid| {
                let Some(seen) = &seen else { return true };
                let seen = seen.get(id);
                seen.is_some_and(|seen| seen.check(guarded.object).is_ok())
            };
            if ids.iter().all(may) {
                savepoint.commit().await?;
                return Ok(ids.into_iter().collect());
            }
            savepoint.rollback().await?;
            let (kept, lost): (Vec<_>, Vec<_>) =
                rows.into_iter().partition(|row| may(&E::key(row).id));
            conflicts.extend(lost.iter().map(|row| {
                let (id, name) = (E::key(row).id, E::label(row));
                of_record(id, name, ConflictReason::NotAllowed)
            }));
            rows = kept;
        }
    }
}

fn change_of(row: bulk_edit_change::Model) -> Result<Change, StoreError> {
    let columns = |text: &str| -> Result<Columns, StoreError> {
        codec::from_json("bulk_edit_changes.before", text)
    };
    Ok(Change {
        key: RecordKey::of(row.record_id),
        before: columns(&row.before)?,
        after: columns(&row.after)?,
    })
}

/// A conflict about a record itself.
fn of_record(id: Uuid, name: &str, reason: ConflictReason) -> NewConflict {
    NewConflict {
        record_id: id,
        name: name.to_owned(),
        left: Left::record(reason, None),
    }
}

/// A conflict for each record and place where something is somebody else's by now.
fn told_of_lost(lost: Vec<Lost>, names: &HashMap<Uuid, String>) -> Vec<NewConflict> {
    let mut places: BTreeMap<(Uuid, &str), Vec<String>> = BTreeMap::new();
    for (id, field, says) in lost {
        places.entry((id, field)).or_default().push(says);
    }
    let conflict = |((id, field), says): ((Uuid, &str), Vec<String>)| NewConflict {
        record_id: id,
        name: names.get(&id).cloned().unwrap_or_default(),
        left: Left {
            field: field.to_owned(),
            before: Some(says.join(", ").into()),
            ..Left::record(ConflictReason::Taken, None)
        },
    };
    places.into_iter().map(conflict).collect()
}

/// A conflict of every column of a change.
fn whole<'c>(
    change: &'c Change,
    name: &'c str,
    reason: ConflictReason,
) -> impl Iterator<Item = NewConflict> + 'c {
    Left::whole(change, reason).map(move |left| NewConflict {
        record_id: change.key.id,
        name: name.to_owned(),
        left,
    })
}
