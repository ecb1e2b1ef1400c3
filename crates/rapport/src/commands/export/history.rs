//! The history: what happened, as events. Those that tell of an order or a ticket are kept apart, since
//! importing the order or the ticket makes them anew.

use anyhow::Result;
use rapport_domain::{Event, EventKind};
use rapport_pipelines::Workspace;
use serde_json::{Value, json};

use super::all::{Folder, lines_of};
use crate::progress::Step;

const EVENTS: &str = "events.jsonl";
const DERIVED: &str = "derived_events.jsonl";

pub(super) async fn add(workspace: &Workspace, folder: &mut Folder) -> Result<()> {
    let (mut own, mut derived) = (folder.create(EVENTS)?, folder.create(DERIVED)?);
    let (mut n_own, mut n_derived) = (0, 0);
    let step = Step::start(&format!("Writing {EVENTS}"));
    let mut events = workspace.all_events().await?;
    while let Some(batch) = events.next().await? {
        let (of_records, others): (Vec<Event>, Vec<Event>) =
            batch.into_iter().partition(|event| is_derived(&event.kind));
        let rows: Vec<Value> = others.iter().map(event_of).collect();
        own.write(&lines_of(&rows))?;
        n_own += rows.len() as u64;
        let rows: Vec<Value> = of_records.iter().map(event_of).collect();
        derived.write(&lines_of(&rows))?;
        n_derived += rows.len() as u64;
        step.update(n_own + n_derived, None);
    }
    step.finish(&format!(
        "{n_own} events, and {n_derived} of orders and tickets"
    ));
    folder.add("events", EVENTS.to_owned(), own, n_own)?;
    folder.add("derived_events", DERIVED.to_owned(), derived, n_derived)
}

const fn is_derived(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::ProductOrdered | EventKind::ProductReturned | EventKind::TicketOpened
    )
}

fn event_of(event: &Event) -> Value {
    let amount = event.amount_minor.zip(event.currency);
    let amount =
        amount.map(|(minor, currency)| rapport_domain::Money::new(minor, currency).decimal());
    json!({
        "message_id": event.message_id,
        "event": event.kind,
        "occurred_at": event.occurred_at,
        "received_at": event.received_at,
        "source": event.source,
        "contact_id": event.customer_id,
        "order_id": event.order_id,
        "sku": event.sku,
        "category": event.category,
        "quantity": event.quantity,
        "amount": amount,
        "currency": event.currency,
        "properties": event.properties,
    })
}
