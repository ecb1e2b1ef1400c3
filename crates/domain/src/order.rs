//! Orders and their lines.

use serde::{Deserialize, Serialize};

use crate::{ContactId, Currency, OrderId, ProductId, SourceId, Timestamp};

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Sold.
    Completed,
    /// Taken back: its lines are negative.
    Returned,
}

/// A purchase, or its cancellation as a document of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Identifier.
    pub id: OrderId,
    /// System that the order comes from.
    pub source_id: SourceId,
    /// The order's number there, unique per source.
    pub external_id: String,
    /// Buyer; an order may be anonymous.
    pub contact_id: Option<ContactId>,
    /// When it was placed.
    pub ordered_at: Timestamp,
    /// Where it stands.
    pub status: OrderStatus,
    /// Sum of the lines, in minor units. Derived.
    pub amount_minor: i64,
    /// Currency of the order.
    pub currency: Currency,
    /// Number of lines. Derived.
    pub n_lines: i64,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderLine {
    /// The order.
    pub order_id: OrderId,
    /// Position in the order, from 1.
    pub line_no: i64,
    /// What was sold.
    pub product_id: Option<ProductId>,
    /// Text on the line.
    pub description: String,
    /// Units; negative when taken back.
    pub quantity: f64,
    /// Price of a unit in minor units.
    pub unit_price_minor: i64,
    /// Quantity times price, in minor units.
    pub amount_minor: i64,
}
