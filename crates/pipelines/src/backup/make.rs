//! Making a backup: under a temporary name, whole or not at all.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use rapport_domain::Timestamp;
use rapport_lake::Lake;
use rapport_store::backup::{self, Contents, CopyError, CopyKind, NamedFiles};

use super::error::BackupError;
use super::files::{self, Measured};
use super::hold::Hold;
use super::manifest::{FileEntry, Manifest, UNFINISHED, is_inside};
use super::{OnProgress, Place, Progress, Stage};

/// How often it is told how far the copy of the records is.
const EVERY: Duration = Duration::from_millis(200);
/// First letters of a backup's name; the instant follows.
const PREFIX: &str = "rapport-";

/// A finished backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Its folder.
    pub path: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
}

/// Makes a backup in a new folder of `to`, beside whoever reads and writes. Dropped, it leaves
/// nothing, or all of the backup where it was at its very end.
///
/// Files that the records name and that are missing or damaged do not keep the rest from being saved;
/// they are in [`Manifest::lacking`].
///
/// # Errors
/// [`BackupError::DiskFull`], [`BackupError::Io`], [`BackupError::Copy`] and [`BackupError::Lake`] as
/// their names say; nothing of the backup is kept then.
pub async fn make(
    place: &Place,
    to: &Path,
    program: &str,
    now: Timestamp,
    on_progress: OnProgress<'_>,
) -> Result<Backup, BackupError> {
    if !place.data_dir.is_dir() {
        let path = place.data_dir.clone();
        return Err(CopyError::NoRecords { path }.into());
    }
    std::fs::create_dir_all(to).map_err(BackupError::io("make the folder", to))?;
    let unfinished = {
        let _turn = take_turn(to);
        clear_unfinished(to)?;
        Unfinished::begin(to, now)?
    };
    // Before the records are copied: what they name must still be there afterwards.
    let _hold = Hold::take(&place.data_dir).await?;
    let mut draft = copy_records(place, &unfinished, program, now, on_progress).await?;
    copy_files(place, &unfinished.path, &mut draft, on_progress).await?;
    let finishing = tokio::task::spawn_blocking(move || unfinished.finish(draft.manifest));
    let (path, manifest) = finishing.await??;
    Ok(Backup { path, manifest })
}

/// The manifest so far, with what has still to be copied.
struct Draft {
    manifest: Manifest,
    contents: Contents,
}

async fn copy_records(
    place: &Place,
    unfinished: &Unfinished,
    program: &str,
    now: Timestamp,
    on_progress: OnProgress<'_>,
) -> Result<Draft, BackupError> {
    let config = place.records()?;
    let kind = CopyKind::of(&config);
    let target = unfinished.path.join(kind.file_name());
    let mut copying = pin!(backup::copy(&config, &target));
    let contents = loop {
        tokio::select! {
            copied = &mut copying => break copied?,
            () = tokio::time::sleep(EVERY) => on_progress(Progress {
                stage: Stage::Records,
                bytes: std::fs::metadata(&target).map_or(0, |file| file.len()),
                n_bytes: None,
            }),
        }
    };
    let mut manifest = Manifest::new(program, now, kind, &contents);
    let measured = files::measure(&target, &mut |_| {}).await?;
    let measured = measured.ok_or_else(|| CopyError::NoRecords {
        path: target.clone(),
    })?;
    manifest.files.push(entry(kind.file_name(), measured));
    Ok(Draft { manifest, contents })
}

async fn copy_files(
    place: &Place,
    folder: &Path,
    draft: &mut Draft,
    on_progress: OnProgress<'_>,
) -> Result<(), BackupError> {
    let lake = place.lake()?;
    let (items, missing) = files_of(&place.data_dir, &draft.contents.files)?;
    draft.manifest.lacking = missing;
    let n_bytes = Some(items.iter().map(|item| item.bytes).sum());
    let mut bytes = 0;
    for item in items {
        let mut on_bytes = |n| {
            bytes += n;
            on_progress(Progress {
                stage: Stage::Files,
                bytes,
                n_bytes,
            });
        };
        let to = folder.join(&item.path);
        let copied = copy_item(place, &lake, &item, &to, &mut on_bytes).await?;
        match copied.filter(|copied| item.is_of_size(copied)) {
            Some(measured) => draft.manifest.files.push(entry(&item.path, measured)),
            None => {
                // A file that is not what the records say is in nobody's interest.
                let _ = std::fs::remove_file(&to);
                draft.manifest.lacking.push(item.path);
            }
        }
    }
    Ok(())
}

async fn copy_item(
    place: &Place,
    lake: &Lake,
    item: &Item,
    to: &Path,
    on_bytes: files::OnBytes<'_>,
) -> Result<Option<Measured>, BackupError> {
    match item.path.strip_prefix(LAKE) {
        Some(path) => files::copy_found(lake.read(path).await?, to, on_bytes).await,
        None => files::copy(&place.data_dir.join(&item.path), to, on_bytes).await,
    }
}

/// The folder of the events in a backup, wherever they lie in use.
pub(super) const LAKE: &str = "lake/";

/// A file that the records name.
#[derive(Debug)]
pub(super) struct Item {
    /// Path in a backup.
    pub(super) path: String,
    pub(super) bytes: u64,
    /// Whether the records say how large it is.
    is_size_known: bool,
}

impl Item {
    pub(super) fn is_of_size(&self, copied: &Measured) -> bool {
        !self.is_size_known || copied.bytes == self.bytes
    }
}

/// Every file that the records name, and what is not there at all.
pub(super) fn files_of(
    data_dir: &Path,
    named: &NamedFiles,
) -> Result<(Vec<Item>, Vec<String>), BackupError> {
    let segments = named.segments.iter().map(|segment| Item {
        path: format!("{LAKE}{}", segment.path),
        bytes: segment.bytes,
        is_size_known: true,
    });
    let mut items: Vec<Item> = segments.collect();
    let mut missing = Vec::new();
    let uploads = named.imports.iter().map(|id| format!("uploads/{id}"));
    let models = named.models.iter().map(|id| format!("models/{id}"));
    let features = named.feature_snapshots.iter().cloned();
    for path in uploads.chain(models).chain(features) {
        let n_before = items.len();
        if is_inside(&path) {
            gather(data_dir, &path, &mut items)?;
        }
        if items.len() == n_before {
            missing.push(path);
        }
    }
    for path in &named.feature_snapshots {
        // Beside each table of features stands what its columns mean.
        if let Some(stem) = path.strip_suffix(".parquet").filter(|_| is_inside(path)) {
            gather(data_dir, &format!("{stem}.json"), &mut items)?;
        }
    }
    Ok((items, missing))
}

/// Adds a file, or all files of a folder.
pub(super) fn gather(
    data_dir: &Path,
    path: &str,
    items: &mut Vec<Item>,
) -> Result<(), BackupError> {
    let full = data_dir.join(path);
    let Ok(metadata) = std::fs::metadata(&full) else {
        return Ok(());
    };
    if metadata.is_file() {
        items.push(Item {
            path: path.to_owned(),
            bytes: metadata.len(),
            is_size_known: false,
        });
        return Ok(());
    }
    let entries = std::fs::read_dir(&full).map_err(BackupError::io("read", &full))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(BackupError::io("read", &full))?;
        names.extend(entry.file_name().into_string());
    }
    names.sort_unstable();
    for name in names {
        gather(data_dir, &format!("{path}/{name}"), items)?;
    }
    Ok(())
}

fn entry(path: &str, measured: Measured) -> FileEntry {
    FileEntry {
        path: path.to_owned(),
        bytes: measured.bytes,
        sha256: measured.sha256,
    }
}

/// A backup under way. Dropped before it is finished, it is deleted; killed, it keeps its temporary
/// name until the next backup clears it away.
#[derive(Debug)]
struct Unfinished {
    path: PathBuf,
    finished: PathBuf,
    /// Locked as long as somebody works on it.
    _lock: File,
    is_finished: bool,
}

impl Unfinished {
    fn begin(to: &Path, now: Timestamp) -> Result<Self, BackupError> {
        let instant = now.to_string();
        // As in 20261127T031500Z: sorted by name is sorted by time.
        let seconds = instant.split(['.', 'Z']).next().unwrap_or_default();
        let name: String = seconds.chars().filter(|c| !"-:".contains(*c)).collect();
        let finished = to.join(format!("{PREFIX}{name}Z"));
        let path = finished.with_added_extension("part");
        let is_taken = finished.exists();
        // Nobody else may look into it: a backup holds everything.
        match rapport_lake::private_directories().create(&path) {
            Ok(()) if !is_taken => {}
            Ok(()) => {
                let _ = std::fs::remove_dir(&path);
                return Err(BackupError::Taken { path: finished });
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                return Err(BackupError::Taken { path: finished });
            }
            Err(error) => return Err(BackupError::io("make the folder", &path)(error)),
        }
        let mark = path.join(UNFINISHED);
        let lock = File::create(&mark).map_err(BackupError::io("write", &mark))?;
        lock.lock().map_err(BackupError::io("lock", &mark))?;
        Ok(Self {
            path,
            finished,
            _lock: lock,
            is_finished: false,
        })
    }

    /// Writes the manifest and gives the backup its name; blocks.
    fn finish(mut self, manifest: Manifest) -> Result<(PathBuf, Manifest), BackupError> {
        manifest.write(&self.path)?;
        // Without its mark it must not be met under its temporary name.
        let _turn = self.finished.parent().map(take_turn);
        let mark = self.path.join(UNFINISHED);
        std::fs::remove_file(&mark).map_err(BackupError::io("delete", &mark))?;
        let names = manifest.files.iter().map(|file| file.path.as_str());
        files::sync_folders(&self.path, names)?;
        std::fs::rename(&self.path, &self.finished)
            .map_err(BackupError::io("rename", &self.path))?;
        self.is_finished = true;
        if let Some(to) = self.finished.parent() {
            files::sync_folders(to, std::iter::empty())?;
        }
        Ok((self.finished.clone(), manifest))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.is_finished {
            // If it cannot be deleted its name says what it is, and the next backup tries again.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Keeps other backups from the folder for as long as it lives, where its file system knows locks on
/// folders; elsewhere nothing is kept from anybody.
fn take_turn(to: &Path) -> Option<File> {
    let folder = File::open(to).ok()?;
    folder.lock().ok()?;
    Some(folder)
}

/// Deletes what killed backups left; one that is being made is locked.
fn clear_unfinished(to: &Path) -> Result<(), BackupError> {
    let entries = std::fs::read_dir(to).map_err(BackupError::io("read", to))?;
    for entry in entries {
        let path = entry.map_err(BackupError::io("read", to))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !(name.starts_with(PREFIX) && name.ends_with(".part")) {
            continue;
        }
        // Where only the mark is gone it is made anew, so that the rest goes too.
        let mark = path.join(UNFINISHED);
        let mark = File::create(&mark).map_err(BackupError::io("write", &mark))?;
        if !matches!(mark.try_lock(), Err(TryLockError::WouldBlock)) {
            std::fs::remove_dir_all(&path).map_err(BackupError::io("delete", &path))?;
            tracing::info!(path = %path.display(), "removed a backup that was never finished");
        }
    }
    Ok(())
}
