//! Bringing a backup back, into an empty place only.

use std::path::{Path, PathBuf};

use rapport_lake::{Lake, LakeLocation};
use rapport_store::backup::{self, CopyKind};
use rapport_store::{DatabaseUrl, StoreConfig};

use super::error::{BackupError, Problem};
use super::files::{self, Measured};
use super::make::LAKE;
use super::manifest::{FileEntry, Manifest};
use super::verify::compare;
use super::{OnProgress, Place, Progress, Stage};

/// A file that stands in a data directory as long as it is being filled; it is not opened then.
pub(crate) const UNFINISHED: &str = "restore-unfinished";

/// Fills an empty place from a backup, checking every file and the rows of every table on the way.
/// Dropped, it leaves the place as empty as it was, but for a database on a server.
///
/// # Errors
/// [`BackupError::NotEmpty`] where there are files; [`BackupError::Damaged`] with all that is wrong
/// with the backup; [`BackupError::OtherDatabase`], [`BackupError::DiskFull`] and those of
/// [`Manifest::read`] as their names say. Nothing is kept of what was restored.
pub async fn restore(
    from: &Path,
    place: &Place,
    on_progress: OnProgress<'_>,
) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(from)?;
    let config = place.records()?;
    check_kind(&manifest, &config)?;
    let namespace = manifest.namespace.as_deref().unwrap_or("public");
    if let DatabaseUrl::Postgres(address) = &config.url {
        // A database that refuses is found before anything is written anywhere.
        backup::check_target(address, namespace).await?;
    }
    let filling = Filling::begin(place).await?;
    let problems = filling.copy_files(from, &manifest, on_progress).await?;
    refuse(problems)?;
    let mut filled = filling.put_events(from, &manifest).await;
    if filled.is_ok() {
        filled = fill_records(from, &manifest, &config, namespace).await;
    }
    if let Err(error) = filled {
        // What fails here may leave files that the next try would stumble over.
        filling.take_events_back(&manifest).await?;
        return Err(error);
    }
    let names: Vec<String> = manifest
        .files
        .iter()
        .map(|file| file.path.clone())
        .collect();
    tokio::task::spawn_blocking(move || filling.finish(&names)).await??;
    Ok(manifest)
}

/// Brings the records back and compares them with what the backup says of them.
async fn fill_records(
    from: &Path,
    manifest: &Manifest,
    config: &StoreConfig,
    namespace: &str,
) -> Result<(), BackupError> {
    let found = match &config.url {
        DatabaseUrl::Sqlite(path) => backup::examine(path).await?.contents,
        DatabaseUrl::Postgres(address) => {
            let archive = from.join(manifest.records.file_name());
            backup::restore(address, &archive, namespace).await?
        }
    };
    refuse(manifest.compare(&found))
}

pub(super) fn refuse(problems: Vec<Problem>) -> Result<(), BackupError> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(BackupError::Damaged { problems })
}

fn check_kind(manifest: &Manifest, config: &StoreConfig) -> Result<(), BackupError> {
    let (backup, settings, remedy) = match (manifest.records, CopyKind::of(config)) {
        (CopyKind::Sqlite, CopyKind::Postgres) => {
            ("SQLite", "PostgreSQL", "leave database out of the settings")
        }
        (CopyKind::Postgres, CopyKind::Sqlite) => (
            "PostgreSQL",
            "none, which is SQLite",
            "set database to the address of an empty one on PostgreSQL",
        ),
        _ => return Ok(()),
    };
    Err(BackupError::OtherDatabase {
        backup,
        settings,
        remedy,
    })
}

/// A place that is being filled. Dropped before it is finished, it is emptied again.
pub(super) struct Filling {
    pub(super) data_dir: PathBuf,
    pub(super) lake: Lake,
    /// Where the lake is a folder, wherever it lies.
    lake_dir: Option<PathBuf>,
    is_finished: bool,
}

impl Filling {
    pub(super) async fn begin(place: &Place) -> Result<Self, BackupError> {
        let data_dir = place.data_dir.clone();
        std::fs::create_dir_all(&data_dir)
            .map_err(BackupError::io("make the folder", &data_dir))?;
        let mut entries =
            std::fs::read_dir(&data_dir).map_err(BackupError::io("read", &data_dir))?;
        if entries.next().is_some() {
            return Err(BackupError::NotEmpty {
                place: data_dir.display().to_string(),
            });
        }
        let location = place.lake_location()?;
        let lake_dir = match &location {
            LakeLocation::Directory(path) => Some(path.clone()),
            LakeLocation::ObjectStore { .. } => None,
        };
        let lake = place.lake()?;
        if !lake.is_empty().await? {
            return Err(BackupError::NotEmpty {
                place: format!("the lake {}", place.lake.as_deref().unwrap_or("lake")),
            });
        }
        let filling = Self {
            data_dir,
            lake,
            lake_dir,
            is_finished: false,
        };
        let mark = filling.data_dir.join(UNFINISHED);
        std::fs::write(&mark, "").map_err(BackupError::io("write", &mark))?;
        Ok(filling)
    }

    /// Copies every file to its place and tells what is wrong with any. The archive of a server's
    /// records and the events of an object store are only read through.
    async fn copy_files(
        &self,
        from: &Path,
        manifest: &Manifest,
        on_progress: OnProgress<'_>,
    ) -> Result<Vec<Problem>, BackupError> {
        let n_bytes = Some(manifest.n_bytes());
        let mut bytes = 0;
        let mut problems = Vec::new();
        for file in &manifest.files {
            let mut on_bytes = |n| {
                bytes += n;
                on_progress(Progress {
                    stage: Stage::Files,
                    bytes,
                    n_bytes,
                });
            };
            let source = from.join(&file.path);
            let found: Option<Measured> = match self.target_of(file, manifest) {
                Some(target) => files::copy(&source, &target, &mut on_bytes).await?,
                None => files::measure(&source, &mut on_bytes).await?,
            };
            problems.extend(compare(file, found.as_ref()));
        }
        Ok(problems)
    }

    /// Where a file is copied to.
    fn target_of(&self, file: &FileEntry, manifest: &Manifest) -> Option<PathBuf> {
        let is_archive =
            manifest.records == CopyKind::Postgres && file.path == manifest.records.file_name();
        (!is_archive).then(|| self.place_of(&file.path)).flatten()
    }

    /// Where a file with this path in a backup belongs; none where that is in an object store.
    pub(super) fn place_of(&self, path: &str) -> Option<PathBuf> {
        match path.strip_prefix(LAKE) {
            Some(path) => self.lake_dir.as_ref().map(|lake| lake.join(path)),
            None => Some(self.data_dir.join(path)),
        }
    }

    /// Puts the events into their object store, now that all of the backup is known to be whole.
    async fn put_events(&self, from: &Path, manifest: &Manifest) -> Result<(), BackupError> {
        if self.lake_dir.is_some() {
            return Ok(());
        }
        for file in &manifest.files {
            if let Some(path) = file.path.strip_prefix(LAKE) {
                self.lake.put(path, &from.join(&file.path)).await?;
            }
        }
        Ok(())
    }

    /// Empties the object store again, which was empty before.
    async fn take_events_back(&self, manifest: &Manifest) -> Result<(), BackupError> {
        if self.lake_dir.is_some() {
            return Ok(());
        }
        for file in &manifest.files {
            if let Some(path) = file.path.strip_prefix(LAKE) {
                self.lake.remove_path(path).await?;
            }
        }
        Ok(())
    }

    /// Makes all of it durable and opens the place for use; blocks.
    pub(super) fn finish(mut self, names: &[String]) -> Result<(), BackupError> {
        files::sync_folders(&self.data_dir, names.iter().map(String::as_str))?;
        if let Some(lake) = &self.lake_dir {
            let below = names.iter().filter_map(|name| name.strip_prefix(LAKE));
            files::sync_folders(lake, below)?;
        }
        let mark = self.data_dir.join(UNFINISHED);
        std::fs::remove_file(&mark).map_err(BackupError::io("delete", &mark))?;
        self.is_finished = true;
        files::sync_folders(&self.data_dir, std::iter::empty())
    }
}

impl Drop for Filling {
    fn drop(&mut self) {
        if self.is_finished {
            return;
        }
        let folders = self.lake_dir.iter().chain([&self.data_dir]);
        for folder in folders {
            // Where something cannot be deleted, the mark keeps the place from being opened.
            empty(folder);
        }
    }
}

/// Deletes what is in a folder, the mark of an unfinished restoration last.
fn empty(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let (marks, others): (Vec<_>, Vec<_>) =
        paths.partition(|path| path.file_name().is_some_and(|name| name == UNFINISHED));
    for path in others.into_iter().chain(marks) {
        let _ = crate::leftovers::remove(&path);
    }
}
