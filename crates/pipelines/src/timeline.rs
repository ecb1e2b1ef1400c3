//! What happened with a contact: records of the store and events of the lake as one list.

use rapport_domain::{ContactId, Event, EventKind};
use rapport_lake::Place;
use rapport_store::timeline::{self, TimelineKey, TimelineRecord};

use crate::Workspace;
use crate::error::PipelineError;

/// Events that tell of an order or a ticket, which stand in the timeline themselves.
const RECORDS: [EventKind; 3] = [
    EventKind::ProductOrdered,
    EventKind::ProductReturned,
    EventKind::TicketOpened,
];

/// An entry of a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEntry {
    /// Its place: by time, then id, both from large to small.
    pub key: TimelineKey,
    /// What happened.
    pub item: TimelineItem,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum TimelineItem {
    /// A record: an order, a ticket, a note or a task.
    Record(TimelineRecord),
    /// An event that is no record of its own.
    Event(Event),
}

/// Lists what happened with a contact before a place, the latest first.
///
/// # Errors
/// [`PipelineError`] where the records or the events cannot be read.
pub async fn of(
    workspace: &Workspace,
    contact: ContactId,
    before: Option<TimelineKey>,
    limit: usize,
) -> Result<Vec<TimelineEntry>, PipelineError> {
    let records = timeline::list_of(&workspace.store, contact, before, limit).await?;
    let records = records.into_iter().map(|entry| TimelineEntry {
        key: entry.key,
        item: TimelineItem::Record(entry.record),
    });
    let mut entries: Vec<TimelineEntry> = records.collect();
    entries.extend(events_of(workspace, contact, before, limit).await?);
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.key));
    entries.truncate(limit);
    Ok(entries)
}

async fn events_of(
    workspace: &Workspace,
    contact: ContactId,
    before: Option<TimelineKey>,
    limit: usize,
) -> Result<Vec<TimelineEntry>, PipelineError> {
    let snapshot = workspace.events().await?;
    let before = before.map(|key| Place {
        at: key.at,
        id: key.id.into(),
    });
    let events = snapshot.history(contact, before, &RECORDS, limit).await?;
    let entries = events.into_iter().map(|event| TimelineEntry {
        key: TimelineKey {
            at: event.occurred_at,
            id: event.id.as_uuid(),
        },
        item: TimelineItem::Event(event),
    });
    Ok(entries.collect())
}
