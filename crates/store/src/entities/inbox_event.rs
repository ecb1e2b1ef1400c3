//! Table `event_inbox`.

use rapport_domain::{Event, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_inbox")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) seq: i64,
    pub(crate) id: Uuid,
    pub(crate) source: String,
    pub(crate) message_id: String,
    pub(crate) customer_id: Option<Uuid>,
    pub(crate) kind: String,
    pub(crate) occurred_at: i64,
    pub(crate) received_at: i64,
    pub(crate) order_id: Option<String>,
    pub(crate) sku: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) quantity: Option<f64>,
    pub(crate) amount_minor: Option<i64>,
    pub(crate) currency: Option<String>,
    pub(crate) properties: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Event {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            source: row.source,
            message_id: row.message_id,
            customer_id: row.customer_id.map(Into::into),
            kind: codec::parse("event_inbox.kind", &row.kind)?,
            occurred_at: Timestamp::from_micros(row.occurred_at),
            received_at: Timestamp::from_micros(row.received_at),
            order_id: row.order_id,
            sku: row.sku,
            category: row.category,
            quantity: row.quantity,
            amount_minor: row.amount_minor,
            currency: codec::parse_option("event_inbox.currency", row.currency.as_deref())?,
            properties: row.properties,
        })
    }
}

impl From<Event> for Model {
    fn from(event: Event) -> Self {
        Self {
            // The database numbers the rows.
            seq: 0,
            id: event.id.into(),
            source: event.source,
            message_id: event.message_id,
            customer_id: event.customer_id.map(Into::into),
            kind: event.kind.as_str().to_owned(),
            occurred_at: event.occurred_at.as_micros(),
            received_at: event.received_at.as_micros(),
            order_id: event.order_id,
            sku: event.sku,
            category: event.category,
            quantity: event.quantity,
            amount_minor: event.amount_minor,
            currency: event.currency.map(|currency| currency.to_string()),
            properties: event.properties,
        }
    }
}
