//! Files and folders of the data directory that no record names: what a kill left of an upload, a
//! feature snapshot or a model.

use std::collections::HashSet;
use std::fs::DirEntry;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use rapport_domain::Timestamp;
use rapport_store::{feature_snapshots, imports, models};
use uuid::Uuid;

use crate::Workspace;
use crate::backup::Clearance;
use crate::error::PipelineError;

/// A file or folder that is not on the records yet: unless it is kept, it is deleted when this is
/// dropped, by an error or with the request that it was made for.
#[derive(Debug)]
pub(crate) struct Provisional(Option<PathBuf>);

impl Provisional {
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self(Some(path))
    }

    /// Keeps it. Called before the records are told: whoever goes away while they write cannot know
    /// whether they did.
    pub(crate) fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Provisional {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // If it cannot be deleted it is only in the way, until the sweep of the next start.
            let _ = remove(&path);
        }
    }
}

/// Deletes what lies under our kind of name, is on no record and is at least so old; nothing while a
/// backup copies files.
pub(crate) async fn sweep(workspace: &Workspace, min_age: Duration) -> Result<(), PipelineError> {
    let Some(_clearance) = Clearance::take(workspace.data_dir())? else {
        return Ok(());
    };
    let store = &workspace.store;
    let imports: HashSet<Uuid> = imports::list_ids(store)
        .await?
        .into_iter()
        .map(Uuid::from)
        .collect();
    let models: HashSet<Uuid> = models::list_ids(store)
        .await?
        .into_iter()
        .map(Uuid::from)
        .collect();
    let snapshots: HashSet<Uuid> = feature_snapshots::list_paths(store)
        .await?
        .iter()
        .filter_map(|path| id_in_name(Path::new(path)))
        .collect();
    let age = i64::try_from(min_age.as_secs()).unwrap_or(i64::MAX);
    // Without an age the clocks of the disk and of the workspace need not agree.
    let newest = (age > 0).then(|| workspace.clock.now().plus_seconds(-age));
    let root = workspace.data_dir().to_owned();
    let known = [
        ("uploads", imports),
        ("models", models),
        ("features", snapshots),
    ];
    let n_swept = tokio::task::spawn_blocking(move || {
        let folders = known.iter();
        folders
            .map(|(folder, ids)| sweep_folder(&root.join(folder), ids, newest))
            .sum::<Result<u64, _>>()
    })
    .await??;
    if n_swept > 0 {
        tracing::info!(n_swept, "removed files that a crash had left");
    }
    Ok(())
}

fn sweep_folder(
    folder: &Path,
    known: &HashSet<Uuid>,
    newest: Option<Timestamp>,
) -> Result<u64, PipelineError> {
    let mut n_swept = 0;
    let entries = std::fs::read_dir(folder).map_err(PipelineError::io("read", folder))?;
    for entry in entries {
        let entry = entry.map_err(PipelineError::io("read", folder))?;
        let path = entry.path();
        // What is not named by an id is somebody else's.
        let Some(id) = id_in_name(&path) else {
            continue;
        };
        if !known.contains(&id) && is_old(&entry, newest) {
            remove(&path).map_err(PipelineError::io("delete", &path))?;
            n_swept += 1;
        }
    }
    Ok(n_swept)
}

fn id_in_name(path: &Path) -> Option<Uuid> {
    let name = path.file_name()?.to_str()?;
    Uuid::try_parse(name.split('.').next()?).ok()
}

fn is_old(entry: &DirEntry, newest: Option<Timestamp>) -> bool {
    let Some(newest) = newest else { return true };
    let modified = entry.metadata().and_then(|metadata| metadata.modified());
    let since_epoch = modified.map(|at| at.duration_since(UNIX_EPOCH).unwrap_or_default());
    matches!(since_epoch, Ok(age) if age.as_micros() <= newest.as_micros().max(0).cast_unsigned().into())
}

/// Deletes a file or a folder, if it is there.
pub(crate) fn remove(path: &Path) -> std::io::Result<()> {
    let removed = if path.is_dir() {
        std::fs::remove_dir_all(path)
    } else {
        std::fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn only_what_is_named_by_an_unknown_id_is_swept() {
        let dir = TempDir::new().unwrap();
        let (known, unknown) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for name in [
            known.to_string(),
            unknown.to_string(),
            format!("{known}.parquet"),
            format!("{unknown}.parquet"),
            format!("{unknown}.json"),
            "README".to_owned(),
        ] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        std::fs::create_dir(dir.path().join(Uuid::from_u128(3).to_string())).unwrap();

        let n_swept = sweep_folder(dir.path(), &[known].into(), None).unwrap();

        let mut left: Vec<String> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(n_swept, 4);
        assert_eq!(
            left,
            [
                known.to_string(),
                format!("{known}.parquet"),
                "README".to_owned()
            ]
        );
    }

    #[test]
    fn what_is_not_kept_is_deleted_with_its_folder() {
        let dir = TempDir::new().unwrap();
        let (kept, dropped) = (dir.path().join("kept"), dir.path().join("dropped"));
        std::fs::create_dir_all(dropped.join("inner")).unwrap();
        std::fs::write(&kept, "").unwrap();

        Provisional::new(kept.clone()).keep();
        drop(Provisional::new(dropped.clone()));

        assert!(kept.exists() && !dropped.exists());
    }
}
