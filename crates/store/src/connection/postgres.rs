//! PostgreSQL: one pool for reading and writing.

use std::time::Duration;

use sea_orm::DatabaseConnection;
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::StoreError;

/// Connects to a server.
pub(crate) async fn connect(address: &str) -> Result<DatabaseConnection, StoreError> {
    let options: PgConnectOptions = address.parse::<PgConnectOptions>()?;
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options.disable_statement_logging())
        .await?;
    Ok(pool.into())
}
