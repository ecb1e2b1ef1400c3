//! Moves the records of a data directory from SQLite to PostgreSQL.
//!
//! Table by table, parents before children: rows stream from the file into one COPY, are read back and
//! compared, and the table is put on a list in the same transaction. A move that was killed goes on
//! behind the last table on the list. The file is read only and held by the lock of its folder; until
//! the list is dropped at the end, [`crate::Store::open`] refuses the server's database.

mod error;
mod line;
mod plan;
mod source;
mod target;

use std::path::Path;

use futures::TryStreamExt as _;
use sea_orm::ConnectionTrait;

use crate::connection::{DirectoryLock, close_pool, postgres, sqlite};
use crate::{StoreError, custom_fields, migrations};

pub use error::TransferError;
use line::Checksum;
use plan::Table;
use source::Source;
use target::{Arrived, Target};

/// How far a move is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'t> {
    /// The table that is moved.
    pub table: &'t str,
    /// Rows of it that were sent.
    pub n_done: u64,
    /// Rows of it.
    pub n_rows: u64,
}

/// A table that is the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedTable {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub n_rows: u64,
    /// The checksum over its rows, the same on both sides.
    pub checksum: String,
    /// Whether an earlier move that was broken off had moved it.
    pub was_there: bool,
}

/// A move that came to its end. The data directory stays locked until this is dropped.
#[derive(Debug)]
pub struct Transferred {
    /// All tables, in the order in which they were moved.
    pub tables: Vec<MovedTable>,
    _lock: DirectoryLock,
}

/// Moves the records of a file to a server. The file stays as it is.
///
/// Dropped or killed, it leaves whole tables on the server; the next call with the same file and
/// address goes on behind them.
///
/// # Errors
/// [`StoreError::Locked`] where a server runs on the directory, and [`TransferError`] as its variants
/// say.
pub async fn transfer(
    file: &Path,
    address: &str,
    told: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<Transferred, TransferError> {
    if !file.exists() {
        let path = file.to_owned();
        return Err(TransferError::NoRecords { path });
    }
    let lock = DirectoryLock::acquire(file)?;
    check_version(file).await?;
    Ok(Transferred {
        tables: move_all(file, address, None, told).await?,
        _lock: lock,
    })
}

/// Moves all tables of a file that has seen all steps of the schema, or the first so many.
pub(crate) async fn move_all(
    file: &Path,
    address: &str,
    n_steps: Option<u32>,
    told: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<Vec<MovedTable>, TransferError> {
    let mut source = Source::open(file).await?;
    let workspace = source.workspace().await?;
    let mut target = Target::prepare(address, &workspace, n_steps).await?;
    let mut tables = Vec::new();
    for table in plan::of(&mut source, &mut target).await? {
        tables.push(move_table(&table, &mut source, &mut target, told).await?);
    }
    if n_steps.is_none() {
        make_indices(address).await?;
    }
    target.finish().await?;
    Ok(tables)
}

/// Makes what no step of the schema makes: the indices of custom fields.
async fn make_indices(address: &str) -> Result<(), TransferError> {
    let pool = postgres::connect(address).await?;
    let made = custom_fields::make_all(&pool).await;
    close_pool(&pool).await;
    Ok(made?)
}

/// Refuses a database that a move has not filled to its end.
pub(crate) async fn refuse_unfinished(connection: &impl ConnectionTrait) -> Result<(), StoreError> {
    target::refuse_unfinished(connection).await
}

async fn check_version(file: &Path) -> Result<(), TransferError> {
    let connection = sqlite::look(file).await?;
    let pending = migrations::pending(&connection).await;
    close_pool(&connection).await;
    let pending = pending.map_err(|error| sqlite::name_file(error, file))?;
    if pending.is_empty() {
        return Ok(());
    }
    Err(TransferError::Behind { pending })
}

async fn move_table(
    table: &Table,
    source: &mut Source,
    target: &mut Target,
    told: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<MovedTable, TransferError> {
    let n_rows = source.count(&table.name).await?;
    let mut told = |n_done| {
        told(Progress {
            table: &table.name,
            n_done,
            n_rows,
        });
    };
    told(0);
    let there = target.arrived(&table.name).await?;
    let was_there = there.is_some();
    let arrived = match there {
        Some(arrived) => unchanged(table, source, arrived).await?,
        None => target.fill(table, source, &mut told).await?,
    };
    Ok(MovedTable {
        name: table.name.clone(),
        n_rows: arrived.n_rows,
        checksum: arrived.checksum,
        was_there,
    })
}

/// What an earlier move has brought over, if the file still holds the same.
async fn unchanged(
    table: &Table,
    source: &mut Source,
    arrived: Arrived,
) -> Result<Arrived, TransferError> {
    let mut checksum = Checksum::default();
    let mut rows = source.rows(table);
    while let Some(lines) = rows.try_next().await? {
        lines.count(&mut checksum);
    }
    let here = Arrived {
        n_rows: checksum.n_rows,
        checksum: checksum.text(),
    };
    if here != arrived {
        let table = table.name.clone();
        return Err(TransferError::Changed { table });
    }
    Ok(arrived)
}
