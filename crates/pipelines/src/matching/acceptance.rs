//! Many pairs accepted at once, as whoever asked for it may at that moment, and the whole taken back.

use rapport_domain::{Actor, Author, JobId, UserId};
use rapport_store::jobs::{self as queue, Job};
use rapport_store::match_pairs;
use rapport_store::{Store, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::run::progress;
use super::{ACCEPTANCE_KIND, UNDO_KIND};
use crate::Workspace;
use crate::bulk_edits::seen_by;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::jobs::{self, JobContext};

/// Pairs that are looked up at once; rights are asked for anew with each look.
const N_OF_LOOK: u64 = 100;

/// What the jobs need to know.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct AcceptancePayload {
    /// Who asked for it, and as whom it is done.
    user_id: UserId,
    /// The job whose merges are taken back; none of the one that merges.
    acceptance: Option<JobId>,
}

/// Queues the merges of all open pairs from a probability on of which the workspace's user sees both contacts;
/// tells how many they are.
///
/// # Errors
/// [`PipelineError::Store`] where it cannot be written.
pub async fn accept(
    workspace: &Workspace,
    user_id: UserId,
    min_probability: f64,
) -> Result<(Job, u64), PipelineError> {
    let payload = AcceptancePayload {
        user_id,
        acceptance: None,
    };
    let job = jobs::new_job(workspace, ACCEPTANCE_KIND, json!(payload), None);
    let now = workspace.clock.now();
    let (job, n_pairs) =
        match_pairs::create_acceptance(&workspace.store, min_probability, job, now).await?;
    workspace.changes.announce(Change::Job(job.id));
    Ok((job, n_pairs))
}

/// Who asked for pairs to be accepted; none where the job is another one.
pub fn author_of(job: &Job) -> Option<UserId> {
    let payload = (job.kind == ACCEPTANCE_KIND).then(|| job.payload.clone())?;
    let payload: AcceptancePayload = serde_json::from_value(payload).ok()?;
    Some(payload.user_id)
}

/// Queues that the merges of a job are taken back, as a user may take them back.
///
/// # Errors
/// [`PipelineError::Store`] where the job is under way still.
pub async fn undo(
    workspace: &Workspace,
    user_id: UserId,
    acceptance: &Job,
) -> Result<Job, PipelineError> {
    if !acceptance.status.is_over() {
        let state = "under way; wait for it or cancel it first".to_owned();
        let object = "acceptance of match pairs";
        return Err(StoreError::WrongState { object, state }.into());
    }
    let payload = AcceptancePayload {
        user_id,
        acceptance: Some(acceptance.id),
    };
    let key = format!("undo_match_acceptance:{}", acceptance.id);
    let job = jobs::new_job(workspace, UNDO_KIND, json!(payload), Some(key));
    let job = queue::enqueue(&workspace.store, job, workspace.clock.now()).await?;
    workspace.changes.announce(Change::Job(job.id));
    Ok(job)
}

/// Merges the pairs that wait, from where an earlier run stopped.
pub(crate) async fn run_acceptance(
    workspace: &Workspace,
    payload: AcceptancePayload,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let id = job.leased().job.id;
    loop {
        let waiting = match_pairs::list_waiting(&workspace.store, id, N_OF_LOOK).await?;
        if waiting.is_empty() {
            return result_of(workspace, id).await;
        }
        let state = match_pairs::acceptance(&workspace.store, id).await?;
        let done = state.n_merged + state.n_one + state.n_refused;
        for (pair, done) in waiting.iter().zip(done..) {
            job.report(progress("merging_contacts", done, Some(state.n_pairs)))
                .await?;
            let store = in_name_of(workspace, payload.user_id).await?;
            match_pairs::accept(&store, job.leased(), pair).await?;
        }
    }
}

/// Takes merges back, the last one first, from where an earlier run stopped.
pub(crate) async fn run_undo(
    workspace: &Workspace,
    payload: AcceptancePayload,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let Some(id) = payload.acceptance else {
        return Err(PipelineError::Job {
            kind: UNDO_KIND.to_owned(),
            reason: "it does not say what is taken back".to_owned(),
        });
    };
    let total = match_pairs::acceptance(&workspace.store, id)
        .await?
        .n_merged;
    let (mut done, mut last) = (0, None);
    loop {
        let store = &workspace.store;
        let accepted = match_pairs::list_accepted(store, id, last.as_ref(), N_OF_LOOK).await?;
        if accepted.is_empty() {
            return result_of(workspace, id).await;
        }
        for pair in &accepted {
            job.report(progress("restoring_contacts", done, Some(total)))
                .await?;
            let store = in_name_of(workspace, payload.user_id).await?;
            match_pairs::undo_accepted(&store, job.leased(), pair).await?;
            done += 1;
        }
        last = accepted.last().cloned();
    }
}

/// The records as the user sees them now, written in the user's name.
async fn in_name_of(workspace: &Workspace, user: UserId) -> Result<Store, PipelineError> {
    let by = Author::new(Actor::User(user), workspace.clock.now());
    Ok(seen_by(workspace, user).await?.in_name_of(by))
}

async fn result_of(
    workspace: &Workspace,
    acceptance: JobId,
) -> Result<serde_json::Value, PipelineError> {
    let state = match_pairs::acceptance(&workspace.store, acceptance).await?;
    Ok(json!({
        "n_pairs": state.n_pairs,
        "n_merged": state.n_merged,
        "n_one": state.n_one,
        "n_refused": state.n_refused,
        "n_undone": state.n_undone,
    }))
}
