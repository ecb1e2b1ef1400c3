//! PostgreSQL: one pool for reading and writing, one for lists.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use crate::{ListCost, StoreError};

/// How long a caller waits for a connection, so that a server which starts anew is not noticed. Shorter
/// than a request may take, whose caller should hear that the records cannot be reached and not that the
/// answer took too long.
const CONNECTION_WITHIN: Duration = Duration::from_secs(10);

/// How statements are planned, in two settings of a connection.
///
/// Statements are planned for the values that they come with. A plan that is kept was made when a table
/// held something else: that of the inbox, empty when the server starts, read all of it for every batch.
/// Nothing is compiled to machine code: that takes seconds where a statement of many short looks seems dear,
/// and no statement of ours runs for as long.
const PLANS: [(&str, &str); 2] = [("plan_cache_mode", "force_custom_plan"), ("jit", "off")];

/// Rows from which on the plans of PostgreSQL's own looks are kept.
const N_ROWS_KEEPING_PLANS: usize = 1_000;

/// Writes or deletes that many rows in a transaction. PostgreSQL looks by a statement of its own for what
/// each row refers to and for what refers to it; to plan these anew takes three times as long as to run
/// them, so that for many rows the plans are kept.
pub(crate) async fn write_rows<T, E: From<DbErr>>(
    connection: &impl ConnectionTrait,
    n_rows: usize,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let is_postgres = connection.get_database_backend() == DbBackend::Postgres;
    if !is_postgres || n_rows < N_ROWS_KEEPING_PLANS {
        return work.await;
    }
    let keep = "SET LOCAL plan_cache_mode = auto";
    connection.execute_unprepared(keep).await?;
    let done = work.await?;
    let as_before = "SET LOCAL plan_cache_mode = DEFAULT";
    connection.execute_unprepared(as_before).await?;
    Ok(done)
}

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
