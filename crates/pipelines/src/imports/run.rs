//! The job that reads a file in, chunk by chunk, on from where an earlier run stopped.

use rapport_domain::{ImportId, ImportStatus, JobProgress};
use rapport_ingest::{Chunk, FileFormat};
use rapport_store::imports::{self, Import};
use rapport_store::{StoreError, orders};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::assemble::{Assembler, CustomColumns};
use super::reading::{self, Reading};
use super::seen::SeenMessages;
use super::{find, from_json, read_mapping, read_options};
use crate::Workspace;
use crate::catalogue::to_row;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::jobs::JobContext;

/// Times that one run meets the very same clash before it gives up. Looked at anew, a row that clashes is
/// rejected, so that other clashes come to an end with the rows.
const SAME_CLASH_MAX: usize = 3;

/// What the job needs to know.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ImportPayload {
    pub(crate) import_id: ImportId,
}

/// Reads the file of an import in.
pub(crate) async fn run(
    workspace: &Workspace,
    payload: ImportPayload,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let id = payload.import_id;
    let before = find(workspace, id).await?;
    if before.status == ImportStatus::Done {
        // A worker was killed between the last batch and the end of its job.
        return Ok(result_of(&before));
    }
    let mut import = imports::start(&workspace.store, id, workspace.clock.now()).await?;
    workspace.changes.announce(Change::Import(id));
    let (mut last, mut n_same) = (None, 0);
    loop {
        let error = match read_in(workspace, import, job).await {
            Ok(done) => return Ok(result_of(&done)),
            Err(error) => error,
        };
        let clash = Clash::of(&error).ok_or(error)?;
        n_same = if last.as_ref() == Some(&clash) {
            n_same + 1
        } else {
            1
        };
        if n_same == SAME_CLASH_MAX {
            return Err(clash.0.into());
        }
        last = Some(clash);
        import = find(workspace, id).await?;
    }
}

/// Somebody has given another record a value that must be unique, after a row with it was looked at.
struct Clash(StoreError);

impl Clash {
    fn of(error: &PipelineError) -> Option<Self> {
        match error {
            PipelineError::Store(
                error @ (StoreError::Taken { .. } | StoreError::TakenMeanwhile),
            ) => Some(Self(error.clone())),
            _ => None,
        }
    }

    /// Which value, and whose.
    fn key(&self) -> Option<(&str, Uuid)> {
        match &self.0 {
            StoreError::Taken { key, holder, .. } => Some((key, holder.id)),
            _ => None,
        }
    }
}

impl PartialEq for Clash {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

fn result_of(import: &Import) -> serde_json::Value {
    json!({ "import_id": import.id, "counts": import.counts })
}

async fn read_in(
    workspace: &Workspace,
    import: Import,
    job: &mut JobContext<'_>,
) -> Result<Import, PipelineError> {
    let id = import.id;
    let mapping = read_mapping(&import)?;
    let seen = SeenMessages::open(workspace, &import.source.name).await?;
    let options = read_options(workspace).await?;
    let custom = CustomColumns::open(workspace, &mapping, &options).await?;
    let mut assembler = Assembler::new(workspace, &import, &mapping, seen, custom);
    let format: FileFormat = from_json(import.format.clone())?;
    let mut file = Reading::begin(workspace.upload_path(id), format, mapping, options);
    let mut progress = Progress::of(&import);
    read_rows(workspace, &mut file, &mut assembler, &mut progress, job).await?;
    finish(workspace, id, job, &assembler, &progress).await
}

async fn read_rows(
    workspace: &Workspace,
    file: &mut Reading,
    assembler: &mut Assembler<'_>,
    progress: &mut Progress,
    job: &mut JobContext<'_>,
) -> Result<(), PipelineError> {
    let id = assembler.import_id();
    let mut n_read = 0;
    while let Some(chunk) = file.next().await? {
        let n_rows = (chunk.rows.len() + chunk.rejected.len()) as u64;
        let n_done = progress.rows_done.saturating_sub(n_read).min(n_rows);
        n_read += n_rows;
        let (done, rest) = reading::split(chunk, n_done);
        assembler.skip(&done).await?;
        if reading::is_empty(&rest) {
            continue;
        }
        job.report(progress.of_job()).await?;
        commit(workspace, assembler, rest, progress).await?;
        workspace.changes.announce(Change::Import(id));
    }
    Ok(())
}

async fn finish(
    workspace: &Workspace,
    id: ImportId,
    job: &mut JobContext<'_>,
    assembler: &Assembler<'_>,
    progress: &Progress,
) -> Result<Import, PipelineError> {
    let total = Some(progress.rows_done);
    let step = |step: &str| JobProgress {
        step: step.to_owned(),
        done: progress.rows_done,
        total,
    };
    job.report(step("adding_up_orders")).await?;
    orders::refresh_totals(&workspace.store, assembler.touched()).await?;
    job.report(step("arranging_events")).await?;
    while crate::events::compact_once(workspace, true).await? {
        job.report(step("arranging_events")).await?;
    }
    let import = imports::finish(&workspace.store, id, workspace.clock.now()).await?;
    workspace.changes.announce(Change::Import(id));
    Ok(import)
}

/// How far the import is, as its next transaction will say.
struct Progress {
    rows_done: u64,
    rows_total: Option<u64>,
    counts: rapport_domain::ImportCounts,
}

impl Progress {
    fn of(import: &Import) -> Self {
        Self {
            rows_done: import.rows_done,
            rows_total: import.rows_total,
            counts: import.counts.clone(),
        }
    }

    fn of_job(&self) -> JobProgress {
        JobProgress {
            step: "importing_rows".to_owned(),
            done: self.rows_done,
            total: self.rows_total.map(|total| total.max(self.rows_done)),
        }
    }
}

/// Writes the events of a chunk to a file and then everything in one transaction.
async fn commit(
    workspace: &Workspace,
    assembler: &mut Assembler<'_>,
    chunk: Chunk,
    progress: &mut Progress,
) -> Result<(), PipelineError> {
    let n_rows = (chunk.rows.len() + chunk.rejected.len()) as u64;
    let mut assembled = assembler.assemble(chunk.rows, progress.rows_done).await?;
    if !assembled.events.is_empty() {
        let (lake, id) = (&workspace.lake, assembler.import_id());
        let segment = lake.write_import(&assembled.events, id).await?;
        assembled.batch.event_segments.push(to_row(segment));
    }
    let mut rejected = chunk.rejected;
    rejected.append(&mut assembled.rejected);
    progress.rows_done += n_rows;
    progress.counts.read += n_rows;
    progress.counts.accepted += n_rows - rejected.len() as u64;
    progress.counts.unchanged += assembled.n_unchanged;
    for row in &rejected {
        *progress.counts.rejected.entry(row.reason).or_default() += 1;
    }
    assembled.batch.rejected = rejected;
    assembled.batch.rows_done = progress.rows_done;
    assembled.batch.bytes_done = chunk.bytes_read;
    assembled.batch.counts = progress.counts.clone();
    imports::commit_batch(&workspace.store, assembled.batch).await?;
    Ok(())
}
