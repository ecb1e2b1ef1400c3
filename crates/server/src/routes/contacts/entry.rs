//! An entry of a contact's timeline as the API shows it.

use std::collections::HashMap;

use rapport_domain::{Event, Money as Amount, Note, Order, OrderStatus, Task, Ticket};
use rapport_domain::{Timestamp, UserId};
use rapport_pipelines::timeline::{TimelineEntry as Entry, TimelineItem};
use rapport_store::timeline::{TimelineKey, TimelineRecord};
use rapport_store::{QueryError, Store, StoreError, users};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult};
use crate::respond::Meta;
use crate::wire::{Money, Time};

/// Something that happened with a contact.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimelineEntry {
    /// Identifier of the record or the event.
    id: Uuid,
    /// `order`, `product_returned`, `ticket`, `note`, `task`, or the kind of an event such as
    /// `page_viewed`.
    kind: String,
    /// When it happened.
    at: Time,
    /// Order number, subject, first words or what was seen.
    title: String,
    /// The rest of the text.
    detail: Option<String>,
    /// Amount of an order or an event.
    amount: Option<Money>,
    /// The order.
    order: Option<TimelineOrder>,
    /// The ticket.
    ticket_id: Option<Uuid>,
    /// Name of the colleague who wrote the note or does the task.
    actor: Option<String>,
}

/// The order of an entry.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimelineOrder {
    /// Identifier.
    id: Uuid,
    /// The order's number at its source.
    external_id: String,
}

/// A page of a timeline, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimelineList {
    /// The entries.
    pub(super) entries: Vec<TimelineEntry>,
    /// Where the list goes on.
    pub(super) meta: Meta,
}

impl TimelineEntry {
    /// Entries with the names of the colleagues in them.
    pub(super) async fn list(store: &Store, entries: Vec<Entry>) -> Result<Vec<Self>, StoreError> {
        let users = users::list(store).await?;
        let names = users.into_iter().map(|user| (user.id, user.name)).collect();
        Ok(entries
            .into_iter()
            .map(|entry| Self::of(entry, &names))
            .collect())
    }

    fn of(Entry { key, item }: Entry, names: &HashMap<UserId, String>) -> Self {
        let name = |id: Option<UserId>| id.and_then(|id| names.get(&id).cloned());
        match item {
            TimelineItem::Event(event) => Self::of_event(key, event),
            TimelineItem::Record(TimelineRecord::Order(order)) => Self::of_order(key, order),
            TimelineItem::Record(TimelineRecord::Ticket(ticket)) => Self::of_ticket(key, ticket),
            TimelineItem::Record(TimelineRecord::Note(note)) => {
                let actor = name(note.author_id);
                Self {
                    actor,
                    ..Self::of_note(key, note)
                }
            }
            TimelineItem::Record(TimelineRecord::Task(task)) => {
                let actor = name(task.owner_id);
                Self {
                    actor,
                    ..Self::of_task(key, task)
                }
            }
        }
    }

    fn new(key: TimelineKey, kind: &str, title: impl Into<String>) -> Self {
        Self {
            id: key.id,
            kind: kind.to_owned(),
            at: Time(key.at),
            title: title.into(),
            detail: None,
            amount: None,
            order: None,
            ticket_id: None,
            actor: None,
        }
    }

    fn of_order(key: TimelineKey, order: Order) -> Self {
        let kind = match order.status {
            OrderStatus::Completed => "order",
            OrderStatus::Returned => "product_returned",
        };
        Self {
            amount: Some(Money::new(order.amount_minor, order.currency)),
            order: Some(TimelineOrder {
                id: order.id.0,
                external_id: order.external_id.clone(),
            }),
            ..Self::new(key, kind, order.external_id)
        }
    }

    fn of_ticket(key: TimelineKey, ticket: Ticket) -> Self {
        Self {
            detail: Some(ticket.body).filter(|body| !body.is_empty()),
            ticket_id: Some(ticket.id.0),
            ..Self::new(key, "ticket", ticket.subject)
        }
    }

    fn of_note(key: TimelineKey, note: Note) -> Self {
        Self::new(key, "note", note.body)
    }

    fn of_task(key: TimelineKey, task: Task) -> Self {
        Self::new(key, "task", task.title)
    }

    fn of_event(key: TimelineKey, event: Event) -> Self {
        let amount = event.amount_minor.zip(event.currency);
        let title = property(&event, &["title", "page_url", "url", "subject", "campaign"]);
        let title = title.or(event.sku).or(event.category).or(event.order_id);
        Self {
            amount: amount.map(|(minor, currency)| Amount::new(minor, currency).into()),
            ..Self::new(key, event.kind.as_str(), title.unwrap_or_default())
        }
    }
}

/// The first of an event's properties that has a text.
fn property(event: &Event, names: &[&str]) -> Option<String> {
    let properties: serde_json::Value = serde_json::from_str(event.properties.as_deref()?).ok()?;
    names
        .iter()
        .find_map(|name| properties.get(name)?.as_str().map(str::to_owned))
}

/// The place of an entry as an opaque cursor: 16 digits of time, 32 of the id.
pub(super) fn write_key(key: TimelineKey) -> String {
    format!("{:016x}{}", key.at.as_micros(), key.id.simple())
}

/// Reads [`write_key`]'s text.
pub(super) fn read_key(text: &str) -> ApiResult<TimelineKey> {
    let parts = text.split_at_checked(16).filter(|_| text.len() == 48);
    let key = parts.and_then(|(at, id)| {
        let at = Timestamp::from_micros(u64::from_str_radix(at, 16).ok()?.cast_signed());
        Some(TimelineKey {
            at,
            id: Uuid::try_parse(id).ok()?,
        })
    });
    key.ok_or_else(|| ApiError::from(QueryError::BadCursor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_even_before_the_epoch() {
        for micros in [0, 1_700_000_000_000_000, -5] {
            let key = TimelineKey {
                at: Timestamp::from_micros(micros),
                id: Uuid::from_u128(7),
            };
            assert_eq!(read_key(&write_key(key)).unwrap(), key);
        }
        assert_eq!(read_key("00ff").unwrap_err().errors[0].pointer, "?cursor");
    }
}
