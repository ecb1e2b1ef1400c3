//! Taking an import back: what it changed is as it was before, what it made is gone. What others have
//! changed since stays as they made it, and is listed as a conflict.
//!
//! Batches are taken back one by one, the last one first, each in a transaction that also counts
//! `batches_done` down: a kill at any moment leaves whole batches, and the next run goes on.

mod conflicts;
mod heirs;
mod history;
mod keys;
mod obstacles;
mod remove;
mod restore;
mod write;

use std::collections::BTreeSet;

use futures::FutureExt as _;
use rapport_domain::{AuditAction, AuditObject, ImportId, ImportStatus, OrderId, Timestamp};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, EntityTrait as _};
use uuid::Uuid;

use super::journal::{self, RecordKind};
use super::progress::{check_alone, step_in, wrong_state};
use super::{Import, OBJECT, commit, expect};
use crate::audit::Draft;
use crate::entities::import;
use crate::events::{self, EventSegment};
use crate::jobs::{self, Job, NewJob};
use crate::orders::{self, TotalsScope};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, audit, contacts, custom_fields, webhooks};

pub use conflicts::{ImportConflict, list_conflicts};
pub use history::{HistoryKeys, Kept, KeptHistory, has_kept_history, kept_history, released};

/// Queues the job that takes an import back: both or neither. One that was stopped halfway goes on.
///
/// # Errors
/// [`StoreError::WrongState`] where the import is under way, was not begun or is taken back;
/// [`StoreError::NotJournaled`] where some of its rows were read in by an earlier version;
/// [`StoreError::NotFound`] where it is gone.
pub async fn queue_undo(
    store: &Store,
    id: ImportId,
    job: NewJob,
    now: Timestamp,
) -> Result<Job, StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let job = queue_in(tx, id, job, now).await?;
                let draft = Draft::of(AuditAction::Undone, AuditObject::Import, id);
                audit::write(tx, &lens, vec![draft]).await?;
                Ok(job)
            }
            .boxed()
        })
        .await
}

async fn queue_in(
    tx: &DatabaseTransaction,
    id: ImportId,
    job: NewJob,
    now: Timestamp,
) -> Result<Job, StoreError> {
    use ImportStatus::{Cancelled, Done, Failed, Undoing};
    // One that is stuck behind a job that is over may be taken back.
    jobs::end_dependents(tx, now).await?;
    let row = import::Entity::find_by_id(Uuid::from(id)).one(tx).await?;
    let row = row.ok_or_else(|| StoreError::not_found(OBJECT, id))?;
    if row.rows_unjournaled > 0 {
        let rows = crate::codec::unsigned(row.rows_unjournaled);
        return Err(StoreError::NotJournaled { rows });
    }
    check_alone(tx, id, "other.status IN ('queued', 'running')").await?;
    let kind = job.kind.clone();
    let job = jobs::enqueue_in(tx, job, now).await?;
    if job.kind != kind {
        // The job that read the file in has still to write down that it is over.
        let state = "running".to_owned();
        let object = OBJECT;
        return Err(StoreError::WrongState { object, state });
    }
    let set = "status = 'undoing', undo_job_id = ?, error = NULL";
    let from = [Done, Failed, Cancelled, Undoing];
    step_in(tx, id, &from, set, vec![sql::id(job.id)]).await?;
    Ok(job)
}

/// Takes the last batch that is in back; returns how many are left.
///
/// # Errors
/// [`StoreError::WrongState`] where the import is not being taken back, [`StoreError::Conflict`]
/// where somebody else takes it back at the same time; nothing was changed then.
pub async fn undo_batch(store: &Store, id: ImportId, now: Timestamp) -> Result<u64, StoreError> {
    store
        .write(move |tx| {
            async move {
                webhooks::begin_bulk(tx, id).await?;
                let n_left = undo_batch_in(tx, id, now).await?;
                webhooks::end_bulk(tx).await?;
                Ok(n_left)
            }
            .boxed()
        })
        .await
}

async fn undo_batch_in(
    tx: &DatabaseTransaction,
    id: ImportId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    custom_fields::hold_all(tx, &commit::WITH_CUSTOM).await?;
    hold_fast(tx, id).await?;
    let row = import::Entity::find_by_id(Uuid::from(id)).one(tx).await?;
    let batch_no = match row {
        Some(row) if row.status == "undoing" => row.batches_done,
        _ => return Err(wrong_state(tx, id).await?),
    };
    if batch_no <= 0 {
        return Ok(0);
    }
    let batch = Batch {
        tx,
        id,
        batch_no,
        now,
    };
    let changes = journal::changes_of(tx, id, batch_no).await?;
    let creations = journal::creations_of(tx, id, batch_no).await?;
    let ids_of_orders = |kind| {
        let changed = changes
            .get(&kind)
            .into_iter()
            .flatten()
            .map(|change| change.key.id);
        let made = creations.get(&kind).map(|creation| &creation.keys);
        changed
            .chain(made.into_iter().flatten().map(|key| key.id))
            .collect::<BTreeSet<_>>()
    };
    let touched = &ids_of_orders(RecordKind::Orders) | &ids_of_orders(RecordKind::OrderLines);
    let touched: Vec<Uuid> = touched.into_iter().collect();
    let staying = restore::restore(&batch, changes, &touched).await?;
    let contacts = remove::remove(&batch, creations, &staying).await?;
    let touched: Vec<OrderId> = touched.into_iter().map(OrderId::from).collect();
    commit::sum_orders(tx, &touched).await?;
    contacts::refresh_words(tx, &contacts).await?;
    count_down(tx, id, batch_no).await?;
    Ok(crate::codec::unsigned(batch_no - 1))
}

/// Keeps other imports from leaving to this one what it would not take back any more.
async fn hold_fast(tx: &DatabaseTransaction, id: ImportId) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    if backend == DbBackend::Postgres {
        let lock = "SELECT id FROM imports WHERE id = ? FOR UPDATE";
        Sql::of(backend, lock, [sql::id(id)]).one(tx).await?;
    }
    Ok(())
}

/// The batch that is being taken back.
struct Batch<'t> {
    tx: &'t DatabaseTransaction,
    id: ImportId,
    batch_no: i64,
    now: Timestamp,
}

async fn count_down(
    tx: &DatabaseTransaction,
    id: ImportId,
    batch_no: i64,
) -> Result<(), StoreError> {
    let statement = Sql::of(
        tx.get_database_backend(),
        "UPDATE imports SET batches_done = batches_done - 1 \
         WHERE id = ? AND status = 'undoing' AND batches_done = ?",
        [sql::id(id), batch_no.into()],
    );
    if statement.execute(tx).await? == 1 {
        return Ok(());
    }
    Err(StoreError::Conflict {
        object: OBJECT,
        expected: batch_no,
        found: batch_no - 1,
    })
}

/// Ends an undo whose batches are all taken back: its events leave the catalogue, what follows from
/// orders is derived anew, and the import is `undone`, all in one transaction. `old` are files that
/// hold events of the import, `new` those that hold what else was in them.
///
/// # Errors
/// [`StoreError::WrongState`] where batches are left or the import is not being taken back,
/// [`StoreError::Conflict`] where some of the old files are not in the catalogue any more; nothing
/// was changed then.
pub async fn finish_undo(
    store: &Store,
    id: ImportId,
    old: Vec<String>,
    new: Vec<EventSegment>,
    now: Timestamp,
) -> Result<Import, StoreError> {
    store
        .write(move |tx| {
            async move {
                events::swap_in(tx, old, new).await?;
                orders::refresh_totals_in(tx, TotalsScope::All).await?;
                let statement = Sql::of(
                    tx.get_database_backend(),
                    "UPDATE imports SET status = 'undone', finished_at = ? \
                     WHERE id = ? AND status = 'undoing' AND batches_done = 0",
                    [sql::at(now), sql::id(id)],
                );
                match statement.execute(tx).await? {
                    1 => history::release(tx, id).await,
                    _ => Err(wrong_state(tx, id).await?),
                }
            }
            .boxed()
        })
        .await?;
    store.release_memory().await?;
    expect(store, id).await
}
