//! The side that is read: a SQLite file that nobody writes meanwhile.

use std::path::Path;

use futures::TryStreamExt as _;
use futures::stream::BoxStream;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Decode, Row as _, Sqlite, TypeInfo as _, ValueRef as _,
};

use super::error::TransferError;
use super::line::{self, Checksum, Kind, Stored, Use};
use super::plan::Table;
use crate::connection::sqlite;

/// A file that is read.
#[derive(Debug)]
pub(super) struct Source {
    connection: SqliteConnection,
}

/// The lines of a row.
#[derive(Debug)]
pub(super) struct Lines {
    /// For the server, with its end.
    pub(super) load: String,
    /// For the checksum, where it differs, without its end.
    compare: Option<String>,
}

impl Lines {
    /// Takes the row into a checksum.
    pub(super) fn count(&self, checksum: &mut Checksum) {
        let line = self.compare.as_deref();
        let line = line.unwrap_or_else(|| self.load.trim_end_matches('\n'));
        checksum.add(line.as_bytes());
    }
}

impl Source {
    pub(super) async fn open(path: &Path) -> Result<Self, TransferError> {
        let connection = sqlite::look_options(path).connect().await;
        let connection = connection.map_err(|error| sqlite::name_file(error.into(), path))?;
        Ok(Self { connection })
    }

    /// Names of all tables with rows of their own; what an index over text keeps is worked out anew.
    pub(super) async fn tables(&mut self) -> Result<Vec<String>, TransferError> {
        let text = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
                    AND substr(name, 1, 7) <> 'sqlite_' ORDER BY 1";
        Ok(sqlx::query_scalar(text)
            .fetch_all(&mut self.connection)
            .await?)
    }

    /// Columns of a table, in order.
    pub(super) async fn columns(&mut self, table: &str) -> Result<Vec<String>, TransferError> {
        let text = "SELECT name FROM pragma_table_info(?) ORDER BY cid";
        let columns = sqlx::query_scalar(text).bind(table);
        Ok(columns.fetch_all(&mut self.connection).await?)
    }

    /// Tables whose rows a table names, itself left out.
    pub(super) async fn parents(&mut self, table: &str) -> Result<Vec<String>, TransferError> {
        let text = "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?1) \
                    WHERE \"table\" <> ?1 ORDER BY 1";
        let parents = sqlx::query_scalar(text).bind(table);
        Ok(parents.fetch_all(&mut self.connection).await?)
    }

    pub(super) async fn count(&mut self, table: &str) -> Result<u64, TransferError> {
        let text = format!("SELECT count(*) FROM \"{table}\"");
        let counted = sqlx::query_scalar(AssertSqlSafe(text));
        let n_rows: i64 = counted.fetch_one(&mut self.connection).await?;
        Ok(crate::codec::unsigned(n_rows))
    }

    /// The highest number that a numbered table has given, also to rows that are gone; none where it
    /// never had a row.
    pub(super) async fn last_number(&mut self, table: &str) -> Result<Option<i64>, TransferError> {
        let text = "SELECT seq FROM sqlite_sequence WHERE name = ? AND seq > 0";
        let number = sqlx::query_scalar(text).bind(table);
        Ok(number.fetch_optional(&mut self.connection).await?)
    }

    /// The id of the workspace; empty where it was never opened as one.
    pub(super) async fn workspace(&mut self) -> Result<String, TransferError> {
        let text = "SELECT value FROM settings WHERE key = 'workspace_id'";
        let value: Option<String> = sqlx::query_scalar(text)
            .fetch_optional(&mut self.connection)
            .await?;
        Ok(value.unwrap_or_default())
    }

    /// The rows of a table, as lines.
    pub(super) fn rows<'s>(
        &'s mut self,
        table: &'s Table,
    ) -> BoxStream<'s, Result<Lines, TransferError>> {
        let names: Vec<String> = table.quoted_columns();
        let text = format!("SELECT {} FROM \"{}\"", names.join(", "), table.name);
        let rows = sqlx::query(AssertSqlSafe(text)).fetch(&mut self.connection);
        let mut n_rows = 0;
        let lines = rows.map_err(TransferError::from).and_then(move |row| {
            n_rows += 1;
            futures::future::ready(lines(table, &row, n_rows))
        });
        Box::pin(lines)
    }
}

fn lines(table: &Table, row: &SqliteRow, row_no: u64) -> Result<Lines, TransferError> {
    let mut load = line_of(table, row, row_no, Use::Load)?;
    let has_numbers = table
        .columns
        .iter()
        .any(|column| column.kind == Kind::Number);
    let compare = has_numbers.then(|| line_of(table, row, row_no, Use::Compare));
    load.push('\n');
    Ok(Lines {
        load,
        compare: compare.transpose()?,
    })
}

fn line_of(
    table: &Table,
    row: &SqliteRow,
    row_no: u64,
    purpose: Use,
) -> Result<String, TransferError> {
    let mut text = String::new();
    for (idx, column) in table.columns.iter().enumerate() {
        if idx > 0 {
            text.push('\t');
        }
        let pushed =
            stored(row, idx).and_then(|value| line::push(&mut text, column.kind, value, purpose));
        pushed.map_err(|reason| TransferError::Unfit {
            table: table.name.clone(),
            column: column.name.clone(),
            row: row_no,
            reason,
        })?;
    }
    Ok(text)
}

/// The value of a column in the class in which SQLite stores it.
fn stored(row: &SqliteRow, idx: usize) -> Result<Stored<'_>, String> {
    let unreadable = |error: sqlx::error::BoxDynError| format!("cannot be read ({error})");
    let value = row
        .try_get_raw(idx)
        .map_err(|error| unreadable(error.into()))?;
    if value.is_null() {
        return Ok(Stored::Null);
    }
    let class = value.type_info().name().to_owned();
    match class.as_str() {
        "INTEGER" => <i64 as Decode<Sqlite>>::decode(value).map(Stored::Whole),
        "REAL" => <f64 as Decode<Sqlite>>::decode(value).map(Stored::Number),
        "TEXT" => <&str as Decode<Sqlite>>::decode(value).map(Stored::Text),
        "BLOB" => <&[u8] as Decode<Sqlite>>::decode(value).map(Stored::Bytes),
        other => return Err(format!("holds a value of the class {other}")),
    }
    .map_err(unreadable)
}
