//! A file of orders shaped like a retailer's export, with known counts.

use std::fmt::Write;

/// Columns of the file.
const HEADER: &str =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

/// Builds the text of a file of order lines.
///
/// Order `i` (from 0) has two lines, belongs to customer `1000 + i % n_customers` and is dated one
/// day after the one before; every tenth order is anonymous, every seventh is a cancellation.
#[derive(Debug, Clone)]
pub struct OrdersFile {
    n_orders: usize,
    n_customers: usize,
    bad_dates: Vec<usize>,
}

impl OrdersFile {
    /// A file with `n_orders` orders by 20 customers.
    pub fn new(n_orders: usize) -> Self {
        Self {
            n_orders,
            n_customers: 20,
            bad_dates: Vec::new(),
        }
    }

    /// Sets the number of customers.
    pub fn with_customers(mut self, n_customers: usize) -> Self {
        self.n_customers = n_customers;
        self
    }

    /// Writes something that is no date into the given line (from 1, the header counted).
    pub fn with_bad_date_in_line(mut self, line: usize) -> Self {
        self.bad_dates.push(line);
        self
    }

    /// Number of rows, header left out.
    pub fn n_rows(&self) -> usize {
        self.n_orders * 2
    }

    /// Whether order `i` has no customer.
    pub fn is_anonymous(order: usize) -> bool {
        order % 10 == 9
    }

    /// Number of different customers in the file.
    pub fn n_distinct_customers(&self) -> usize {
        let mut seen: Vec<_> = (0..self.n_orders)
            .filter(|i| !Self::is_anonymous(*i))
            .map(|i| i % self.n_customers)
            .collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len()
    }

    /// The text of the file.
    pub fn csv(&self) -> String {
        let mut text = format!("{HEADER}\n");
        let mut line = 1;
        for order in 0..self.n_orders {
            for position in 0..2 {
                line += 1;
                self.push_row(&mut text, order, position, line);
            }
        }
        text
    }

    fn push_row(&self, text: &mut String, order: usize, position: usize, line: usize) {
        let is_return = order % 7 == 6;
        let (prefix, sign) = if is_return { ("C", -1) } else { ("", 1) };
        let number = 536_000 + order;
        let product = 1 + (order * 2 + position) % 15;
        let quantity = sign * (1 + (order % 4) as i64);
        let day = 1 + order % 28;
        let month = 1 + (order / 28) % 12;
        let date = if self.bad_dates.contains(&line) {
            "someday".to_owned()
        } else {
            format!("2025-{month:02}-{day:02} 09:{:02}:00", order % 60)
        };
        let customer = if Self::is_anonymous(order) {
            String::new()
        } else {
            (1000 + order % self.n_customers).to_string()
        };
        writeln!(
            text,
            "{prefix}{number},SKU{product:03},PRODUCT {product},{quantity},{date},{}.50,{customer},United Kingdom",
            1 + product,
        )
        .expect("writing to a string cannot fail");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_a_header_and_two_rows_an_order() {
        let file = OrdersFile::new(30);

        assert_eq!(file.csv().lines().count(), 1 + file.n_rows());
        assert_eq!(file.n_distinct_customers(), 18);
    }
}
