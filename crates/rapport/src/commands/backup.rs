//! `rapport backup`, `restore` and `verify`: data saved, checked and brought back, without a server or
//! beside one; of an archive, any of its instants.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use rapport_pipelines::backup::archive::{self, Reachable};
use rapport_pipelines::backup::{self, BackupError, Place, Progress, Stage, Verdict};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::serve::cancel_on_signal;
use super::workspace::system_now;
use crate::cli::{BackupArgs, RestoreArgs, VerifyArgs};
use crate::config::Config;
use crate::output::{self, BadInput};
use crate::progress::Step;

pub(crate) async fn run(config: Config, args: BackupArgs) -> Result<()> {
    let place = place_of(&config);
    let mut watch = Watch::new("Copying");
    let mut told = |progress| watch.tell(progress);
    let program = env!("CARGO_PKG_VERSION");
    let making = backup::make(&place, &args.to, program, system_now(), &mut told);
    let made = until_told_to_stop(making).await?;
    watch.finish();
    let manifest = &made.manifest;
    if args.json {
        output::json(&json!({
            "path": made.path,
            "files": manifest.files.len(),
            "bytes": manifest.n_bytes(),
            "rows": manifest.n_rows(),
            "lacking": manifest.lacking,
        }))?;
    } else {
        output::line(&format!(
            "{}: {} rows, {} files, {}",
            made.path.display(),
            manifest.n_rows(),
            manifest.files.len(),
            size(manifest.n_bytes())
        ));
    }
    if manifest.lacking.is_empty() {
        return Ok(());
    }
    for path in &manifest.lacking {
        output::line(&format!("missing or damaged in the data directory: {path}"));
    }
    bail!(
        "the backup was made without {} file(s) that the records name; see `rapport verify`, and keep \
         the backups from before",
        manifest.lacking.len()
    )
}

pub(crate) async fn restore(config: Config, args: RestoreArgs) -> Result<()> {
    if args.at.is_some() || is_archive(&args.from).await? {
        return restore_instant(&config, &args).await;
    }
    let place = place_of(&config);
    let from = PathBuf::from(args.from);
    let mut watch = Watch::new("Restoring");
    let mut told = |progress| watch.tell(progress);
    let manifest = until_told_to_stop(backup::restore(&from, &place, &mut told)).await?;
    watch.finish();
    output::line(&format!(
        "Restored the backup of {} into {}: {} rows, {} files, {}",
        manifest.made_at,
        config.data_dir.display(),
        manifest.n_rows(),
        manifest.files.len(),
        size(manifest.n_bytes())
    ));
    for path in &manifest.lacking {
        output::line(&format!("was missing when the backup was made: {path}"));
    }
    Ok(())
}

/// Brings the records of an archive back as they were at an instant.
async fn restore_instant(config: &Config, args: &RestoreArgs) -> Result<()> {
    let place = place_of(config);
    let mut watch = Watch::new("Restoring");
    let mut told = |progress| watch.tell(progress);
    let restoring = archive::restore(&args.from, args.at, &place, &mut told);
    let restored = until_told_to_stop(restoring).await?;
    watch.finish();
    output::line(&format!(
        "Restored the state of {} into {}: {} rows, {} files, {}",
        restored.at,
        config.data_dir.display(),
        restored.n_rows,
        restored.n_files,
        size(restored.n_bytes)
    ));
    if args.at.is_some_and(|at| at > restored.latest) {
        output::line(&format!(
            "note: the archive ends at {}; whether something was written after that it cannot tell",
            restored.latest
        ));
    }
    if let Some(next) = restored.next {
        output::line(&format!(
            "note: the next state that the archive has is of {next}; whether something was written before \
             that it cannot tell"
        ));
    }
    for path in &restored.lacking {
        output::line(&format!("was missing when the archive was made: {path}"));
    }
    Ok(())
}

/// Whether an archive is meant and not the folder of a backup.
async fn is_archive(from: &str) -> Result<bool> {
    Ok(from.contains("://") || archive::is_archive(from).await?)
}

pub(crate) async fn verify(config: Config, args: VerifyArgs) -> Result<()> {
    let mut watch = Watch::new("Checking");
    let mut told = |progress| watch.tell(progress);
    let mut reachable = Vec::new();
    let verdict = match &args.from {
        Some(from) if is_archive(from).await? => {
            let found = until_told_to_stop(archive::verify(from, &mut told)).await?;
            reachable = found.reachable;
            found.verdict
        }
        Some(from) => until_told_to_stop(backup::verify(Path::new(from), &mut told)).await?,
        None => until_told_to_stop(backup::verify_data(&place_of(&config), &mut told)).await?,
    };
    watch.finish();
    let checked = args
        .from
        .as_deref()
        .map_or(config.data_dir.as_path(), Path::new);
    show(checked, &verdict, &reachable, args.json)?;
    if !verdict.problems.is_empty() {
        bail!("found {} problem(s)", verdict.problems.len());
    }
    Ok(())
}

fn show(checked: &Path, verdict: &Verdict, reachable: &[Reachable], is_json: bool) -> Result<()> {
    let problems: Vec<String> = verdict.problems.iter().map(ToString::to_string).collect();
    if is_json {
        return output::json(&json!({
            "path": checked,
            "files": verdict.n_files,
            "bytes": verdict.n_bytes,
            "tables": verdict.n_tables,
            "problems": problems,
            "notes": verdict.notes,
            "reachable": reachable
                .iter()
                .map(|span| json!({ "from": span.from, "to": span.to }))
                .collect::<Vec<_>>(),
        }));
    }
    for problem in &problems {
        output::line(&format!("problem: {problem}"));
    }
    for note in &verdict.notes {
        output::line(&format!("not checked: {note}"));
    }
    for span in reachable {
        output::line(&format!("can be restored: {span}"));
    }
    if problems.is_empty() {
        output::line(&format!(
            "{} is whole: {} files, {}, {} tables",
            checked.display(),
            verdict.n_files,
            size(verdict.n_bytes),
            verdict.n_tables
        ));
    }
    Ok(())
}

pub(super) fn place_of(config: &Config) -> Place {
    Place {
        data_dir: config.data_dir.clone(),
        database: config.database.clone(),
        lake: config.lake.clone(),
    }
}

/// Waits for the work, or gives it up where the process is asked to end.
async fn until_told_to_stop<T>(work: impl Future<Output = Result<T, BackupError>>) -> Result<T> {
    let stop = CancellationToken::new();
    tokio::spawn(cancel_on_signal(stop.clone()));
    let outcome = tokio::select! {
        outcome = work => outcome,
        () = stop.cancelled() => bail!("stopped as asked; nothing of it was kept"),
    };
    outcome.map_err(|error| match error {
        // What was asked for is at fault, not what was done.
        BackupError::NoBackup { .. }
        | BackupError::NotEmpty { .. }
        | BackupError::NoArchive { .. }
        | BackupError::TooEarly { .. } => BadInput(error.to_string()).into(),
        other => other.into(),
    })
}

/// What is seen of the work while it goes on.
struct Watch {
    name: &'static str,
    step: Option<(Stage, Step)>,
}

impl Watch {
    const fn new(name: &'static str) -> Self {
        Self { name, step: None }
    }

    fn tell(&mut self, progress: Progress) {
        if self.step.as_ref().map(|(stage, _)| *stage) != Some(progress.stage) {
            let what = match progress.stage {
                Stage::Records => "the records",
                Stage::Files => "files",
            };
            let step = Step::start(&format!("{} {what} (MiB)", self.name));
            if let Some((_, before)) = self.step.replace((progress.stage, step)) {
                before.finish("done");
            }
        }
        if let Some((_, step)) = &self.step {
            step.update(progress.bytes >> 20, progress.n_bytes.map(|n| n >> 20));
        }
    }

    fn finish(self) {
        if let Some((_, step)) = self.step {
            step.finish("done");
        }
    }
}

fn size(n_bytes: u64) -> String {
    const MIB: f64 = 1024.0 * 1024.0;
    format!("{:.1} MiB", n_bytes as f64 / MIB)
}
