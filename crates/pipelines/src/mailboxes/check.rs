//! Whether a mailbox can be read, before anything is kept of it.

use std::time::Duration;

use rapport_domain::Mailbox;
use rapport_mailbox::{Folder, MailboxError, Options};
use rapport_store::mailboxes::MailboxSecret;

use super::access::{self, Access};
use crate::Workspace;
use crate::error::PipelineError;

/// How long a person is kept waiting.
const CHECK_TIME: Duration = Duration::from_secs(20);

/// Connects, logs in, opens the folders that are to be read, and hands out all that there are. Nothing is
/// read. A secret that the provider replaces meanwhile is kept, where the mailbox is stored.
///
/// # Errors
/// [`PipelineError::Mailbox`] with what is wrong.
pub async fn check(
    workspace: &Workspace,
    mailbox: &Mailbox,
    secret: MailboxSecret,
) -> Result<Vec<Folder>, PipelineError> {
    let work = async {
        let server = access::server(workspace, mailbox)?;
        let account = Access::new(workspace, mailbox, secret).account().await?;
        let options = Options {
            patience: CHECK_TIME,
            ..Options::default()
        };
        let found = rapport_mailbox::check(&server, &account, &mailbox.folders, &options).await?;
        Ok(found)
    };
    match tokio::time::timeout(CHECK_TIME, work).await {
        Ok(checked) => checked,
        Err(_) => Err(MailboxError::Silent {
            seconds: CHECK_TIME.as_secs(),
        }
        .into()),
    }
}
