//! Events on their way into the lake: inbox, flush, compaction.

use std::time::Duration;

use rapport_domain::Event;
use rapport_lake::CompactOptions;
use rapport_store::events;

use crate::Workspace;
use crate::catalogue::{catalogue, to_row};
use crate::error::PipelineError;

/// Events of the inbox that go into one file.
const FLUSH_EVENTS: u64 = 100_000;
/// Files as they came that wait at most; then they are merged.
const COMPACT_FILES: usize = 16;
/// Files that one merge opens at most.
const MERGE_FILES: usize = 64;

/// Takes events in; they are durable when this returns, and a repeated message is taken once.
///
/// # Errors
/// [`PipelineError::Store`] where they cannot be written.
pub async fn append_events(workspace: &Workspace, new: Vec<Event>) -> Result<u64, PipelineError> {
    Ok(events::append_inbox(&workspace.store, new).await?)
}

/// Moves what waits in the inbox to files of the lake.
pub(crate) async fn flush(workspace: &Workspace) -> Result<u64, PipelineError> {
    let mut n_flushed = 0;
    loop {
        let waiting = events::list_inbox(&workspace.store, FLUSH_EVENTS).await?;
        if waiting.is_empty() {
            return Ok(n_flushed);
        }
        n_flushed += waiting.len() as u64;
        let (seqs, batch): (Vec<i64>, Vec<Event>) =
            waiting.into_iter().map(|row| (row.seq, row.event)).unzip();
        let segment = workspace.lake.write_segment(&batch).await?;
        events::flush_inbox(&workspace.store, seqs, vec![to_row(segment)]).await?;
    }
}

/// Merges files as they came into files by month and customer bucket, where enough have gathered
/// or `always`.
pub(crate) async fn compact(workspace: &Workspace, always: bool) -> Result<(), PipelineError> {
    let fresh: Vec<_> = catalogue(&workspace.store)
        .await?
        .into_iter()
        .filter(|segment| segment.bucket.is_none())
        .collect();
    let is_due = fresh.len() >= COMPACT_FILES || (always && fresh.len() > 1);
    if !is_due {
        return Ok(());
    }
    for group in fresh.chunks(MERGE_FILES) {
        let merged = workspace
            .lake
            .compact(group, &CompactOptions::default())
            .await?;
        let old = group.iter().map(|segment| segment.path.clone()).collect();
        events::swap_segments(
            &workspace.store,
            old,
            merged.into_iter().map(to_row).collect(),
        )
        .await?;
        // A reader may still hold the old list: its files are left to the sweep of the next start.
    }
    Ok(())
}

/// How often the inbox is emptied.
pub(crate) const FLUSH_EVERY: Duration = Duration::from_secs(30);
