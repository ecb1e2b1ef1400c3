//! Bulk edits as jobs: records are changed, and changes taken back, batch by batch, as whoever asked for it
//! may at that moment.

use std::sync::Arc;

use rapport_domain::{BulkAction, BulkEditId, BulkEditStatus, JobProgress, UserId};
use rapport_store::bulk_edits::{self, BulkEdit, Chosen, NewBulkEdit};
use rapport_store::jobs::Job;
use rapport_store::{Store, access, users};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::jobs::{self, JobContext};

/// Kind of the job that changes records.
pub(crate) const JOB_KIND: &str = "bulk_edit";
/// Kind of the job that takes changes back.
pub(crate) const UNDO_KIND: &str = "undo_bulk_edit";

/// What the jobs need to know.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BulkEditPayload {
    bulk_edit_id: BulkEditId,
    /// Who asked for it, and as whom it is done.
    user_id: UserId,
}

/// A bulk edit that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// What is done to each record.
    pub action: BulkAction,
    /// The same as the caller wrote it.
    pub words: serde_json::Value,
    /// The records.
    pub chosen: Chosen,
}

/// Queues a bulk edit.
///
/// # Errors
/// [`PipelineError::Store`] where it cannot be written.
pub async fn start(
    workspace: &Workspace,
    user_id: UserId,
    asked: Asked,
) -> Result<(BulkEdit, Job), PipelineError> {
    let now = workspace.clock.now();
    let id: BulkEditId = workspace.ids.next(now);
    let new = NewBulkEdit {
        id,
        action: asked.action,
        asked: asked.words,
        chosen: asked.chosen,
        created_by: user_id,
    };
    let job = job_of(workspace, id, user_id, JOB_KIND);
    let (edit, job) = bulk_edits::create(&workspace.store, new, job, now).await?;
    workspace.changes.announce(Change::Job(job.id));
    Ok((edit, job))
}

/// Queues the undo of a bulk edit, or what is left of it.
///
/// # Errors
/// [`PipelineError::Store`] where the edit is under way or taken back.
pub async fn undo(
    workspace: &Workspace,
    user_id: UserId,
    id: BulkEditId,
) -> Result<Job, PipelineError> {
    let now = workspace.clock.now();
    let job = job_of(workspace, id, user_id, UNDO_KIND);
    let job = bulk_edits::queue_undo(&workspace.store, id, job, now).await?;
    workspace.changes.announce(Change::Job(job.id));
    Ok(job)
}

/// Stops a bulk edit or its undo: at once where no worker is at it, else after the batch under way.
///
/// # Errors
/// [`PipelineError::Store`] where it is over.
pub async fn cancel(workspace: &Workspace, id: BulkEditId) -> Result<BulkEdit, PipelineError> {
    let now = workspace.clock.now();
    let edit = bulk_edits::cancel(&workspace.store, id, now).await?;
    for job in [edit.job_id, edit.undo_job_id].into_iter().flatten() {
        workspace.changes.announce(Change::Job(job));
    }
    Ok(edit)
}

/// One job at a time works on a bulk edit, whether it does it or takes it back.
fn job_of(
    workspace: &Workspace,
    id: BulkEditId,
    user_id: UserId,
    kind: &str,
) -> rapport_store::jobs::NewJob {
    let payload = BulkEditPayload {
        bulk_edit_id: id,
        user_id,
    };
    let unique_key = format!("bulk_edit:{id}");
    jobs::new_job(workspace, kind, json!(payload), Some(unique_key))
}

/// Changes the records of a bulk edit, from where an earlier run stopped.
pub(crate) async fn run(
    workspace: &Workspace,
    payload: BulkEditPayload,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let id = payload.bulk_edit_id;
    let store = &workspace.store;
    let found = bulk_edits::find(store, id).await?;
    if let Some(edit) = found.filter(|edit| edit.status == BulkEditStatus::Done) {
        // A worker was killed between the last batch and the end of its job.
        return Ok(result_of(&edit));
    }
    let mut edit = bulk_edits::start(store, id, workspace.clock.now()).await?;
    while edit.batches_done < edit.n_batches {
        job.report(progress("changing_records", n_done(&edit), edit.n_rows))
            .await?;
        let own = seen_by(workspace, payload.user_id).await?;
        edit = bulk_edits::run_batch(&own, id, workspace.clock.now()).await?;
    }
    let edit = bulk_edits::finish(store, id, workspace.clock.now()).await?;
    Ok(result_of(&edit))
}

/// Takes a bulk edit back, from where an earlier run stopped.
pub(crate) async fn run_undo(
    workspace: &Workspace,
    payload: BulkEditPayload,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let id = payload.bulk_edit_id;
    let mut edit = bulk_edits::start_undo(&workspace.store, id).await?;
    let total = edit.batches_done;
    while edit.batches_done > 0 {
        let done = total - edit.batches_done;
        job.report(progress("restoring_records", done, total))
            .await?;
        let own = seen_by(workspace, payload.user_id).await?;
        edit = bulk_edits::undo_batch(&own, id, workspace.clock.now()).await?;
    }
    // A worker may have been killed between the last step and the end of its job.
    if edit.status != BulkEditStatus::Undone {
        edit = bulk_edits::finish_undo(&workspace.store, id, workspace.clock.now()).await?;
    }
    Ok(result_of(&edit))
}

/// The records as the user sees them now: a role may have changed since the last batch.
pub(crate) async fn seen_by(workspace: &Workspace, id: UserId) -> Result<Store, PipelineError> {
    let user = users::find(&workspace.store, id).await?;
    let user = user.filter(|user| user.disabled_at.is_none());
    let user = user.ok_or(PipelineError::UserGone)?;
    let access = access::of(&workspace.store, &user).await?;
    Ok(workspace.store.as_seen_by(Arc::new(access)))
}

fn n_done(edit: &BulkEdit) -> u64 {
    edit.counts.changed + edit.counts.unchanged + edit.counts.n_refused()
}

fn progress(step: &str, done: u64, total: u64) -> JobProgress {
    JobProgress {
        step: step.to_owned(),
        done,
        total: Some(total),
    }
}

fn result_of(edit: &BulkEdit) -> serde_json::Value {
    json!({ "bulk_edit_id": edit.id, "counts": edit.counts })
}
