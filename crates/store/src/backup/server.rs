//! PostgreSQL: its own programs make the archive, of the instant of a transaction that stays open.

use std::path::Path;

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, IsolationLevel,
    TransactionTrait as _,
};

use super::contents::{self, Contents, column};
use super::error::CopyError;
use super::program::Program;
use crate::StoreError;
use crate::connection::{close_pool, postgres};

pub(super) async fn dump(address: &str, target: &Path) -> Result<Contents, CopyError> {
    let connection = postgres::connect(address).await?;
    let outcome = dump_over(&connection, address, target).await;
    close_pool(&connection).await;
    outcome
}

async fn dump_over(
    connection: &DatabaseConnection,
    address: &str,
    target: &Path,
) -> Result<Contents, CopyError> {
    let tx = one_instant(connection).await?;
    let contents = contents::of(&tx).await?;
    let snapshots: Vec<String> = column(&tx, "SELECT pg_export_snapshot()::text").await?;
    let snapshot = snapshots.into_iter().next().unwrap_or_default();
    Program::new("pg_dump")
        .arg("--format=custom")
        .args_without_owners()
        .arg(format!("--snapshot={snapshot}"))
        // A pattern, in which quotation marks make every letter stand for itself.
        .arg(format!("--schema=\"{}\"", schema_of(&contents)))
        .arg("--file")
        .arg(target)
        .database(address)
        .run()
        .await?;
    tx.rollback().await.map_err(StoreError::from)?;
    Ok(contents)
}

pub(super) async fn contents(address: &str) -> Result<Contents, CopyError> {
    let connection = postgres::connect(address).await?;
    let contents = async {
        let tx = one_instant(&connection).await?;
        contents::of(&tx).await
    };
    let contents = contents.await;
    close_pool(&connection).await;
    Ok(contents?)
}

pub(super) async fn restore(
    address: &str,
    archive: &Path,
    namespace: &str,
) -> Result<Contents, CopyError> {
    // Whoever asked before may have been overtaken.
    check_target(address, namespace).await?;
    Program::new("pg_restore")
        .args_without_owners()
        .arg("--exit-on-error")
        .arg("--single-transaction")
        // Only what is in the schema: the schema itself is there.
        .arg(format!("--schema={namespace}"))
        .database(address)
        .arg(archive)
        .run()
        .await?;
    contents(address).await
}

pub(super) async fn check_archive(archive: &Path) -> Result<(), CopyError> {
    let program = Program::new("pg_restore").arg("--list").arg(archive);
    program.run().await
}

pub(super) async fn check_target(address: &str, namespace: &str) -> Result<(), CopyError> {
    let connection = postgres::connect(address).await?;
    let is_fit = check_schema(&connection, namespace).await;
    close_pool(&connection).await;
    is_fit
}

async fn check_schema(connection: &impl ConnectionTrait, namespace: &str) -> Result<(), CopyError> {
    let found = contents::namespace(connection).await?.unwrap_or_default();
    if found != namespace {
        return Err(CopyError::OtherNamespace {
            expected: namespace.to_owned(),
            found,
        });
    }
    let text = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()";
    let tables: Vec<String> = column(connection, text).await?;
    match tables.len() as u64 {
        0 => Ok(()),
        n_tables => Err(CopyError::NotEmpty { n_tables }),
    }
}

async fn one_instant(connection: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    let isolation = Some(IsolationLevel::RepeatableRead);
    let access = Some(AccessMode::ReadOnly);
    Ok(connection.begin_with_config(isolation, access).await?)
}

fn schema_of(contents: &Contents) -> &str {
    contents.namespace.as_deref().unwrap_or("public")
}

impl Program {
    /// Whoever restores may be another user.
    fn args_without_owners(self) -> Self {
        self.arg("--no-owner").arg("--no-privileges")
    }
}
