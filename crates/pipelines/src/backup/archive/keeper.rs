//! The archive of an open workspace: who follows the records and who ships, begun and ended together.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rapport_domain::Timestamp;
use rapport_lake::{Depot, Keeper};
use rapport_store::Store;
use rapport_store::write_ahead::{Follower, Position, Stamp};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::error::BackupError;
use super::ArchiveOptions;
use super::follow::Scribe;
use super::index::Index;
use super::ship::Shipper;
use super::spool::Spool;
use super::state::{State, Strange};
use crate::Clock;
use crate::error::PipelineError;
use crate::jobs::guarded;

/// How long the end waits for a destination.
const LAST_SHIPPING: Duration = Duration::from_secs(10);

/// What an archive is made of.
pub(crate) struct Sources {
    pub(crate) store: Store,
    pub(crate) data_dir: PathBuf,
    /// Where the files of events lie; none where that is an object store.
    pub(crate) lake_dir: Option<PathBuf>,
    pub(crate) clock: Clock,
    pub(crate) workspace: Uuid,
    /// The run of the program, which keeps the archive until a later one does.
    pub(crate) run: Uuid,
}

/// How an archive stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArchiveStatus {
    /// Bytes of pieces that wait to be shipped.
    pub waiting_bytes: u64,
    /// The instant of the first of them.
    pub waiting_since: Option<Timestamp>,
    /// Why nothing is shipped at the moment.
    pub failure: Option<String>,
}

impl ArchiveStatus {
    /// Seconds that the archive is behind.
    pub fn behind_seconds(&self, now: Timestamp) -> u64 {
        let since = self.waiting_since.unwrap_or(now);
        let micros = now.as_micros().saturating_sub(since.as_micros());
        micros.max(0).cast_unsigned() / 1_000_000
    }
}

/// How the archive of a data directory stands, seen from outside; all blocks.
///
/// # Errors
/// [`BackupError::Io`] where its folder cannot be read.
pub fn look(data_dir: &Path) -> Result<ArchiveStatus, BackupError> {
    let pieces = Spool::in_directory(data_dir).pieces()?;
    Ok(ArchiveStatus {
        waiting_bytes: pieces.iter().map(|piece| piece.bytes).sum(),
        waiting_since: pieces.iter().map(|piece| piece.name.at).min(),
        failure: None,
    })
}

/// The archive of an open workspace.
#[derive(Debug)]
pub(crate) struct Archiver {
    data_dir: PathBuf,
    failure: Arc<Mutex<Option<String>>>,
    tasks: Mutex<Option<Tasks>>,
}

#[derive(Debug)]
struct Tasks {
    follow: JoinHandle<()>,
    stop_following: CancellationToken,
    ship: JoinHandle<()>,
    stop_shipping: CancellationToken,
}

impl Archiver {
    /// Begins to follow and to ship. The destination need not be there.
    pub(crate) async fn start(
        sources: Sources,
        options: ArchiveOptions,
    ) -> Result<Self, BackupError> {
        let failure = Arc::<Mutex<Option<String>>>::default();
        let data_dir = sources.data_dir.clone();
        let store = sources.store.clone();
        let (scribe, shipper) = open(sources, options, &failure).await?;
        let (stop_following, stop_shipping) = (CancellationToken::new(), CancellationToken::new());
        Ok(Self {
            data_dir,
            failure,
            tasks: Mutex::new(Some(Tasks {
                follow: tokio::spawn(follow(scribe, store, stop_following.clone())),
                stop_following,
                ship: tokio::spawn(shipper.run(stop_shipping.clone())),
                stop_shipping,
            })),
        })
    }

    /// How it stands.
    pub(crate) async fn status(&self) -> Result<ArchiveStatus, BackupError> {
        let data_dir = self.data_dir.clone();
        let seen = tokio::task::spawn_blocking(move || look(&data_dir)).await??;
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(ArchiveStatus {
            failure: failure.clone(),
            ..seen
        })
    }

    /// Takes a last state, closes the records, and ships what it can. What cannot be shipped waits for
    /// the next start.
    pub(crate) async fn close(&self) {
        let tasks = self
            .tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(tasks) = tasks else { return };
        tasks.stop_following.cancel();
        if let Err(error) = tasks.follow.await {
            tracing::error!(%error, "the archive was not followed to the end");
        }
        tasks.stop_shipping.cancel();
        let to_abort = tasks.ship.abort_handle();
        match tokio::time::timeout(LAST_SHIPPING, tasks.ship).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the archive was not shipped to the end"),
            Err(_) => {
                to_abort.abort();
                tracing::warn!(
                    "the archive is slow to reach; the rest is sent after the next start"
                );
            }
        }
    }
}

/// Opens the two sides of an archive over what the last process left.
pub(super) async fn open(
    sources: Sources,
    options: ArchiveOptions,
    failure: &Arc<Mutex<Option<String>>>,
) -> Result<(Scribe, Shipper), BackupError> {
    let depot = Depot::at(&options.address)?;
    let follower = Follower::open(&sources.store).await?;
    let follower = follower.ok_or(PipelineError::ArchiveOnServer)?;
    let spool = Spool::in_directory(&sources.data_dir);
    let (at, address) = (spool.clone(), options.address.clone());
    let path = follower.path().to_owned();
    let taking_up = tokio::task::spawn_blocking(move || take_up(&at, &address, &path));
    let (state, index) = taking_up.await??;
    let index = Arc::new(Mutex::new(index));
    let sealed = state.as_ref().map(State::sealed).unwrap_or_default();
    let (sender, receiver) = watch::channel(sealed);
    let strange = Strange::default();
    let shipper = Shipper {
        depot,
        spool: spool.clone(),
        sealed: receiver,
        index: Arc::clone(&index),
        strange: Arc::clone(&strange),
        clock: sources.clock.clone(),
        keeper: Keeper {
            workspace: sources.workspace,
            run: sources.run,
        },
        is_claimed: false,
        is_known: false,
        keep_days: options.keep_days,
        failure: Arc::clone(failure),
    };
    let scribe = Scribe {
        follower,
        spool,
        index,
        state,
        sealed: sender,
        strange,
        begins_after: None,
        clock: sources.clock,
        options,
        data_dir: sources.data_dir,
        lake_dir: sources.lake_dir,
        missing: HashSet::new(),
    };
    Ok((scribe, shipper))
}

/// Reads what the last process knew and clears what it left half done; blocks.
fn take_up(
    spool: &Spool,
    address: &str,
    database: &Path,
) -> Result<(Option<State>, Index), BackupError> {
    spool.make()?;
    let mut state = State::read(&spool.state())?;
    if state.as_ref().is_some_and(|state| state.address != address) {
        tracing::warn!("the archive lies elsewhere by now: it begins anew there");
        state = None;
    }
    match &mut state {
        None => spool.clear()?,
        Some(state) => {
            spool.clear_unsealed(&state.sealed())?;
            spool.clear_unlisted()?;
            let is_known = match state.position {
                Position::Beginning => {
                    state.closed.is_some() && state.closed == Stamp::of(database).ok()
                }
                // The log itself tells.
                Position::After(_) => true,
            };
            if !is_known {
                tracing::warn!(
                    "the records were written without the setting `archive`; it begins anew with a copy"
                );
                state.is_broken = true;
            }
        }
    }
    let index = Index::open(&spool.index())?;
    Ok((state, index))
}

async fn follow(mut scribe: Scribe, store: Store, stop: CancellationToken) {
    let every = scribe.options.every.max(Duration::from_millis(10));
    let mut ticks = interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => break,
        }
        // A mistake in one round must not leave the log to grow for ever.
        let round = guarded(async { Ok(scribe.tick(&stop).await) }).await;
        match round {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::error!(%error, "the archive could not be followed; it is tried again")
            }
            Err(error) => {
                tracing::error!(%error, "the archive could not be followed; it is tried again")
            }
        }
    }
    if let Err(error) = scribe.finish(&store).await {
        tracing::error!(%error, "the archive lacks the last moments; the next start goes on with a copy");
    }
}
