//! Checking a backup, or the data in use, against what was written.

use std::path::Path;

use rapport_store::backup::{self, CopyError, CopyKind, Examination};
use rapport_store::events::EventSegment;

use super::error::{BackupError, Problem};
use super::files::{self, Measured};
use super::hold::Hold;
use super::make::{LAKE, files_of};
use super::manifest::{FileEntry, Manifest};
use super::{OnProgress, Place, Progress, Stage};
use crate::catalogue::to_file;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Files that were read through.
    pub n_files: u64,
    /// Their bytes.
    pub n_bytes: u64,
    /// Tables whose rows were counted.
    pub n_tables: u64,
    /// What is not as it should be; empty where all is well.
    pub problems: Vec<Problem>,
    /// What could not be checked here, and why.
    pub notes: Vec<String>,
}

/// Checks a backup: every file by its sum, every table by its rows. Nothing is changed.
///
/// # Errors
/// As for [`Manifest::read`], and [`BackupError::Io`] where a file cannot be read. What is damaged or
/// missing is no error but part of the verdict.
pub async fn verify(folder: &Path, on_progress: OnProgress<'_>) -> Result<Verdict, BackupError> {
    let manifest = Manifest::read(folder)?;
    let mut verdict = Verdict::default();
    let mut bytes = 0;
    for file in &manifest.files {
        let mut on_bytes = |n| {
            bytes += n;
            on_progress(Progress {
                stage: Stage::Files,
                bytes,
                n_bytes: Some(manifest.n_bytes()),
            });
        };
        let found = files::measure(&folder.join(&file.path), &mut on_bytes).await?;
        verdict.n_files += 1;
        verdict.problems.extend(compare(file, found.as_ref()));
    }
    verdict.n_bytes = bytes;
    let lacking = manifest.lacking.iter().cloned();
    verdict
        .problems
        .extend(lacking.map(|path| Problem::Lacking { path }));
    check_records(folder, &manifest, &mut verdict).await?;
    Ok(verdict)
}

async fn check_records(
    folder: &Path,
    manifest: &Manifest,
    verdict: &mut Verdict,
) -> Result<(), BackupError> {
    let file = folder.join(manifest.records.file_name());
    if !file.exists() {
        return Ok(());
    }
    match manifest.records {
        CopyKind::Sqlite => match backup::examine(&file).await {
            Ok(found) => {
                verdict.problems.extend(manifest.compare(&found.contents));
                take_examination(found, verdict);
            }
            Err(error) => verdict.problems.push(complaint(error.to_string())),
        },
        CopyKind::Postgres => match backup::check_archive(&file).await {
            Ok(()) => verdict
                .notes
                .push("the rows of the tables are counted when the backup is restored".to_owned()),
            Err(error @ CopyError::ProgramMissing { .. }) => {
                verdict.notes.push(error.to_string());
            }
            Err(error) => verdict.problems.push(complaint(error.to_string())),
        },
    }
    Ok(())
}

fn take_examination(found: Examination, verdict: &mut Verdict) {
    verdict.n_tables = found.contents.tables.len() as u64;
    verdict
        .problems
        .extend(found.complaints.into_iter().map(complaint));
}

pub(super) fn complaint(complaint: String) -> Problem {
    Problem::Records { complaint }
}

/// What is wrong with a file.
pub(super) fn compare(expected: &FileEntry, found: Option<&Measured>) -> Option<Problem> {
    let path = expected.path.clone();
    let Some(found) = found else {
        return Some(Problem::Missing { path });
    };
    let reason = if found.bytes != expected.bytes {
        format!("it has {} bytes instead of {}", found.bytes, expected.bytes)
    } else if found.sha256 != expected.sha256 {
        "its bytes are not those that were written".to_owned()
    } else {
        return None;
    };
    Some(Problem::Damaged { path, reason })
}

/// Checks the data in use, beside whoever works with them: the database by itself, every file of
/// events by reading it through, and that every other file is there.
///
/// # Errors
/// [`BackupError`] where they cannot be read at all.
pub async fn verify_data(
    place: &Place,
    on_progress: OnProgress<'_>,
) -> Result<Verdict, BackupError> {
    let config = place.records()?;
    if !place.data_dir.is_dir() {
        let path = place.data_dir.clone();
        return Err(CopyError::NoRecords { path }.into());
    }
    let _hold = Hold::take(&place.data_dir).await?;
    let mut verdict = Verdict::default();
    let found = backup::examine_records(&config).await?;
    let (items, missing) = files_of(&place.data_dir, &found.contents.files)?;
    let problems = missing.into_iter().map(|path| Problem::Missing { path });
    verdict.problems.extend(problems);
    verdict.n_files = items.len() as u64;
    check_events(
        place,
        &found.contents.files.segments,
        &mut verdict,
        on_progress,
    )
    .await?;
    take_examination(found, &mut verdict);
    Ok(verdict)
}

async fn check_events(
    place: &Place,
    segments: &[EventSegment],
    verdict: &mut Verdict,
    on_progress: OnProgress<'_>,
) -> Result<(), BackupError> {
    let lake = place.lake()?;
    let n_bytes = segments.iter().map(|segment| segment.bytes).sum();
    for segment in segments {
        if lake.check(&to_file(segment.clone())).await.is_err() {
            verdict.problems.push(Problem::Damaged {
                path: format!("{LAKE}{}", segment.path),
                reason: "it is missing or cannot be read to its end".to_owned(),
            });
        }
        verdict.n_bytes += segment.bytes;
        on_progress(Progress {
            stage: Stage::Files,
            bytes: verdict.n_bytes,
            n_bytes: Some(n_bytes),
        });
    }
    Ok(())
}
