//! The side that is filled: a PostgreSQL server, with a list of the tables that are done.

use std::collections::BTreeMap;

use futures::TryStreamExt as _;
use sea_orm::{ConnectionTrait, DbBackend};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use super::error::TransferError;
use super::line::{Checksum, Kind};
use super::plan::Table;
use super::source::Source;
use crate::connection::{close_pool, postgres};
use crate::sql::Sql;
use crate::{StoreError, migrations, search};

/// The oldest server whose catalogue we can read.
const OLDEST_SERVER: i32 = 12;

/// The list of what is done. It is made first and dropped last, so that a database that has it is a
/// half-done move, and one that has other tables but not this one is somebody else's.
const LIST: &str = "transferred_tables";

/// A table of search, which past schemas lack.
const SEARCHED: &str = "search_backfill";

/// The line of the list that is no table: it holds the workspace whose records are moved.
const OF_WHOM: &str = "";

/// Bytes that are sent at once.
const PIECE_BYTES: usize = 256 * 1024;

/// A server that is filled.
#[derive(Debug)]
pub(super) struct Target {
    connection: PgConnection,
}

/// A table that is on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrived {
    pub(super) n_rows: u64,
    pub(super) checksum: String,
}

impl Target {
    /// Connects, and makes the tables in an empty database or finds those of a move that was broken off.
    /// All steps of the schema, or the first so many.
    pub(super) async fn prepare(
        address: &str,
        workspace: &str,
        n_steps: Option<u32>,
    ) -> Result<Self, TransferError> {
        let options: PgConnectOptions = address.parse()?;
        // One connection, tried once: a pool would wait for a server that is not there.
        let connection = options.disable_statement_logging().connect().await?;
        let mut target = Self { connection };
        target.check_server().await?;
        let pool = postgres::connect(address).await?;
        let begun = async {
            target.begin(workspace).await?;
            let n_done = migrations::known(&pool).await?.len() as u32;
            let n_left = n_steps.map(|n_steps| n_steps.saturating_sub(n_done));
            migrations::up(&pool, n_left)
                .await
                .map_err(TransferError::from)
        };
        let begun = begun.await;
        close_pool(&pool).await;
        begun?;
        Ok(target)
    }

    async fn check_server(&mut self) -> Result<(), TransferError> {
        let text = "SELECT current_setting('server_version_num')::int / 10000, \
                    current_setting('server_encoding'), current_schema() IS NOT NULL \
                    OR has_database_privilege(current_database(), 'CREATE')";
        let (found, encoding, may_have_schema): (i32, String, bool) =
            sqlx::query_as(text).fetch_one(&mut self.connection).await?;
        if found < OLDEST_SERVER {
            let oldest = OLDEST_SERVER;
            return Err(TransferError::OldServer { found, oldest });
        }
        if encoding != "UTF8" {
            return Err(TransferError::Encoding { found: encoding });
        }
        if !may_have_schema {
            let reason = "it may not make the schema that the address names".to_owned();
            return Err(TransferError::NoRights { reason });
        }
        Ok(())
    }

    /// Begins the list, or finds that it is there and ours.
    async fn begin(&mut self, workspace: &str) -> Result<(), TransferError> {
        let tables = self.all_tables().await?;
        if tables.iter().any(|name| name == LIST) {
            let text = "SELECT checksum FROM transferred_tables WHERE name = $1";
            let list = sqlx::query_scalar(text).bind(OF_WHOM);
            let of_whom: String = list.fetch_one(&mut self.connection).await?;
            let is_ours = of_whom == workspace;
            return is_ours.then_some(()).ok_or(TransferError::OtherMove);
        }
        if !tables.is_empty() {
            let n_tables = tables.len();
            return Err(TransferError::NotEmpty { n_tables });
        }
        let mut tx = self.connection.begin().await?;
        let make = "CREATE TABLE transferred_tables (name text PRIMARY KEY, n_rows bigint NOT NULL, \
                    checksum text NOT NULL)";
        sqlx::query(make).execute(&mut *tx).await?;
        note(&mut tx, OF_WHOM, 0, workspace).await?;
        Ok(tx.commit().await?)
    }

    async fn all_tables(&mut self) -> Result<Vec<String>, TransferError> {
        // The parts of a table in parts are moved with it.
        let text = "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') \
                    AND NOT relispartition AND relnamespace = \
                    (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) \
                    ORDER BY relname::text COLLATE \"C\"";
        Ok(sqlx::query_scalar(text)
            .fetch_all(&mut self.connection)
            .await?)
    }

    /// Names of all tables but the list.
    pub(super) async fn tables(&mut self) -> Result<Vec<String>, TransferError> {
        let tables = self.all_tables().await?;
        Ok(tables.into_iter().filter(|name| name != LIST).collect())
    }

    /// Columns of a table by name: the type, and whether the server numbers it. Those that it works
    /// out from others are left out.
    pub(super) async fn columns(
        &mut self,
        table: &str,
    ) -> Result<BTreeMap<String, (String, bool)>, TransferError> {
        let text = "SELECT a.attname::text, t.typname::text, a.attidentity <> '' \
                    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
                    WHERE a.attrelid = format('%I.%I', current_schema(), $1::text)::regclass \
                    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''";
        let columns = sqlx::query_as::<_, (String, String, bool)>(text).bind(table);
        let columns = columns.fetch_all(&mut self.connection).await?.into_iter();
        Ok(columns
            .map(|(name, kind, is_numbered)| (name, (kind, is_numbered)))
            .collect())
    }

    /// What the list says of a table; none where it is not done.
    pub(super) async fn arrived(&mut self, table: &str) -> Result<Option<Arrived>, TransferError> {
        let text = "SELECT n_rows, checksum FROM transferred_tables WHERE name = $1";
        let found = sqlx::query_as::<_, (i64, String)>(text).bind(table);
        let found = found.fetch_optional(&mut self.connection).await?;
        Ok(found.map(|(n_rows, checksum)| Arrived {
            n_rows: crate::codec::unsigned(n_rows),
            checksum,
        }))
    }

    /// Fills a table in one transaction, reads it back, and puts it on the list if it is the same.
    pub(super) async fn fill(
        &mut self,
        table: &Table,
        source: &mut Source,
        told: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Arrived, TransferError> {
        let last_number = match table.numbered() {
            Some(_) => source.last_number(&table.name).await?,
            None => None,
        };
        let mut tx = self.connection.begin().await?;
        let sent = copy_in(&mut tx, table, source, told).await?;
        let found = read_back(&mut tx, table).await?;
        if found != sent {
            return Err(TransferError::Mismatch {
                table: table.name.clone(),
                sent_rows: sent.n_rows,
                sent: sent.text(),
                found_rows: found.n_rows,
                found: found.text(),
            });
        }
        if let (Some(column), Some(number)) = (table.numbered(), last_number) {
            go_on_after(&mut tx, &table.name, column, number).await?;
        }
        note(&mut tx, &table.name, found.n_rows, &found.text()).await?;
        tx.commit().await?;
        Ok(Arrived {
            n_rows: found.n_rows,
            checksum: found.text(),
        })
    }

    /// Drops the list: from now on the database is one like any other.
    pub(super) async fn finish(mut self) -> Result<(), TransferError> {
        sqlx::query("ANALYZE").execute(&mut self.connection).await?;
        let has_search = self.tables().await?.iter().any(|name| name == SEARCHED);
        let mut tx = self.connection.begin().await?;
        if has_search {
            let anew = search::anew();
            sqlx::raw_sql(AssertSqlSafe(anew)).execute(&mut *tx).await?;
        }
        sqlx::query("DROP TABLE transferred_tables")
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(self.connection.close().await?)
    }
}

async fn copy_in(
    connection: &mut PgConnection,
    table: &Table,
    source: &mut Source,
    told: &mut (dyn FnMut(u64) + Send),
) -> Result<Checksum, TransferError> {
    let columns = table.quoted_columns().join(", ");
    let text = format!("COPY \"{}\" ({columns}) FROM STDIN", table.name);
    let mut copy = connection.copy_in_raw(&text).await?;
    let mut checksum = Checksum::default();
    let mut piece = String::with_capacity(PIECE_BYTES * 2);
    let mut rows = source.rows(table);
    loop {
        let row = match rows.try_next().await {
            Ok(row) => row,
            Err(error) => {
                copy.abort("a row could not be read").await?;
                return Err(error);
            }
        };
        if let Some(lines) = &row {
            lines.count(&mut checksum);
            piece.push_str(&lines.load);
        }
        if piece.len() >= PIECE_BYTES || row.is_none() {
            copy.send(piece.as_bytes()).await?;
            piece.clear();
            told(checksum.n_rows);
        }
        if row.is_none() {
            break;
        }
    }
    copy.finish().await?;
    Ok(checksum)
}

/// The checksum of what the server holds.
async fn read_back(
    connection: &mut PgConnection,
    table: &Table,
) -> Result<Checksum, TransferError> {
    let compared = table.columns.iter().map(|column| match column.kind {
        Kind::Number => format!("float8send(\"{}\")", column.name),
        _ => format!("\"{}\"", column.name),
    });
    let columns: Vec<String> = compared.collect();
    let text = format!(
        "COPY (SELECT {} FROM \"{}\") TO STDOUT",
        columns.join(", "),
        table.name
    );
    let mut checksum = Checksum::default();
    let mut rest: Vec<u8> = Vec::new();
    let mut pieces = connection.copy_out_raw(&text).await?;
    while let Some(piece) = pieces.try_next().await? {
        rest.extend_from_slice(&piece);
        let mut n_taken = 0;
        while let Some(n_bytes) = rest[n_taken..].iter().position(|&byte| byte == b'\n') {
            checksum.add(&rest[n_taken..n_taken + n_bytes]);
            n_taken += n_bytes + 1;
        }
        rest.drain(..n_taken);
    }
    Ok(checksum)
}

/// Lets the server number on after the last number that the file has given, not after the last that is
/// still there.
async fn go_on_after(
    connection: &mut PgConnection,
    table: &str,
    column: &str,
    number: i64,
) -> Result<(), TransferError> {
    let text = "SELECT setval(pg_get_serial_sequence(format('%I.%I', current_schema(), $1::text), $2), $3)";
    sqlx::query(text)
        .bind(table)
        .bind(column)
        .bind(number)
        .execute(connection)
        .await?;
    Ok(())
}

async fn note(
    connection: &mut PgConnection,
    name: &str,
    n_rows: u64,
    checksum: &str,
) -> Result<(), TransferError> {
    let text = "INSERT INTO transferred_tables (name, n_rows, checksum) VALUES ($1, $2, $3)";
    sqlx::query(text)
        .bind(name)
        .bind(crate::codec::signed(n_rows))
        .bind(checksum)
        .execute(connection)
        .await?;
    Ok(())
}

/// Refuses a database that a move has not filled to its end.
pub(super) async fn refuse_unfinished(connection: &impl ConnectionTrait) -> Result<(), StoreError> {
    let mut sql = Sql::new(DbBackend::Postgres);
    sql.push("SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = ")
        .bind(LIST);
    match sql.one(connection).await? {
        Some(_) => Err(StoreError::HalfMoved),
        None => Ok(()),
    }
}
