//! Contacts of one person, found across all channels: read with all that sources tell of them, matched without
//! labels, published as pairs that people decide on, and merged by the program where it may and is certain.
//!
//! The same contacts give the same pairs. A pair that somebody decided on does not come back: two that are
//! never the same are kept apart from the start, and two that were merged are one contact.

mod acceptance;
mod found;
mod people;
mod run;

use rapport_domain::{ImportId, JobStatus, Timestamp};
use rapport_store::imports::{RecordKind, has_made};
use rapport_store::jobs::{self as queue, Job, NewJob};
use rapport_store::{ListQuery, Op};
use serde_json::json;

pub use acceptance::{accept, cancel, undo};
pub(crate) use acceptance::{run_acceptance, run_undo};
pub(crate) use run::run;

use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::jobs;

/// Kind of the job that finds pairs.
pub(crate) const JOB_KIND: &str = "matching";
/// Kind of the job that merges many pairs that somebody accepts.
pub(crate) const ACCEPTANCE_KIND: &str = "match_acceptance";
/// Kind of the job that takes these merges back.
pub(crate) const UNDO_KIND: &str = "undo_match_acceptance";

/// The key of a job that follows the one under way, which has not seen what came since it began. It is not
/// claimed before that one is over.
const NEXT_KEY: &str = "matching_next";
/// How long after an import contacts are matched, so that of several imports in a row the last one counts.
const WAIT_MICROS: i64 = 30_000_000;

/// Queues a run of the matcher, to begin now. Where one is under way or waits, that is the one.
///
/// # Errors
/// [`PipelineError::Store`] where the queue cannot be written.
pub async fn start(workspace: &Workspace) -> Result<Job, PipelineError> {
    // One that follows another runs under the other key.
    let running =
        ListQuery::default()
            .with("kind", Op::Eq, JOB_KIND)
            .with("status", Op::Eq, "running");
    if let Some(job) = queue::list(&workspace.store, &running).await?.items.pop() {
        return Ok(job);
    }
    let now = workspace.clock.now();
    let job = enqueue(workspace, JOB_KIND, now).await?;
    let job = queue::bring_forward(&workspace.store, job.id, now).await?;
    workspace.changes.announce(Change::Job(job.id));
    Ok(job)
}

/// Queues a run for the contacts that an import has made, soon.
pub(crate) async fn start_after_import(
    workspace: &Workspace,
    import: ImportId,
) -> Result<(), PipelineError> {
    if !has_made(&workspace.store, import, RecordKind::Contacts).await? {
        return Ok(());
    }
    let now = workspace.clock.now();
    let run_at = Timestamp::from_micros(now.as_micros() + WAIT_MICROS);
    let mut job = enqueue(workspace, JOB_KIND, run_at).await?;
    if job.status == JobStatus::Running {
        job = enqueue(workspace, NEXT_KEY, run_at).await?;
    }
    workspace.changes.announce(Change::Job(job.id));
    Ok(())
}

async fn enqueue(
    workspace: &Workspace,
    key: &str,
    run_at: Timestamp,
) -> Result<Job, PipelineError> {
    let job = jobs::new_job(workspace, JOB_KIND, json!({}), Some(key.to_owned()));
    let job = NewJob { run_at, ..job };
    Ok(queue::enqueue(&workspace.store, job, workspace.clock.now()).await?)
}

#[cfg(test)]
mod tests;
