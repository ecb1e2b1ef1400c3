//! The job that tells what each row of a file would do, without doing it: batches are made as an import
//! makes them, each over those before it, and none is written.

use std::collections::HashSet;

use rapport_domain::ImportId;
use rapport_store::StoreError;
use rapport_store::imports::{self, DryRunRow, Import};
use rapport_store::jobs::Job;
use serde_json::json;
use uuid::Uuid;

use super::rows::{Rows, progress_at};
use super::run::ImportPayload;
use super::{announced, check_custom, job_of, read_mapping};
use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::jobs::JobContext;

/// Kind of the job.
pub(crate) const DRY_RUN_KIND: &str = "dry_run";

/// Rows of a file that a dry run looks at. All that they would make is held in memory, so that later rows
/// find it.
pub const DRY_RUN_ROWS_MAX: u64 = 100_000;

/// Queues the dry run of an import that was not run yet. It goes over the first [`DRY_RUN_ROWS_MAX`] rows.
/// One that is under way works for nobody from then on: it may follow a mapping that is not there any more.
///
/// # Errors
/// [`PipelineError::Ingest`] where the mapping cannot be used; [`PipelineError::Store`] where the import
/// was run already.
pub async fn start_dry_run(workspace: &Workspace, id: ImportId) -> Result<Job, PipelineError> {
    let import = imports::find_ready(&workspace.store, id).await?;
    let mapping = read_mapping(&import)?;
    mapping.check()?;
    check_custom(workspace, &mapping).await?;
    let job = job_of(workspace, id, DRY_RUN_KIND, None);
    let job = imports::queue_dry_run(&workspace.store, id, job, workspace.clock.now()).await?;
    Ok(announced(workspace, id, job))
}

/// Goes over the file of an import and notes what its rows would do.
pub(crate) async fn run(
    workspace: &Workspace,
    payload: ImportPayload,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let (id, job_id) = (payload.import_id, job.leased().job.id);
    let ready = imports::find_ready(&workspace.store, id).await;
    let import = ready.map_err(unless_unwanted)?;
    let begun = imports::begin_dry_run(&workspace.store, id, job_id).await;
    begun.map_err(unless_unwanted)?;
    let mut rows = Rows::open_dry(workspace, &import).await?;
    let mut made = HashSet::new();
    let is_whole = loop {
        let done = rows.rows_done();
        job.report(progress_at("looking_at_rows", done, import.rows_total))
            .await?;
        let Some(told) = next(&mut rows, &mut made).await? else {
            break true;
        };
        let added = imports::add_dry_run_rows(&workspace.store, id, job_id, told).await;
        added.map_err(unless_unwanted)?;
        workspace.changes.announce(Change::Import(id));
        if rows.rows_done() >= DRY_RUN_ROWS_MAX {
            break rows.next().await?.is_none();
        }
    };
    let result = result_of(&import, &rows, is_whole);
    workspace.changes.announce(Change::Import(id));
    Ok(result)
}

/// Whoever maps the file anew, starts another dry run or reads the file in does not want this one any more:
/// it ends like one that a person has stopped.
fn unless_unwanted(error: StoreError) -> PipelineError {
    match error {
        StoreError::WrongState { .. } => PipelineError::Cancelled,
        error => error.into(),
    }
}

fn result_of(import: &Import, rows: &Rows<'_>, is_whole: bool) -> serde_json::Value {
    json!({ "import_id": import.id, "rows_done": rows.rows_done(), "is_whole": is_whole })
}

/// What the rows of the next chunk would do; none at the end of the file.
async fn next(
    rows: &mut Rows<'_>,
    made: &mut HashSet<Uuid>,
) -> Result<Option<Vec<DryRunRow>>, PipelineError> {
    let Some(assembled) = rows.next().await? else {
        return Ok(None);
    };
    rows.expect(&assembled.batch);
    let mut told = assembled.outcomes.into_rows(made);
    rows.name_references(&mut told).await?;
    let rejected = assembled.batch.rejected.into_iter();
    told.extend(rejected.map(DryRunRow::rejected));
    Ok(Some(told))
}
