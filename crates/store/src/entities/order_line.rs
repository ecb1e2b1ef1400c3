//! Table `order_lines`.

use rapport_domain::OrderLine;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "order_lines")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) order_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) line_no: i64,
    pub(crate) product_id: Option<Uuid>,
    pub(crate) description: String,
    pub(crate) quantity: f64,
    pub(crate) unit_price_minor: i64,
    pub(crate) amount_minor: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for OrderLine {
    fn from(row: Model) -> Self {
        Self {
            order_id: row.order_id.into(),
            line_no: row.line_no,
            product_id: row.product_id.map(Into::into),
            description: row.description,
            quantity: row.quantity,
            unit_price_minor: row.unit_price_minor,
            amount_minor: row.amount_minor,
        }
    }
}

impl From<OrderLine> for Model {
    fn from(line: OrderLine) -> Self {
        Self {
            order_id: line.order_id.into(),
            line_no: line.line_no,
            product_id: line.product_id.map(Into::into),
            description: line.description,
            quantity: line.quantity,
            unit_price_minor: line.unit_price_minor,
            amount_minor: line.amount_minor,
        }
    }
}
