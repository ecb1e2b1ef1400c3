//! A generation begins: the whole file is copied, page by page as it is, since later pages are put onto
//! it. Nothing but a checkpoint changes the file, and none is made meanwhile; the log beside it is what
//! the first state adds.

use rapport_domain::Timestamp;
use rapport_store::write_ahead::{DatabaseFile, Position, Reading, Stamp};
use tokio_util::sync::CancellationToken;

use super::super::error::BackupError;
use super::follow::{Scribe, advance};
use super::piece::{Header, PieceWriter, compact};
use super::spool::{Spool, Spooled};
use super::state::State;
use crate::leftovers::Provisional;

/// A generation ends after a day, if something was written in it.
const DAYS_MAX: i64 = 1;
/// Pieces may weigh so much before their weight ends a generation, however small the records are.
const BYTES_MIN: u64 = 64 << 20;
/// Pages that are copied between two looks at what else is due.
const N_PAGES: u32 = 4096;
/// Bytes of the file from its beginning to where it says how large its pages are.
const HEAD_BYTES: usize = 18;

impl Scribe {
    /// Whether a new generation should begin. None does by age or weight while a copy waits: where the
    /// destination is away, each would be one more copy of everything in the spool.
    pub(super) fn is_generation_due(&self, is_copy_waiting: bool) -> bool {
        let Some(state) = self.state.as_ref().filter(|state| !state.is_broken) else {
            return true;
        };
        // Beyond its first state.
        let is_written = state.next_number > 2;
        let is_old = self.clock.now() >= state.begun_at.plus_days(DAYS_MAX);
        let is_heavy = state.later_bytes > BYTES_MIN.max(2 * state.base_bytes);
        is_written && !is_copy_waiting && (is_old || is_heavy)
    }

    /// Begins a generation. The one before goes on until the first state of the new one is spooled.
    pub(super) async fn begin(&mut self, stop: &CancellationToken) -> Result<(), BackupError> {
        self.clear_broken_off().await?;
        let base = self.move_log().await?;
        // Generations are in the order of their names, wherever the clock was set meanwhile.
        let last = self.state.as_ref().map(|state| state.begun_at);
        let last = last.max(self.begins_after);
        let earliest = last.map_or(0, |last| last.as_micros().saturating_add(1));
        let begun_at = self.clock.now().max(Timestamp::from_micros(earliest));
        let generation = compact(begun_at);
        let Some((copied, stamp)) = self.copy_file(&generation, begun_at, stop).await? else {
            return Ok(());
        };
        if self.continues() {
            self.pass().await?;
        }
        // All of the log, where some of it is not in the file that was copied.
        let from = if base.is_moved() {
            base
        } else {
            Position::Beginning
        };
        let reading = advance(Reading::after(from, self.follower.path())).await?;
        let mut taken = self.take_state(reading).await?;
        let new_files = taken.new_files.clone();
        taken
            .new_files
            .extend(self.lock_index().files_of(&taken.roots));
        let header = Header {
            after: copied.name.sha256,
            ..Header::new(&self.options.program, &generation, 1, taken.at)
        };
        let header = self.header_of(&taken, header);
        let (position, roots) = (taken.reading.position(), taken.roots);
        let spooled = self.write(header, taken.reading).await?;
        taken.fresh.into_iter().for_each(Provisional::keep);
        let state = State {
            address: self.options.address.clone(),
            generation,
            begun_at,
            next_number: 2,
            last: spooled.name.sha256,
            position,
            closed: (position == Position::Beginning).then_some(stamp),
            owes_state: false,
            is_broken: false,
            base_bytes: copied.bytes,
            later_bytes: spooled.bytes,
        };
        self.keep(state).await?;
        tracing::info!(
            generation = spooled.generation,
            n_bytes = copied.bytes,
            "a generation of the archive begins"
        );
        self.note_files(new_files, roots).await
    }

    /// Deletes what an attempt that failed has left: with a later generation it would be shipped.
    async fn clear_broken_off(&self) -> Result<(), BackupError> {
        let (spool, sealed) = (self.spool.clone(), self.sealed.borrow().clone());
        tokio::task::spawn_blocking(move || spool.clear_unsealed(&sealed)).await?
    }

    /// Copies the file to the spool as piece 0, and tells how the file was then; none where it was
    /// stopped.
    async fn copy_file(
        &mut self,
        generation: &str,
        at: Timestamp,
        stop: &CancellationToken,
    ) -> Result<Option<(Spooled, Stamp)>, BackupError> {
        let before = Stamp::of(self.follower.path())?;
        let header = Header::new(&self.options.program, generation, 0, at);
        let (file, spool) = (self.follower.file().clone(), self.spool.clone());
        let beginning = tokio::task::spawn_blocking(move || Copying::begin(file, &spool, header));
        let mut copying = beginning.await??;
        let mut passed_at = at;
        while !copying.is_done() {
            if stop.is_cancelled() {
                return Ok(None);
            }
            let going_on = tokio::task::spawn_blocking(move || {
                copying.go_on()?;
                Ok::<_, BackupError>(copying)
            });
            copying = going_on.await??;
            // A copy of a large file takes minutes, in which the generation before goes on.
            let now = self.clock.now();
            let waited = now.as_micros().saturating_sub(passed_at.as_micros());
            if self.continues()
                && u128::from(waited.unsigned_abs()) >= self.options.every.as_micros()
            {
                self.pass().await?;
                passed_at = now;
            }
        }
        let spool = self.spool.clone();
        let copied = tokio::task::spawn_blocking(move || copying.finish(&spool)).await??;
        // Nobody else should be writing here; a copy of two states would be found out only when it is
        // needed.
        if Stamp::of(self.follower.path())? != before {
            let spool = self.spool.clone();
            tokio::task::spawn_blocking(move || spool.remove(&copied)).await??;
            return Err(BackupError::WrittenMeanwhile);
        }
        Ok(Some((copied, before)))
    }
}

/// A copy of the file under way; blocks.
struct Copying {
    file: DatabaseFile,
    writer: PieceWriter,
    header: Header,
    n_copied: u32,
}

impl Copying {
    fn begin(file: DatabaseFile, spool: &Spool, header: Header) -> Result<Self, BackupError> {
        let mut head = [0; HEAD_BYTES];
        let n_read = file.read_at(0, &mut head)?;
        let page_bytes = match u16::from_be_bytes([head[16], head[17]]) {
            _ if n_read < head.len() => 0,
            // The largest size does not fit in two bytes.
            1 => 65536,
            size => u32::from(size),
        };
        let bytes = Stamp::of(file.path())?.bytes;
        let n_pages = bytes.checked_div(u64::from(page_bytes)).unwrap_or_default();
        let n_pages = u32::try_from(n_pages).unwrap_or(u32::MAX);
        let header = Header {
            page_bytes,
            n_pages: Some(n_pages),
            n_changed: u64::from(n_pages),
            ..header
        };
        let writer = PieceWriter::create(&spool.draft(), &header)?;
        Ok(Self {
            file,
            writer,
            header,
            n_copied: 0,
        })
    }

    fn n_pages(&self) -> u32 {
        self.header.n_pages.unwrap_or_default()
    }

    fn is_done(&self) -> bool {
        self.n_copied >= self.n_pages()
    }

    fn go_on(&mut self) -> Result<(), BackupError> {
        let page_bytes = self.header.page_bytes as usize;
        let n_pages = N_PAGES.min(self.n_pages() - self.n_copied);
        let mut pages = vec![0; n_pages as usize * page_bytes];
        let offset = u64::from(self.n_copied) * page_bytes as u64;
        // What is missing at the end would be the change of the stamp that is looked for afterwards.
        self.file.read_at(offset, &mut pages)?;
        for page in pages.chunks_exact(page_bytes) {
            self.n_copied += 1;
            self.writer.page(self.n_copied, page)?;
        }
        Ok(())
    }

    fn finish(self, spool: &Spool) -> Result<Spooled, BackupError> {
        spool.keep(self.writer, &spool.draft(), &self.header)
    }
}
