//! The open workspace: records, events, files, clock and ids, handed on as one value.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rapport_domain::{Currency, IdGenerator, ImportId, ModelId};
use rapport_lake::{Lake, LakeLocation, LakeOptions, Snapshot};
use rapport_mailbox::Outside;
use rapport_store::settings::WorkspaceSettings;
use rapport_store::{
    Checkpoints, DatabaseUrl, Store, StoreConfig, events, identity_log, jobs, settings,
};
use uuid::Uuid;

use crate::backup::archive::{self, ArchiveOptions, ArchiveStatus, Archiver, Sources};
use crate::backup::{BackupError, Clearance, Place, RESTORE_UNFINISHED};
use crate::catalogue::catalogue;
use crate::changes::Changes;
use crate::clock::Clock;
use crate::error::PipelineError;
use crate::events::{Upkeep, flush};
use crate::imports;
use crate::jobs::WorkerHealth;
use crate::leftovers;
use crate::migration::note_of_move;

/// How a workspace is opened.
#[derive(Debug)]
pub struct OpenOptions {
    /// Address of the records, `postgres://…`; SQLite in the data directory where none is given.
    pub database: Option<String>,
    /// Address of the events; a folder of the data directory where none is given.
    pub lake: Option<String>,
    /// Currency of files that name none, for a new workspace.
    pub currency: Currency,
    /// Country (ISO 3166, two letters) of phone numbers without a country code, for a new workspace.
    pub region: String,
    /// Memory in bytes for queries over events.
    pub memory_limit_bytes: usize,
    /// The clock.
    pub clock: Clock,
    /// Where ids come from.
    pub ids: IdGenerator,
}

/// How much of the inbox a reader holds in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InboxBound {
    /// Events.
    pub(crate) n_events: u64,
    /// Characters of their properties.
    pub(crate) n_chars: u64,
}

/// An open workspace. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The records.
    pub store: Store,
    /// The events.
    pub lake: Lake,
    /// The clock.
    pub clock: Clock,
    /// Where ids come from.
    pub ids: Arc<IdGenerator>,
    /// News of what changed.
    pub changes: Changes,
    /// Where mailboxes may be read, and which certificates are trusted there.
    pub outside: Outside,
    /// How imports go over their files.
    pub import_pace: imports::Pace,
    pub(crate) worker: WorkerHealth,
    pub(crate) upkeep: Upkeep,
    archiver: Option<Arc<Archiver>>,
    data_dir: Arc<PathBuf>,
}

impl Workspace {
    /// Age from which a file that no record names counts as left over by a crash, where another
    /// process may be writing.
    pub(crate) const ORPHAN_AGE: Duration = Duration::from_secs(3600);
    /// What a reader holds of the inbox in memory; where more waits, it is moved to files first.
    const INBOX: InboxBound = InboxBound {
        n_events: 50_000,
        n_chars: 32 << 20,
    };
    /// Times that a reader moves a full inbox to files before it gives up.
    const READ_TRIES: usize = 8;

    /// Opens a data directory, makes it where it is missing, and clears what a crash left.
    ///
    /// # Errors
    /// [`PipelineError::Io`] where the directory cannot be made; [`PipelineError::Store`] where it
    /// is in use, of a newer version or damaged; [`PipelineError::HalfRestored`] where a backup was not
    /// restored to its end; [`PipelineError::RecordsMoved`] where the records are on a server and none is
    /// named; [`PipelineError::DatabaseAddress`] for an address
    /// of the records that nobody knows; [`PipelineError::Lake`] where the lake cannot be reached or
    /// is another workspace's.
    pub async fn open(data_dir: &Path, options: OpenOptions) -> Result<Self, PipelineError> {
        Self::open_archived(data_dir, options, None).await
    }

    /// As [`Workspace::open`], and keeps an archive of all instants from now on. It must be ended with
    /// [`Workspace::close`]; else the next start goes on with a copy of the records.
    ///
    /// # Errors
    /// As there; [`PipelineError::ArchiveOnServer`] where the records are not on SQLite,
    /// [`PipelineError::Archive`] where the address is of a kind that nobody knows or lies in the data
    /// directory or the lake, or the disk refuses.
    pub async fn open_archived(
        data_dir: &Path,
        options: OpenOptions,
        archive: Option<ArchiveOptions>,
    ) -> Result<Self, PipelineError> {
        let Some(archive) = archive else {
            return Self::open_moved_by(Checkpoints::Automatic, data_dir, options).await;
        };
        let place = Place {
            data_dir: data_dir.to_owned(),
            database: options.database.clone(),
            lake: options.lake.clone(),
        };
        let checked = archive::check_address(&archive.address, &place);
        checked.map_err(|error| PipelineError::Archive(Box::new(error)))?;
        let mut workspace = Self::open_moved_by(Checkpoints::ByFollower, data_dir, options).await?;
        let started = Archiver::start(workspace.sources().await?, archive).await;
        let archiver = started.map_err(|error| PipelineError::Archive(Box::new(error)))?;
        workspace.archiver = Some(Arc::new(archiver));
        Ok(workspace)
    }

    /// Opens a data directory whose log of SQLite is moved into the file by whom it says.
    pub(crate) async fn open_moved_by(
        checkpoints: Checkpoints,
        data_dir: &Path,
        options: OpenOptions,
    ) -> Result<Self, PipelineError> {
        if data_dir.join(RESTORE_UNFINISHED).exists() {
            return Err(PipelineError::HalfRestored {
                path: data_dir.display().to_string(),
            });
        }
        for folder in ["", "uploads", "models", "features"] {
            let path = data_dir.join(folder);
            std::fs::create_dir_all(&path)
                .map_err(PipelineError::io("make the directory", &path))?;
        }
        let config = StoreConfig {
            checkpoints,
            ..store_config(options.database.as_deref(), data_dir)?
        };
        // One process at a time owns a SQLite directory.
        let is_owned = matches!(config.url, DatabaseUrl::Sqlite(_));
        if is_owned && let Some(path) = note_of_move(data_dir) {
            let path = path.display().to_string();
            return Err(PipelineError::RecordsMoved { path });
        }
        if !is_owned && checkpoints == Checkpoints::ByFollower {
            return Err(PipelineError::ArchiveOnServer);
        }
        let store = Store::open(&config).await?;
        let location = match &options.lake {
            Some(address) => LakeLocation::parse(address)?,
            None => LakeLocation::Directory(data_dir.join("lake")),
        };
        let lake_options = LakeOptions {
            memory_limit_bytes: options.memory_limit_bytes,
            ..LakeOptions::default()
        };
        let lake = Lake::open(location, lake_options)?;
        let workspace = Self {
            store,
            lake,
            clock: options.clock,
            ids: Arc::new(options.ids),
            changes: Changes::new(),
            outside: Outside::anywhere(),
            import_pace: imports::Pace::default(),
            worker: WorkerHealth::default(),
            upkeep: Upkeep::default(),
            archiver: None,
            data_dir: Arc::new(data_dir.to_owned()),
        };
        workspace
            .keep_first_settings(options.currency, options.region)
            .await?;
        workspace.lake.claim(workspace.identity().await?).await?;
        let now = workspace.clock.now();
        if is_owned {
            // Whoever had a lease is dead: its work goes on at once and not after two minutes.
            jobs::take_back(&workspace.store, now).await?;
        } else {
            jobs::reconcile(&workspace.store, now).await?;
        }
        workspace.sweep_events().await?;
        let n_waiting = events::count_inbox(&workspace.store).await?;
        workspace.upkeep.note_waiting(n_waiting);
        // Nobody else can be writing where the records are owned alone.
        let min_age = if is_owned {
            Duration::ZERO
        } else {
            Self::ORPHAN_AGE
        };
        leftovers::sweep(&workspace, min_age).await?;
        Ok(workspace)
    }

    /// What an archive is made of.
    pub(crate) async fn sources(&self) -> Result<Sources, PipelineError> {
        Ok(Sources {
            store: self.store.clone(),
            data_dir: self.data_dir.to_path_buf(),
            lake_dir: self.lake.directory().map(Path::to_owned),
            clock: self.clock.clone(),
            workspace: self.identity().await?,
            run: self.ids.next(self.clock.now()),
        })
    }

    /// How the archive stands; none where there is none.
    ///
    /// # Errors
    /// [`BackupError::Io`] where its folder in the data directory cannot be read.
    pub async fn archive_status(&self) -> Result<Option<ArchiveStatus>, BackupError> {
        match &self.archiver {
            Some(archiver) => archiver.status().await.map(Some),
            None => Ok(None),
        }
    }

    /// Takes the last state into the archive, waits for what is being written, and closes the records.
    pub async fn close(&self) {
        if let Some(archiver) = &self.archiver {
            archiver.close().await;
        }
        self.store.close().await;
    }

    /// The id that this workspace is known by where others might be taken for it.
    async fn identity(&self) -> Result<Uuid, PipelineError> {
        const KEY: &str = "workspace_id";
        if let Some(id) = settings::find(&self.store, KEY).await? {
            return Ok(id);
        }
        let id: Uuid = self.ids.next(self.clock.now());
        settings::save(&self.store, KEY, &id).await?;
        Ok(id)
    }

    /// Writes the settings of a new workspace down, so that a later default does not change them.
    async fn keep_first_settings(
        &self,
        default_currency: Currency,
        default_region: String,
    ) -> Result<(), PipelineError> {
        const KEY: &str = "workspace";
        let found: Option<WorkspaceSettings> = settings::find(&self.store, KEY).await?;
        if found.is_none() {
            let first = WorkspaceSettings {
                default_currency,
                default_region,
                ..WorkspaceSettings::default()
            };
            settings::save_workspace(&self.store, &first).await?;
        }
        Ok(())
    }

    async fn sweep_events(&self) -> Result<(), PipelineError> {
        let Some(_clearance) = Clearance::take(self.data_dir())? else {
            return Ok(());
        };
        let segments = catalogue(&self.store).await?;
        let n_swept = self
            .lake
            .sweep(&segments, Self::ORPHAN_AGE, self.clock.now())
            .await?;
        if n_swept > 0 {
            tracing::info!(n_swept, "removed event files that a crash had left");
        }
        Ok(())
    }

    /// A consistent view of all events: files of the catalogue and what is not flushed yet.
    ///
    /// # Errors
    /// [`PipelineError::InboxTooLong`] where events come faster than they can be moved to files;
    /// [`PipelineError`] where the catalogue or a file cannot be read or written.
    pub async fn events(&self) -> Result<Snapshot, PipelineError> {
        self.events_holding(Self::INBOX).await
    }

    /// As [`Workspace::events`], with at most so much of the inbox in memory. A piece that is full
    /// may not be all of it: then the events go to files, piece by piece, and it is read again.
    pub(crate) async fn events_holding(
        &self,
        bound: InboxBound,
    ) -> Result<Snapshot, PipelineError> {
        let mut segments = catalogue(&self.store).await?;
        let mut n_flushes = 0;
        loop {
            let (n_events, n_chars) = (bound.n_events, bound.n_chars);
            let inbox = events::list_inbox_within(&self.store, n_events, n_chars).await?;
            if events::has_after(&self.store, inbox.last().map(|row| row.seq)).await? {
                if n_flushes == Self::READ_TRIES {
                    return Err(PipelineError::InboxTooLong { limit: n_events });
                }
                n_flushes += 1;
                flush(self).await?;
                segments = catalogue(&self.store).await?;
                continue;
            }
            let segments_after = catalogue(&self.store).await?;
            // A flush moves events from the inbox to a new file in one transaction. Where no file
            // came or went, none was under way, and no event is in both or in neither.
            if segments == segments_after {
                let inbox: Vec<_> = inbox.into_iter().map(|row| row.event).collect();
                // Read last: who was merged since the events were told of is the person.
                let persons = identity_log::persons_of_parts(&self.store).await?;
                let snapshot = self.lake.snapshot(&segments, &inbox).await?;
                return Ok(snapshot.following(persons)?);
            }
            segments = segments_after;
        }
    }

    /// Whether the inbox can take more events; where it cannot, their sources should come later.
    pub fn has_room_for_events(&self) -> bool {
        self.upkeep.has_room()
    }

    /// Whether the worker of this process ended without being told to, so that no job is run.
    pub fn has_lost_worker(&self) -> bool {
        self.worker.is_lost()
    }

    /// The data directory.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The file of an import, as it was uploaded.
    pub fn upload_path(&self, import: ImportId) -> PathBuf {
        self.data_dir.join("uploads").join(import.to_string())
    }

    /// The folder of a model.
    pub fn model_path(&self, model: ModelId) -> PathBuf {
        self.data_dir.join("models").join(model.to_string())
    }
}

/// The records' address as the store knows it: a PostgreSQL server, or else SQLite in the data
/// directory.
///
/// # Errors
/// [`PipelineError::DatabaseAddress`] where the address is of another kind.
pub fn store_config(address: Option<&str>, data_dir: &Path) -> Result<StoreConfig, PipelineError> {
    let Some(address) = address else {
        return Ok(StoreConfig::in_directory(data_dir));
    };
    match address.split_once("://") {
        Some(("postgres" | "postgresql", _)) => Ok(StoreConfig::postgres(address)),
        _ => Err(PipelineError::DatabaseAddress {
            // What follows may hold a password.
            scheme: address
                .split([':', '@'])
                .next()
                .unwrap_or_default()
                .to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(address: Option<&str>) -> Result<StoreConfig, PipelineError> {
        store_config(address, Path::new("data"))
    }

    #[test]
    fn records_lie_in_the_data_directory_or_on_postgres() {
        let server = "postgres://user:secret@host/rapport";

        let config_of = |address| config(address).unwrap().url;

        assert!(matches!(config_of(None), DatabaseUrl::Sqlite(_)));
        assert_eq!(
            config_of(Some(server)),
            DatabaseUrl::Postgres(server.to_owned())
        );
    }

    #[test]
    fn an_address_of_another_kind_is_refused_with_what_is_accepted_and_without_its_password() {
        for address in ["sqlite://a.db", "records.sqlite", "mysql://u:secret@h/d"] {
            let error = config(Some(address)).unwrap_err().to_string();

            assert!(error.contains("postgres://"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
