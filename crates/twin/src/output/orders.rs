//! Orders, a row per line.

use super::table::{Table, decimal};
use super::{FileCount, Sink};
use crate::calendar::{Style, instant};
use crate::catalog::CATEGORIES;
use crate::error::TwinError;
use crate::history::{Order, OrderKind};
use crate::twin::{Customer, Twin};

const HEADER: [&str; 11] = [
    "Order ID",
    "Order Date",
    "Status",
    "SKU",
    "Product Name",
    "Category",
    "Quantity",
    "Unit Price",
    "Currency",
    "Customer ID",
    "Customer Email",
];

/// The file of order lines.
pub(super) struct OrderFile(Table);

impl OrderFile {
    pub(super) fn create(sink: &mut dyn Sink) -> Result<Self, TwinError> {
        Table::create(sink, "orders.csv", &HEADER).map(Self)
    }

    pub(super) fn write(&mut self, twin: &Twin, customer: &Customer) -> Result<(), TwinError> {
        for order in &customer.history.orders {
            self.write_lines(twin, customer, order)?;
        }
        Ok(())
    }

    fn write_lines(
        &mut self,
        twin: &Twin,
        customer: &Customer,
        order: &Order,
    ) -> Result<(), TwinError> {
        let account = &customer.accounts[order.account];
        let ordered_at = instant(order.at, Style::Plain);
        let currency = twin.params.currency;
        let status = match order.kind {
            OrderKind::Return => "returned",
            _ => "completed",
        };
        for line in &order.lines {
            let item = &twin.catalog.items[line.item];
            self.0.row(&[
                &order.id,
                &ordered_at,
                status,
                &item.sku,
                item.name,
                CATEGORIES[item.category],
                &line.quantity.to_string(),
                &decimal(line.unit_price_minor, currency.exponent()),
                currency.code(),
                &account.id,
                &account.email,
            ])?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Vec<FileCount>, TwinError> {
        Ok(vec![self.0.finish()?])
    }
}
