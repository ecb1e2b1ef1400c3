//! Tickets, and the event that one was opened. A ticket that is known is brought up to date by its
//! source until a person edits it.

use std::collections::{BTreeMap, HashMap, HashSet};

use rapport_domain::{
    ContactId, CustomValues, Event, EventKind, ObjectKind, Priority, Ticket, TicketChannel,
    TicketId, TicketStatus,
};
use rapport_ingest::{ParsedRow, TicketRow};
use rapport_store::imports::{ImportedTicket, RecordKind};
use rapport_store::tickets;
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
        let told: Vec<(TicketId, usize, &TicketRow)> = rows
            .iter()
            .enumerate()
            .filter_map(|(idx, row)| match row {
                ParsedRow::Ticket(row) => Some((self.ticket_id(row), idx, row)),
                _ => None,
            })
            .collect();
        let ids: HashSet<TicketId> = told.iter().map(|(id, ..)| *id).collect();
        let ids: Vec<TicketId> = ids.into_iter().collect();
        let found = self.records.tickets(&ids).await?;
        let edited = tickets::edited_by_people(&self.workspace.store, &ids).await?;
        let mut known: HashMap<TicketId, Ticket> =
            found.into_iter().map(|found| (found.id, found)).collect();
        assembled.see(RecordKind::Tickets, known.keys().copied());
        let mut changed: HashSet<TicketId> = HashSet::new();
        let mut new: BTreeMap<TicketId, ImportedTicket> = BTreeMap::new();
        for (id, idx, row) in told {
            let contact_id = people.contact_of(idx);
            let is_known = known.contains_key(&id);
            let made = new.get_mut(&id).map(|imported| &mut imported.ticket);
            if let Some(ticket) = known.get_mut(&id).or(made) {
                let before = ticket.clone();
                if edited.contains(&id) || !self.update(ticket, row, contact_id) {
                    assembled.n_unchanged += 1;
                } else if is_known {
                    changed.insert(id);
                }
                let named = (id, ticket.subject.as_str());
                assembled.outcomes.change(row.line, named, &before, ticket);
            } else {
                let ticket = self.ticket(id, row, contact_id);
                assembled
                    .outcomes
                    .create(row.line, Some(id.into()), &ticket.subject);
                assembled.events.push(self.ticket_event(&ticket, row));
                let external_id = row.external_id.clone();
                let imported = ImportedTicket {
                    ticket,
                    external_id,
                };
                new.insert(id, imported);
            }
        }
        assembled.batch.tickets = new.into_values().collect();
        known.retain(|id, _| changed.contains(id));
        assembled.batch.changed_tickets = known.into_values().collect();
        Ok(())
    }

    /// The same key of the same source is the same ticket, however often it comes.
    pub(super) fn ticket_id(&self, row: &TicketRow) -> TicketId {
        let key = key_of(row);
        TicketId(Uuid::new_v5(&self.source_id.as_uuid(), key.as_bytes()))
    }

    fn ticket(&self, id: TicketId, row: &TicketRow, contact_id: Option<ContactId>) -> Ticket {
        let mut custom = CustomValues::new();
        self.custom.replace(&mut custom, row.line);
        self.custom.add_defaults(ObjectKind::Ticket, &mut custom);
        let created_at = row.created_at.unwrap_or(self.workspace.clock.now());
        let status = row.status.unwrap_or(if row.solved_at.is_some() {
            TicketStatus::Solved
        } else {
            TicketStatus::Open
        });
        Ticket {
            id,
            subject: row.subject.chars().take(500).collect(),
            body: row.body.clone(),
            status,
            priority: row.priority.unwrap_or(Priority::Normal),
            channel: row.channel.unwrap_or(TicketChannel::Email),
            contact_id,
            owner_id: self.owner(row.owner.as_deref()),
            custom,
            created_at,
            updated_at: created_at,
            solved_at: row.solved_at,
            version: 1,
        }
    }

    /// Takes over what the row tells of a ticket's course; tells whether anything has changed.
    fn update(&self, ticket: &mut Ticket, row: &TicketRow, contact: Option<ContactId>) -> bool {
        let before = ticket.clone();
        ticket.status = row.status.unwrap_or(ticket.status);
        ticket.priority = row.priority.unwrap_or(ticket.priority);
        ticket.solved_at = row.solved_at.or(ticket.solved_at);
        ticket.owner_id = ticket.owner_id.or(self.owner(row.owner.as_deref()));
        ticket.contact_id = ticket.contact_id.or(contact);
        self.custom.replace(&mut ticket.custom, row.line);
        let is_changed = *ticket != before;
        if is_changed {
            ticket.updated_at = self.workspace.clock.now();
        }
        is_changed
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
            properties: Some(properties_of(ticket.id)),
        }
    }
}

/// What the event of a ticket tells beside its time and customer.
fn properties_of(ticket: TicketId) -> String {
    serde_json::json!({ "ticket_id": ticket }).to_string()
}

/// The ticket that such properties name.
pub(in crate::imports) fn ticket_of(properties: &str) -> Option<TicketId> {
    let found: serde_json::Value = serde_json::from_str(properties).ok()?;
    let id = Uuid::try_parse(found.get("ticket_id")?.as_str()?).ok()?;
    Some(TicketId(id))
}

/// What the source calls the ticket, else what it holds.
fn key_of(row: &TicketRow) -> String {
    match &row.external_id {
        Some(id) => format!("ticket:{id}"),
        None => format!("ticket:{}:{}", row.subject, row.cells.join("\u{1f}")),
    }
}
