//! Taking the events of an import out of the history.

use futures::TryStreamExt as _;
use rapport_domain::{ImportId, JobProgress};
use rapport_lake::{CompactOptions, Leaving, Segment, Withdrawn};
use rapport_store::imports::Kept;
use rapport_store::{StoreError, events, imports};

use crate::Workspace;
use crate::catalogue::{catalogue, to_row};
use crate::error::PipelineError;
use crate::imports::kept_messages;
use crate::jobs::JobContext;

/// Events of the files that are looked at, and written anew, between two signs of life.
const GROUP_EVENTS: u64 = 4_000_000;

/// Writes the files that hold events of an import anew without these, some files at a time, and ends
/// the undo of the import in the transaction that swaps the last ones. With them go the events that
/// imports taken back before had to leave because of this one. Killed at any moment, it may be begun
/// again.
///
/// # Errors
/// [`PipelineError`] where a file cannot be read or written, or the job is to stop.
pub(crate) async fn withdraw(
    workspace: &Workspace,
    import: ImportId,
    job: &mut JobContext<'_>,
) -> Result<(), PipelineError> {
    let mut leaving = vec![import];
    leaving.extend(imports::released(&workspace.store, import).await?);
    loop {
        let groups = groups(catalogue(&workspace.store).await?);
        let n_groups = groups.len();
        let mut is_current = true;
        for (idx, group) in groups.into_iter().enumerate() {
            job.report(JobProgress {
                step: "removing_events".to_owned(),
                done: idx as u64,
                total: Some(n_groups as u64),
            })
            .await?;
            let is_last = idx + 1 == n_groups;
            is_current = swap(workspace, &leaving, &group, is_last).await?;
            if !is_current {
                break;
            }
        }
        if is_current {
            return Ok(());
        }
    }
}

/// Swaps the files of one group; tells whether the catalogue was still what the group was cut from. The
/// first of the imports is the one that is being taken back.
async fn swap(
    workspace: &Workspace,
    imports: &[ImportId],
    group: &[Segment],
    is_last: bool,
) -> Result<bool, PipelineError> {
    let _turn = workspace.upkeep.turn.lock().await;
    let options = CompactOptions::default();
    let lake = &workspace.lake;
    let undone = imports[0];
    let mut leaving = Vec::with_capacity(imports.len());
    for &import in imports {
        let kept = kept_in(workspace, group, Kept { import, undone }).await?;
        leaving.push(Leaving { import, kept });
    }
    let withdrawn = lake.without_import(group, &leaving, &options).await?;
    exchange(workspace, withdrawn, is_last.then_some(undone)).await
}

/// Puts files in the place of others, which may end the undo of an import; tells whether the others
/// were still in the catalogue. Whoever calls it has the turn.
pub(super) async fn exchange(
    workspace: &Workspace,
    withdrawn: Withdrawn,
    undone: Option<ImportId>,
) -> Result<bool, PipelineError> {
    let old = withdrawn.old.iter().map(|segment| segment.path.clone());
    let new = withdrawn.new.iter().cloned().map(to_row);
    let (old, new) = (old.collect(), new.collect());
    let now = workspace.clock.now();
    let swapped = match undone {
        Some(import) => {
            let done = imports::finish_undo(&workspace.store, import, old, new, now).await;
            done.map(|_| ())
        }
        None => events::swap_segments(&workspace.store, old, new).await,
    };
    match swapped {
        Ok(()) => workspace.upkeep.note_replaced(now, withdrawn.old),
        // Others have merged some of them meanwhile: their files are looked at instead.
        Err(StoreError::Conflict { .. }) => {
            workspace.lake.remove(&withdrawn.new).await?;
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(true)
}

/// The keys of those events of an import in some files that stay: no more are held than these files
/// have.
async fn kept_in(
    workspace: &Workspace,
    group: &[Segment],
    of: Kept,
) -> Result<Vec<String>, PipelineError> {
    if !rapport_store::imports::has_kept_history(&workspace.store, of).await? {
        return Ok(Vec::new());
    }
    let mut keys = workspace.lake.keys_of_import(group, of.import).await?;
    let mut kept = Vec::new();
    while let Some(piece) = keys.try_next().await? {
        kept.extend(kept_messages(&workspace.store, of, piece).await?);
    }
    Ok(kept)
}

/// Files cut into groups of about so many events; at least one group, which may be empty.
pub(super) fn groups(segments: Vec<Segment>) -> Vec<Vec<Segment>> {
    let mut done = Vec::new();
    let (mut group, mut rows) = (Vec::new(), 0);
    for segment in segments {
        if rows > 0 && rows + segment.rows > GROUP_EVENTS {
            done.push(std::mem::take(&mut group));
            rows = 0;
        }
        rows += segment.rows;
        group.push(segment);
    }
    done.push(group);
    done
}

#[cfg(test)]
mod tests {
    use rapport_testing::at;

    use super::*;

    #[test]
    fn files_are_grouped_by_their_events_and_no_file_is_lost() {
        let segment = |rows| Segment {
            path: String::new(),
            rows,
            bytes: 0,
            bucket: None,
            n_buckets: None,
            min_at: at("2026-01-01T00:00:00Z"),
            max_at: at("2026-01-01T00:00:00Z"),
        };
        let sizes = |rows: &[u64]| -> Vec<usize> {
            let segments = rows.iter().map(|&rows| segment(rows)).collect();
            groups(segments).iter().map(Vec::len).collect()
        };

        assert_eq!(sizes(&[]), [0]);
        assert_eq!(
            sizes(&[3_000_000, 1_000_000, 1, 9_000_000, 1]),
            [2, 1, 1, 1]
        );
    }
}
