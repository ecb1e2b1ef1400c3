//! PostgreSQL: one pool for reading and writing.

use std::time::Duration;

use sea_orm::DatabaseConnection;
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use crate::StoreError;

/// Connects to a server. Where none of the schemas that it would search exists, the first is made:
/// `?options[search_path]=crm` gives a workspace a schema of its own.
pub(crate) async fn connect(address: &str) -> Result<DatabaseConnection, StoreError> {
    let options: PgConnectOptions = address.parse::<PgConnectOptions>()?;
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options.disable_statement_logging())
        .await?;
    make_schema(&pool).await?;
    Ok(pool.into())
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
