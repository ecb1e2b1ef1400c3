//! Events on their way into the lake: taken in durably, moved to files, the files kept in order.

mod link;
mod people;
mod take;
mod tend;
mod waiting;
mod withdraw;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rapport_domain::{Event, Timestamp};
use rapport_lake::{CompactOptions, Segment};
use rapport_store::{StoreError, events};

use crate::Workspace;
use crate::backup::Clearance;
use crate::catalogue::{catalogue, to_row};
use crate::error::PipelineError;

use self::waiting::{Expected, Waiting};

pub use link::link_known;
pub use people::settle_people;
pub use take::{take_delivery, take_in};
pub(crate) use tend::tend;
pub(crate) use withdraw::withdraw;

/// Events of the inbox that go into one file.
const FLUSH_EVENTS: u64 = 100_000;
/// Waiting events at which a flush does not wait for its time.
const FLUSH_AT_EVENTS: u64 = 50_000;
/// Waiting events at which sources are told to come later.
const WAITING_MAX: u64 = 500_000;
/// Characters of properties that go into one file: a flush holds all of it in memory.
const FLUSH_CHARS: u64 = 64 << 20;
/// How long a replaced file is kept for readers that opened their list of files before.
const GRACE: Duration = Duration::from_secs(15 * 60);

/// What keeping the files in order remembers between two steps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Upkeep {
    /// One step at a time: two merges of the same files would be in each other's way.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// One flush at a time. It needs no turn among the merges, which may take minutes: it touches no
    /// file that is there.
    flush_turn: Arc<tokio::sync::Mutex<()>>,
    /// Files that others have replaced. A process that ends leaves them to the sweep of the next
    /// start.
    replaced: Arc<Mutex<Vec<Replaced>>>,
    /// Events in the inbox, as far as this process knows.
    waiting: Waiting,
    /// Told when so many wait that a flush is worth it.
    is_full: Arc<tokio::sync::Notify>,
    /// Told when events have told of people.
    has_people: Arc<tokio::sync::Notify>,
}

/// Files and when others took their place.
type Replaced = (Timestamp, Vec<Segment>);

/// Takes events in; they are durable when this returns, and a repeated message is taken once.
///
/// # Errors
/// [`PipelineError::Store`] where they cannot be written; none was taken then.
pub async fn append_events(workspace: &Workspace, new: Vec<Event>) -> Result<u64, PipelineError> {
    Ok(events::append_inbox(&workspace.store, new).await?)
}

/// Moves what waits in the inbox to files of the lake. What comes in meanwhile is left to the next time: a
/// flush that followed a stream of events to its end would write a small file for each moment.
pub(crate) async fn flush(workspace: &Workspace) -> Result<u64, PipelineError> {
    let _turn = workspace.upkeep.flush_turn.lock().await;
    let store = &workspace.store;
    let newest = events::newest_waiting(store).await?;
    let mut n_flushed = 0;
    loop {
        let waiting = events::list_inbox_within(store, FLUSH_EVENTS, FLUSH_CHARS).await?;
        if waiting
            .first()
            .is_none_or(|oldest| Some(oldest.seq) > newest)
        {
            put_right(workspace).await?;
            return Ok(n_flushed);
        }
        let n_waiting = waiting.len() as u64;
        let (seqs, batch): (Vec<i64>, Vec<Event>) =
            waiting.into_iter().map(|row| (row.seq, row.event)).unzip();
        let segment = workspace.lake.write_segment(&batch).await?;
        let row = to_row(segment.clone());
        match events::flush_inbox(store, seqs, vec![row]).await {
            Ok(()) => {
                n_flushed += n_waiting;
                workspace.upkeep.note_flushed(n_waiting);
            }
            // Another process has moved some of them: this file would double them.
            Err(StoreError::Conflict { .. }) => workspace.lake.remove(&[segment]).await?,
            Err(error) => return Err(error.into()),
        }
    }
}

/// Counts what waits where that is in doubt.
async fn put_right(workspace: &Workspace) -> Result<(), PipelineError> {
    let waiting = &workspace.upkeep.waiting;
    if let Some(doubt) = waiting.doubt() {
        waiting.settle(doubt, events::count_inbox(&workspace.store).await?);
    }
    Ok(())
}

/// Merges files once, where the layout asks for it, and tells whether it did. `is_eager` does not
/// wait for files as they came to gather.
pub(crate) async fn compact_once(
    workspace: &Workspace,
    is_eager: bool,
) -> Result<bool, PipelineError> {
    let _turn = workspace.upkeep.turn.lock().await;
    let options = CompactOptions::default();
    let segments = catalogue(&workspace.store).await?;
    let Some(group) = rapport_lake::next_merge(&segments, is_eager, &options) else {
        return Ok(false);
    };
    let merged = workspace.lake.compact(&group, &options).await?;
    let old = group.iter().map(|segment| segment.path.clone()).collect();
    let new = merged.iter().cloned().map(to_row).collect();
    match events::swap_segments(&workspace.store, old, new).await {
        Ok(()) => workspace.upkeep.note_replaced(workspace.clock.now(), group),
        // Another process has merged some of them: its files count.
        Err(StoreError::Conflict { .. }) => workspace.lake.remove(&merged).await?,
        Err(error) => return Err(error.into()),
    }
    Ok(true)
}

/// Deletes replaced files that no reader can have any more. A backup that copies files holds them.
pub(crate) async fn delete_replaced(workspace: &Workspace) -> Result<(), PipelineError> {
    let Some(_clearance) = Clearance::take(workspace.data_dir())? else {
        return Ok(());
    };
    let grace = GRACE.as_secs().cast_signed();
    let due = workspace
        .upkeep
        .take_replaced(workspace.clock.now().plus_seconds(-grace));
    Ok(workspace.lake.remove(&due).await?)
}

impl Upkeep {
    /// Events have come to the inbox.
    pub(crate) fn note_waiting(&self, n_events: u64) {
        self.look_at(self.waiting.add(n_events));
    }

    /// Events are about to be written to the inbox.
    fn expect(&self, n_events: u64) -> Expected {
        self.waiting.expect(n_events)
    }

    /// It is known what became of them.
    fn note_written(&self, expected: Expected, n_stored: u64) {
        self.look_at(expected.become_known(n_stored));
    }

    fn look_at(&self, n_waiting: u64) {
        if n_waiting >= FLUSH_AT_EVENTS {
            self.is_full.notify_one();
        }
    }

    /// Events have left the inbox.
    fn note_flushed(&self, n_events: u64) {
        self.waiting.take(n_events);
    }

    /// Whether the inbox can take more.
    pub(crate) fn has_room(&self) -> bool {
        self.waiting.n_events() < WAITING_MAX
    }

    /// Waits until so many events wait that a flush is worth it.
    async fn until_full(&self) {
        loop {
            self.is_full.notified().await;
            // It was told of those as well that a flush has taken meanwhile.
            if self.waiting.n_events() >= FLUSH_AT_EVENTS {
                return;
            }
        }
    }

    fn note_replaced(&self, now: Timestamp, files: Vec<Segment>) {
        let mut replaced = self.replaced.lock().unwrap_or_else(PoisonError::into_inner);
        replaced.push((now, files));
    }

    /// Files that were replaced at an instant or before.
    fn take_replaced(&self, until: Timestamp) -> Vec<Segment> {
        let mut replaced = self.replaced.lock().unwrap_or_else(PoisonError::into_inner);
        let (due, kept) = std::mem::take(&mut *replaced)
            .into_iter()
            .partition::<Vec<_>, _>(|(at, _)| *at <= until);
        *replaced = kept;
        due.into_iter().flat_map(|(_, files)| files).collect()
    }
}

#[cfg(test)]
mod tests;
