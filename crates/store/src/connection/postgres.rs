//! PostgreSQL: one pool for reading and writing, one for lists.

use std::time::Duration;

use sea_orm::DatabaseConnection;
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use crate::{ListCost, StoreError};

/// How long a caller waits for a connection, so that a server which starts anew is not noticed. Shorter
/// than a request may take, whose caller should hear that the records cannot be reached and not that the
/// answer took too long.
const CONNECTION_WITHIN: Duration = Duration::from_secs(10);

/// Statements are planned for the values that they come with. A plan that is kept was made when a table
/// held something else: that of the inbox, empty when the server starts, read all of it for every batch.
const PLANS: [(&str, &str); 1] = [("plan_cache_mode", "force_custom_plan")];

/// Connects to a server. Where none of the schemas that it would search exists, the first is made:
/// `?options[search_path]=crm` gives a workspace a schema of its own.
pub(crate) async fn connect(address: &str) -> Result<DatabaseConnection, StoreError> {
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(CONNECTION_WITHIN)
        .connect_with(options(address)?)
        .await?;
    make_schema(&pool).await?;
    Ok(pool.into())
}

/// The connections of lists, whose statements the server stops where they take too long.
pub(crate) fn lister(address: &str, list_cost: ListCost) -> Result<DatabaseConnection, StoreError> {
    let milliseconds = list_cost.time_max.as_millis().to_string();
    let pool = PgPoolOptions::new()
        .max_connections(6)
        .acquire_timeout(CONNECTION_WITHIN)
        .connect_lazy_with(options(address)?.options([("statement_timeout", milliseconds)]));
    Ok(pool.into())
}

fn options(address: &str) -> Result<PgConnectOptions, StoreError> {
    let options = address.parse::<PgConnectOptions>()?;
    Ok(options.options(PLANS).disable_statement_logging())
}

async fn make_schema(pool: &PgPool) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await?;
    let found: Option<String> = sqlx::query_scalar("SELECT current_schema()::text")
        .fetch_one(&mut *connection)
        .await?;
    if found.is_none() {
        let make = "DO $$ BEGIN EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', \
                    trim(split_part(current_setting('search_path'), ',', 1), ' \"')); END $$";
        sqlx::query(make).execute(&mut *connection).await?;
    }
    Ok(())
}
