//! Mailboxes that are read over IMAP: what is new in a folder becomes a mailbox file and goes the way of
//! every file (mapping, source records, rejected rows, ledger, undo).
//!
//! How far a folder is read is kept with the records, and only moves once the import that holds its
//! messages is stored and queued. Killed in between, the same messages come again, and the importer knows
//! them by their keys.

mod spool;
mod state;

use rapport_domain::ImportId;
use rapport_mailbox::{Account, Dial, Folder, MailboxError, Options, SyncError, Synced};

pub use self::state::{FolderState, MailboxState};

use self::spool::{Spool, Target};
use crate::Workspace;
use crate::error::PipelineError;

/// What a sync of one folder did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderSync {
    /// What was seen on the server, and what became of it.
    pub synced: Synced,
    /// The imports that hold what was read, in their order; each has a job.
    pub imports: Vec<ImportId>,
}

/// Which mailbox of ours it is, and how its messages are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Its name: that of the source that its messages are of.
    pub source: String,
    /// Its own addresses: messages from them were sent. Those of everybody who works here count, too.
    pub own_addresses: Vec<String>,
    /// Whether people who are not here yet become contacts; otherwise their messages are rejected rows.
    pub makes_contacts: bool,
}

/// The folders of a mailbox.
///
/// # Errors
/// [`MailboxError`].
pub async fn folders(dial: &impl Dial, account: &Account) -> Result<Vec<Folder>, MailboxError> {
    rapport_mailbox::folders(dial, account, &Options::default()).await
}

/// Reads what is new in a folder and queues its import.
///
/// # Errors
/// [`PipelineError::Mailbox`] where the server cannot be read on; what was read before is imported and
/// need not be read again. [`PipelineError::Store`], [`PipelineError::Io`] where it cannot be kept.
pub async fn sync(
    workspace: &Workspace,
    dial: &impl Dial,
    account: &Account,
    mailbox: &Mailbox,
    folder: &str,
    options: &Options,
) -> Result<FolderSync, PipelineError> {
    let before = state::find(workspace, &mailbox.source).await?;
    let mark = before.folders.get(folder).and_then(|state| state.mark);
    let mut spool = Spool::new(Target {
        workspace,
        mailbox,
        folder,
    });
    let told = rapport_mailbox::sync(dial, account, folder, mark, options, &mut spool).await;
    // What was read before a failure is kept, too.
    let imports = spool.finish().await?;
    match told {
        Ok(synced) => {
            state::note(workspace, &mailbox.source, folder, |state| {
                state.mark = synced.mark;
                state.n_times_anew += u64::from(synced.is_anew);
            })
            .await?;
            Ok(FolderSync { synced, imports })
        }
        Err(SyncError::Keep(error)) => Err(error),
        Err(SyncError::Mailbox(error)) => Err(error.into()),
    }
}

/// How far a mailbox is read, and what could not be had of it.
///
/// # Errors
/// [`PipelineError::Store`].
pub async fn state_of(workspace: &Workspace, source: &str) -> Result<MailboxState, PipelineError> {
    state::find(workspace, source).await
}
