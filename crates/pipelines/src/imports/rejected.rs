//! The rows that were not taken, as a file to mend and import again.

use rapport_domain::ImportId;
use rapport_ingest::RejectedWriter;
use rapport_store::imports;

use super::find;
use crate::Workspace;
use crate::error::PipelineError;

/// Rows that are read at once.
const PAGE_ROWS: u64 = 5_000;

/// Writes all rejected rows of an import as CSV: the original columns, with line, reason and
/// message before them.
///
/// # Errors
/// [`PipelineError::Store`] where there is no such import; [`PipelineError::Ingest`] where `writer`
/// fails.
pub async fn rejected_csv<W: std::io::Write>(
    workspace: &Workspace,
    id: ImportId,
    writer: W,
) -> Result<W, PipelineError> {
    let import = find(workspace, id).await?;
    let mut csv = RejectedWriter::new(writer, &import.columns)?;
    let mut after = 0;
    loop {
        let rows = imports::list_rejected_after(&workspace.store, id, after, PAGE_ROWS).await?;
        let Some(last) = rows.last() else { break };
        after = last.line;
        for row in &rows {
            csv.write(row)?;
        }
    }
    Ok(csv.finish()?)
}
