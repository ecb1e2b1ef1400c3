//! An order as the API shows it.

use rapport_domain::Currency;
use rapport_store::orders::{OrderLineRow, OrderRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::wire::{Money, OrderStatus, Reference, Time};

/// A purchase, or its cancellation as a document of its own.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Order {
    /// Identifier.
    pub(crate) id: Uuid,
    /// The order's number at its source.
    pub(crate) external_id: String,
    /// System that the order comes from.
    pub(crate) source: Reference,
    /// Buyer; an order may be anonymous.
    pub(crate) contact: Option<Reference>,
    /// When it was placed.
    pub(crate) ordered_at: Time,
    /// Where it stands.
    pub(crate) status: OrderStatus,
    /// Sum of the lines; negative when taken back.
    pub(crate) amount: Money,
    /// Number of lines.
    pub(crate) n_lines: i64,
}

/// A page of orders.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderList {
    /// The orders.
    pub(crate) orders: Vec<Order>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

/// An order with its lines.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderDetail {
    #[serde(flatten)]
    pub(crate) order: Order,
    /// The lines in order.
    pub(crate) lines: Vec<OrderLine>,
}

/// One line of an order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderLine {
    /// Position in the order, from 1.
    pub(crate) line_no: i64,
    /// What was sold.
    pub(crate) product: Option<LineProduct>,
    /// Text on the line.
    pub(crate) description: String,
    /// Units; negative when taken back.
    pub(crate) quantity: f64,
    /// Price of a unit.
    pub(crate) unit_price: Money,
    /// Quantity times price.
    pub(crate) amount: Money,
}

/// The product of an order line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LineProduct {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Stock-keeping unit.
    pub(crate) sku: String,
    /// Name.
    pub(crate) name: String,
}

impl From<OrderRow> for Order {
    fn from(
        OrderRow {
            order,
            source,
            contact,
        }: OrderRow,
    ) -> Self {
        Self {
            id: order.id.0,
            external_id: order.external_id,
            source: source.into(),
            contact: contact.map(Reference::from),
            ordered_at: Time(order.ordered_at),
            status: order.status.into(),
            amount: Money::new(order.amount_minor, order.currency),
            n_lines: order.n_lines,
        }
    }
}

impl OrderLine {
    /// A line, in the currency of its order.
    pub(super) fn of(OrderLineRow { line, product }: OrderLineRow, currency: Currency) -> Self {
        Self {
            line_no: line.line_no,
            product: product.map(|product| LineProduct {
                id: product.id.0,
                sku: product.sku,
                name: product.name,
            }),
            description: line.description,
            quantity: line.quantity,
            unit_price: Money::new(line.unit_price_minor, currency),
            amount: Money::new(line.amount_minor, currency),
        }
    }
}
