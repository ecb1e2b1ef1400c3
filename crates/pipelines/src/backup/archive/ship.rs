//! Shipping: what waits in the spool goes to the destination, in its order, and out of the spool only
//! once it is there. What is older than is asked for is deleted there.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rapport_lake::{Depot, Keeper};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::super::error::BackupError;
use super::FILES;
use super::index::Index;
use super::listing::{Generation, Listing};
use super::piece::{PieceName, PieceReader};
use super::spool::{Spool, Spooled};
use super::state::{Sealed, Strange};
use crate::Clock;

/// Time until a destination that failed is tried again; it doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Who ships.
pub(super) struct Shipper {
    pub(super) depot: Depot,
    pub(super) spool: Spool,
    pub(super) sealed: watch::Receiver<Sealed>,
    pub(super) index: Arc<Mutex<Index>>,
    pub(super) strange: Strange,
    pub(super) clock: Clock,
    pub(super) keeper: Keeper,
    /// Whether this run has claimed the archive.
    pub(super) is_claimed: bool,
    /// Whether the archive was seen to have nothing but what was shipped from here.
    pub(super) is_known: bool,
    pub(super) keep_days: u32,
    pub(super) failure: Arc<Mutex<Option<String>>>,
}

impl Shipper {
    /// Ships until it is told to stop; what can be shipped at once is shipped even then.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut wait = FIRST_WAIT;
        loop {
            let is_last = stop.is_cancelled();
            let outcome = self.ship_all().await;
            let has_failed = outcome.is_err();
            self.note(outcome);
            if is_last {
                return;
            }
            if has_failed {
                tokio::select! {
                    () = tokio::time::sleep(wait) => wait = (wait * 2).min(LONGEST_WAIT),
                    () = stop.cancelled() => {}
                }
                continue;
            }
            wait = FIRST_WAIT;
            tokio::select! {
                changed = self.sealed.changed() => if changed.is_err() {
                    // Nobody follows any more: only the word to stop is still to come.
                    stop.cancelled().await;
                },
                () = stop.cancelled() => {}
            }
        }
    }

    /// Tells a failure once, and that it is over.
    fn note(&self, outcome: Result<(), BackupError>) {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(()) if failure.take().is_some() => tracing::info!("the archive is shipped to again"),
            Ok(()) => {}
            Err(error) => {
                let said = error.to_string();
                if failure.as_ref() != Some(&said) {
                    tracing::error!(%error, "nothing is shipped to the archive; what is to go there waits in the data directory");
                }
                *failure = Some(said);
            }
        }
    }

    /// Ships everything that waits.
    pub(super) async fn ship_all(&mut self) -> Result<(), BackupError> {
        let sealed = self.sealed.borrow_and_update().clone();
        let spool = self.spool.clone();
        let pieces = tokio::task::spawn_blocking(move || spool.pieces()).await??;
        let is_due = |piece: &Spooled| sealed.holds(&piece.generation, piece.name.number);
        let due: Vec<Spooled> = pieces.into_iter().filter(is_due).collect();
        if due.is_empty() {
            return Ok(());
        }
        self.claim().await?;
        self.know(&sealed, &due).await?;
        for piece in due {
            // Each time: by now the disk may be another, or the archive another run's.
            self.claim().await?;
            self.ship(&piece).await?;
            // The first state of a generation: only from now on the ones before may go.
            if piece.name.number == 1
                && let Err(error) = self.prune().await
            {
                tracing::warn!(%error, "old parts of the archive could not be deleted; it is tried again with the next generation");
            }
        }
        Ok(())
    }

    async fn claim(&mut self) -> Result<(), BackupError> {
        let mark = self.spool.claimed();
        let is_new = !mark.exists();
        let claimed = self.depot.claim(self.keeper, is_new, !self.is_claimed);
        claimed.await?;
        self.is_claimed = true;
        if is_new {
            let workspace = self.keeper.workspace.to_string();
            tokio::task::spawn_blocking(move || {
                rapport_lake::write_file(&mark, workspace.as_bytes())
            })
            .await??;
        }
        Ok(())
    }

    /// Sees, once in a run, that what waits goes on from what is there. Where the data directory was put
    /// back to an earlier state of itself, or another one has shipped meanwhile, there would be two
    /// pieces of one number, and a later generation that hides this one.
    async fn know(&mut self, sealed: &Sealed, due: &[Spooled]) -> Result<(), BackupError> {
        if self.is_known {
            return Ok(());
        }
        let listing = Listing::of(&self.depot).await?;
        let mut generations = listing.generations.iter();
        if generations.any(|generation| is_strange(generation, sealed, due)) {
            let newest = listing.generations.last().map(|newest| newest.named_at);
            *self.strange.lock().unwrap_or_else(PoisonError::into_inner) = newest;
            return Err(BackupError::StrangeArchive);
        }
        self.is_known = true;
        Ok(())
    }

    /// Ships the files that a piece lists and that wait, then the piece.
    async fn ship(&mut self, piece: &Spooled) -> Result<(), BackupError> {
        let path = piece.path();
        let place = self.spool.place_of(&path);
        let reading = place.clone();
        let reader = tokio::task::spawn_blocking(move || PieceReader::open(&reading));
        for file in reader.await??.header.files {
            let path = format!("{FILES}/{}", file.path);
            let place = self.spool.place_of(&path);
            // What does not wait was shipped with an earlier piece.
            if place.exists() {
                self.move_there(&path, place).await?;
            }
        }
        self.move_there(&path, place).await
    }

    /// Puts a file there and deletes it here.
    pub(super) async fn move_there(
        &mut self,
        path: &str,
        place: PathBuf,
    ) -> Result<(), BackupError> {
        self.depot.put(path, &place).await?;
        // Once more: a disk that went away meanwhile has left it beside the archive.
        self.claim().await?;
        let removed = tokio::fs::remove_file(&place).await;
        removed.map_err(BackupError::io("delete", &place))
    }

    /// Deletes generations that ended before what must be kept, and files that none of the others can
    /// name.
    async fn prune(&self) -> Result<(), BackupError> {
        let keep_from = self.clock.now().plus_days(-i64::from(self.keep_days));
        let listing = Listing::of(&self.depot).await?;
        let Some((old, kept)) = listing.ended_before(keep_from) else {
            return Ok(());
        };
        for generation in old {
            // From the last on, so that what is left at any moment leads to states.
            for piece in generation.paths().into_iter().rev() {
                self.depot.remove(&piece).await?;
            }
            tracing::info!(
                generation = generation.name,
                "deleted an old generation of the archive"
            );
        }
        let newest = listing.generations.last().unwrap_or(kept);
        self.prune_files(kept, newest).await
    }

    async fn prune_files(&self, kept: &Generation, newest: &Generation) -> Result<(), BackupError> {
        let lock = || self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let found = self.depot.list(FILES).await?;
        let below = found.into_iter().filter_map(|(path, bytes)| {
            let path = path.strip_prefix(FILES)?.strip_prefix('/')?;
            Some((path.to_owned(), bytes))
        });
        lock().adopt(below.collect(), &newest.name)?;
        let due = lock().unnamed_since(&kept.name);
        for path in &due {
            self.depot.remove(&format!("{FILES}/{path}")).await?;
        }
        lock().forget(&due)
    }
}

/// Whether a generation of the archive has what this data directory has never shipped, though it is the
/// present one, or of which something waits, or one that is later than any of these.
fn is_strange(generation: &Generation, sealed: &Sealed, due: &[Spooled]) -> bool {
    let is_ours = |piece: &&Spooled| piece.generation == generation.name;
    let waiting: BTreeMap<u64, &PieceName> = due
        .iter()
        .filter(is_ours)
        .map(|piece| (piece.name.number, &piece.name))
        .collect();
    let next = match generation.name.cmp(&sealed.generation) {
        // All of it was shipped, or nothing: what waits goes in the order of the generations.
        Ordering::Less if waiting.is_empty() => {
            return due
                .first()
                .is_some_and(|oldest| oldest.generation < generation.name);
        }
        Ordering::Greater => return true,
        Ordering::Less | Ordering::Equal => sealed.next_number,
    };
    let first = waiting.keys().next().copied().unwrap_or(next);
    // One that was shipped and could not be deleted here before a kill is the same one.
    let mut later = generation.pieces.range(first..);
    later.any(|(number, piece)| waiting.get(number) != Some(&piece))
}
