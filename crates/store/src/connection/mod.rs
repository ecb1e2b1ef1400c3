//! Connections: how each database is opened, who may write, and the lock on the folder.

mod lock;
pub(crate) mod postgres;
pub(crate) mod sqlite;
mod writer;

pub(crate) use lock::DirectoryLock;
pub use writer::Pause;
pub(crate) use writer::{Pauser, Writer};

use sea_orm::{DatabaseConnection, DbBackend};

/// Closes the connections of a pool once they are idle.
pub(crate) async fn close_pool(connection: &DatabaseConnection) {
    match connection.get_database_backend() {
        DbBackend::Postgres => connection.get_postgres_connection_pool().close().await,
        _ => connection.get_sqlite_connection_pool().close().await,
    }
}
