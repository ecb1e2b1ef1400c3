//! The job that takes an import back: its records batch by batch, then its events. Killed at any
//! moment, it goes on from there.

use rapport_domain::{ImportId, ImportStatus, JobProgress};
use rapport_lake::KeptEvents;
use rapport_store::imports::{self, Import, KeptHistory};
use rapport_store::jobs::{Job, NewJob};
use rapport_store::orders::{self, TotalsScope};
use serde_json::json;

use super::assemble::{line_messages, ticket_properties};
use super::run::ImportPayload;
use super::{ATTEMPTS_MAX, find, to_json, unique_key};
use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::events;
use crate::jobs::JobContext;

/// Kind of the job that takes an import back.
pub(crate) const UNDO_KIND: &str = "undo_import";

/// Queues the undo of an import. One that was stopped halfway goes on where it stopped.
///
/// # Errors
/// [`PipelineError::Store`] where the import is under way, was not begun or is taken back, or where
/// some of its rows were read in by a version that kept no journal.
pub async fn undo(workspace: &Workspace, id: ImportId) -> Result<Job, PipelineError> {
    let now = workspace.clock.now();
    let job = NewJob {
        id: workspace.ids.next(now),
        kind: UNDO_KIND.to_owned(),
        payload: to_json(&ImportPayload { import_id: id })?,
        // The key of the import's own job: the two never run side by side.
        unique_key: Some(unique_key(id)),
        run_at: now,
        attempts_max: ATTEMPTS_MAX,
    };
    let job = imports::queue_undo(&workspace.store, id, job, now).await?;
    workspace.changes.announce(Change::Import(id));
    workspace.changes.announce(Change::Job(job.id));
    Ok(job)
}

/// Takes an import back.
pub(crate) async fn run(
    workspace: &Workspace,
    payload: ImportPayload,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let import = find(workspace, payload.import_id).await?;
    // A worker may have been killed between the last step and the end of its job.
    if import.status != ImportStatus::Undone {
        take_back(workspace, &import, job).await?;
        workspace.changes.announce(Change::Import(import.id));
    }
    Ok(json!({ "import_id": import.id }))
}

async fn take_back(
    workspace: &Workspace,
    import: &Import,
    job: &mut JobContext<'_>,
) -> Result<(), PipelineError> {
    let total = import.batches_done;
    let mut left = total;
    while left > 0 {
        job.report(progress("taking_back", total - left, total))
            .await?;
        let now = workspace.clock.now();
        left = imports::undo_batch(&workspace.store, import.id, now).await?;
        workspace.changes.announce(Change::Import(import.id));
    }
    // Taking events out of files may take long, or be stopped: what is gone does not count meanwhile.
    orders::refresh_totals(&workspace.store, TotalsScope::All).await?;
    let kept = imports::kept_history(&workspace.store, import.id).await?;
    events::withdraw(workspace, import.id, &kept_events(kept, import.id), job).await
}

fn progress(step: &str, done: u64, total: u64) -> JobProgress {
    JobProgress {
        step: step.to_owned(),
        done,
        total: Some(total),
    }
}

/// The events that tell of what was kept.
fn kept_events(kept: KeptHistory, import: ImportId) -> KeptEvents {
    let lines = kept.lines.iter();
    let tickets = kept.tickets.into_iter();
    KeptEvents {
        messages: lines
            .flat_map(|(number, line_no)| line_messages(number, *line_no, import))
            .collect(),
        properties: tickets.map(ticket_properties).collect(),
        orders: kept.orders,
    }
}
