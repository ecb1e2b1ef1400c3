//! The schedule: mailboxes whose time has come are queued to be read, for ever.

use std::convert::Infallible;
use std::time::Duration;

use rapport_store::mailboxes;

use super::read_now;
use crate::Workspace;
use crate::error::PipelineError;
use crate::jobs::guarded;

/// How often it is looked whether a mailbox is due.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Queues readings as the schedules of mailboxes have it.
pub(crate) async fn tend(workspace: &Workspace) -> Infallible {
    loop {
        if let Err(error) = guarded(turn(workspace)).await {
            tracing::error!(%error, "mailboxes that are due could not be queued; trying again");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn turn(workspace: &Workspace) -> Result<(), PipelineError> {
    for id in mailboxes::due(&workspace.store, workspace.clock.now()).await? {
        read_now(workspace, id).await?;
    }
    Ok(())
}
