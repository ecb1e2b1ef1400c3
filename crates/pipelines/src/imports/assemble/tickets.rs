//! Tickets, and the event that one was opened.

use rapport_domain::{
    CustomValues, Event, EventKind, Priority, Ticket, TicketChannel, TicketId, TicketStatus,
};
use rapport_ingest::{ParsedRow, TicketRow};
use rapport_store::imports::ImportedTicket;
use uuid::Uuid;

use super::{Assembled, Assembler, People};
use crate::error::PipelineError;

impl Assembler<'_> {
    pub(super) async fn add_tickets(
        &mut self,
        rows: &[ParsedRow],
        people: &People,
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let mut candidates = Vec::new();
        for (idx, row) in rows.iter().enumerate() {
            let ParsedRow::Ticket(row) = row else {
                continue;
            };
            let contact_id = people.row_ties[idx].map(|tie| tie.contact_id);
            candidates.push((self.ticket(row, contact_id), row));
        }
        let events: Vec<Event> = candidates
            .iter()
            .map(|(ticket, row)| self.ticket_event(ticket, row))
            .collect();
        let are_new = self.seen.mark(&self.source_name, &events).await?;
        for (((ticket, row), event), is_new) in candidates.into_iter().zip(events).zip(are_new) {
            if !is_new {
                assembled.n_unchanged += 1;
                continue;
            }
            let external_id = row.external_id.clone();
            assembled.batch.tickets.push(ImportedTicket {
                ticket,
                external_id,
            });
            assembled.events.push(event);
        }
        Ok(())
    }

    fn ticket(&self, row: &TicketRow, contact_id: Option<rapport_domain::ContactId>) -> Ticket {
        let now = self.workspace.clock.now();
        let created_at = row.created_at.unwrap_or(now);
        let status = row.status.unwrap_or(if row.solved_at.is_some() {
            TicketStatus::Solved
        } else {
            TicketStatus::Open
        });
        Ticket {
            // The same key of the same source is the same ticket, however often it comes.
            id: TicketId(Uuid::new_v5(
                &self.source_id.as_uuid(),
                key_of(row).as_bytes(),
            )),
            subject: row.subject.chars().take(500).collect(),
            body: row.body.clone(),
            status,
            priority: row.priority.unwrap_or(Priority::Normal),
            channel: row.channel.unwrap_or(TicketChannel::Email),
            contact_id,
            owner_id: None,
            custom: CustomValues::new(),
            created_at,
            updated_at: created_at,
            solved_at: row.solved_at,
            version: 1,
        }
    }

    fn ticket_event(&self, ticket: &Ticket, row: &TicketRow) -> Event {
        Event {
            id: self.workspace.ids.next(ticket.created_at),
            source: self.source_name.clone(),
            message_id: key_of(row),
            customer_id: ticket.contact_id,
            kind: EventKind::TicketOpened,
            occurred_at: ticket.created_at,
            received_at: self.workspace.clock.now(),
            order_id: None,
            sku: None,
            category: None,
            quantity: None,
            amount_minor: None,
            currency: None,
            properties: Some(serde_json::json!({ "ticket_id": ticket.id }).to_string()),
        }
    }
}

/// What the source calls the ticket, else what it holds.
fn key_of(row: &TicketRow) -> String {
    match &row.external_id {
        Some(id) => format!("ticket:{id}"),
        None => format!("ticket:{}:{}", row.subject, row.cells.join("\u{1f}")),
    }
}
