//! Which messages of a source are in the history already, so that a file that is imported twice
//! adds nothing.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use futures::TryStreamExt as _;
use rapport_domain::Event;
use rapport_lake::{Snapshot, SqlValue};

use crate::Workspace;
use crate::error::PipelineError;

/// Messages of this run that are remembered; beyond that the history, which has them by then, is
/// looked at anew.
const ADDED_MAX: usize = 1_000_000;

/// Messages that were there when the history was looked at, and those that came since.
pub(super) struct SeenMessages<'a> {
    workspace: &'a Workspace,
    source: String,
    /// The history; none where the source has no event in it.
    before: Option<Snapshot>,
    /// Digests of the keys added since: eight bytes each, whatever the key's length.
    added: HashSet<u64>,
}

impl<'a> SeenMessages<'a> {
    /// Looks whether the source has any history.
    pub(super) async fn open(
        workspace: &'a Workspace,
        source: &str,
    ) -> Result<Self, PipelineError> {
        Ok(Self {
            workspace,
            source: source.to_owned(),
            before: history_of(workspace, source).await?,
            added: HashSet::new(),
        })
    }

    /// Of rows that are no events: nothing is looked up.
    pub(super) fn none(workspace: &'a Workspace, source: &str) -> Self {
        Self {
            workspace,
            source: source.to_owned(),
            before: None,
            added: HashSet::new(),
        }
    }

    /// Tells for each event whether it is new, and remembers it. Events of earlier calls are in
    /// the history by now.
    pub(super) async fn mark(&mut self, events: &[Event]) -> Result<Vec<bool>, PipelineError> {
        if self.added.len() > ADDED_MAX {
            self.before = history_of(self.workspace, &self.source).await?;
            self.added.clear();
        }
        let known = self.known_before(events).await?;
        let is_new = |event: &Event| {
            !known.contains(event.message_id.as_str())
                && self.added.insert(digest(&event.message_id))
        };
        Ok(events.iter().map(is_new).collect())
    }

    /// The keys among those of the events that the history has for the same source, kinds and
    /// time. Of the history one batch at a time is held.
    async fn known_before<'e>(
        &self,
        events: &'e [Event],
    ) -> Result<HashSet<&'e str>, PipelineError> {
        let mut known = HashSet::new();
        let (Some(snapshot), Some(first), Some(last)) = (
            &self.before,
            events.iter().map(|event| event.occurred_at).min(),
            events.iter().map(|event| event.occurred_at).max(),
        ) else {
            return Ok(known);
        };
        let asked: HashSet<&str> = events.iter().map(|e| e.message_id.as_str()).collect();
        let kinds: BTreeSet<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        let names: Vec<String> = (0..kinds.len()).map(|idx| format!("kind{idx}")).collect();
        let query = format!(
            "SELECT message_id FROM events WHERE source = $source \
             AND occurred_at >= $first AND occurred_at <= $last AND kind IN (${})",
            names.join(", $")
        );
        let mut parameters = vec![
            ("source", SqlValue::text(self.source.as_str())),
            ("first", SqlValue::Timestamp(first)),
            ("last", SqlValue::Timestamp(last)),
        ];
        let kinds = kinds.into_iter().map(SqlValue::text);
        parameters.extend(names.iter().map(String::as_str).zip(kinds));
        let mut batches = snapshot.sql_stream(&query, &parameters).await?;
        while let Some(batch) = batches.try_next().await? {
            let texts = rapport_lake::texts_of(&batch, "message_id");
            known.extend(texts.filter_map(|text| asked.get(text).copied()));
        }
        Ok(known)
    }
}

async fn history_of(
    workspace: &Workspace,
    source: &str,
) -> Result<Option<Snapshot>, PipelineError> {
    let snapshot = workspace.events().await?;
    let query = "SELECT 1 FROM events WHERE source = $source LIMIT 1";
    let rows = snapshot
        .sql(query, &[("source", SqlValue::text(source))])
        .await?;
    let has_history = rows.iter().any(|batch| batch.num_rows() > 0);
    Ok(has_history.then_some(snapshot))
}

fn digest(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
