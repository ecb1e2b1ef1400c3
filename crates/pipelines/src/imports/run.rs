//! The job that reads a file in, chunk by chunk, on from where an earlier run stopped.

use rapport_domain::{ImportId, ImportStatus};
use rapport_store::imports::{self, CommittedBatch, Import};
use rapport_store::{StoreError, orders};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::assemble::Assembled;
use super::find;
use super::records::Ahead;
use super::rows::{Rows, progress_at};
use crate::Workspace;
use crate::catalogue::to_row;
use crate::changes::Change;
use crate::company_attachments;
use crate::error::PipelineError;
use crate::jobs::JobContext;
use crate::matching;

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
        matching::start_after_import(workspace, id).await?;
        company_attachments::start(workspace).await?;
        return Ok(result_of(&before));
    }
    let mut import = imports::start(&workspace.store, id, workspace.clock.now()).await?;
    workspace.changes.announce(Change::Import(id));
    let (mut last, mut n_same) = (None, 0);
    loop {
        let error = match read_in(workspace, import, job).await {
            Ok(done) => {
                matching::start_after_import(workspace, id).await?;
                company_attachments::start(workspace).await?;
                return Ok(result_of(&done));
            }
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
    mut import: Import,
    job: &mut JobContext<'_>,
) -> Result<Import, PipelineError> {
    let mut rows = Rows::open(workspace, &import).await?;
    loop {
        match write_rows(workspace, &import, &mut rows, job).await? {
            End::OfFile => return finish(workspace, import.id, job, &rows).await,
            End::Overtaken => {
                import = find(workspace, import.id).await?;
                rows = rows.again(workspace, &import).await?;
            }
        }
    }
}

/// How a run over a file ends.
enum End {
    /// All rows are in or rejected.
    OfFile,
    /// A person has changed what a batch would have changed, so that the next one was made of records
    /// that are not as they were expected to be. It is made anew, like after a kill.
    Overtaken,
}

/// Writes one batch after the other.
async fn write_rows(
    workspace: &Workspace,
    import: &Import,
    rows: &mut Rows<'_>,
    job: &mut JobContext<'_>,
) -> Result<End, PipelineError> {
    if workspace.import_pace.is_ahead {
        return write_ahead(workspace, import, rows, job).await;
    }
    while let Some(assembled) = rows.next().await? {
        report(import, &assembled, job).await?;
        write(workspace, import.id, assembled).await?;
        workspace.changes.announce(Change::Import(import.id));
    }
    Ok(End::OfFile)
}

/// While one batch is written the next is made ready; it stands only where that one has been written as it
/// was. All that takes time is done beside the writing: between two batches nobody writes.
async fn write_ahead(
    workspace: &Workspace,
    import: &Import,
    rows: &mut Rows<'_>,
    job: &mut JobContext<'_>,
) -> Result<End, PipelineError> {
    let mut ready = rows.next_with_ahead().await?;
    while let Some((assembled, ahead)) = ready {
        report(import, &assembled, job).await?;
        let (committed, next) = futures::join!(write(workspace, import.id, assembled), async {
            rows.expect_next(ahead);
            rows.next_with_ahead().await
        });
        let committed = committed?;
        workspace.changes.announce(Change::Import(import.id));
        if !matches!(next, Ok(None)) && committed.n_kept() > 0 {
            return Ok(End::Overtaken);
        }
        ready = next?;
    }
    rows.expect_next(Ahead::default());
    Ok(End::OfFile)
}

async fn report(
    import: &Import,
    next: &Assembled,
    job: &mut JobContext<'_>,
) -> Result<(), PipelineError> {
    let done = next.batch.rows_before;
    job.report(progress_at("importing_rows", done, import.rows_total))
        .await
}

/// Writes the events of a batch to a file and then everything in one transaction.
async fn write(
    workspace: &Workspace,
    import: ImportId,
    mut assembled: Assembled,
) -> Result<CommittedBatch, PipelineError> {
    if !assembled.events.is_empty() {
        let segment = workspace.lake.write_import(&assembled.events, import);
        let segment = to_row(segment.await?);
        assembled.batch.event_segments.push(segment);
    }
    Ok(imports::commit_batch(&workspace.store, assembled.batch).await?)
}

async fn finish(
    workspace: &Workspace,
    id: ImportId,
    job: &mut JobContext<'_>,
    rows: &Rows<'_>,
) -> Result<Import, PipelineError> {
    let done = rows.rows_done();
    let step = |step: &str| progress_at(step, done, Some(done));
    job.report(step("adding_up_orders")).await?;
    orders::refresh_totals(&workspace.store, rows.touched()).await?;
    job.report(step("arranging_events")).await?;
    while crate::events::compact_once(workspace, true).await? {
        job.report(step("arranging_events")).await?;
    }
    let import = imports::finish(&workspace.store, id, workspace.clock.now()).await?;
    workspace.changes.announce(Change::Import(id));
    Ok(import)
}
