//! Tending: what is done for the events all the time, beside the jobs.

use std::convert::Infallible;
use std::time::Duration;

use rapport_store::{events, idempotency};
use tokio::time::Instant;

use super::{compact_once, delete_replaced, flush, link_known, settle_people};
use crate::Workspace;
use crate::error::PipelineError;
use crate::jobs::guarded;

/// How often the inbox is emptied and the files are looked at; sooner where the inbox fills.
const EVERY: Duration = Duration::from_secs(30);
/// The longest wait after failures.
const WAIT_MAX: Duration = Duration::from_secs(600);

/// Keeps the events in order for ever. Dropped at any point, it leaves them as they were or as they
/// should be.
pub(crate) async fn tend(workspace: &Workspace) -> Infallible {
    // Side by side: merging files may take minutes, and people wait for their contacts.
    let (never, _) = futures::join!(tend_files(workspace), tend_people(workspace));
    never
}

async fn tend_people(workspace: &Workspace) -> Infallible {
    let mut wait = EVERY;
    let mut due = Instant::now() + wait;
    loop {
        // People wait for their contacts; tying earlier events reads the files, and can wait for its turn.
        let is_due = tokio::select! {
            () = tokio::time::sleep_until(due) => true,
            () = workspace.upkeep.has_people.notified(), if wait == EVERY => false,
        };
        if is_due {
            due = Instant::now() + wait;
        }
        match guarded(people_turn(workspace, is_due)).await {
            Ok(()) => wait = EVERY,
            Err(error) => {
                wait = (wait * 2).min(WAIT_MAX);
                tracing::error!(%error, wait_s = wait.as_secs(), "what events tell of people could not be written; trying again");
            }
        }
    }
}

async fn people_turn(workspace: &Workspace, links: bool) -> Result<(), PipelineError> {
    settle_people(workspace).await?;
    if links {
        link_known(workspace).await?;
    }
    Ok(())
}

async fn tend_files(workspace: &Workspace) -> Infallible {
    let mut wait = EVERY;
    loop {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            // After a failure a full inbox is no reason to try at once again.
            () = workspace.upkeep.until_full(), if wait == EVERY => {}
        }
        match guarded(turn(workspace)).await {
            Ok(()) => wait = EVERY,
            Err(error) => {
                wait = (wait * 2).min(WAIT_MAX);
                tracing::error!(%error, wait_s = wait.as_secs(), "events could not be put in order; trying again");
            }
        }
    }
}

async fn turn(workspace: &Workspace) -> Result<(), PipelineError> {
    flush(workspace).await?;
    while compact_once(workspace, false).await? {}
    delete_replaced(workspace).await?;
    let now = workspace.clock.now();
    idempotency::forget(&workspace.store, now).await?;
    events::forget_old_strangers(&workspace.store, now).await?;
    Ok(events::forget_seen(&workspace.store, now).await?)
}
