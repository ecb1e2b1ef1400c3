//! Mailboxes that are read over IMAP: what is new in a folder becomes a mailbox file and goes the way of
//! every file (mapping, source records, rejected rows, ledger, undo).
//!
//! How far a folder is read is kept with the records, and only moves once the import that holds its
//! messages is stored and queued. Killed in between, the same messages come again, and the importer knows
//! them by their keys.

mod access;
mod check;
mod reading;
mod spool;
mod state;
mod tend;
mod watch;

use rapport_domain::ImportId;
pub use rapport_mailbox::Outside;
use rapport_mailbox::{Account, Dial, Folder, MailboxError, Options, SyncError, Synced};

pub use self::check::check;
pub use self::reading::read_now;
pub(crate) use self::reading::{JOB_KIND, run};
pub use self::state::{FolderState, MailboxState};
pub(crate) use self::tend::tend;

use self::spool::{Spool, Target};
use self::watch::Watch;
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
    /// What it is known by where it is kept how far it is read.
    pub key: String,
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

/// Reads what is new in a folder and queues its import. Where the account is another one than it was, or on
/// another server, numbers of messages mean others, and all is read anew.
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
    let target = Target {
        workspace,
        mailbox,
        folder,
    };
    sync_watched(target, dial, account, options, &Watch::default()).await
}

/// As [`sync`], telling how far it is.
async fn sync_watched(
    target: Target<'_>,
    dial: &impl Dial,
    account: &Account,
    options: &Options,
    watch: &Watch,
) -> Result<FolderSync, PipelineError> {
    let Target {
        workspace,
        mailbox,
        folder,
    } = target;
    let whose = format!("{} at {}", account.user, dial.place().0.to_lowercase());
    let before = state::open(workspace, &mailbox.key, &whose).await?;
    let mark = before.folders.get(folder).and_then(|state| state.mark);
    let mut spool = Spool::new(target, watch);
    let told = rapport_mailbox::sync(dial, account, folder, mark, options, &mut spool).await;
    // What was read before a failure is kept, too.
    let imports = spool.finish().await?;
    match told {
        Ok(synced) => {
            state::note(workspace, &mailbox.key, folder, |state| {
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

/// How far a mailbox is read, and what could not be had of it, by what it is known by.
///
/// # Errors
/// [`PipelineError::Store`].
pub async fn state_of(workspace: &Workspace, key: &str) -> Result<MailboxState, PipelineError> {
    state::find(workspace, key).await
}
