//! Connections: how each database is opened, who may write, and the lock on the folder.

mod lock;
pub(crate) mod postgres;
pub(crate) mod sqlite;
mod writer;

pub(crate) use lock::DirectoryLock;
pub(crate) use writer::Writer;
