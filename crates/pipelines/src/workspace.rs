//! The open workspace: records, events, files, clock and ids, handed on as one value.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rapport_domain::{Currency, IdGenerator, ImportId, ModelId};
use rapport_lake::{Lake, LakeLocation, LakeOptions, Snapshot};
use rapport_store::settings::WorkspaceSettings;
use rapport_store::{DatabaseUrl, Store, StoreConfig, events, jobs, settings};

use crate::catalogue::catalogue;
use crate::changes::Changes;
use crate::clock::Clock;
use crate::error::PipelineError;

/// How a workspace is opened.
#[derive(Debug)]
pub struct OpenOptions {
    /// Address of the records; SQLite in the data directory where none is given.
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
    data_dir: Arc<PathBuf>,
}

impl Workspace {
    /// Age from which a file of events without a catalogue row counts as left over by a crash.
    const ORPHAN_AGE: Duration = Duration::from_secs(3600);
    /// Events that a reader takes from the inbox; the flush keeps it far below.
    const INBOX_MAX: u64 = 1_000_000;

    /// Opens a data directory, makes it where it is missing, and clears what a crash left.
    ///
    /// # Errors
    /// [`PipelineError::Io`] where the directory cannot be made; [`PipelineError::Store`] where it
    /// is in use, of a newer version or damaged.
    pub async fn open(data_dir: &Path, options: OpenOptions) -> Result<Self, PipelineError> {
        for folder in ["", "uploads", "models", "features"] {
            let path = data_dir.join(folder);
            std::fs::create_dir_all(&path)
                .map_err(PipelineError::io("make the directory", &path))?;
        }
        let config = StoreConfig::at(options.database.as_deref(), data_dir);
        // One process at a time owns a SQLite directory.
        let is_owned = matches!(config.url, DatabaseUrl::Sqlite(_));
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
            data_dir: Arc::new(data_dir.to_owned()),
        };
        workspace
            .keep_first_settings(options.currency, options.region)
            .await?;
        if is_owned {
            // Whoever had a lease is dead: its work goes on at once and not after two minutes.
            jobs::take_back(&workspace.store, workspace.clock.now()).await?;
        }
        workspace.sweep().await?;
        Ok(workspace)
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

    async fn sweep(&self) -> Result<(), PipelineError> {
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
    /// [`PipelineError`] where the catalogue or a file cannot be read.
    pub async fn events(&self) -> Result<Snapshot, PipelineError> {
        let mut segments = catalogue(&self.store).await?;
        loop {
            let inbox = events::list_inbox(&self.store, Self::INBOX_MAX).await?;
            let segments_after = catalogue(&self.store).await?;
            // A flush moves events from the inbox to a new file in one transaction. Where no file
            // came or went, none was under way, and no event is in both or in neither.
            if segments == segments_after {
                let inbox: Vec<_> = inbox.into_iter().map(|row| row.event).collect();
                return Ok(self.lake.snapshot(&segments, &inbox).await?);
            }
            segments = segments_after;
        }
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

    /// The folder of feature snapshots.
    pub fn features_path(&self) -> PathBuf {
        self.data_dir.join("features")
    }
}
