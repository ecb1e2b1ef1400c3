//! Table `orders`.

use rapport_domain::{Order, OrderStatus, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec, search};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "orders")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) source_id: Uuid,
    pub(crate) external_id: String,
    pub(crate) contact_id: Option<Uuid>,
    pub(crate) ordered_at: i64,
    pub(crate) status: String,
    pub(crate) amount_minor: i64,
    pub(crate) currency: String,
    pub(crate) n_lines: i64,
    pub(crate) search_text: String,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Columns that follow from the order's lines.
pub(crate) const DERIVED: &[&str] = &["amount_minor", "n_lines"];

impl TryFrom<Model> for Order {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            source_id: row.source_id.into(),
            external_id: row.external_id,
            contact_id: row.contact_id.map(Into::into),
            ordered_at: Timestamp::from_micros(row.ordered_at),
            status: codec::member("orders.status", &row.status)?,
            amount_minor: row.amount_minor,
            currency: codec::parse("orders.currency", &row.currency)?,
            n_lines: row.n_lines,
        })
    }
}

impl From<Order> for Model {
    fn from(order: Order) -> Self {
        let status = match order.status {
            OrderStatus::Completed => "completed",
            OrderStatus::Returned => "returned",
        };
        Self {
            id: order.id.into(),
            source_id: order.source_id.into(),
            search_text: search::order_text(&order),
            external_id: order.external_id,
            contact_id: order.contact_id.map(Into::into),
            ordered_at: order.ordered_at.as_micros(),
            status: status.to_owned(),
            amount_minor: order.amount_minor,
            currency: order.currency.to_string(),
            n_lines: order.n_lines,
        }
    }
}
