//! Table `tickets`.

use rapport_domain::{SourceId, Ticket, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "tickets")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) status: String,
    pub(crate) priority: i32,
    pub(crate) channel: String,
    pub(crate) contact_id: Option<Uuid>,
    pub(crate) owner_id: Option<Uuid>,
    pub(crate) custom: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) solved_at: Option<i64>,
    pub(crate) version: i64,
    pub(crate) source_id: Option<Uuid>,
    pub(crate) external_id: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Columns that say where an imported ticket came from and that no edit may change.
pub(crate) const ORIGIN: &[&str] = &["source_id", "external_id"];

impl TryFrom<Model> for Ticket {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            subject: row.subject,
            body: row.body,
            status: codec::member("tickets.status", &row.status)?,
            priority: codec::priority("tickets.priority", row.priority)?,
            channel: codec::member("tickets.channel", &row.channel)?,
            contact_id: row.contact_id.map(Into::into),
            owner_id: row.owner_id.map(Into::into),
            custom: codec::from_json("tickets.custom", &row.custom)?,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            solved_at: codec::instant(row.solved_at),
            version: row.version,
        })
    }
}

impl Model {
    /// The row of a ticket and, where it was imported, its number at the source.
    pub(crate) fn with_origin(ticket: Ticket, origin: Option<(SourceId, String)>) -> Self {
        let (source_id, external_id) = origin.unzip();
        Self {
            id: ticket.id.into(),
            subject: ticket.subject,
            body: ticket.body,
            status: codec::name_of(&ticket.status),
            priority: codec::priority_rank(ticket.priority),
            channel: codec::name_of(&ticket.channel),
            contact_id: ticket.contact_id.map(Into::into),
            owner_id: ticket.owner_id.map(Into::into),
            custom: codec::to_json(&ticket.custom),
            created_at: ticket.created_at.as_micros(),
            updated_at: ticket.updated_at.as_micros(),
            solved_at: codec::micros(ticket.solved_at),
            version: ticket.version,
            source_id: source_id.map(Into::into),
            external_id,
        }
    }
}
