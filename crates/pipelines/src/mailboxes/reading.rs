//! The job that reads a mailbox: folder by folder, each from its mark on. What became of it stands at the
//! mailbox, where people look, and the job ends well either way: the schedule tries again.

use std::time::Duration;

use rapport_domain::{JobProgress, Mailbox as Stored, MailboxFailure, MailboxId};
use rapport_mailbox::{MailboxError, Options, Server};
use rapport_store::StoreError;
use rapport_store::jobs::{Job, NewJob};
use rapport_store::mailboxes::{self, MailboxSecret};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::{self, Access};
use super::spool::Target;
use super::watch::Watch;
use super::{FolderSync, Mailbox, sync_watched};
use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::jobs::{JobContext, new_job};

/// Kind of the job.
pub(crate) const JOB_KIND: &str = "mailbox_reading";
/// How often it is told how far a reading is, and asked whether to stop.
const TELL_EVERY: Duration = Duration::from_millis(500);
/// What a server may be silent for. One that is away must not hold up the mailboxes behind it; it is tried
/// again by the schedule.
const PATIENCE: Duration = Duration::from_secs(45);
/// Attempts in a row that may bring nothing.
const ATTEMPTS_MAX: u32 = 4;
/// The longest reason that is kept.
const REASON_CHARS_MAX: usize = 500;

/// What the job needs to know.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Payload {
    /// The mailbox.
    pub(crate) mailbox_id: MailboxId,
}

/// Queues a reading of a mailbox, whether its schedule rests or not. Where one waits or is under way, that is
/// the one.
///
/// # Errors
/// [`PipelineError::Store`] where it cannot be queued.
pub async fn read_now(workspace: &Workspace, id: MailboxId) -> Result<Job, PipelineError> {
    let key = Some(mailboxes::job_key(id));
    let new: NewJob = new_job(workspace, JOB_KIND, json!(Payload { mailbox_id: id }), key);
    let now = workspace.clock.now();
    let job = mailboxes::queue_reading(&workspace.store, id, new, now).await?;
    workspace.changes.announce(Change::Job(job.id));
    Ok(job)
}

/// Reads a mailbox and notes how it went.
pub(crate) async fn run(
    workspace: &Workspace,
    Payload { mailbox_id }: Payload,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let store = &workspace.store;
    let Some((row, secret)) = mailboxes::open(store, mailbox_id).await? else {
        return Ok(json!({ "n_read": 0 }));
    };
    job.report(progress(0)).await?;
    let read = read(workspace, &row.mailbox, secret, job).await;
    let failure = match &read {
        Ok(_) => None,
        Err(error) if goes_on_later(error) => return read,
        Err(error) => Some(failure_of(error)),
    };
    mailboxes::note_reading(store, mailbox_id, failure.clone(), workspace.clock.now()).await?;
    match (read, failure) {
        (Err(PipelineError::Mailbox(error)), Some(failure)) => {
            // Who the account belongs to, and what the server says, is for its screen and not for the log.
            tracing::warn!(mailbox = %mailbox_id, code = error.code(), "a mailbox could not be read");
            Ok(json!({ "failure": failure.code }))
        }
        (read, _) => read,
    }
}

/// Whether the job itself goes on, or is another worker's.
fn goes_on_later(error: &PipelineError) -> bool {
    matches!(
        error,
        PipelineError::ShuttingDown | PipelineError::Store(StoreError::LeaseLost { .. })
    ) || error.is_worth_a_retry()
}

fn failure_of(error: &PipelineError) -> MailboxFailure {
    let (code, reason) = match error {
        PipelineError::Mailbox(error) => (error.code(), error.reason()),
        PipelineError::Cancelled => ("cancelled", String::new()),
        error => ("internal", error.to_string()),
    };
    // Not every database keeps U+0000.
    let reason = reason.replace('\0', "");
    MailboxFailure {
        code: code.to_owned(),
        reason: reason.chars().take(REASON_CHARS_MAX).collect(),
    }
}

/// Reads all folders. One that cannot be opened does not keep the others from being read.
async fn read(
    workspace: &Workspace,
    stored: &Stored,
    secret: MailboxSecret,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let mailbox = Mailbox {
        key: stored.id.to_string(),
        source: stored.source.clone(),
        own_addresses: Some(stored.user.clone())
            .filter(|user| user.contains('@'))
            .into_iter()
            .collect(),
        makes_contacts: stored.makes_contacts,
    };
    let mut reader = Reader {
        access: Access::new(workspace, stored, secret),
        server: access::server(workspace, stored)?,
        watch: Watch::default(),
        job,
    };
    let (mut n_imports, mut missing) = (0, None);
    for folder in &stored.folders {
        let target = Target {
            workspace,
            mailbox: &mailbox,
            folder,
        };
        match reader.read(target).await {
            Ok(read) => n_imports += read.imports.len(),
            Err(PipelineError::Mailbox(error @ MailboxError::Folder { .. })) => {
                missing.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
    }
    match missing {
        Some(error) => Err(error.into()),
        None => Ok(json!({ "n_read": reader.watch.n_read(), "n_imports": n_imports })),
    }
}

/// What reads the folders of one mailbox.
struct Reader<'a, 'j> {
    access: Access<'a>,
    server: Server,
    watch: Watch,
    job: &'a mut JobContext<'j>,
}

impl Reader<'_, '_> {
    /// Reads a folder; with another token where the one that was kept is refused.
    async fn read(&mut self, target: Target<'_>) -> Result<FolderSync, PipelineError> {
        let read = self.try_to_read(target).await;
        match read {
            Err(PipelineError::Mailbox(MailboxError::Login { .. }))
                if self.access.drops_token() =>
            {
                self.try_to_read(target).await
            }
            read => read,
        }
    }

    async fn try_to_read(&mut self, target: Target<'_>) -> Result<FolderSync, PipelineError> {
        let account = self.access.account().await?;
        let options = Options {
            patience: PATIENCE,
            attempts_max: ATTEMPTS_MAX,
            ..Options::default()
        };
        let work = sync_watched(target, &self.server, &account, &options, &self.watch);
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                read = &mut work => return read,
                () = tokio::time::sleep(TELL_EVERY) => {}
            }
            if let Err(error) = self.job.report(progress(self.watch.n_read())).await {
                // What is being kept is kept to its end; all else comes again.
                tokio::select! {
                    _ = &mut work => {}
                    _ = self.watch.keep() => {}
                }
                return Err(error);
            }
        }
    }
}

fn progress(n_read: u64) -> JobProgress {
    JobProgress {
        step: "reading_mail".to_owned(),
        done: n_read,
        total: None,
    }
}
