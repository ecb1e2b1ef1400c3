//! Doing a bulk edit, batch by batch, and telling what it would do.

use std::collections::HashMap;

use futures::FutureExt as _;
use rapport_domain::{
    BulkAction, BulkCounts, Changeable, CustomValues, FieldChange, Invalid, ObjectKind,
    RefusalReason, Timestamp, Verb,
};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, EntityTrait as _, TransactionTrait as _};
use uuid::Uuid;

use super::choose::{Chosen, Key, read_keys};
use super::delete::delete;
use super::editable::{Editable, Surroundings};
use super::write::{Pending, Refused, settle};
use super::{BATCH_ROWS, STATEFUL};
use crate::entities::{
    bulk_edit, bulk_edit_batch, bulk_edit_change, bulk_edit_refusal, company, contact, deal, task,
    ticket,
};
use crate::journal::rows_by;
use crate::lens::{Lens, Seen};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec, custom_fields};

/// Records that a preview looks at; of more the first are. It writes them, and others wait meanwhile.
pub const PREVIEW_ROWS_MAX: usize = 1_000;

/// Who changes what, and when.
pub(super) struct Editing<'t> {
    pub(super) tx: &'t DatabaseTransaction,
    pub(super) lens: &'t Lens,
    pub(super) now: Timestamp,
}

/// What became of some records.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) changed: Vec<Journaled>,
    pub(super) n_unchanged: u64,
    pub(super) refused: Vec<Refused>,
}

/// What the journal keeps of a record.
pub(super) struct Journaled {
    pub(super) id: Uuid,
    pub(super) before: String,
    pub(super) after: String,
}

impl Outcome {
    fn counts(&self) -> Result<BulkCounts, StoreError> {
        let mut counts = BulkCounts {
            changed: self.changed.len() as u64,
            unchanged: self.n_unchanged,
            ..BulkCounts::default()
        };
        for refused in &self.refused {
            let reason = reason_of(&refused.error).ok_or_else(|| refused.error.clone())?;
            *counts.refused.entry(reason).or_default() += 1;
        }
        Ok(counts)
    }
}

/// Why an error leaves a record as it is; none where it is no matter of that record.
fn reason_of(error: &StoreError) -> Option<RefusalReason> {
    Some(match error {
        StoreError::NotFound { .. } => RefusalReason::NotFound,
        StoreError::NotAllowed { .. } => RefusalReason::NotAllowed,
        StoreError::Conflict { .. } => RefusalReason::Conflict,
        StoreError::Invalid(_) => RefusalReason::Invalid,
        StoreError::Taken { .. } | StoreError::TakenUnseen { .. } => RefusalReason::Taken,
        StoreError::ClaimLimit { .. } => RefusalReason::ClaimLimit,
        _ => return None,
    })
}

/// Tells what an action would do to the first [`PREVIEW_ROWS_MAX`] of some records, by doing it and undoing
/// it in one transaction.
///
/// # Errors
/// [`StoreError::BrokenReference`] where the values name what is not there.
pub async fn preview(
    store: &Store,
    action: BulkAction,
    chosen: &Chosen,
    now: Timestamp,
) -> Result<BulkCounts, StoreError> {
    let lens = store.lens().clone();
    let keys = chosen.first(PREVIEW_ROWS_MAX).to_vec();
    store
        .write(move |tx| {
            async move {
                let savepoint = tx.begin().await?;
                let editing = Editing {
                    tx: &savepoint,
                    lens: &lens,
                    now,
                };
                let mut counts = BulkCounts::default();
                for keys in keys.chunks(BATCH_ROWS) {
                    counts.add(&change(&editing, &action, keys).await?.counts()?);
                }
                savepoint.rollback().await?;
                Ok(counts)
            }
            .boxed()
        })
        .await
}

/// Changes the records of the batch that an edit has come to.
pub(super) async fn run_in(
    editing: &Editing<'_>,
    edit: bulk_edit::Model,
) -> Result<(), StoreError> {
    let tx = editing.tx;
    let batch_no = edit.batches_done;
    let batch = bulk_edit_batch::Entity::find_by_id((edit.id, batch_no));
    let Some(batch) = batch.one(tx).await? else {
        return Err(STATEFUL.wrong_state(tx, edit.id).await?);
    };
    let action = codec::from_json("bulk_edits.action", &edit.action)?;
    let outcome = change(editing, &action, &read_keys(&batch.keys)?).await?;
    let mut counts: BulkCounts = codec::from_json("bulk_edits.counts", &edit.counts)?;
    counts.add(&outcome.counts()?);
    let text = "UPDATE bulk_edits SET counts = ? WHERE id = ?";
    let values = [sql::text(codec::to_json(&counts)), sql::id(edit.id)];
    let backend = tx.get_database_backend();
    Sql::of(backend, text, values).execute(tx).await?;
    note(tx, edit.id, batch_no, outcome).await
}

/// Writes down what became of the records of a batch.
async fn note(
    tx: &DatabaseTransaction,
    id: Uuid,
    batch_no: i64,
    outcome: Outcome,
) -> Result<(), StoreError> {
    let changed = outcome.changed.into_iter();
    let changed = changed.map(|row| bulk_edit_change::Model {
        bulk_edit_id: id,
        batch_no,
        record_id: row.id,
        before: row.before,
        after: row.after,
        is_restored: false,
    });
    bulk::insert::<bulk_edit_change::Entity>(tx, changed, "").await?;
    let first = (batch_no - 1) * BATCH_ROWS as i64;
    let refused = outcome.refused.into_iter().zip(first..);
    let refused: Result<Vec<_>, StoreError> = refused
        .map(|(row, seq)| {
            let reason = reason_of(&row.error).ok_or_else(|| row.error.clone())?;
            Ok(bulk_edit_refusal::Model {
                bulk_edit_id: id,
                seq,
                record_id: row.id,
                name: row.name,
                reason: codec::name_of(&reason),
                message: row.error.to_string(),
            })
        })
        .collect();
    bulk::insert::<bulk_edit_refusal::Entity>(tx, refused?, "").await?;
    Ok(())
}

/// Does an action to some records. Fields that the user may not set are refused for all of them.
async fn change(
    editing: &Editing<'_>,
    action: &BulkAction,
    keys: &[Key],
) -> Result<Outcome, StoreError> {
    let lens = editing.lens;
    lens.check_fields(action.object(), action.fields())?;
    match action {
        BulkAction::ChangeContacts(changes) => {
            edit::<contact::Entity>(editing, changes, keys).await
        }
        BulkAction::ChangeCompanies(changes) => {
            edit::<company::Entity>(editing, changes, keys).await
        }
        BulkAction::ChangeDeals(changes) => edit::<deal::Entity>(editing, changes, keys).await,
        BulkAction::ChangeTickets(changes) => edit::<ticket::Entity>(editing, changes, keys).await,
        BulkAction::ChangeTasks(changes) => edit::<task::Entity>(editing, changes, keys).await,
        BulkAction::Delete(ObjectKind::Contact) => delete::<contact::Entity>(editing, keys).await,
        BulkAction::Delete(ObjectKind::Company) => delete::<company::Entity>(editing, keys).await,
        BulkAction::Delete(ObjectKind::Deal) => delete::<deal::Entity>(editing, keys).await,
        BulkAction::Delete(ObjectKind::Ticket) => delete::<ticket::Entity>(editing, keys).await,
        BulkAction::Delete(ObjectKind::Task) => delete::<task::Entity>(editing, keys).await,
        BulkAction::Delete(_) => {
            let message = "contacts, companies, deals, tickets and tasks are edited in bulk";
            Err(Invalid::one("", "not_editable", message).into())
        }
    }
}

/// Changes records. Where they get a value that must be unique they are written one by one, so that the
/// first has it and the others are told who.
async fn edit<E: Editable>(
    editing: &Editing<'_>,
    changes: &[<E::Record as Changeable>::Change],
    keys: &[Key],
) -> Result<Outcome, StoreError> {
    let kind = E::GUARDED.kind;
    let told = changes.iter().filter_map(FieldChange::custom);
    let told = told.filter_map(|(key, value)| Some((key.to_owned(), value?.clone())));
    let custom: CustomValues = told.collect();
    let is_unique = match custom.is_empty() {
        true => false,
        false => {
            let unique = custom_fields::unique_keys(editing.tx, kind).await?;
            custom.keys().any(|key| unique.contains(key))
        }
    };
    if is_unique {
        // Before any record is locked, as whoever writes one of them does it.
        custom_fields::hold_all(editing.tx, &[kind]).await?;
    }
    let plan = Plan::<E> {
        changes,
        unique: is_unique.then_some(custom),
        surroundings: Surroundings::read(editing.tx, kind).await?,
    };
    let mut outcome = Outcome::default();
    let n_together = if is_unique { 1 } else { keys.len().max(1) };
    for keys in keys.chunks(n_together) {
        plan.carry_out(editing, keys, &mut outcome).await?;
    }
    Ok(outcome)
}

/// A change of records of one kind.
struct Plan<'c, E: Editable> {
    changes: &'c [<E::Record as Changeable>::Change],
    /// The custom values that the records get, where some of them must be unique.
    unique: Option<CustomValues>,
    surroundings: Surroundings,
}

impl<E: Editable> Plan<'_, E> {
    async fn carry_out(
        &self,
        editing: &Editing<'_>,
        keys: &[Key],
        outcome: &mut Outcome,
    ) -> Result<(), StoreError> {
        let rows = Rows::<E>::read(editing, keys, Verb::Write).await?;
        let mut pending = Vec::with_capacity(keys.len());
        for key in keys {
            match self.changed(editing, &rows, key).await {
                Ok(row) if row.is_change() => pending.push(row),
                Ok(_) => outcome.n_unchanged += 1,
                Err(error) if reason_of(&error).is_some() => {
                    outcome.refused.push(rows.refused(key, error));
                }
                Err(error) => return Err(error),
            }
        }
        let settled = settle(editing.tx, editing.lens, pending).await?;
        outcome.refused.extend(settled.refused);
        outcome.changed.extend(settled.written.iter().map(|row| {
            let (before, after) = row.journaled();
            Journaled {
                id: row.id,
                before: codec::to_json(&before),
                after: codec::to_json(&after),
            }
        }));
        Ok(())
    }

    /// A record with its changes.
    async fn changed(
        &self,
        editing: &Editing<'_>,
        rows: &Rows<E>,
        key: &Key,
    ) -> Result<Pending<E>, StoreError> {
        let before = rows.find(key)?;
        let mut record = E::Record::try_from(before.clone())?;
        record.apply(self.changes, editing.now)?;
        E::check(&record, &self.surroundings)?;
        if let Some(custom) = &self.unique {
            let (lens, kind) = (editing.lens, E::GUARDED.kind);
            custom_fields::check_unique(editing.tx, lens, kind, key.id, custom).await?;
        }
        E::stamp(&mut record, editing.now);
        let row = E::row(&self.surroundings, editing.tx, before, record).await?;
        Ok(Pending::new(before, row))
    }
}

/// The rows of some records, and what their user may do with them.
pub(super) struct Rows<E: Editable> {
    rows: HashMap<Uuid, E::Model>,
    /// None where the user may do it with all.
    seen: Option<HashMap<Uuid, Seen>>,
}

impl<E: Editable> Rows<E> {
    pub(super) async fn read(
        editing: &Editing<'_>,
        keys: &[Key],
        verb: Verb,
    ) -> Result<Self, StoreError> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.id).collect();
        let values: Vec<_> = sql::ids(&ids).collect();
        let rows = rows_by::<E>(editing.tx, E::ID, &values).await?;
        let table = E::GUARDED.table;
        Ok(Self {
            rows: rows.into_iter().map(|row| (E::key(&row).id, row)).collect(),
            seen: editing.lens.seen_for(editing.tx, table, &ids, verb).await?,
        })
    }

    /// The row of a record, unless it is out of the user's sight or hands, or somebody has changed it since
    /// it was chosen.
    pub(super) fn find(&self, key: &Key) -> Result<&E::Model, StoreError> {
        let object = E::GUARDED.object;
        let row = self.rows.get(&key.id);
        let row = row.ok_or_else(|| StoreError::not_found(object, key.id))?;
        if let Some(seen) = &self.seen {
            let seen = seen.get(&key.id);
            let seen = seen.ok_or_else(|| StoreError::not_found(object, key.id))?;
            seen.check(object)?;
        }
        let (expected, found) = (key.version, E::version(row));
        if expected != found {
            return Err(StoreError::Conflict {
                object,
                expected,
                found,
            });
        }
        Ok(row)
    }

    /// A record that is left as it is; one that is not seen has no name.
    pub(super) fn refused(&self, key: &Key, error: StoreError) -> Refused {
        let is_seen = !matches!(error, StoreError::NotFound { .. });
        let row = self.rows.get(&key.id).filter(|_| is_seen);
        Refused {
            id: key.id,
            name: row.map_or_else(String::new, |row| E::label(row).to_owned()),
            error,
        }
    }
}
