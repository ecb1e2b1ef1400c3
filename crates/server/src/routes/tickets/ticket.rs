//! A ticket as the API shows and takes it.

use rapport_domain::{BulkAction, ObjectKind, TicketChange, Timestamp, Violation};
use rapport_store::tickets::TicketRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Meta, Record};
use crate::routes::record_patch::{CustomPatch, RecordPatch};
use crate::routes::references::Named;
use crate::wire::{
    CustomValue, CustomValues, Patch, Priority, Reference, TicketChannel, TicketStatus, Time,
    custom_changes, write_custom,
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
    pub(super) custom: CustomPatch,
}

impl RecordPatch for TicketPatch {
    const KIND: ObjectKind = ObjectKind::Ticket;
    type Record = rapport_domain::Ticket;

    fn custom(&mut self) -> &mut CustomPatch {
        &mut self.custom
    }

    fn changes(self, violations: &mut Vec<Violation>) -> Vec<TicketChange> {
        use TicketChange::{Body, Channel, ContactId, Custom, OwnerId, Priority, Status, Subject};
        let mut changes = Vec::new();
        changes.extend(self.subject.required("/subject", violations).map(Subject));
        changes.extend(self.body.required("/body", violations).map(Body));
        changes.extend(self.status.required("/status", violations).map(Status));
        changes.extend(
            self.priority
                .required("/priority", violations)
                .map(Priority),
        );
        changes.extend(self.channel.required("/channel", violations).map(Channel));
        changes.extend(self.contact_id.value().map(ContactId));
        changes.extend(self.owner_id.value().map(OwnerId));
        changes.extend(custom_changes(self.custom).map(|(key, value)| Custom { key, value }));
        changes
    }

    fn probe(now: Timestamp) -> rapport_domain::Ticket {
        let nobody = rapport_domain::TicketId(Uuid::nil());
        rapport_domain::Ticket {
            subject: "-".to_owned(),
            ..super::create::empty(nobody, now)
        }
    }

    fn named(changes: &[TicketChange]) -> Vec<(&'static str, Option<Named>)> {
        let named = |change: &TicketChange| match change {
            TicketChange::ContactId(id) => Some(("/contact_id", id.map(Named::from))),
            TicketChange::OwnerId(id) => Some(("/owner_id", id.map(Named::from))),
            _ => None,
        };
        changes.iter().filter_map(named).collect()
    }

    fn action(changes: Vec<TicketChange>) -> BulkAction {
        BulkAction::ChangeTickets(changes)
    }
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
