//! What nobody attended to returns to the pool, once a day, as a job.

use std::convert::Infallible;
use std::time::Duration;

use rapport_domain::{Date, JobProgress, RolePolicy, Timestamp};
use rapport_store::jobs::{self, Job, NewJob};
use rapport_store::{pools, settings};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::jobs::{JobContext, guarded};

/// Kind of the job.
pub(crate) const JOB_KIND: &str = "pool_return";
/// Times that the job is tried.
const ATTEMPTS_MAX: u32 = 5;
/// How often it is looked whether a day has begun.
const EVERY: Duration = Duration::from_secs(900);
/// Setting that holds the day on which the job ran last.
const RETURNED_ON: &str = "pools_returned_on";

/// What the job needs to know.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Payload {
    /// Activity is counted back from here.
    as_of: Timestamp,
}

/// Queues the return of what nobody attended to as of an instant; none where no rule returns anything.
///
/// # Errors
/// [`PipelineError::Store`] where the job cannot be queued.
pub async fn return_idle(
    workspace: &Workspace,
    as_of: Timestamp,
) -> Result<Option<Job>, PipelineError> {
    let store = &workspace.store;
    let mut returns_any = false;
    for object in RolePolicy::OWNED {
        let rule = pools::rule(store, object).await?;
        returns_any |= rule.return_after_days.is_some();
    }
    if !returns_any {
        return Ok(None);
    }
    let now = workspace.clock.now();
    let new = NewJob {
        id: workspace.ids.next(now),
        kind: JOB_KIND.to_owned(),
        payload: json!(Payload { as_of }),
        unique_key: Some(JOB_KIND.to_owned()),
        run_at: now,
        attempts_max: ATTEMPTS_MAX,
    };
    let job = jobs::enqueue(store, new, now).await?;
    workspace.changes.announce(Change::Job(job.id));
    Ok(Some(job))
}

/// Returns what each rule returns. A second run finds nothing more.
pub(crate) async fn run(
    workspace: &Workspace,
    Payload { as_of }: Payload,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let store = &workspace.store;
    let mut progress = JobProgress {
        step: "returning".to_owned(),
        done: 0,
        total: None,
    };
    job.report(progress.clone()).await?;
    for object in RolePolicy::OWNED {
        let rule = pools::rule(store, object).await?;
        let Some(days) = rule.return_after_days else {
            continue;
        };
        let since = as_of.plus_days(-i64::from(days));
        loop {
            let n_returned = pools::return_idle(store, object, since, as_of).await?;
            if n_returned == 0 {
                break;
            }
            progress.done += n_returned;
            job.report(progress.clone()).await?;
        }
    }
    settings::save(store, RETURNED_ON, &as_of.date()).await?;
    Ok(json!({ "n_returned": progress.done }))
}

/// Queues the job on each day that has none yet, for ever.
pub(crate) async fn tend(workspace: &Workspace) -> Infallible {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = guarded(turn(workspace)).await {
            tracing::error!(%error, "the return to the pools could not be queued; trying again");
        }
    }
}

async fn turn(workspace: &Workspace) -> Result<(), PipelineError> {
    let now = workspace.clock.now();
    let last: Option<Date> = settings::find(&workspace.store, RETURNED_ON).await?;
    if last != Some(now.date()) {
        return_idle(workspace, now).await?;
    }
    Ok(())
}
