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
mod schema;

use sea_orm::{DatabaseConnection, DbErr};
use sea_orm_migration::{MigrationTrait, MigratorTrait, SchemaManager};

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
        ]
    }
}

/// Brings a database up to date; each migration is a transaction, so a kill leaves whole steps.
///
/// # Errors
/// [`StoreError::NewerSchema`] where the database holds migrations that this program lacks; it
/// is left untouched.
pub(crate) async fn migrate(connection: &DatabaseConnection) -> Result<(), StoreError> {
    pending(connection).await?;
    Ok(Migrations::up(connection, None).await?)
}

/// The migrations that a database still lacks, in order.
///
/// # Errors
/// [`StoreError::NewerSchema`] where the database holds migrations that this program lacks.
pub(crate) async fn pending(connection: &DatabaseConnection) -> Result<Vec<String>, StoreError> {
    let applied = applied(connection).await?;
    let known = Migrations::migrations();
    let known: Vec<&str> = known.iter().map(|migration| migration.name()).collect();
    let is_known = |name: &String| known.contains(&name.as_str());
    let names: Vec<String> = applied
        .iter()
        .filter(|name| !is_known(name))
        .cloned()
        .collect();
    if !names.is_empty() {
        return Err(StoreError::NewerSchema { names });
    }
    let is_missing = |name: &&&str| !applied.iter().any(|applied| applied == **name);
    Ok(known
        .iter()
        .filter(is_missing)
        .map(|&name| name.to_owned())
        .collect())
}

async fn applied(connection: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let table = "seaql_migrations";
    if !SchemaManager::new(connection).has_table(table).await? {
        return Ok(Vec::new());
    }
    let mut text = Sql::new(connection.get_database_backend());
    text.push("SELECT version FROM seaql_migrations ORDER BY version");
    let rows = text.all(connection).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}
