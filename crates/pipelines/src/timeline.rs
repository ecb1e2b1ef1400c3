//! What happened with a contact: records of the store and events of the lake as one list.

use rapport_domain::{ContactId, Event, EventKind, Timestamp};
use rapport_store::timeline::{self, TimelineKey, TimelineRecord};

use crate::Workspace;
use crate::error::PipelineError;

/// Times that the lake is asked again where a stretch of history was all order lines.
const ROUNDS_MAX: usize = 8;

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
    // The lake cuts by time alone: events of the very instant are asked for and then cut by id.
    let mut bound = before.map(|key| Timestamp::from_micros(key.at.as_micros().saturating_add(1)));
    let mut entries = Vec::new();
    let wanted = limit.saturating_mul(4).max(64);
    for _ in 0..ROUNDS_MAX {
        let events = snapshot.history(contact, bound, wanted).await?;
        let is_all = events.len() < wanted;
        bound = events.last().map(|event| event.occurred_at);
        entries.extend(
            events
                .into_iter()
                .filter(|event| !is_a_record(&event.kind))
                .map(|event| {
                    let key = TimelineKey {
                        at: event.occurred_at,
                        id: event.id.as_uuid(),
                    };
                    TimelineEntry {
                        key,
                        item: TimelineItem::Event(event),
                    }
                }),
        );
        if is_all || entries.len() >= limit {
            break;
        }
    }
    entries.retain(|entry| before.is_none_or(|key| entry.key < key));
    Ok(entries)
}

/// Whether the event tells of an order or a ticket, which stand in the timeline themselves.
fn is_a_record(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::ProductOrdered | EventKind::ProductReturned | EventKind::TicketOpened
    )
}
