//! Which messages of a source are in the history already, so that a file that is imported twice
//! adds nothing.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use rapport_domain::Event;
use rapport_lake::{Snapshot, SqlValue};

use crate::Workspace;
use crate::error::PipelineError;

/// Messages that were there when a run began, and those that the run has added.
pub(super) struct SeenMessages {
    /// The history before the run; none where the source had no event in it.
    before: Option<Snapshot>,
    /// Digests of the keys added by this run: eight bytes each, whatever the key's length.
    added: HashSet<u64>,
}

impl SeenMessages {
    /// Looks whether the source has any history.
    pub(super) async fn open(workspace: &Workspace, source: &str) -> Result<Self, PipelineError> {
        let snapshot = workspace.events().await?;
        let query = "SELECT 1 FROM events WHERE source = $source LIMIT 1";
        let rows = snapshot
            .sql(query, &[("source", SqlValue::text(source))])
            .await?;
        let has_history = rows.iter().any(|batch| batch.num_rows() > 0);
        Ok(Self {
            before: has_history.then_some(snapshot),
            added: HashSet::new(),
        })
    }

    /// Tells for each event whether it is new, and remembers it.
    pub(super) async fn mark(
        &mut self,
        source: &str,
        events: &[Event],
    ) -> Result<Vec<bool>, PipelineError> {
        let known = self.known_before(source, events).await?;
        let is_new = |event: &Event| {
            !known.contains(&event.message_id) && self.added.insert(digest(&event.message_id))
        };
        Ok(events.iter().map(is_new).collect())
    }

    /// Keys of the source's history within the time that the events span.
    async fn known_before(
        &self,
        source: &str,
        events: &[Event],
    ) -> Result<HashSet<String>, PipelineError> {
        let (Some(snapshot), Some(first), Some(last)) = (
            &self.before,
            events.iter().map(|event| event.occurred_at).min(),
            events.iter().map(|event| event.occurred_at).max(),
        ) else {
            return Ok(HashSet::new());
        };
        let query = "SELECT message_id FROM events \
            WHERE source = $source AND occurred_at >= $first AND occurred_at <= $last";
        let parameters = [
            ("source", SqlValue::text(source)),
            ("first", SqlValue::Timestamp(first)),
            ("last", SqlValue::Timestamp(last)),
        ];
        let batches = snapshot.sql(query, &parameters).await?;
        Ok(batches
            .iter()
            .flat_map(|batch| rapport_lake::texts_of(batch, "message_id"))
            .map(str::to_owned)
            .collect())
    }
}

fn digest(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
