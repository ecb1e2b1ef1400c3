//! The schema's history, in order. How to add to it: `README.md` in this folder.
#![expect(
    elided_lifetimes_in_paths,
    reason = "an implementation of the migration trait must elide what the trait elides"
)]

mod m0001_users;
mod m0002_customers;
mod m0003_sales;
mod m0004_imports;
mod m0005_service;
mod m0006_orders;
mod m0007_events;
mod m0008_learning;
mod m0009_jobs;
mod m0010_search;
mod m0011_runs;
mod m0012_registry;
mod m0013_retention;
mod m0014_import_journal;
mod m0016_event_sources;
mod m0018_deal_board;
mod m0021_saved_views;
mod m0022_import_sightings;
mod m0023_people_of_events;
mod m0024_access;
mod m0025_search_terms;
mod m0026_company_keys;
mod m0027_api_keys;
mod m0028_custom_fields;
mod m0029_dry_runs;
mod m0030_told_by_events;
mod m0031_audit;
mod m0032_webhooks;
mod m0033_bulk_edits;
mod m0036_sums_of_orders;
mod m0037_webhook_turns;
mod m0038_orders_of_lists;
mod m0039_search_new_rows;
mod m0040_search_by_kind;
mod m0041_identity_log;
mod m0042_matching;
mod m0043_acceptances;
mod m0044_mailboxes;
mod m0045_changes_of_people;
mod schema;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

use crate::StoreError;
use crate::sql::Sql;

/// All migrations.
struct Migrations;

impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_users::Migration),
            Box::new(m0002_customers::Migration),
            Box::new(m0003_sales::Migration),
            Box::new(m0004_imports::Migration),
            Box::new(m0005_service::Migration),
            Box::new(m0006_orders::Migration),
            Box::new(m0007_events::Migration),
            Box::new(m0008_learning::Migration),
            Box::new(m0009_jobs::Migration),
            Box::new(m0010_search::Migration),
            Box::new(m0011_runs::Migration),
            Box::new(m0012_registry::Migration),
            Box::new(m0013_retention::Migration),
            Box::new(m0014_import_journal::Migration),
            Box::new(m0016_event_sources::Migration),
            Box::new(m0018_deal_board::Migration),
            Box::new(m0021_saved_views::Migration),
            Box::new(m0022_import_sightings::Migration),
            Box::new(m0023_people_of_events::Migration),
            Box::new(m0024_access::Migration),
            Box::new(m0025_search_terms::Migration),
            Box::new(m0026_company_keys::Migration),
            Box::new(m0027_api_keys::Migration),
            Box::new(m0028_custom_fields::Migration),
            Box::new(m0029_dry_runs::Migration),
            Box::new(m0030_told_by_events::Migration),
            Box::new(m0031_audit::Migration),
            Box::new(m0032_webhooks::Migration),
            Box::new(m0033_bulk_edits::Migration),
            Box::new(m0036_sums_of_orders::Migration),
            Box::new(m0037_webhook_turns::Migration),
            Box::new(m0038_orders_of_lists::Migration),
            Box::new(m0039_search_new_rows::Migration),
            Box::new(m0040_search_by_kind::Migration),
            Box::new(m0041_identity_log::Migration),
            Box::new(m0042_matching::Migration),
            Box::new(m0043_acceptances::Migration),
            Box::new(m0044_mailboxes::Migration),
            Box::new(m0045_changes_of_people::Migration),
        ]
    }
}

/// Names the steps of one database for those of its servers that start at the same time.
const POSTGRES_LOCK: &str = "SELECT pg_advisory_xact_lock(7241938157)";

/// Brings a database up to date, all steps in one transaction: a kill leaves it as it was, and the
/// program of before can open it. Of several servers that start together one does it.
///
/// # Errors
/// [`StoreError::NewerSchema`] where the database holds migrations that this program lacks; it
/// is left untouched.
pub(crate) async fn migrate(connection: &DatabaseConnection) -> Result<(), StoreError> {
    if pending(connection).await?.is_empty() {
        return Ok(());
    }
    up(connection, None).await
}

/// Runs the next so many steps in one transaction, or all.
pub(crate) async fn up(
    connection: &DatabaseConnection,
    n_steps: Option<u32>,
) -> Result<(), StoreError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = connection.begin_with_options(options).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(POSTGRES_LOCK).await?;
    }
    Migrations::up(&transaction, n_steps).await?;
    Ok(transaction.commit().await?)
}

/// The migrations that a database still lacks, in order.
///
/// # Errors
/// [`StoreError::NewerSchema`] where the database holds migrations that this program lacks.
pub(crate) async fn pending(connection: &DatabaseConnection) -> Result<Vec<String>, StoreError> {
    let applied = known(connection).await?;
    let is_missing = |name: &String| !applied.contains(name);
    Ok(names().into_iter().filter(is_missing).collect())
}

/// The migrations that a database has seen, in order.
///
/// # Errors
/// [`StoreError::NewerSchema`] where this program lacks some of them.
pub(crate) async fn known(connection: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let applied = applied(connection).await?;
    let known = names();
    let is_unknown = |name: &&String| !known.contains(name);
    let names: Vec<String> = applied.iter().filter(is_unknown).cloned().collect();
    if !names.is_empty() {
        return Err(StoreError::NewerSchema { names });
    }
    Ok(applied)
}

/// All steps that this program knows, in order.
pub(crate) fn names() -> Vec<String> {
    let migrations = Migrations::migrations();
    let names = migrations.iter().map(|migration| migration.name());
    names.map(str::to_owned).collect()
}

async fn applied(connection: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let found = match connection.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT tablename::text FROM pg_tables \
             WHERE schemaname = current_schema() AND tablename = 'seaql_migrations'"
        }
        _ => "SELECT name FROM sqlite_master WHERE name = 'seaql_migrations'",
    };
    let mut text = Sql::new(connection.get_database_backend());
    text.push(found);
    if text.one(connection).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut text = Sql::new(connection.get_database_backend());
    text.push("SELECT version FROM seaql_migrations ORDER BY version");
    let rows = text.all(connection).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}
