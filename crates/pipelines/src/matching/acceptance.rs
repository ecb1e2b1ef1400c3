//! Many pairs accepted at once, as whoever asked for it may at that moment, and the whole taken back.

use rapport_domain::{Actor, ApiKeyId, Author, JobId, UserId};
use rapport_store::jobs::{self as queue, Job};
use rapport_store::match_pairs::{self, Acceptance, NewAcceptance};
use rapport_store::{Store, StoreError, api_keys};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::run::progress;
use super::{ACCEPTANCE_KIND, UNDO_KIND};
use crate::Workspace;
use crate::bulk_edits::seen_by;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::jobs::{self, JobContext};

/// Pairs that are looked up at once. What is allowed is asked anew before each of them.
const N_OF_LOOK: u64 = 100;

/// What the jobs need to know.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct AcceptancePayload {
    /// Who asked for it, and as whom it is done.
    user_id: UserId,
    /// The key by which it was asked for, in whose name it is done then.
    #[serde(default)]
    key_id: Option<ApiKeyId>,
    /// The job whose merges are taken back; none of the one that merges.
    acceptance: Option<JobId>,
}

impl AcceptancePayload {
    /// Of a job that is asked for in the name of the workspace's user.
    fn of(workspace: &Workspace, acceptance: Option<JobId>) -> Result<Self, StoreError> {
        let actor = workspace.store.author().map(|author| author.actor);
        let (user_id, key_id) = match actor {
            Some(Actor::User(user_id)) => (user_id, None),
            Some(Actor::ApiKey { key_id, user_id }) => (user_id, Some(key_id)),
            Some(Actor::System(_)) | None => {
                return Err(StoreError::WrongState {
                    object: "acceptance of match pairs",
                    state: "only asked for in a person's name".to_owned(),
                });
            }
        };
        Ok(Self {
            user_id,
            key_id,
            acceptance,
        })
    }
}

/// Queues the merges of all open pairs from a probability on that their groups support and of which the
/// workspace's user sees both contacts; tells how many they are. A second click finds the job of the first.
///
/// # Errors
/// [`PipelineError::Store`] where it cannot be written.
pub async fn accept(
    workspace: &Workspace,
    min_probability: f64,
) -> Result<(Job, u64), PipelineError> {
    let payload = AcceptancePayload::of(workspace, None)?;
    let key = format!("match_acceptance:{}:{min_probability}", payload.user_id);
    let new = NewAcceptance {
        min_probability,
        job: jobs::new_job(workspace, ACCEPTANCE_KIND, json!(payload), Some(key)),
    };
    let now = workspace.clock.now();
    let (job, n_pairs) = match_pairs::create_acceptance(&workspace.store, new, now).await?;
    workspace.changes.announce(Change::Job(job.id));
    Ok((job, n_pairs))
}

/// Asks for an acceptance to stop after the pair under way; what is merged by then stays.
///
/// # Errors
/// [`PipelineError::Store`] where it is not there.
pub async fn cancel(workspace: &Workspace, acceptance: JobId) -> Result<(), PipelineError> {
    let now = workspace.clock.now();
    let job = queue::cancel(&workspace.store, acceptance, now).await?;
    workspace.changes.announce(Change::Job(job.id));
    Ok(())
}

/// Queues that the merges of an acceptance are taken back, as the workspace's user may take them back.
///
/// # Errors
/// [`PipelineError::Store`] where its job is under way still.
pub async fn undo(workspace: &Workspace, acceptance: JobId) -> Result<Job, PipelineError> {
    let payload = AcceptancePayload::of(workspace, Some(acceptance))?;
    let key = format!("undo_match_acceptance:{acceptance}");
    let undo = jobs::new_job(workspace, UNDO_KIND, json!(payload), Some(key));
    let now = workspace.clock.now();
    let job = match_pairs::queue_undo(&workspace.store, acceptance, undo, now).await?;
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
        let state = found(workspace, id).await?;
        let done = state.n_merged + state.n_one + state.n_refused + state.n_changed;
        for (pair, done) in waiting.iter().zip(done..) {
            job.report(progress("merging_contacts", done, Some(state.n_pairs)))
                .await?;
            let store = in_name_of(workspace, payload).await?;
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
    let total = found(workspace, id).await?.n_merged;
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
            let store = in_name_of(workspace, payload).await?;
            match_pairs::undo_accepted(&store, job.leased(), pair).await?;
            done += 1;
        }
        last = accepted.last().cloned();
    }
}

/// The records as the user sees them now, written in the name of who asked. A key that does not count any more
/// does nothing either.
async fn in_name_of(
    workspace: &Workspace,
    payload: AcceptancePayload,
) -> Result<Store, PipelineError> {
    let (user_id, now) = (payload.user_id, workspace.clock.now());
    let actor = match payload.key_id {
        None => Actor::User(user_id),
        Some(key_id) => {
            let key = api_keys::find(&workspace.store, key_id).await?;
            let counts = key.is_some_and(|key| {
                key.revoked_at.is_none() && key.expires_at.is_none_or(|end| end > now)
            });
            if !counts {
                return Err(PipelineError::UserGone);
            }
            Actor::ApiKey { key_id, user_id }
        }
    };
    let seen = seen_by(workspace, user_id).await?;
    Ok(seen.in_name_of(Author::new(actor, now)))
}

async fn found(workspace: &Workspace, acceptance: JobId) -> Result<Acceptance, PipelineError> {
    let found = match_pairs::find_acceptance(&workspace.store, acceptance).await?;
    found.ok_or_else(|| PipelineError::Job {
        kind: ACCEPTANCE_KIND.to_owned(),
        reason: "nothing says what it accepts".to_owned(),
    })
}

async fn result_of(
    workspace: &Workspace,
    acceptance: JobId,
) -> Result<serde_json::Value, PipelineError> {
    let state = found(workspace, acceptance).await?;
    Ok(json!({
        "n_pairs": state.n_pairs,
        "n_merged": state.n_merged,
        "n_one": state.n_one,
        "n_refused": state.n_refused,
        "n_changed": state.n_changed,
        "n_undone": state.n_undone,
        "n_not_undone": state.n_not_undone,
    }))
}
