//! Which orders and how many of their lines this import has seen.
//!
//! Files have no line numbers of their own, so a line's number is its position among the lines of
//! its order in the file. Counting goes over batches, and over rows that an earlier, killed run of
//! the same import had committed; that makes a repeated import recognize every line.

use std::collections::HashMap;

use rapport_domain::OrderId;

/// One order as this import knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LedgerEntry {
    pub(super) order_id: OrderId,
    /// Lines of the order that the file has had so far.
    pub(super) n_lines: i64,
    /// Lines that were here before this import, which repeat rather than add.
    pub(super) n_lines_before: i64,
}

/// The orders of one import by their number at the source.
#[derive(Debug, Default)]
pub(super) struct OrderLedger {
    entries: HashMap<String, LedgerEntry>,
}

impl OrderLedger {
    /// The numbers among `external_ids` that the ledger has not met, without repeats.
    pub(super) fn unknown<'a>(&self, external_ids: impl Iterator<Item = &'a str>) -> Vec<String> {
        let mut unknown: Vec<String> = external_ids
            .filter(|id| !self.entries.contains_key(*id))
            .map(str::to_owned)
            .collect();
        unknown.sort_unstable();
        unknown.dedup();
        unknown
    }

    /// Enters an order, with the lines that were here before this import.
    pub(super) fn enter(&mut self, external_id: String, order_id: OrderId, n_lines_before: i64) {
        let entry = LedgerEntry {
            order_id,
            n_lines: 0,
            n_lines_before,
        };
        self.entries.entry(external_id).or_insert(entry);
    }

    /// Counts one more line of an order and tells its number, from 1.
    ///
    /// # Panics
    /// Where the order was not entered.
    pub(super) fn next_line(&mut self, external_id: &str) -> NextLine {
        let entry = self
            .entries
            .get_mut(external_id)
            .expect("orders are entered before lines");
        entry.n_lines += 1;
        NextLine {
            order_id: entry.order_id,
            line_no: entry.n_lines,
            was_here: entry.n_lines <= entry.n_lines_before,
        }
    }
}

/// The number of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NextLine {
    pub(super) order_id: OrderId,
    pub(super) line_no: i64,
    /// A line with this number was here before this import.
    pub(super) was_here: bool,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn lines_are_numbered_by_position_in_their_order() {
        let mut ledger = OrderLedger::default();
        ledger.enter("A".into(), OrderId(Uuid::from_u128(1)), 0);
        ledger.enter("B".into(), OrderId(Uuid::from_u128(2)), 1);

        let numbers = ["A", "B", "A", "B"].map(|order| ledger.next_line(order));

        assert_eq!(numbers.map(|line| line.line_no), [1, 1, 2, 2]);
        assert_eq!(
            numbers.map(|line| line.was_here),
            [false, true, false, false]
        );
    }

    #[test]
    fn only_unmet_orders_are_asked_for_once() {
        let mut ledger = OrderLedger::default();
        ledger.enter("A".into(), OrderId(Uuid::nil()), 0);

        assert_eq!(ledger.unknown(["B", "A", "B"].into_iter()), ["B"]);
    }
}
