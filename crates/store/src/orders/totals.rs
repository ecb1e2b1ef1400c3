//! What follows from orders: totals of contacts and products, brought up to date by set.

use futures::FutureExt as _;
use rapport_domain::{ContactId, ProductId};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};

use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// Whose totals to bring up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TotalsScope {
    /// Those of all contacts and products: cheaper than naming more than a tenth of them.
    All,
    /// Those of the named ones.
    Of {
        /// Contacts whose orders changed.
        contacts: Vec<ContactId>,
        /// Products whose order lines changed.
        products: Vec<ProductId>,
    },
}

impl TotalsScope {
    /// Nobody's.
    pub const fn none() -> Self {
        Self::Of {
            contacts: Vec::new(),
            products: Vec::new(),
        }
    }
}

/// Derives the totals of contacts and products from the orders. Rows that are right already are
/// not written.
///
/// A contact's currency is the most frequent one of its orders (on a tie the first by code), and
/// only orders in it are summed: pounds are never added to yen. Sums include returns, which are
/// negative; `n_orders` counts completed orders in any currency. A product's revenue is over lines in
/// the currency of its price, its units over all.
///
/// # Errors
/// [`StoreError`] where the database fails; no total is changed then.
pub async fn refresh_totals(store: &Store, scope: TotalsScope) -> Result<(), StoreError> {
    store
        .write(move |tx| refresh_totals_in(tx, scope).boxed())
        .await
}

/// As [`refresh_totals`], inside of a transaction.
pub(crate) async fn refresh_totals_in(
    tx: &DatabaseTransaction,
    scope: TotalsScope,
) -> Result<(), StoreError> {
    match scope {
        TotalsScope::All => {
            refresh_contacts(tx, None).await?;
            refresh_products(tx, None).await
        }
        TotalsScope::Of { contacts, products } => {
            for chunk in contacts.chunks(sql::N_KEYS_MAX) {
                refresh_contacts(tx, Some(sql::ids(chunk).collect())).await?;
            }
            for chunk in products.chunks(sql::N_KEYS_MAX) {
                refresh_products(tx, Some(sql::ids(chunk).collect())).await?;
            }
            Ok(())
        }
    }
}

/// Appends `AND column IN (…)` where only some are meant.
fn push_scope(sql: &mut Sql, column: &str, keys: Option<&[Value]>) {
    if let Some(keys) = keys {
        sql.push(" AND ").push(column).push(" IN ");
        sql.bind_list(keys.iter().cloned());
    }
}

async fn refresh_contacts(
    tx: &DatabaseTransaction,
    keys: Option<Vec<Value>>,
) -> Result<(), StoreError> {
    let keys = keys.as_deref();
    let backend = tx.get_database_backend();

    // Per contact and currency first; the leading currency of each contact gives the sums.
    let mut sql = Sql::new(backend);
    sql.push(
        "UPDATE contacts SET n_orders = t.n_orders, total_spent_minor = t.amount_minor, \
         currency = t.currency, first_order_at = t.first_at, last_order_at = t.last_at, \
         last_activity_at = t.last_at \
         FROM (SELECT contact_id, currency, amount_minor, \
         CAST(sum(n_completed) OVER (PARTITION BY contact_id) AS BIGINT) AS n_orders, \
         min(first_at) OVER (PARTITION BY contact_id) AS first_at, \
         max(last_at) OVER (PARTITION BY contact_id) AS last_at, \
         row_number() OVER (PARTITION BY contact_id ORDER BY n_all DESC, currency) AS place \
         FROM (SELECT contact_id, currency, count(*) AS n_all, \
         CAST(sum(CASE WHEN status = 'completed' THEN 1 ELSE 0 END) AS BIGINT) AS n_completed, \
         CAST(sum(amount_minor) AS BIGINT) AS amount_minor, \
         min(ordered_at) AS first_at, max(ordered_at) AS last_at \
         FROM orders WHERE contact_id IS NOT NULL",
    );
    push_scope(&mut sql, "contact_id", keys);
    sql.push(
        " GROUP BY contact_id, currency) per_currency) t \
         WHERE t.place = 1 AND t.contact_id = contacts.id \
         AND (contacts.n_orders <> t.n_orders OR contacts.total_spent_minor <> t.amount_minor \
         OR contacts.currency IS DISTINCT FROM t.currency \
         OR contacts.first_order_at IS DISTINCT FROM t.first_at \
         OR contacts.last_order_at IS DISTINCT FROM t.last_at \
         OR contacts.last_activity_at IS DISTINCT FROM t.last_at)",
    );
    sql.execute(tx).await?;

    let mut sql = Sql::new(backend);
    sql.push(
        "UPDATE contacts SET n_orders = 0, total_spent_minor = 0, currency = NULL, \
         first_order_at = NULL, last_order_at = NULL, last_activity_at = NULL \
         WHERE last_order_at IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.contact_id = contacts.id)",
    );
    push_scope(&mut sql, "id", keys);
    sql.execute(tx).await?;
    Ok(())
}

async fn refresh_products(
    tx: &DatabaseTransaction,
    keys: Option<Vec<Value>>,
) -> Result<(), StoreError> {
    let keys = keys.as_deref();
    let backend = tx.get_database_backend();
    let mut sql = Sql::new(backend);
    sql.push(
        "UPDATE products SET units_sold = t.units, revenue_minor = t.amount_minor \
         FROM (SELECT l.product_id, sum(l.quantity) AS units, \
         CAST(sum(CASE WHEN p.currency IS NULL OR p.currency = o.currency \
         THEN l.amount_minor ELSE 0 END) AS BIGINT) AS amount_minor \
         FROM order_lines l JOIN orders o ON o.id = l.order_id \
         JOIN products p ON p.id = l.product_id WHERE true",
    );
    push_scope(&mut sql, "l.product_id", keys);
    sql.push(
        " GROUP BY l.product_id) t WHERE t.product_id = products.id \
         AND (products.units_sold <> t.units OR products.revenue_minor <> t.amount_minor)",
    );
    sql.execute(tx).await?;

    let mut sql = Sql::new(backend);
    sql.push(
        "UPDATE products SET units_sold = 0, revenue_minor = 0 \
         WHERE (units_sold <> 0 OR revenue_minor <> 0) \
         AND NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.product_id = products.id)",
    );
    push_scope(&mut sql, "id", keys);
    sql.execute(tx).await?;
    Ok(())
}
