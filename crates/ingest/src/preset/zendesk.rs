//! Zendesk: tickets, as a view exports them, and users in the columns of its bulk import.

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
            &["restriction", "organization"],
        ],
        columns: USERS,
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
