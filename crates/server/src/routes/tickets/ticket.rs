//! A ticket as the API shows and takes it.

use std::collections::BTreeMap;

use rapport_domain::{Timestamp, Violation};
use rapport_store::tickets::TicketRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Meta, Record};
use crate::wire::{
    CustomValue, CustomValues, Patch, Priority, Reference, TicketChannel, TicketStatus, Time,
    merge_custom, write_custom,
};

/// A request for help.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ticket {
    /// Identifier.
    pub(crate) id: Uuid,
    /// What it is about.
    pub(crate) subject: String,
    /// What the customer wrote.
    pub(crate) body: String,
    /// Where it stands.
    pub(crate) status: TicketStatus,
    /// How urgent it is.
    pub(crate) priority: Priority,
    /// The way on which it came.
    pub(crate) channel: TicketChannel,
    /// Who asks.
    pub(crate) contact: Option<Reference>,
    /// Colleague in charge.
    pub(crate) owner: Option<Reference>,
    /// Custom field values by key.
    #[schema(value_type = BTreeMap<String, CustomValue>)]
    pub(crate) custom: CustomValues,
    /// When it came.
    pub(crate) created_at: Time,
    /// Latest change of the record.
    pub(crate) updated_at: Time,
    /// When it was solved.
    pub(crate) solved_at: Option<Time>,
    /// Version for `If-Match`.
    pub(crate) version: i64,
}

/// A page of tickets.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TicketList {
    /// The tickets.
    pub(crate) tickets: Vec<Ticket>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

/// Fields to set: a merge patch on a ticket, or on an empty one to create it, which needs
/// `subject`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TicketPatch {
    /// What it is about; never empty.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    subject: Patch<String>,
    /// What the customer wrote.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    body: Patch<String>,
    /// Where it stands.
    #[serde(default)]
    #[schema(value_type = TicketStatus, required = false)]
    status: Patch<TicketStatus>,
    /// How urgent it is.
    #[serde(default)]
    #[schema(value_type = Priority, required = false)]
    priority: Patch<Priority>,
    /// The way on which it came.
    #[serde(default)]
    #[schema(value_type = TicketChannel, required = false)]
    channel: Patch<TicketChannel>,
    /// Who asks.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    contact_id: Patch<Uuid>,
    /// Colleague in charge.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    owner_id: Patch<Uuid>,
    /// Custom values by field key; `null` removes one.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    pub(super) custom: BTreeMap<String, Patch<CustomValue>>,
}

impl TicketPatch {
    /// Sets the fields that are present; tells the rules that they break.
    pub(super) fn apply(
        self,
        ticket: &mut rapport_domain::Ticket,
        now: Timestamp,
    ) -> Vec<Violation> {
        let mut violations = Vec::new();
        self.subject
            .apply_required(&mut ticket.subject, "/subject", &mut violations);
        self.body
            .apply_required(&mut ticket.body, "/body", &mut violations);
        self.status
            .apply_required(&mut ticket.status, "/status", &mut violations);
        self.priority
            .apply_required(&mut ticket.priority, "/priority", &mut violations);
        self.channel
            .apply_required(&mut ticket.channel, "/channel", &mut violations);
        self.contact_id.apply(&mut ticket.contact_id);
        self.owner_id.apply(&mut ticket.owner_id);
        merge_custom(self.custom, &mut ticket.custom);
        ticket.solved_at = solved_at(ticket, now);
        violations.extend(ticket.check().err().into_iter().flat_map(|e| e.violations));
        violations
    }
}

/// The instant of solving: kept while it stays solved, forgotten when it is opened again.
fn solved_at(ticket: &rapport_domain::Ticket, now: Timestamp) -> Option<Timestamp> {
    use rapport_domain::TicketStatus::{Closed, Solved};
    matches!(ticket.status, Solved | Closed).then(|| ticket.solved_at.unwrap_or(now))
}

impl From<TicketRow> for Ticket {
    fn from(
        TicketRow {
            ticket,
            contact,
            owner,
        }: TicketRow,
    ) -> Self {
        Self {
            id: ticket.id.0,
            subject: ticket.subject,
            body: ticket.body,
            status: ticket.status.into(),
            priority: ticket.priority.into(),
            channel: ticket.channel.into(),
            contact: contact.map(Reference::from),
            owner: owner.map(Reference::from),
            custom: write_custom(ticket.custom),
            created_at: Time(ticket.created_at),
            updated_at: Time(ticket.updated_at),
            solved_at: ticket.solved_at.map(Time),
            version: ticket.version,
        }
    }
}

impl From<Ticket> for Record<Ticket> {
    fn from(ticket: Ticket) -> Self {
        Self {
            version: ticket.version,
            body: ticket,
        }
    }
}
