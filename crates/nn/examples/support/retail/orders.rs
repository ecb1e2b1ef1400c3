//! UCI Online Retail: lines of invoices, made into orders.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use chrono::{Datelike, NaiveDate};

use crate::text::{cells, read_gzip};

/// What a customer bought on one day.
#[derive(Clone, Copy, Default)]
pub(crate) struct Order {
    /// Days since the first of January of year 1.
    pub(crate) day: i32,
    /// Pounds.
    pub(crate) amount: f64,
    /// Lines of its invoices.
    pub(crate) n_lines: usize,
}

/// A customer's orders, one a day at most, in the order of time.
pub(crate) struct Customer {
    pub(crate) orders: Vec<Order>,
}

/// Reads the customers of a file. Lines without a customer and cancellations are left out, and days
/// on which nothing was paid.
///
/// # Errors
/// A file that cannot be read or lacks a column.
pub(crate) fn read(path: &Path) -> Result<Vec<Customer>, Box<dyn Error>> {
    let text = read_gzip(path)?;
    let mut lines = text.lines().map(cells);
    let headers = lines.next().unwrap_or_default();
    let place = |name: &str| {
        let found = headers.iter().position(|header| header == name);
        found.ok_or_else(|| format!("{}: there is no column {name}", path.display()))
    };
    let [invoice, quantity, date, price, customer] = [
        place("InvoiceNo")?,
        place("Quantity")?,
        place("InvoiceDate")?,
        place("UnitPrice")?,
        place("CustomerID")?,
    ];
    let mut days: BTreeMap<(String, i32), Order> = BTreeMap::new();
    for line in lines {
        if line.len() != headers.len() {
            return Err(format!("{}: {line:?} has not one cell per column", path.display()).into());
        }
        if line[customer].is_empty() || line[invoice].starts_with('C') {
            continue;
        }
        let wrong = |error: &dyn Error| format!("{}: {line:?}: {error}", path.display());
        let date = line[date].split(' ').next().unwrap_or_default();
        let day: NaiveDate = date.parse().map_err(|error| wrong(&error))?;
        let quantity: f64 = line[quantity].parse().map_err(|error| wrong(&error))?;
        let price: f64 = line[price].parse().map_err(|error| wrong(&error))?;
        let day = day.num_days_from_ce();
        let order = days.entry((line[customer].clone(), day)).or_default();
        order.day = day;
        order.amount += quantity * price;
        order.n_lines += 1;
    }
    let mut customers: BTreeMap<String, Customer> = BTreeMap::new();
    for ((customer, _), order) in days {
        if order.amount > 0.0 {
            let empty = || Customer { orders: Vec::new() };
            customers
                .entry(customer)
                .or_insert_with(empty)
                .orders
                .push(order);
        }
    }
    Ok(customers.into_values().collect())
}
