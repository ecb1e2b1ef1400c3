//! The job that takes an import back: its records batch by batch, then its events. Killed at any
//! moment, it goes on from there.

use std::collections::HashSet;

use rapport_domain::{ImportId, ImportStatus, JobProgress};
use rapport_lake::EventKeys;
use rapport_store::Store;
use rapport_store::imports::{self, HistoryKeys, Import, Kept};
use rapport_store::jobs::Job;
use rapport_store::orders::{self, TotalsScope};
use serde_json::json;

use super::assemble::{line_messages, ticket_of};
use super::run::ImportPayload;
use super::{announced, find, job_of, unique_key};
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
    // The key of the import's own job: the two never run side by side.
    let job = job_of(workspace, id, UNDO_KIND, Some(unique_key(id)));
    let job = imports::queue_undo(&workspace.store, id, job, workspace.clock.now()).await?;
    Ok(announced(workspace, id, job))
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
    events::withdraw(workspace, import.id, job).await
}

fn progress(step: &str, done: u64, total: u64) -> JobProgress {
    JobProgress {
        step: step.to_owned(),
        done,
        total: Some(total),
    }
}

/// Those of some events that tell of what was kept, by their keys.
pub(crate) async fn kept_messages(
    store: &Store,
    of: Kept,
    events: Vec<EventKeys>,
) -> Result<Vec<String>, PipelineError> {
    let orders = events.iter().map(|event| &event.order_id);
    let orders = orders.filter(|number| !number.is_empty()).cloned();
    let tickets = events.iter();
    let tickets = tickets.filter_map(|event| ticket_of(&event.properties));
    let asked = HistoryKeys {
        orders: orders.collect(),
        tickets: tickets.collect(),
    };
    let kept = imports::kept_history(store, of, &asked).await?;
    let lines = kept.lines.iter();
    let of_lines: HashSet<String> = lines
        .flat_map(|(number, line_no)| line_messages(number, *line_no, of.import))
        .collect();
    let stays = |event: &EventKeys| {
        kept.orders.contains(&event.order_id)
            || of_lines.contains(&event.message_id)
            || ticket_of(&event.properties).is_some_and(|ticket| kept.tickets.contains(&ticket))
    };
    let stay = events.into_iter().filter(stays);
    Ok(stay.map(|event| event.message_id).collect())
}
