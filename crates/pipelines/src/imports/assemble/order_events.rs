//! What orders leave in the history: one event for every line, and for every line that a file
//! corrects two more, which take back what the history said and say it anew. History is only added
//! to.
//!
//! All lines of an order share the order's customer, time and currency, so that what is stored tells
//! what the history says. A line that is taken back has the opposite sign of its kind: a line of
//! kind `product_ordered` with a quantity below zero, or of kind `product_returned` above zero, is
//! no line but the end of one.

use std::collections::{HashMap, HashSet};

use rapport_domain::{
    ContactId, Currency, Event, EventKind, ImportId, Order, OrderLine, OrderStatus, Product,
    ProductId, Timestamp,
};
use rapport_ingest::OrderLineRow;

use super::{Assembled, Assembler};
use crate::error::PipelineError;

/// What all lines of an order share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Head {
    pub(super) contact_id: Option<ContactId>,
    pub(super) ordered_at: Timestamp,
    pub(super) status: OrderStatus,
    pub(super) currency: Currency,
}

impl Head {
    pub(super) fn of(order: &Order) -> Self {
        Self {
            contact_id: order.contact_id,
            ordered_at: order.ordered_at,
            status: order.status,
            currency: order.currency,
        }
    }
}

/// What was sold, as a row or the store calls it.
#[derive(Debug, Clone, Default)]
pub(super) struct Goods {
    sku: Option<String>,
    category: Option<String>,
}

impl Goods {
    pub(super) fn of_row(row: &OrderLineRow) -> Self {
        Self {
            sku: Some(row.sku.clone()),
            category: row.category.clone(),
        }
    }
}

/// A line that the history has and that a file corrects.
#[derive(Debug)]
pub(super) struct Correction {
    pub(super) order_number: String,
    pub(super) before: (Head, OrderLine),
    pub(super) after: (Head, OrderLine),
    /// As the row says; none where no row is about the line itself.
    pub(super) goods: Option<Goods>,
}

/// The key of what the history first says of a line.
fn message_of(order_number: &str, line_no: i64) -> String {
    format!("{order_number}#{line_no}")
}

/// The key of the event by which an import takes back what was said.
fn end_of(message: &str, import: ImportId) -> String {
    format!("{message}-{import}")
}

/// The key of the event by which an import says it anew.
fn renewal_of(message: &str, import: ImportId) -> String {
    format!("{message}+{import}")
}

/// The keys of all events that an import may have left of a line.
pub(in crate::imports) fn messages_of(
    order_number: &str,
    line_no: i64,
    import: ImportId,
) -> [String; 3] {
    let message = message_of(order_number, line_no);
    let (end, renewal) = (end_of(&message, import), renewal_of(&message, import));
    [message, end, renewal]
}

/// The quantity of an event that takes a line back: of the opposite sign, by which features tell it. A
/// line of nothing is taken back by less than counts.
fn taken_back(kind: &EventKind, quantity: f64) -> f64 {
    match kind {
        _ if quantity != 0.0 => -quantity,
        EventKind::ProductReturned => f64::MIN_POSITIVE,
        _ => -f64::MIN_POSITIVE,
    }
}

impl Assembler<'_> {
    /// The event of a line that is new.
    pub(super) fn line_event(
        &self,
        order_number: &str,
        head: &Head,
        line: &OrderLine,
        goods: Goods,
    ) -> Event {
        Event {
            id: self.workspace.ids.next(head.ordered_at),
            source: self.source_name.clone(),
            message_id: message_of(order_number, line.line_no),
            customer_id: head.contact_id,
            kind: kind_of(head, line),
            occurred_at: head.ordered_at,
            received_at: self.workspace.clock.now(),
            order_id: Some(order_number.to_owned()),
            sku: goods.sku,
            category: goods.category,
            quantity: Some(line.quantity),
            amount_minor: Some(line.amount_minor),
            currency: Some(head.currency),
            properties: None,
        }
    }

    /// Takes back what the history says of the lines and says it anew.
    pub(super) async fn correct_history(
        &self,
        corrections: Vec<Correction>,
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let stored = self.stored_goods(&corrections).await?;
        for correction in corrections {
            let number = correction.order_number.as_str();
            let goods_of = |line: &OrderLine| {
                let id = line.product_id;
                id.and_then(|id| stored.get(&id))
                    .cloned()
                    .unwrap_or_default()
            };
            let (head, line) = &correction.before;
            let said = self.line_event(number, head, line, goods_of(line));
            assembled.events.push(Event {
                message_id: end_of(&said.message_id, self.import_id),
                quantity: Some(taken_back(&said.kind, line.quantity)),
                amount_minor: Some(-line.amount_minor),
                ..said
            });
            let (head, line) = &correction.after;
            let goods = correction.goods.unwrap_or_else(|| goods_of(line));
            let says = self.line_event(number, head, line, goods);
            assembled.events.push(Event {
                message_id: renewal_of(&says.message_id, self.import_id),
                ..says
            });
        }
        Ok(())
    }

    /// What the store knew of the products before this chunk.
    async fn stored_goods(
        &self,
        corrections: &[Correction],
    ) -> Result<HashMap<ProductId, Goods>, PipelineError> {
        let ids: HashSet<ProductId> = corrections
            .iter()
            .flat_map(|correction| [&correction.before.1, &correction.after.1])
            .filter_map(|line| line.product_id)
            .collect();
        let ids: Vec<ProductId> = ids.into_iter().collect();
        let found = self.records.products(&ids).await?;
        let goods = |product: Product| {
            let goods = Goods {
                sku: Some(product.sku),
                category: product.category,
            };
            (product.id, goods)
        };
        Ok(found.into_iter().map(goods).collect())
    }
}

fn kind_of(head: &Head, line: &OrderLine) -> EventKind {
    let is_return = if line.quantity == 0.0 {
        head.status == OrderStatus::Returned
    } else {
        line.quantity < 0.0
    };
    if is_return {
        EventKind::ProductReturned
    } else {
        EventKind::ProductOrdered
    }
}
