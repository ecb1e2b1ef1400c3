//! The job that reads a file in, chunk by chunk, on from where an earlier run stopped.

use std::collections::HashSet;
use std::fs::File;
use std::path::PathBuf;

use rapport_domain::{ImportId, ImportStatus, JobProgress};
use rapport_ingest::{Chunk, FileFormat, IngestError, Mapping, ParsedRow, ReadOptions, RowReader};
use rapport_store::imports::{self, Import};
use rapport_store::orders::{self, TotalsScope};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc;

use super::assemble::Assembler;
use super::seen::SeenMessages;
use super::{find, from_json, read_mapping, read_options};
use crate::Workspace;
use crate::catalogue::to_row;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::jobs::JobContext;

/// Rows of a chunk, and so of a transaction: large enough that statements by set pay, small enough
/// that a kill or a cancel costs a second.
const CHUNK_ROWS: usize = 20_000;

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
    let import = imports::start(&workspace.store, id, workspace.clock.now()).await?;
    workspace.changes.announce(Change::Import(id));
    Ok(result_of(&read_in(workspace, import, job).await?))
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
    let format: FileFormat = from_json(import.format.clone())?;
    let options = read_options(workspace).await?;
    let mut chunks = read_ahead(workspace.upload_path(id), format, mapping, options);
    let seen = SeenMessages::open(workspace, &import.source.name).await?;
    let source = (import.source.id, import.source.name.clone());
    let mut assembler = Assembler::new(workspace, id, source, seen);
    let mut progress = Progress::of(&import);
    let mut n_read = 0;
    while let Some(chunk) = chunks.recv().await {
        let chunk = chunk?;
        let n_rows = (chunk.rows.len() + chunk.rejected.len()) as u64;
        let n_done = progress.rows_done.saturating_sub(n_read).min(n_rows);
        n_read += n_rows;
        let (done, rest) = split(chunk, n_done);
        assembler.skip(&done).await?;
        if rest.rows.is_empty() && rest.rejected.is_empty() {
            continue;
        }
        job.report(progress.of_job(&import)).await?;
        commit(workspace, &mut assembler, rest, &mut progress).await?;
        workspace.changes.announce(Change::Import(id));
    }
    finish(workspace, id, job, &progress).await
}

async fn finish(
    workspace: &Workspace,
    id: ImportId,
    job: &mut JobContext<'_>,
    progress: &Progress,
) -> Result<Import, PipelineError> {
    let total = Some(progress.rows_done);
    let step = |step: &str| JobProgress {
        step: step.to_owned(),
        done: progress.rows_done,
        total,
    };
    job.report(step("adding_up_orders")).await?;
    orders::refresh_totals(&workspace.store, TotalsScope::All).await?;
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
    counts: rapport_domain::ImportCounts,
}

impl Progress {
    fn of(import: &Import) -> Self {
        Self {
            rows_done: import.rows_done,
            counts: import.counts.clone(),
        }
    }

    fn of_job(&self, import: &Import) -> JobProgress {
        JobProgress {
            step: "importing_rows".to_owned(),
            done: self.rows_done,
            total: import.rows_total.map(|total| total.max(self.rows_done)),
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
    let (n_taken, n_rejected) = (chunk.rows.len() as u64, chunk.rejected.len() as u64);
    let mut assembled = assembler.assemble(chunk.rows, progress.rows_done).await?;
    if !assembled.events.is_empty() {
        let segment = workspace.lake.write_segment(&assembled.events).await?;
        assembled.batch.event_segments.push(to_row(segment));
    }
    progress.rows_done += n_taken + n_rejected;
    progress.counts.read += n_taken + n_rejected;
    progress.counts.accepted += n_taken;
    progress.counts.unchanged += assembled.n_unchanged;
    for row in &chunk.rejected {
        *progress.counts.rejected.entry(row.reason).or_default() += 1;
    }
    assembled.batch.rejected = chunk.rejected;
    assembled.batch.rows_done = progress.rows_done;
    assembled.batch.bytes_done = chunk.bytes_read;
    assembled.batch.counts = progress.counts.clone();
    imports::commit_batch(&workspace.store, assembled.batch).await?;
    Ok(())
}

/// Reads chunks on a thread of its own, one ahead of the one that is being written.
fn read_ahead(
    path: PathBuf,
    format: FileFormat,
    mapping: Mapping,
    options: ReadOptions,
) -> mpsc::Receiver<Result<Chunk, PipelineError>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        let opened = File::open(&path)
            .map_err(PipelineError::io("read", &path))
            .and_then(|file| Ok(RowReader::new(file, &format, &mapping, &options)?));
        let mut reader = match opened {
            Ok(reader) => reader,
            Err(error) => {
                // The import went away while its file was opened: nobody wants the answer.
                let _ = sender.blocking_send(Err(error));
                return;
            }
        };
        while let Some(chunk) = next(&mut reader).transpose() {
            let is_last = chunk.is_err();
            if sender
                .blocking_send(chunk.map_err(PipelineError::from))
                .is_err()
                || is_last
            {
                return;
            }
        }
    });
    receiver
}

fn next(reader: &mut RowReader<File>) -> Result<Option<Chunk>, IngestError> {
    reader.next_chunk(CHUNK_ROWS)
}

/// Cuts a chunk after its first `n_done` rows, rejected ones counted: those rows are in already.
fn split(chunk: Chunk, n_done: u64) -> (Vec<ParsedRow>, Chunk) {
    if n_done == 0 {
        return (Vec::new(), chunk);
    }
    let mut lines: Vec<u64> = chunk.rows.iter().map(ParsedRow::line).collect();
    lines.extend(chunk.rejected.iter().map(|row| row.line));
    lines.sort_unstable();
    let n_done = usize::try_from(n_done)
        .unwrap_or(usize::MAX)
        .min(lines.len());
    let done_lines: HashSet<u64> = lines[..n_done].iter().copied().collect();
    let (done, rows) = chunk
        .rows
        .into_iter()
        .partition(|row| done_lines.contains(&row.line()));
    let rejected = chunk
        .rejected
        .into_iter()
        .filter(|row| !done_lines.contains(&row.line))
        .collect();
    (
        done,
        Chunk {
            rows,
            rejected,
            ..chunk
        },
    )
}
