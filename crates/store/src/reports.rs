//! Sums for the home screen and for record pages.
//!
//! Everything is counted over the records that the store's user sees; events and products are everybody's.
//!
//! Amounts of different currencies are never added: every sum is per currency. Months are UTC.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rapport_domain::{ContactId, Currency, Date, Money, ProductId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::record::Named;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec};

/// How much there is of everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Contacts.
    pub n_contacts: u64,
    /// Companies.
    pub n_companies: u64,
    /// Deals, open and closed.
    pub n_deals: u64,
    /// Completed orders.
    pub n_orders: u64,
    /// Products.
    pub n_products: u64,
    /// Events in the lake and its inbox.
    pub n_events: u64,
    /// Revenue, returns subtracted, one amount per currency, the largest number of orders first.
    pub revenue: Vec<Money>,
    /// The same by month, the earliest first.
    pub months: Vec<MonthlyRevenue>,
}

/// A calendar month, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Year.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Revenue of a month in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthlyRevenue {
    /// The month.
    pub month: Month,
    /// Revenue, returns subtracted.
    pub amount: Money,
    /// Completed orders.
    pub n_orders: u64,
}

/// Sales of a product in a month, in one currency.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthlySales {
    /// The month.
    pub month: Month,
    /// Revenue, returns subtracted.
    pub amount: Money,
    /// Units, returns subtracted.
    pub units: f64,
}

/// Someone who buys a product.
#[derive(Debug, Clone, PartialEq)]
pub struct Buyer {
    /// The contact.
    pub contact: Named<ContactId>,
    /// Units, returns subtracted.
    pub units: f64,
}

/// Counts and sums everything.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn totals(store: &Store) -> Result<Totals, StoreError> {
    let counts = seen(
        store,
        "SELECT (SELECT count(*) FROM contacts c WHERE 1 = 1) AS contacts, \
         (SELECT count(*) FROM companies co WHERE 1 = 1) AS companies, \
         (SELECT count(*) FROM deals d WHERE 1 = 1) AS deals, \
         (SELECT count(*) FROM products) AS products, \
         (SELECT CAST(coalesce(sum(n_rows), 0) AS BIGINT) FROM event_segments) AS stored, \
         (SELECT count(*) FROM event_inbox) AS waiting",
        [],
    );
    let row = counts.one(store.reader()).await?;
    let row = row.ok_or_else(|| StoreError::not_found("count", "of everything"))?;
    let count =
        |name: &str| -> Result<u64, StoreError> { Ok(codec::unsigned(row.try_get("", name)?)) };
    let months = revenue_of(store, "1 = 1", []).await?;
    Ok(Totals {
        n_contacts: count("contacts")?,
        n_companies: count("companies")?,
        n_deals: count("deals")?,
        n_orders: months.iter().map(|month| month.n_orders).sum(),
        n_products: count("products")?,
        n_events: count("stored")? + count("waiting")?,
        revenue: in_all(&months),
        months,
    })
}

/// The sums of months, one per currency, the largest number of orders first.
fn in_all(months: &[MonthlyRevenue]) -> Vec<Money> {
    let mut sums: BTreeMap<Currency, (u64, i64)> = BTreeMap::new();
    for month in months {
        let sum = sums.entry(month.amount.currency).or_default();
        sum.0 += month.n_orders;
        sum.1 += month.amount.amount_minor;
    }
    let mut sums: Vec<(Currency, (u64, i64))> = sums.into_iter().collect();
    sums.sort_by_key(|(_, (n_orders, _))| Reverse(*n_orders));
    let sums = sums.into_iter();
    sums.map(|(currency, (_, amount))| Money::new(amount, currency))
        .collect()
}

/// Revenue of a contact's orders by month, the earliest first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn contact_revenue_by_month(
    store: &Store,
    contact: ContactId,
) -> Result<Vec<MonthlyRevenue>, StoreError> {
    revenue_of(store, "o.contact_id = ?", [sql::id(contact)]).await
}

async fn revenue_of<const N: usize>(
    store: &Store,
    condition: &str,
    values: [sea_orm::Value; N],
) -> Result<Vec<MonthlyRevenue>, StoreError> {
    let statement = format!(
        "SELECT {DAY} AS day, o.currency AS currency, \
         CAST(sum(o.amount_minor) AS BIGINT) AS amount, \
         CAST(sum(CASE WHEN o.status = 'completed' THEN 1 ELSE 0 END) AS BIGINT) AS n_orders \
         FROM orders o WHERE {condition} GROUP BY {DAY}, o.currency"
    );
    let rows = seen(store, &statement, values).all(store.reader()).await?;
    let mut months: BTreeMap<(Month, Currency), (i64, u64)> = BTreeMap::new();
    for row in rows {
        let amount = read_money(&row)?;
        let sums = months
            .entry((read_month(&row)?, amount.currency))
            .or_default();
        sums.0 += amount.amount_minor;
        sums.1 += codec::unsigned(row.try_get("", "n_orders")?);
    }
    let months = months
        .into_iter()
        .map(|((month, currency), sums)| MonthlyRevenue {
            month,
            amount: Money::new(sums.0, currency),
            n_orders: sums.1,
        });
    Ok(months.collect())
}

/// Sales of a product by month, the earliest first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn product_sales_by_month(
    store: &Store,
    product: ProductId,
) -> Result<Vec<MonthlySales>, StoreError> {
    let statement = format!(
        "SELECT {DAY} AS day, o.currency AS currency, \
         CAST(sum(l.amount_minor) AS BIGINT) AS amount, sum(l.quantity) AS units \
         FROM order_lines l JOIN orders o ON o.id = l.order_id \
         WHERE l.product_id = ? GROUP BY {DAY}, o.currency"
    );
    let rows = seen(store, &statement, [sql::id(product)])
        .all(store.reader())
        .await?;
    let mut months: BTreeMap<(Month, Currency), (i64, f64)> = BTreeMap::new();
    for row in rows {
        let amount = read_money(&row)?;
        let sums = months
            .entry((read_month(&row)?, amount.currency))
            .or_default();
        sums.0 += amount.amount_minor;
        sums.1 += row.try_get::<f64>("", "units")?;
    }
    let months = months
        .into_iter()
        .map(|((month, currency), sums)| MonthlySales {
            month,
            amount: Money::new(sums.0, currency),
            units: sums.1,
        });
    Ok(months.collect())
}

/// Those who bought most units of a product.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn top_buyers(
    store: &Store,
    product: ProductId,
    limit: u64,
) -> Result<Vec<Buyer>, StoreError> {
    let statement = format!(
        "SELECT c.id AS id, c.name AS name, sum(l.quantity) AS units \
         FROM order_lines l JOIN orders o ON o.id = l.order_id \
         JOIN contacts c ON c.id = o.contact_id \
         WHERE l.product_id = ? GROUP BY c.id, c.name ORDER BY units DESC, c.id LIMIT {limit}"
    );
    let rows = seen(store, &statement, [sql::id(product)])
        .all(store.reader())
        .await?;
    rows.iter()
        .map(|row| {
            let id: Uuid = row.try_get("", "id")?;
            Ok(Buyer {
                contact: Named {
                    id: id.into(),
                    name: row.try_get("", "name")?,
                },
                units: row.try_get("", "units")?,
            })
        })
        .collect()
}

/// A statement over the rows that the store's user sees.
fn seen<const N: usize>(store: &Store, text: &str, values: [sea_orm::Value; N]) -> Sql {
    let mut sql = Sql::new(store.backend());
    store.lens().push(&mut sql, text, values);
    sql
}

/// The day of an order, as days since the epoch: whole-number arithmetic that both databases do
/// alike. They round towards zero, so that the remainder is taken off first, which makes the
/// division exact on both sides of the epoch. Days become months in Rust. An index over it has all that
/// is summed.
const DAY: &str = "((o.ordered_at - ((o.ordered_at % 86400000000) + 86400000000) % 86400000000) \
                   / 86400000000)";

fn read_month(row: &QueryResult) -> Result<Month, StoreError> {
    let days: i64 = row.try_get("", "day")?;
    let date = i32::try_from(days)
        .ok()
        .and_then(Date::from_days_since_epoch);
    let text = date.map(|date| date.to_string()).unwrap_or_default();
    // Four digits or more of a year, then month and day of two digits each.
    let parts = text.rsplitn(3, '-').collect::<Vec<_>>();
    let month = match parts.as_slice() {
        [_, month, year] => year.parse().ok().zip(month.parse().ok()),
        _ => None,
    };
    month
        .map(|(year, month)| Month { year, month })
        .ok_or(StoreError::Decode {
            column: "orders.ordered_at",
            reason: "outside of the calendar".to_owned(),
        })
}

fn read_money(row: &QueryResult) -> Result<Money, StoreError> {
    let currency: String = row.try_get("", "currency")?;
    Ok(Money {
        amount_minor: row.try_get("", "amount")?,
        currency: codec::parse("orders.currency", &currency)?,
    })
}
