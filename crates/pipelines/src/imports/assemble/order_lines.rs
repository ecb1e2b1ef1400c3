//! Order lines: orders, lines, and one event for every line that is new.

use std::collections::HashSet;

use rapport_domain::{
    Event, EventKind, Order, OrderId, OrderLine, OrderStatus, ProductId, Timestamp,
};
use rapport_ingest::{OrderLineRow, ParsedRow};
use rapport_store::orders;

use super::{Assembled, Assembler, People};
use crate::error::PipelineError;

/// The order lines among the rows, with their positions.
pub(super) fn of(rows: &[ParsedRow]) -> Vec<(usize, &OrderLineRow)> {
    rows.iter()
        .enumerate()
        .filter_map(|(idx, row)| match row {
            ParsedRow::OrderLine(line) => Some((idx, line)),
            _ => None,
        })
        .collect()
}

impl Assembler<'_> {
    /// Enters the orders that this run meets for the first time and tells which are new.
    pub(super) async fn enter_orders(
        &mut self,
        lines: &[(usize, &OrderLineRow)],
    ) -> Result<HashSet<String>, PipelineError> {
        let numbers = lines.iter().map(|(_, line)| line.order_id.as_str());
        let unknown = self.ledger.unknown(numbers);
        let store = &self.workspace.store;
        let found = orders::find_by_external_ids(store, self.source_id, &unknown).await?;
        for number in &unknown {
            match found.get(number) {
                Some(order) => self.ledger.enter(number.clone(), order.id, order.n_lines),
                None => {
                    let id = self.workspace.ids.next(self.workspace.clock.now());
                    self.ledger.enter(number.clone(), id, 0);
                }
            }
        }
        Ok(unknown.into_iter().collect())
    }

    pub(super) async fn add_order_lines(
        &mut self,
        rows: &[ParsedRow],
        people: &People,
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let lines = of(rows);
        if lines.is_empty() {
            return Ok(());
        }
        let mut met_first = self.enter_orders(&lines).await?;
        let numbered: Vec<_> = lines
            .iter()
            .map(|(_, line)| self.ledger.next_line(&line.order_id))
            .collect();
        let repeated: HashSet<OrderId> = numbered
            .iter()
            .filter(|next| next.was_here)
            .map(|next| next.order_id)
            .collect();
        let repeated: Vec<OrderId> = repeated.into_iter().collect();
        let existing = orders::existing_lines(&self.workspace.store, &repeated).await?;
        for ((idx, row), next) in lines.into_iter().zip(numbered) {
            let contact_id = people.row_ties[idx].map(|tie| tie.contact_id);
            if met_first.remove(&row.order_id) {
                assembled
                    .batch
                    .orders
                    .push(self.order(row, next.order_id, contact_id));
            }
            let product_id = self.products.get(&row.sku).map(|product| product.id);
            let line = order_line(row, next.order_id, next.line_no, product_id);
            let before = existing.get(&(next.order_id, next.line_no));
            if before == Some(&line) {
                assembled.n_unchanged += 1;
                continue;
            }
            let event = self.line_event(row, next.line_no, contact_id);
            if let Some(before) = before {
                assembled.events.push(reversal(&event, before, self));
            }
            assembled.events.push(if before.is_some() {
                revised(event, &line)
            } else {
                event
            });
            assembled.batch.lines.push(line);
        }
        Ok(())
    }

    fn order(
        &self,
        row: &OrderLineRow,
        id: OrderId,
        contact_id: Option<rapport_domain::ContactId>,
    ) -> Order {
        let status = if row.is_return {
            OrderStatus::Returned
        } else {
            OrderStatus::Completed
        };
        Order {
            id,
            source_id: self.source_id,
            external_id: row.order_id.clone(),
            contact_id,
            ordered_at: row.ordered_at,
            status,
            amount_minor: 0,
            currency: row.amount.currency,
            n_lines: 0,
        }
    }

    fn line_event(
        &self,
        row: &OrderLineRow,
        line_no: i64,
        customer_id: Option<rapport_domain::ContactId>,
    ) -> Event {
        let kind = if row.is_return {
            EventKind::ProductReturned
        } else {
            EventKind::ProductOrdered
        };
        Event {
            id: self.workspace.ids.next(row.ordered_at),
            source: self.source_name.clone(),
            message_id: format!("{}#{line_no}", row.order_id),
            customer_id,
            kind,
            occurred_at: row.ordered_at,
            received_at: self.workspace.clock.now(),
            order_id: Some(row.order_id.clone()),
            sku: Some(row.sku.clone()),
            category: row.category.clone(),
            quantity: Some(row.quantity),
            amount_minor: Some(row.amount.amount_minor),
            currency: Some(row.amount.currency),
            properties: None,
        }
    }
}

fn order_line(
    row: &OrderLineRow,
    order_id: OrderId,
    line_no: i64,
    product_id: Option<ProductId>,
) -> OrderLine {
    OrderLine {
        order_id,
        line_no,
        product_id,
        description: row.product_name.clone().unwrap_or_else(|| row.sku.clone()),
        quantity: row.quantity,
        unit_price_minor: row.unit_price.amount_minor,
        amount_minor: row.amount.amount_minor,
    }
}

/// Takes back what the event of a line said before the line was changed: history is only added to.
fn reversal(event: &Event, before: &OrderLine, assembler: &Assembler<'_>) -> Event {
    Event {
        id: assembler.workspace.ids.next(event.occurred_at),
        message_id: format!(
            "{}-{}",
            event.message_id,
            revision_of(before, event.occurred_at)
        ),
        quantity: Some(-before.quantity),
        amount_minor: Some(-before.amount_minor),
        ..event.clone()
    }
}

/// The event of a changed line, under a key of its own.
fn revised(event: Event, line: &OrderLine) -> Event {
    let revision = revision_of(line, event.occurred_at);
    Event {
        message_id: format!("{}+{revision}", event.message_id),
        ..event
    }
}

/// What tells one state of a line from another.
fn revision_of(line: &OrderLine, at: Timestamp) -> String {
    format!(
        "{}x{}@{}",
        line.quantity,
        line.unit_price_minor,
        at.as_millis()
    )
}
