//! Products: what is sold.

use crate::{CustomValues, Money, ProductId, Timestamp};

/// Something that is sold.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Identifier.
    pub id: ProductId,
    /// Stock-keeping unit, unique.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Category, where the source tells one.
    pub category: Option<String>,
    /// Latest price of one unit.
    pub price: Option<Money>,
    /// Custom field values.
    pub custom: CustomValues,
    /// Units sold, returns subtracted. Derived from the orders.
    pub units_sold: f64,
    /// Revenue, returns subtracted, in minor units of the price's currency. Derived from the orders.
    pub revenue_minor: i64,
    /// When the record was made.
    pub created_at: Timestamp,
    /// Latest change of the record.
    pub updated_at: Timestamp,
}
