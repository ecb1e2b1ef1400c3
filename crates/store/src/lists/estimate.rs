//! How long a list is, without counting it to the end.

use sea_orm::{ConnectionTrait as _, DbBackend};

use super::Listing;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// Rows that are counted one by one; beyond that a guess is told.
const N_COUNTED_MAX: u64 = 10_000;

/// Rows, newest first, that a filtered guess looks at.
const N_SAMPLED: u64 = 50_000;

/// How many rows meet the conditions: exact up to [`N_COUNTED_MAX`], beyond that the share among
/// the newest rows times the size of the table. None where telling would cost too much.
pub(super) async fn estimate(
    store: &Store,
    listing: &Listing,
    conditions: &Sql,
) -> Result<Option<u64>, StoreError> {
    match guess(store, listing, conditions).await {
        Err(StoreError::TooCostly) => Ok(None),
        guessed => guessed.map(Some),
    }
}

async fn guess(store: &Store, listing: &Listing, conditions: &Sql) -> Result<u64, StoreError> {
    let Listing {
        table,
        alias,
        joins,
        ..
    } = listing;
    let source = store.lens().source(store.backend(), table);
    let whole = format!("{source} {alias}");
    let counted = count(store, &whole, joins, conditions, N_COUNTED_MAX + 1).await?;
    if counted <= N_COUNTED_MAX {
        return Ok(counted);
    }
    let total = table_size(store, table).await?;
    let key = &listing.key.name;
    let sample =
        format!("(SELECT * FROM {source} newest ORDER BY {key} DESC LIMIT {N_SAMPLED}) {alias}");
    let n_found = count(store, &sample, joins, conditions, N_SAMPLED).await?;
    let share = n_found as f64 / N_SAMPLED.min(total).max(1) as f64;
    Ok(((total as f64 * share) as u64).max(counted))
}

async fn count(
    store: &Store,
    from: &str,
    joins: &str,
    conditions: &Sql,
    at_most: u64,
) -> Result<u64, StoreError> {
    let mut sql = Sql::new(store.backend());
    sql.push("SELECT count(*) AS n FROM (SELECT 1 AS one FROM ")
        .push(from);
    store.lens().push(&mut sql, joins, []);
    sql.push(" WHERE ")
        .append(conditions.clone())
        .push(&format!(" LIMIT {at_most}) counted"));
    one_count(store, sql).await
}

/// Rows of a table: counted on SQLite, which keeps them close together, and from the planner's
/// statistics on PostgreSQL, where counting reads everything.
async fn table_size(store: &Store, table: &str) -> Result<u64, StoreError> {
    let mut sql = Sql::new(store.backend());
    match store.backend() {
        DbBackend::Postgres => sql.push(&format!(
            "SELECT greatest(reltuples::bigint, 0) AS n FROM pg_class WHERE oid = '{table}'::regclass"
        )),
        _ => sql.push(&format!("SELECT count(*) AS n FROM {table}")),
    };
    one_count(store, sql).await
}

async fn one_count(store: &Store, sql: Sql) -> Result<u64, StoreError> {
    let row = store.lister().query_one_raw(sql.statement()).await?;
    let n: i64 = match row {
        Some(row) => row.try_get("", "n")?,
        None => 0,
    };
    Ok(n.unsigned_abs())
}
