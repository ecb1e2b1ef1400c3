//! From a mark to the end of a folder, over as many connections as it takes.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::session::{Folder, Letter, Session};
use crate::{Account, Dial, MailboxError};

/// How far a folder was read. Keep it as durably as the messages, and with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The folder's UIDVALIDITY: while it stays, numbers mean the same messages.
    pub uid_validity: u32,
    /// The last number that is kept; messages after it are new.
    pub last_uid: u32,
}

/// Messages that came together, and the mark that holds once they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The messages, in the order of their numbers.
    pub letters: Vec<Letter>,
    /// Messages that are there and that the server does not give.
    pub missed: Vec<Missed>,
    /// Messages that were listed and are gone since.
    pub n_gone: u64,
    /// How far the folder is read with this batch.
    pub mark: Mark,
}

/// A message that is there and could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// Its number in the folder.
    pub uid: u32,
    /// What the server says.
    pub reason: String,
}

/// How a mailbox is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Messages that are fetched at once.
    pub batch: usize,
    /// Bytes that are kept of a message.
    pub letter_bytes_max: usize,
    /// How long the server may be silent.
    pub patience: Duration,
    /// Attempts in a row that may bring nothing.
    pub attempts_max: u32,
    /// How long is waited after the first of them; twice as long after each other one.
    pub first_wait: Duration,
    /// At most so long.
    pub wait_max: Duration,
}

impl Default for Options {
    /// 50 messages of up to 2 MiB at once, a minute of patience, six attempts with waits from 1 s to 60 s.
    fn default() -> Self {
        Self {
            batch: 50,
            letter_bytes_max: 2 * 1024 * 1024,
            patience: Duration::from_secs(60),
            attempts_max: 6,
            first_wait: Duration::from_secs(1),
            wait_max: Duration::from_secs(60),
        }
    }
}

/// Keeps what was read.
pub trait Keep {
    /// Why it cannot be kept.
    type Error: fmt::Debug + fmt::Display;

    /// Keeps a batch durably, its mark with it. What is not kept comes again.
    fn keep(&mut self, batch: Batch) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// What a sync did: `n_seen = n_read + n_gone + missed`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Synced {
    /// Messages that the server listed as new.
    pub n_seen: u64,
    /// Messages that were kept.
    pub n_read: u64,
    /// Messages that were listed and deleted before they were read.
    pub n_gone: u64,
    /// Messages that are there and could not be had.
    pub missed: Vec<Missed>,
    /// Connections that broke.
    pub n_broken: u64,
    /// Whether the numbers of the folder had changed their meaning, so that reading began anew.
    pub is_anew: bool,
    /// How far the folder is read; none where it is empty and was never read.
    pub mark: Option<Mark>,
}

/// Why a sync ended early. All batches before are kept.
#[derive(Debug, Error)]
pub enum SyncError<E: fmt::Debug + fmt::Display> {
    /// The mailbox cannot be read on.
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    /// A batch could not be kept.
    #[error("{0}")]
    Keep(E),
}

/// The folders of a mailbox.
///
/// # Errors
/// [`MailboxError`].
pub async fn folders(
    dial: &impl Dial,
    account: &Account,
    options: &Options,
) -> Result<Vec<Folder>, MailboxError> {
    let mut session =
        Session::open(dial, account, options.patience, options.letter_bytes_max).await?;
    let folders = session.folders().await?;
    session.close().await;
    Ok(folders)
}

/// Logs in, opens each of some folders, and hands out all that there are. Nothing is read or changed.
///
/// # Errors
/// [`MailboxError`]; [`MailboxError::Folder`] for the first folder that cannot be opened.
pub async fn check(
    dial: &impl Dial,
    account: &Account,
    wanted: &[String],
    options: &Options,
) -> Result<Vec<Folder>, MailboxError> {
    let mut session =
        Session::open(dial, account, options.patience, options.letter_bytes_max).await?;
    let folders = session.folders().await?;
    for folder in wanted {
        session.examine(folder).await?;
    }
    session.close().await;
    Ok(folders)
}

/// Reads what came into a folder after a mark; all of it without one.
///
/// # Errors
/// [`SyncError::Mailbox`] where the account or folder is refused, or attempts in a row brought nothing;
/// [`SyncError::Keep`] where a batch could not be kept.
pub async fn sync<K: Keep>(
    dial: &impl Dial,
    account: &Account,
    folder: &str,
    mark: Option<Mark>,
    options: &Options,
    keep: &mut K,
) -> Result<Synced, SyncError<K::Error>> {
    let mut told = Synced {
        mark,
        ..Synced::default()
    };
    let mut n_attempts = 0;
    let mut options = options.clone();
    loop {
        let before = told.mark;
        let error = match connection(dial, account, folder, &options, keep, &mut told).await {
            Ok(()) => return Ok(told),
            Err(SyncError::Mailbox(error)) if error.is_passing() => error,
            Err(error) => return Err(error),
        };
        told.n_broken += 1;
        if told.mark == before {
            n_attempts += 1;
            // A connection that never lasts for a batch may last for half of one.
            options.batch = (options.batch / 2).max(1);
        } else {
            n_attempts = 1;
        }
        if n_attempts >= options.attempts_max {
            return Err(error.into());
        }
        let wait = options.first_wait * 2_u32.saturating_pow(n_attempts - 1);
        tokio::time::sleep(wait.min(options.wait_max)).await;
    }
}

/// Reads on over one connection, to the end of the folder or of the connection.
async fn connection<K: Keep>(
    dial: &impl Dial,
    account: &Account,
    folder: &str,
    options: &Options,
    keep: &mut K,
    told: &mut Synced,
) -> Result<(), SyncError<K::Error>> {
    let mut session =
        Session::open(dial, account, options.patience, options.letter_bytes_max).await?;
    let uid_validity = session.examine(folder).await?;
    let last_uid = match told.mark {
        Some(mark) if mark.uid_validity == uid_validity => mark.last_uid,
        before => {
            told.is_anew |= before.is_some();
            0
        }
    };
    let uids = session.uids_after(last_uid).await?;
    for uids in uids.chunks(options.batch.max(1)) {
        let batch = fetch(&mut session, uids, uid_validity).await?;
        let n_read = batch.letters.len() as u64;
        let (n_gone, missed, mark) = (batch.n_gone, batch.missed.clone(), batch.mark);
        keep.keep(batch).await.map_err(SyncError::Keep)?;
        told.n_seen += uids.len() as u64;
        told.n_read += n_read;
        told.n_gone += n_gone;
        told.missed.extend(missed);
        told.mark = Some(mark);
    }
    if uids.is_empty() {
        told.mark = Some(Mark {
            uid_validity,
            last_uid,
        });
    }
    session.close().await;
    Ok(())
}

/// Fetches some messages: together, and those that did not come one by one. What does not come then is
/// gone, or is missed with a reason.
async fn fetch(
    session: &mut Session,
    uids: &[u32],
    uid_validity: u32,
) -> Result<Batch, MailboxError> {
    let (mut letters, _) = session.fetch(uids).await?;
    letters.retain(|uid, _| uids.contains(uid));
    let mut n_gone = 0;
    let mut missed = Vec::new();
    for &uid in uids {
        if letters.contains_key(&uid) {
            continue;
        }
        let (mut found, status) = session.fetch(&[uid]).await?;
        if let Some(letter) = found.remove(&uid) {
            letters.insert(uid, letter);
        } else if session.search(&uid.to_string()).await?.contains(&uid) {
            let silent = "the server gives nothing and no reason".to_owned();
            let reason = status.err().unwrap_or(silent);
            missed.push(Missed { uid, reason });
        } else {
            n_gone += 1;
        }
    }
    Ok(Batch {
        letters: letters.into_values().collect(),
        missed,
        n_gone,
        mark: Mark {
            uid_validity,
            last_uid: uids.last().copied().unwrap_or_default(),
        },
    })
}
