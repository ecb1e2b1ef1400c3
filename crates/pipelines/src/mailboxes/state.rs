//! How far each folder of a mailbox is read: a named value of the workspace, so that it is in the
//! database and in its backups.

use std::collections::BTreeMap;

use rapport_mailbox::{Mark, Missed};
use rapport_store::{mailboxes, settings};
use serde::{Deserialize, Serialize};

use crate::Workspace;
use crate::error::PipelineError;

/// Messages that could not be had and are listed; beyond that they are counted.
const MISSED_LISTED: usize = 1_000;

/// A mailbox, folder by folder.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MailboxState {
    /// Whose it is, and where: the marks are those of this account on this server. None where nobody has
    /// noted it.
    pub account: Option<String>,
    /// By the folder's name.
    pub folders: BTreeMap<String, FolderState>,
}

/// A folder: `n_seen = n_read + n_gone + n_missed`, or something was lost.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FolderState {
    /// How far it is read.
    pub mark: Option<Mark>,
    /// Messages that the server listed.
    pub n_seen: u64,
    /// Messages that went into imports.
    pub n_read: u64,
    /// Messages that were deleted before they were read.
    pub n_gone: u64,
    /// Messages that the server has and does not give.
    pub n_missed: u64,
    /// The first of them, with the server's reasons.
    pub missed: Vec<Missed>,
    /// How often the numbers of the folder changed their meaning, so that it was read anew.
    pub n_times_anew: u64,
}

impl FolderState {
    pub(super) fn miss(&mut self, missed: Vec<Missed>) {
        self.n_missed += missed.len() as u64;
        let room = MISSED_LISTED.saturating_sub(self.missed.len());
        self.missed.extend(missed.into_iter().take(room));
    }
}

pub(super) async fn find(workspace: &Workspace, key: &str) -> Result<MailboxState, PipelineError> {
    let found = settings::find(&workspace.store, &mailboxes::state_key(key)).await?;
    Ok(found.unwrap_or_default())
}

/// How far the mailbox of an account is read. The marks of another account mean nothing in this one, even
/// where their numbers look the same, and are forgotten.
pub(super) async fn open(
    workspace: &Workspace,
    key: &str,
    account: &str,
) -> Result<MailboxState, PipelineError> {
    let mut state = find(workspace, key).await?;
    if state.account.as_deref() == Some(account) {
        return Ok(state);
    }
    if state.account.replace(account.to_owned()).is_some() {
        for folder in state.folders.values_mut() {
            folder.mark = None;
            folder.n_times_anew += 1;
        }
    }
    settings::save(&workspace.store, &mailboxes::state_key(key), &state).await?;
    Ok(state)
}

/// Changes what is known of a folder.
pub(super) async fn note(
    workspace: &Workspace,
    key: &str,
    folder: &str,
    change: impl FnOnce(&mut FolderState),
) -> Result<(), PipelineError> {
    let before = find(workspace, key).await?;
    let mut after = before.clone();
    change(after.folders.entry(folder.to_owned()).or_default());
    if after != before {
        settings::save(&workspace.store, &mailboxes::state_key(key), &after).await?;
    }
    Ok(())
}
