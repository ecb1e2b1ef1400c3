//! All events of a workspace, one batch after another, for who takes them away.

use futures::StreamExt as _;
use rapport_domain::{Event, Timestamp};
use rapport_lake::{BatchStream, to_events};

use crate::Workspace;
use crate::error::PipelineError;

/// Events on their way, by customer and time; those of nobody come last.
pub struct AllEvents(BatchStream);

impl std::fmt::Debug for AllEvents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AllEvents").finish_non_exhaustive()
    }
}

impl AllEvents {
    /// The next events; none where there are no more.
    ///
    /// # Errors
    /// [`PipelineError::Lake`] where a file is missing or damaged.
    pub async fn next(&mut self) -> Result<Option<Vec<Event>>, PipelineError> {
        let Self(batches) = self;
        let Some(batch) = batches.next().await.transpose()? else {
            return Ok(None);
        };
        Ok(Some(to_events(&batch)?))
    }
}

impl Workspace {
    /// All events, as they are now.
    ///
    /// # Errors
    /// [`PipelineError`] where the catalogue or a file cannot be read.
    pub async fn all_events(&self) -> Result<AllEvents, PipelineError> {
        let snapshot = self.events().await?;
        let end = Timestamp::from_micros(i64::MAX);
        Ok(AllEvents(snapshot.ordered(end).await?))
    }
}
