//! How a bulk edit moves from state to state; each step says from which states it may be taken.

use futures::FutureExt as _;
use rapport_domain::{
    AuditAction, AuditObject, BulkAction, BulkCounts, BulkEditId, BulkEditStatus, Timestamp, UserId,
};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, EntityTrait as _, Value};
use serde_json::json;
use uuid::Uuid;

use super::choose::Chosen;
use super::{BulkEdit, OBJECT, STATEFUL, expect};
use crate::audit::{self, Draft, replaced};
use crate::entities::{bulk_edit, bulk_edit_batch};
use crate::jobs::{self, Job, NewJob};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec};

/// A bulk edit that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct NewBulkEdit {
    /// Identifier.
    pub id: BulkEditId,
    /// What is done to each record.
    pub action: BulkAction,
    /// What was asked for, as the caller wrote it.
    pub asked: serde_json::Value,
    /// The records.
    pub chosen: Chosen,
    /// Who asks.
    pub created_by: UserId,
}

/// Writes a bulk edit together with its records and the job that does it: all of it or nothing.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn create(
    store: &Store,
    new: NewBulkEdit,
    job: NewJob,
    now: Timestamp,
) -> Result<(BulkEdit, Job), StoreError> {
    let id = new.id;
    let lens = store.lens().clone();
    // What it did to each record is in its journal, and no value that an erasure would have to find is here.
    let told = json!({ "object": new.action.object(), "n_rows": new.chosen.len() });
    let draft = Draft::of(AuditAction::Started, AuditObject::BulkEdit, id);
    let draft = draft.with(replaced(None, Some(&told)));
    let job = store
        .write(move |tx| {
            async move {
                let job = create_in(tx, new, job, now).await?;
                audit::write(tx, &lens, vec![draft]).await?;
                Ok(job)
            }
            .boxed()
        })
        .await?;
    Ok((expect(store, id).await?, job))
}

async fn create_in(
    tx: &DatabaseTransaction,
    new: NewBulkEdit,
    job: NewJob,
    now: Timestamp,
) -> Result<Job, StoreError> {
    let job = jobs::enqueue_in(tx, job, now).await?;
    let batches = new.chosen.batches();
    let row = bulk_edit::Model {
        id: new.id.into(),
        object: codec::name_of(&new.action.object()),
        action: codec::to_json(&new.action),
        asked: new.asked.to_string(),
        status: codec::name_of(&BulkEditStatus::Queued),
        n_rows: codec::signed(new.chosen.len() as u64),
        counts: codec::to_json(&BulkCounts::default()),
        n_batches: codec::signed(batches.len() as u64),
        batches_done: 0,
        job_id: Some(job.id.into()),
        undo_job_id: None,
        created_by: Some(new.created_by.into()),
        created_at: now.as_micros(),
        started_at: None,
        finished_at: None,
        error: None,
    };
    bulk::insert::<bulk_edit::Entity>(tx, vec![row], "").await?;
    let batches: Vec<_> = batches
        .zip(1..)
        .map(|(keys, batch_no)| bulk_edit_batch::Model {
            bulk_edit_id: new.id.into(),
            batch_no,
            keys,
        })
        .collect();
    bulk::insert::<bulk_edit_batch::Entity>(tx, batches, "").await?;
    Ok(job)
}

/// Notes that a worker does the edit. A running one may be started again, by the worker that takes over
/// after a kill.
///
/// # Errors
/// [`StoreError::WrongState`] where it is not queued or running, [`StoreError::NotFound`] where it is gone.
pub async fn start(store: &Store, id: BulkEditId, now: Timestamp) -> Result<BulkEdit, StoreError> {
    let set = "status = 'running', started_at = coalesce(started_at, ?)";
    let from = [BulkEditStatus::Queued, BulkEditStatus::Running];
    step(store, id, &from, set, vec![sql::at(now)]).await
}

/// Notes that all batches are done.
///
/// # Errors
/// [`StoreError::WrongState`] where it is not running, [`StoreError::NotFound`] where it is gone.
pub async fn finish(store: &Store, id: BulkEditId, now: Timestamp) -> Result<BulkEdit, StoreError> {
    let set = "status = 'done', finished_at = ?, error = NULL";
    let from = [BulkEditStatus::Running];
    let edit = step(store, id, &from, set, vec![sql::at(now)]).await?;
    store.release_memory().await?;
    Ok(edit)
}

/// Stops an edit, or its undo: at once where no worker is at it, else after the batch under way. What is
/// done stays.
///
/// # Errors
/// [`StoreError::WrongState`] where it is over, [`StoreError::NotFound`] where it is gone.
pub async fn cancel(store: &Store, id: BulkEditId, now: Timestamp) -> Result<BulkEdit, StoreError> {
    store
        .write(move |tx| async move { cancel_in(tx, id, now).await }.boxed())
        .await?;
    expect(store, id).await
}

async fn cancel_in(
    tx: &DatabaseTransaction,
    id: BulkEditId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = bulk_edit::Entity::find_by_id(Uuid::from(id))
        .one(tx)
        .await?;
    let row = row.ok_or_else(|| StoreError::not_found(OBJECT, id))?;
    let job = match row.status.as_str() {
        "queued" | "running" => row.job_id,
        "undoing" => row.undo_job_id,
        _ => None,
    };
    match job {
        Some(job) => jobs::cancel_in(tx, job.into(), now).await.map(|_| ()),
        None => Err(STATEFUL.wrong_state(tx, row.id).await?),
    }
}

/// Queues the job that takes an edit back: both or neither. One that was stopped halfway goes on.
///
/// # Errors
/// [`StoreError::WrongState`] where it is under way or taken back, [`StoreError::NotFound`] where it is gone.
pub async fn queue_undo(
    store: &Store,
    id: BulkEditId,
    job: NewJob,
    now: Timestamp,
) -> Result<Job, StoreError> {
    use BulkEditStatus::{Cancelled, Done, Failed, Undoing};
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                // One that is stuck behind a job that is over may be taken back.
                jobs::end_dependents(tx, now).await?;
                let kind = job.kind.clone();
                let job = jobs::enqueue_in(tx, job, now).await?;
                if job.kind != kind {
                    // The job that does the edit has still to write down that it is over.
                    let state = "running".to_owned();
                    let object = OBJECT;
                    return Err(StoreError::WrongState { object, state });
                }
                let from = [Done, Failed, Cancelled, Undoing];
                let set = "status = 'undoing', undo_job_id = ?, error = NULL";
                STATEFUL
                    .step(tx, id.into(), &from, set, vec![sql::id(job.id)])
                    .await?;
                let draft = Draft::of(AuditAction::Undone, AuditObject::BulkEdit, id);
                audit::write(tx, &lens, vec![draft]).await?;
                Ok(job)
            }
            .boxed()
        })
        .await
}

/// Makes sure that an edit is being taken back, or is taken back already.
///
/// # Errors
/// [`StoreError::WrongState`] where it is neither, [`StoreError::NotFound`] where it is gone.
pub async fn start_undo(store: &Store, id: BulkEditId) -> Result<BulkEdit, StoreError> {
    let from = [BulkEditStatus::Undoing, BulkEditStatus::Undone];
    step(store, id, &from, "status = status", Vec::new()).await
}

/// Notes that all batches are taken back.
///
/// # Errors
/// [`StoreError::WrongState`] where it is not being taken back, [`StoreError::NotFound`] where it is gone.
pub async fn finish_undo(
    store: &Store,
    id: BulkEditId,
    now: Timestamp,
) -> Result<BulkEdit, StoreError> {
    let from = [BulkEditStatus::Undoing];
    let set = "status = 'undone', finished_at = ?";
    let edit = step(store, id, &from, set, vec![sql::at(now)]).await?;
    store.release_memory().await?;
    Ok(edit)
}

async fn step(
    store: &Store,
    id: BulkEditId,
    from: &[BulkEditStatus],
    set: &'static str,
    values: Vec<Value>,
) -> Result<BulkEdit, StoreError> {
    let from = from.to_vec();
    store
        .write(move |tx| {
            async move { STATEFUL.step(tx, id.into(), &from, set, values).await }.boxed()
        })
        .await?;
    expect(store, id).await
}

/// Ends edits and undos under way whose job ended without finishing them, as that job ended. An undo that
/// stopped halfway can be gone on with.
pub(crate) async fn end_with_jobs(
    tx: &DatabaseTransaction,
    now: Timestamp,
) -> Result<(), StoreError> {
    let under_way = [
        ("job_id", "'queued', 'running'"),
        ("undo_job_id", "'undoing'"),
    ];
    for (job, statuses) in under_way {
        let text = format!(
            "UPDATE bulk_edits SET status = j.status, finished_at = ?, \
             error = CASE WHEN j.status = 'failed' THEN j.error END FROM jobs j \
             WHERE j.id = bulk_edits.{job} AND j.status IN ('failed', 'cancelled') \
             AND bulk_edits.status IN ({statuses})"
        );
        Sql::of(tx.get_database_backend(), &text, [sql::at(now)])
            .execute(tx)
            .await?;
    }
    Ok(())
}
