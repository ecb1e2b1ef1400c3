//! Zendesk: tickets, as a view exports them, and users in the columns of its bulk import; both also as its
//! interface answers them and its exports in JSON have them.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

pub(super) const PRESETS: &[Preset] = &[
    Preset {
        key: "zendesk_tickets",
        system: "Zendesk",
        entity: EntityKind::Tickets,
        label: ("Zendesk tickets", "Zendesk 工单"),
        notice: None,
        signature: &[&["Id"], &["Requester"], &["Subject"], &["Via"]],
        columns: TICKETS,
        keys: KeyStyle::AsWritten,
    },
    Preset {
        key: "zendesk_users",
        system: "Zendesk",
        entity: EntityKind::Contacts,
        label: ("Zendesk users", "Zendesk 用户"),
        notice: None,
        signature: &[
            &["name"],
            &["email"],
            &["role"],
            &["restriction", "organization", "ticket_restriction"],
        ],
        columns: USERS,
        keys: KeyStyle::AsWritten,
    },
    Preset {
        key: "zendesk_ticket_records",
        system: "Zendesk",
        entity: EntityKind::Tickets,
        label: ("Zendesk tickets (JSON)", "Zendesk 工单（JSON）"),
        notice: None,
        signature: &[&["id"], &["requester_id"], &["subject"], &["via.channel"]],
        columns: TICKET_RECORDS,
        keys: KeyStyle::AsWritten,
    },
];

const TICKETS: &[Column] = &[
    column(F::ExternalId, &["Id"]),
    column(F::CustomerName, &["Requester"]),
    column(F::CustomerExternalId, &["Requester id"]),
    column(F::CustomerExternalId, &["Requester external id"]),
    column(F::CustomerEmail, &["Requester email"]),
    column(F::Owner, &["Assignee"]),
    column(F::Subject, &["Subject"]),
    column(F::Status, &["Status"]),
    column(F::Priority, &["Priority"]),
    column(F::Channel, &["Via"]),
    column(F::CreatedAt, &["Created at"]),
    column(F::SolvedAt, &["Solved at"]),
];

const USERS: &[Column] = &[
    column(F::ExternalId, &["id"]),
    column(F::ExternalId, &["external_id"]),
    column(F::Name, &["name"]),
    column(F::Email, &["email"]),
    column(F::Phone, &["phone"]),
    column(F::Company, &["organization"]),
    column(F::Note, &["details"]),
    column(F::Note, &["notes"]),
    column(F::Tags, &["tags"]),
    column(F::CreatedAt, &["created_at"]),
];

const TICKET_RECORDS: &[Column] = &[
    column(F::ExternalId, &["id"]),
    column(F::CustomerExternalId, &["requester_id"]),
    column(F::CustomerName, &["requester.name"]),
    column(F::CustomerEmail, &["requester.email"]),
    column(F::Subject, &["subject"]),
    column(F::Body, &["description"]),
    column(F::Status, &["status"]),
    column(F::Priority, &["priority"]),
    column(F::Channel, &["via.channel"]),
    column(F::CreatedAt, &["created_at"]),
    column(F::SolvedAt, &["metric_set.solved_at"]),
];
