//! Order lines: orders and their lines, compared with what is stored.
//!
//! Which stored line a row is, [`order_match`] tells. An order's customer, time, currency and state
//! are those of its first line; a customer may also be learned from any other. Where a file brings
//! the first line again and it says something else, the whole order has moved: all its lines are
//! taken back from where the history had them. An order has one currency, since amounts in two of
//! them cannot be added: lines in another one are rejected, unless the file brings the order whole
//! again and all of it in that other one.

use std::collections::{HashMap, HashSet};

use rapport_domain::{
    ContactId, Currency, Order, OrderId, OrderLine, OrderStatus, RejectReason, RejectedRow,
};
use rapport_ingest::{OrderLineRow, ParsedRow};
use rapport_store::imports::RecordKind;
use rapport_store::orders;

use super::order_events::{Correction, Goods, Head};
use super::{Assembled, Assembler, People};
use crate::error::PipelineError;
use crate::imports::order_match::{self, Place};

/// The rows of one order in a chunk, with their positions in it.
struct OrderRows<'a> {
    number: &'a str,
    rows: Vec<(usize, &'a OrderLineRow)>,
}

/// An order as it is stored, its lines in the order of their numbers.
struct StoredOrder {
    order: Order,
    lines: Vec<OrderLine>,
}

/// The rows of an order with the lines that they make.
struct Placed<'a> {
    order_id: OrderId,
    lines: Vec<OrderLine>,
    places: Vec<Place<'a>>,
}

impl Assembler<'_> {
    /// Goes over rows that an earlier run of this import has committed, so that the lines that they
    /// made are not taken for lines that are yet to be met.
    pub(in crate::imports) async fn skip(
        &mut self,
        rows: &[ParsedRow],
    ) -> Result<(), PipelineError> {
        let mut orders = by_order(rows);
        if orders.is_empty() {
            return Ok(());
        }
        self.know_products(rows).await?;
        let stored = self.stored_orders(&orders).await?;
        for order in &mut orders {
            let Some(stored) = stored.get(order.number) else {
                continue;
            };
            let currency = stored.order.currency;
            order
                .rows
                .retain(|(_, row)| row.amount.currency == currency);
            let placed = self.place(order, Some(stored), true);
            self.remember(&placed);
        }
        self.turn();
        Ok(())
    }

    pub(super) async fn add_order_lines(
        &mut self,
        rows: &[ParsedRow],
        people: &People,
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let orders = by_order(rows);
        if orders.is_empty() {
            return Ok(());
        }
        let stored = self.stored_orders(&orders).await?;
        let known = stored.values().map(|stored| stored.order.id);
        assembled.see(RecordKind::Orders, known);
        let mut corrections = Vec::new();
        for order in orders {
            let stored = stored.get(order.number);
            self.add_order(order, stored, people, assembled, &mut corrections);
        }
        self.correct_history(corrections, assembled).await
    }

    async fn stored_orders(
        &self,
        orders: &[OrderRows<'_>],
    ) -> Result<HashMap<String, StoredOrder>, PipelineError> {
        let store = &self.workspace.store;
        let numbers: Vec<String> = orders.iter().map(|order| order.number.to_owned()).collect();
        let found = orders::find_by_external_ids(store, self.source_id, &numbers).await?;
        let ids: Vec<OrderId> = found.values().map(|order| order.id).collect();
        let mut lines: HashMap<OrderId, Vec<OrderLine>> = HashMap::new();
        for ((order_id, _), line) in orders::existing_lines(store, &ids).await? {
            lines.entry(order_id).or_default().push(line);
        }
        let with_lines = |(number, order): (String, Order)| {
            let mut lines = lines.remove(&order.id).unwrap_or_default();
            lines.sort_unstable_by_key(|line| line.line_no);
            (number, StoredOrder { order, lines })
        };
        Ok(found.into_iter().map(with_lines).collect())
    }

    /// Makes lines of the rows of an order and finds which stored line each is.
    fn place<'s>(
        &self,
        order: &OrderRows<'_>,
        stored: Option<&'s StoredOrder>,
        is_part: bool,
    ) -> Placed<'s> {
        let order_id = stored.map_or_else(
            || self.workspace.ids.next(self.workspace.clock.now()),
            |stored| stored.order.id,
        );
        let mut lines: Vec<OrderLine> = order
            .rows
            .iter()
            .map(|(_, row)| self.order_line(row, order_id))
            .collect();
        let stored_lines = stored.map_or(&[][..], |stored| stored.lines.as_slice());
        let met = self.met_lines.get(&order_id).map_or(&[][..], Vec::as_slice);
        let places = order_match::place(&mut lines, stored_lines, met, is_part);
        for ((line, place), (_, row)) in lines.iter_mut().zip(&places).zip(&order.rows) {
            if let (Place::Known(stored) | Place::Mended(stored), None) = (place, &row.product_name)
            {
                line.description.clone_from(&stored.description);
            }
        }
        Placed {
            order_id,
            lines,
            places,
        }
    }

    fn order_line(&self, row: &OrderLineRow, order_id: OrderId) -> OrderLine {
        OrderLine {
            order_id,
            line_no: 0,
            product_id: self.products.get(&row.sku).map(|product| product.id),
            description: row.product_name.clone().unwrap_or_else(|| row.sku.clone()),
            quantity: row.quantity,
            unit_price_minor: row.unit_price.amount_minor,
            amount_minor: row.amount.amount_minor,
        }
    }

    fn remember(&mut self, placed: &Placed<'_>) {
        let met = self.met_lines.get(&placed.order_id);
        let mut met = met.cloned().unwrap_or_default();
        met.extend(placed.lines.iter().map(|line| line.line_no));
        self.met_lines.insert(placed.order_id, met);
    }

    fn add_order(
        &mut self,
        mut order: OrderRows<'_>,
        stored: Option<&StoredOrder>,
        people: &People,
        assembled: &mut Assembled,
        corrections: &mut Vec<Correction>,
    ) {
        let currency = self.currency_of(&order, stored);
        let (rows, foreign): (Vec<_>, Vec<_>) = order
            .rows
            .into_iter()
            .partition(|(_, row)| row.amount.currency == currency);
        order.rows = rows;
        for (_, row) in foreign {
            let rejected = self.in_other_currency(row, currency);
            assembled.rejected.push(rejected);
        }
        if order.rows.is_empty() {
            return;
        }
        let placed = self.place(&order, stored, self.is_part);
        self.remember(&placed);
        let before = stored.map(|stored| Head::of(&stored.order));
        let head = head_of(&order, &placed, before, currency, people);
        let is_moved = before.is_some_and(|before| before != head);
        if before.is_none() || is_moved {
            let order = self.order(order.number, placed.order_id, head);
            assembled.batch.orders.push(order);
        }
        if let (Some(stored), Some(before), true) = (stored, before, is_moved) {
            self.touched.contact(before.contact_id);
            self.touched.contact(head.contact_id);
            corrections.extend(unmentioned(order.number, stored, &placed, before, head));
        }
        self.add_lines(&order, placed, (before, head), assembled, corrections);
    }

    /// Adds the lines that are new or changed, with what they mean for the history.
    fn add_lines(
        &mut self,
        order: &OrderRows<'_>,
        placed: Placed<'_>,
        (before, head): (Option<Head>, Head),
        assembled: &mut Assembled,
        corrections: &mut Vec<Correction>,
    ) {
        let is_moved = before.is_some_and(|before| before != head);
        let placed = placed.lines.into_iter().zip(placed.places);
        for ((line, place), (_, row)) in placed.zip(&order.rows) {
            let is_same = matches!(place, Place::Known(stored) if *stored == line);
            if is_same && !is_moved {
                assembled.n_unchanged += 1;
                continue;
            }
            self.touched.contact(head.contact_id);
            self.touched.product(line.product_id);
            let goods = Goods::of_row(row);
            match place {
                Place::New => {
                    let event = self.line_event(order.number, &head, &line, goods);
                    assembled.events.push(event);
                }
                // Only its words have changed, which the history does not have.
                Place::Known(_) if !is_moved => {}
                Place::Known(stored) | Place::Mended(stored) => corrections.push(Correction {
                    order_number: order.number.to_owned(),
                    before: (before.unwrap_or(head), stored.clone()),
                    after: (head, line.clone()),
                    goods: Some(goods),
                }),
            }
            if !is_same {
                assembled.batch.lines.push(line);
            }
        }
    }

    /// The one currency of an order.
    fn currency_of(&self, order: &OrderRows<'_>, stored: Option<&StoredOrder>) -> Currency {
        let told = order.rows[0].1.amount.currency;
        let Some(stored) = stored else {
            return told;
        };
        let is_in_one = |row: &(usize, &OrderLineRow)| row.1.amount.currency == told;
        if told == stored.order.currency || !order.rows.iter().all(is_in_one) {
            return stored.order.currency;
        }
        let placed = self.place(order, Some(stored), self.is_part);
        let n_known = placed.places.iter().filter(|place| **place != Place::New);
        if n_known.count() == stored.lines.len() {
            told
        } else {
            stored.order.currency
        }
    }

    fn in_other_currency(&self, row: &OrderLineRow, currency: Currency) -> RejectedRow {
        let found = row.amount.currency;
        RejectedRow {
            line: row.line,
            column: self.currency_column.clone(),
            value: Some(found.to_string()),
            reason: RejectReason::Invalid,
            message: format!(
                "the line is in {found} and its order {} in {currency}; write one currency or \
                 two order numbers",
                row.order_id
            ),
            cells: row.cells.clone(),
        }
    }

    fn order(&self, number: &str, id: OrderId, head: Head) -> Order {
        Order {
            id,
            source_id: self.source_id,
            external_id: number.to_owned(),
            contact_id: head.contact_id,
            ordered_at: head.ordered_at,
            status: head.status,
            amount_minor: 0,
            currency: head.currency,
            n_lines: 0,
        }
    }
}

/// The order lines among the rows, by order, in the order in which the orders come.
fn by_order(rows: &[ParsedRow]) -> Vec<OrderRows<'_>> {
    let mut orders: Vec<OrderRows<'_>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (idx, row) in rows.iter().enumerate() {
        let ParsedRow::OrderLine(row) = row else {
            continue;
        };
        let number = row.order_id.as_str();
        let place = *places.entry(number).or_insert_with(|| {
            orders.push(OrderRows {
                number,
                rows: Vec::new(),
            });
            orders.len() - 1
        });
        orders[place].rows.push((idx, row));
    }
    orders
}

/// What the lines of an order share from now on.
fn head_of(
    order: &OrderRows<'_>,
    placed: &Placed<'_>,
    before: Option<Head>,
    currency: Currency,
    people: &People,
) -> Head {
    let of_first = placed
        .lines
        .iter()
        .zip(&order.rows)
        .find(|(line, _)| line.line_no == 1)
        .map(|(_, row)| row);
    let learned = || -> Option<ContactId> {
        let mut rows = order.rows.iter();
        rows.find_map(|(idx, _)| people.contact_of(*idx))
    };
    let known = before.and_then(|before| before.contact_id);
    match (of_first, before) {
        (Some((idx, row)), _) => Head {
            contact_id: people.contact_of(*idx).or(known).or_else(learned),
            ordered_at: row.ordered_at,
            status: status_of(row),
            currency,
        },
        (None, Some(before)) => Head {
            contact_id: known.or_else(learned),
            currency,
            ..before
        },
        (None, None) => unreachable!("the first line of a new order has number 1"),
    }
}

fn status_of(row: &OrderLineRow) -> OrderStatus {
    if row.is_return {
        OrderStatus::Returned
    } else {
        OrderStatus::Completed
    }
}

/// The lines of an order that has moved which no row of the chunk is about: they move with it.
fn unmentioned(
    number: &str,
    stored: &StoredOrder,
    placed: &Placed<'_>,
    before: Head,
    head: Head,
) -> Vec<Correction> {
    let mentioned: HashSet<i64> = placed.lines.iter().map(|line| line.line_no).collect();
    stored
        .lines
        .iter()
        .filter(|line| !mentioned.contains(&line.line_no))
        .map(|line| Correction {
            order_number: number.to_owned(),
            before: (before, line.clone()),
            after: (head, line.clone()),
            goods: None,
        })
        .collect()
}
