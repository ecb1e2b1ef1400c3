//! Following the records: what was committed becomes a piece, the log is moved into the file.
//!
//! A state is taken with the writer waiting, so that pages, names of files and instant are of the same
//! commit; most of the log is read before, so that the wait is short. What is read is durable, and so is
//! how far it goes, before the log is moved: a kill between any two steps costs nothing.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rapport_domain::Timestamp;
use rapport_store::Store;
use rapport_store::write_ahead::{Follower, LogError, Pause, Position, Reading, Stamp};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::super::error::BackupError;
use super::super::manifest::FileEntry;
use super::ArchiveOptions;
use super::index::Index;
use super::piece::Header;
use super::spool::{Spool, Spooled};
use super::state::{Sealed, State, Strange};
use super::take::Taken;
use crate::Clock;
use crate::leftovers::Provisional;

/// The log is moved into the file from this length on; as long as without an archive.
const LOG_BYTES: u64 = 32 << 20;
/// Pieces that may wait to be shipped. Beyond it the generation is given up, so that a destination that
/// is away for days does not fill the disk.
const SPOOL_BYTES_MAX: u64 = 4 << 30;
/// A log of this length that cannot be read is moved unread, for the same reason.
const LOG_BYTES_MAX: u64 = 2 << 30;
/// Times that the end waits for a moment in which nobody writes.
const N_LAST_TRIES: usize = 3;

/// Who follows the records.
pub(super) struct Scribe {
    pub(super) follower: Follower,
    pub(super) spool: Spool,
    pub(super) index: Arc<Mutex<Index>>,
    pub(super) state: Option<State>,
    pub(super) sealed: watch::Sender<Sealed>,
    pub(super) strange: Strange,
    /// The next generation is named by a later instant than this.
    pub(super) begins_after: Option<Timestamp>,
    pub(super) clock: Clock,
    pub(super) options: ArchiveOptions,
    pub(super) data_dir: PathBuf,
    /// Where the files of events lie; none where that is an object store.
    pub(super) lake_dir: Option<PathBuf>,
    /// Names of the records whose files were not there.
    pub(super) missing: HashSet<String>,
}

impl Scribe {
    /// Does all that is due: a state, moving the log, a new generation. Stopped while a generation
    /// begins, it leaves that to the next start.
    pub(super) async fn tick(&mut self, stop: &CancellationToken) -> Result<(), BackupError> {
        self.forget_where_strange().await?;
        let waiting = self.waiting().await?;
        if self.bound_spool(&waiting).await? {
            return Ok(());
        }
        if self.continues() {
            match self.pass().await {
                Err(BackupError::Log(LogError::Lost)) => {
                    tracing::warn!(
                        "another program has written the records; the archive begins anew with a copy"
                    );
                    self.give_up().await?;
                }
                Err(error) => {
                    self.bound_log().await?;
                    return Err(error);
                }
                Ok(()) => {}
            }
        }
        let unmoved = self
            .state
            .as_ref()
            .map_or(0, |s| s.position.unmoved_bytes());
        if self.continues() && unmoved >= LOG_BYTES {
            self.move_log().await?;
        }
        let is_copy_waiting = waiting.iter().any(|piece| piece.name.number == 0);
        if self.is_generation_due(is_copy_waiting) {
            self.begin(stop).await?;
        }
        Ok(())
    }

    /// Forgets all that is known of the archive, where that is not what lies there.
    async fn forget_where_strange(&mut self) -> Result<(), BackupError> {
        let told = *self.strange.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(newest) = told else { return Ok(()) };
        tracing::warn!(
            "the archive has states that this data directory knows nothing of: it was put back to an \
             earlier state of itself, or another one has used the archive; it begins anew with a copy"
        );
        self.state = None;
        self.sealed.send_replace(Sealed::default());
        let (spool, index) = (self.spool.clone(), Arc::clone(&self.index));
        let forgetting = tokio::task::spawn_blocking(move || {
            let mut index = index.lock().unwrap_or_else(PoisonError::into_inner);
            spool.clear()?;
            *index = Index::open(&spool.index())?;
            Ok::<_, BackupError>(())
        });
        forgetting.await??;
        self.begins_after = Some(newest);
        *self.strange.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }

    /// Whether there is a generation that can go on.
    pub(super) fn continues(&self) -> bool {
        self.state.as_ref().is_some_and(|state| !state.is_broken)
    }

    /// Writes down what was committed since the last time, as a state.
    pub(super) async fn pass(&mut self) -> Result<(), BackupError> {
        let Some(state) = &self.state else {
            return Ok(());
        };
        let owes_state = state.owes_state;
        let reading = advance(self.unread(state)?).await?;
        if reading.is_empty() && !owes_state {
            return Ok(());
        }
        let taken = self.take_state(reading).await?;
        let header = self.header_of(&taken, self.numbered(taken.at));
        let new_files = header.files.clone();
        let (position, roots) = (taken.reading.position(), taken.roots);
        let spooled = self.write(header, taken.reading).await?;
        // Before the state is told: whoever fails there cannot know whether it was.
        taken.fresh.into_iter().for_each(Provisional::keep);
        self.go_on(position, &spooled, true).await?;
        self.note_files(new_files, roots).await
    }

    /// What comes after what is known. A log that nobody has read yet may come after any file: it is
    /// ours only beside the file that it was known to begin at.
    fn unread(&self, state: &State) -> Result<Reading, BackupError> {
        let path = self.follower.path();
        if state.position == Position::Beginning && state.closed != Some(Stamp::of(path)?) {
            return Err(LogError::Lost.into());
        }
        Ok(Reading::after(state.position, path))
    }

    /// The next piece of the generation.
    fn numbered(&self, at: Timestamp) -> Header {
        let (generation, number, after) = match &self.state {
            Some(state) => (state.generation.as_str(), state.next_number, &*state.last),
            None => ("", 0, ""),
        };
        Header {
            after: after.to_owned(),
            ..Header::new(&self.options.program, generation, number, at)
        }
    }

    /// The header of a state with the pages that were read.
    pub(super) fn header_of(&self, taken: &Taken, header: Header) -> Header {
        Header {
            is_state: true,
            files: taken.new_files.clone(),
            ..self.with_pages(&taken.reading, header)
        }
    }

    fn with_pages(&self, reading: &Reading, header: Header) -> Header {
        Header {
            page_bytes: reading.page_bytes(),
            n_pages: reading.n_pages(),
            n_changed: reading.n_changed(),
            has_events: self.lake_dir.is_some(),
            ..header
        }
    }

    /// Writes a piece to the spool.
    pub(super) async fn write(
        &self,
        header: Header,
        reading: Reading,
    ) -> Result<Spooled, BackupError> {
        let spool = self.spool.clone();
        let writing = tokio::task::spawn_blocking(move || {
            spool.write(&header, |piece| {
                reading.each_page(|number, page| piece.page(number, page))
            })
        });
        writing.await?
    }

    /// Notes that a piece is in the spool, and lets it be shipped.
    async fn go_on(
        &mut self,
        position: Position,
        spooled: &Spooled,
        is_state: bool,
    ) -> Result<(), BackupError> {
        let Some(state) = &self.state else {
            return Ok(());
        };
        let state = State {
            next_number: state.next_number + 1,
            last: spooled.name.sha256.clone(),
            position,
            closed: state.closed.filter(|_| position == Position::Beginning),
            owes_state: !is_state,
            later_bytes: state.later_bytes + spooled.bytes,
            ..state.clone()
        };
        self.keep(state).await
    }

    /// Makes a state durable and lets what it covers be shipped.
    pub(super) async fn keep(&mut self, state: State) -> Result<(), BackupError> {
        let (path, written) = (self.spool.state(), state.clone());
        tokio::task::spawn_blocking(move || written.write(&path)).await??;
        self.sealed.send_replace(state.sealed());
        self.state = Some(state);
        Ok(())
    }

    /// Notes the files that a piece lists. After the piece: a kill between the two lists them again.
    pub(super) async fn note_files(
        &self,
        new_files: Vec<FileEntry>,
        roots: HashSet<String>,
    ) -> Result<(), BackupError> {
        let Some(state) = &self.state else {
            return Ok(());
        };
        let (index, generation) = (Arc::clone(&self.index), state.generation.clone());
        let noting = tokio::task::spawn_blocking(move || {
            let mut index = index.lock().unwrap_or_else(PoisonError::into_inner);
            index.add(new_files)?;
            index.note_named(&roots, &generation)
        });
        noting.await?
    }

    pub(super) fn lock_index(&self) -> std::sync::MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the rest of the log with the writer waiting and moves it into the file, as far as readers
    /// let it; tells how far the log is known.
    pub(super) async fn move_log(&mut self) -> Result<Position, BackupError> {
        let pause = self.follower.pause().await?;
        let position = if self.continues() {
            self.read_rest(&pause).await?
        } else {
            // Nobody has read any of it, and the copy that follows has all that is moved.
            let log = Reading::after(Position::Beginning, self.follower.path());
            advance(log).await?.position()
        };
        if !self.follower.checkpoint(&pause).await? {
            return Ok(position);
        }
        let position = position.moved(Stamp::of(self.follower.path())?);
        if let Some(state) = self.state.clone().filter(|state| !state.is_broken) {
            self.keep(State { position, ..state }).await?;
        }
        Ok(position)
    }

    /// Writes down what has come since the last pass. Its files are left to the next one, for nobody
    /// may wait on them now: the piece leads to no state.
    async fn read_rest(&mut self, _pause: &Pause) -> Result<Position, BackupError> {
        let Some(state) = &self.state else {
            return Ok(Position::Beginning);
        };
        let before = state.position;
        let reading = advance(self.unread(state)?).await?;
        if reading.is_empty() {
            return Ok(before);
        }
        let position = reading.position();
        let header = self.with_pages(&reading, self.numbered(self.clock.now()));
        let spooled = self.write(header, reading).await?;
        self.go_on(position, &spooled, false).await?;
        Ok(position)
    }

    /// Ends the generation: the log may be moved unread from now on. A new one begins with a copy.
    async fn give_up(&mut self) -> Result<(), BackupError> {
        let Some(state) = self.state.clone() else {
            return Ok(());
        };
        let is_broken = true;
        self.keep(State { is_broken, ..state }).await
    }

    /// What waits to be shipped, without what an attempt that failed has left: that goes with the next.
    async fn waiting(&self) -> Result<Vec<Spooled>, BackupError> {
        let (spool, sealed) = (self.spool.clone(), self.sealed.borrow().clone());
        let mut pieces = tokio::task::spawn_blocking(move || spool.pieces()).await??;
        pieces.retain(|piece| sealed.holds(&piece.generation, piece.name.number));
        Ok(pieces)
    }

    /// Keeps the spool from filling the disk; true while nothing more may be spooled.
    async fn bound_spool(&mut self, waiting: &[Spooled]) -> Result<bool, BackupError> {
        let n_bytes: u64 = waiting.iter().map(|piece| piece.bytes).sum();
        if let Some(state) = self.state.as_ref().filter(|state| !state.is_broken) {
            // The present generation's own copy may be as large as it is: with less there is no archive.
            let is_own =
                |piece: &&Spooled| piece.name.number == 0 && piece.generation == state.generation;
            let own_bytes = waiting.iter().find(is_own).map_or(0, |copy| copy.bytes);
            if n_bytes - own_bytes <= SPOOL_BYTES_MAX {
                return Ok(false);
            }
            tracing::error!(
                n_bytes,
                "the archive cannot be reached and its spool is full: instants from now on are lost to it \
                 until what waits is shipped"
            );
            self.give_up().await?;
        }
        if n_bytes <= SPOOL_BYTES_MAX / 2 {
            return Ok(false);
        }
        self.follower.checkpoint_unread().await?;
        Ok(true)
    }

    /// Keeps a log that cannot be read from filling the disk.
    async fn bound_log(&mut self) -> Result<(), BackupError> {
        let mut log = self.follower.path().as_os_str().to_owned();
        log.push("-wal");
        let n_bytes = std::fs::metadata(log).map_or(0, |log| log.len());
        if n_bytes > LOG_BYTES_MAX {
            tracing::error!(
                n_bytes,
                "the log of the records cannot be archived and has grown too long"
            );
            self.give_up().await?;
            self.follower.checkpoint_unread().await?;
        }
        Ok(())
    }

    /// The end: a last state, then the records are closed with nobody writing in between, so that the
    /// next start can go on where this one ends.
    pub(super) async fn finish(mut self, store: &Store) -> Result<(), BackupError> {
        let ended = self.say_last_words().await;
        let path = self.follower.path().to_owned();
        self.follower.close().await;
        // While the writer waits: what it would still be given is refused instead.
        store.close().await;
        let Some(pause) = ended? else {
            return Ok(());
        };
        let closed = Stamp::of_closed(&path)?;
        drop(pause);
        if let (Some(state), Some(stamp)) = (self.state, closed) {
            let state = State {
                position: Position::Beginning,
                closed: Some(stamp),
                ..state
            };
            let path = self.spool.state();
            tokio::task::spawn_blocking(move || state.write(&path)).await??;
        }
        Ok(())
    }

    /// Writes down all that was committed and keeps the writer from adding to it.
    async fn say_last_words(&mut self) -> Result<Option<Pause>, BackupError> {
        if !self.continues() {
            return Ok(None);
        }
        for _ in 0..N_LAST_TRIES {
            self.pass().await?;
            let pause = self.follower.pause().await?;
            let Some(state) = &self.state else {
                return Ok(None);
            };
            let reading = self.unread(state)?;
            if advance(reading).await?.is_empty() {
                return Ok(Some(pause));
            }
        }
        let pause = self.follower.pause().await?;
        self.read_rest(&pause).await?;
        Ok(Some(pause))
    }
}

/// Reads on, off the runtime's own threads.
pub(super) async fn advance(mut reading: Reading) -> Result<Reading, BackupError> {
    let read = tokio::task::spawn_blocking(move || {
        reading.advance()?;
        Ok::<_, LogError>(reading)
    });
    Ok(read.await??)
}
