//! Multi-row statements over entities: the one way in which rows are written.
//!
//! SeaORM's own `insert_many` renders its statement anew from a syntax tree for each call, which
//! costs more than the insert itself. Here the text of a statement depends only on the table, the
//! columns and the number of rows, so that the driver's cache of prepared statements hits. PostgreSQL is
//! given each column as one array: it plans a statement of a hundred thousand values longer than it runs it.

use sea_orm::sea_query::{ColumnType, Iden as _};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue, ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait,
    IntoActiveModel, Iterable as _, Statement, Value,
};

use crate::StoreError;
use crate::connection::postgres;
use crate::sql::{Array, N_BINDS_MAX, Sql};

/// Sizes of statements, in rows. SQLite copies each page that a statement of many rows touches, to
/// be able to undo that statement alone; the more rows, the fewer copies of one page. The rest goes
/// out in a few fixed sizes, since every size is a statement of its own that the driver keeps.
const N_ROWS: [usize; 5] = [5_000, 1_000, 100, 10, 1];

/// Bytes of the arrays of one statement on PostgreSQL, after which a row is the last.
const N_BYTES: usize = 8 * 1024 * 1024;

/// An entity whose rows can be taken apart into values.
pub(crate) trait Writable: EntityTrait<Model: IntoActiveModel<Self::ActiveModel>> {}

impl<E> Writable for E
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
}

/// Inserts rows, all columns of them; `conflict` is the `ON CONFLICT` clause or empty. Returns
/// how many rows were inserted or updated.
pub(crate) async fn insert<E: Writable>(
    connection: &impl ConnectionTrait,
    rows: impl IntoIterator<Item = E::Model, IntoIter: ExactSizeIterator + Send>,
    conflict: &str,
) -> Result<u64, StoreError> {
    insert_except::<E>(connection, rows, &[], conflict).await
}

/// Inserts rows without the named columns, which the database fills.
pub(crate) async fn insert_except<E: Writable>(
    connection: &impl ConnectionTrait,
    rows: impl IntoIterator<Item = E::Model, IntoIter: ExactSizeIterator + Send>,
    except: &[&str],
    conflict: &str,
) -> Result<u64, StoreError> {
    let rows = rows.into_iter();
    let backend = connection.get_database_backend();
    let n_rows = rows.len();
    let statements = Statements::<E, _>::new(rows, except, conflict, backend);
    postgres::write_rows(connection, n_rows, write(connection, statements)).await
}

async fn write<E: Writable>(
    connection: &impl ConnectionTrait,
    mut statements: Statements<'_, E, impl ExactSizeIterator<Item = E::Model> + Send>,
) -> Result<u64, StoreError> {
    let mut n_written = 0;
    let mut next = statements.next();
    while let Some(statement) = next {
        // The database works in a thread of its own; the next statement is put together meanwhile.
        let (done, following) = futures::join!(connection.execute_raw(statement), async {
            statements.next()
        });
        n_written += done?.rows_affected();
        next = following;
    }
    Ok(n_written)
}

/// The statements that insert rows, each made when it is asked for.
struct Statements<'a, E: EntityTrait, R> {
    rows: R,
    columns: Vec<E::Column>,
    conflict: &'a str,
    backend: DbBackend,
    /// Rows and text of the statement made last.
    last: (usize, String),
}

impl<'a, E: Writable, R: ExactSizeIterator<Item = E::Model>> Statements<'a, E, R> {
    fn new(rows: R, except: &[&str], conflict: &'a str, backend: DbBackend) -> Self {
        let columns = E::Column::iter()
            .filter(|column| !except.contains(&column.to_string().as_str()))
            .collect();
        Self {
            rows,
            columns,
            conflict,
            backend,
            last: (0, String::new()),
        }
    }

    fn next(&mut self) -> Option<Statement> {
        if self.backend == DbBackend::Postgres && self.rows.len() > 1 {
            return self.next_of_arrays();
        }
        let n_rows_max = N_BINDS_MAX / self.columns.len().max(1);
        let n_left = self.rows.len();
        let n_rows = N_ROWS
            .map(|n_rows| n_rows.min(n_rows_max))
            .into_iter()
            .find(|&n_rows| n_rows <= n_left)?;
        if self.last.0 != n_rows {
            let text = insert_text::<E>(&self.columns, n_rows, self.backend, self.conflict);
            self.last = (n_rows, text);
        }
        let mut values = Vec::with_capacity(n_rows * self.columns.len());
        for row in self.rows.by_ref().take(n_rows) {
            let mut row = row.into_active_model();
            values.extend(
                self.columns
                    .iter()
                    .map(|column| value_of(row.take(*column))),
            );
        }
        let text = self.last.1.as_str();
        Some(Statement::from_sql_and_values(self.backend, text, values))
    }

    fn next_of_arrays(&mut self) -> Option<Statement> {
        let mut arrays = vec![Array::default(); self.columns.len()];
        for row in self.rows.by_ref().take(N_ROWS[0]) {
            let mut row = row.into_active_model();
            for (array, column) in arrays.iter_mut().zip(&self.columns) {
                array.push(&value_of(row.take(*column)));
            }
            if arrays.iter().map(Array::n_bytes).sum::<usize>() > N_BYTES {
                break;
            }
        }
        // A column that none of the rows has a value in is missing without being said: none has another
        // default.
        let (columns, values): (Vec<E::Column>, Vec<Value>) = (self.columns.iter().copied())
            .zip(arrays)
            .filter(|(_, array)| array.has_values())
            .map(|(column, array)| (column, array.into_value()))
            .unzip();
        let text = insert_arrays_text::<E>(&columns, self.conflict);
        Some(Statement::from_sql_and_values(self.backend, text, values))
    }
}

/// The start of an update: `UPDATE table SET column = value, …` over all columns except for the
/// named ones.
pub(crate) fn update<E: Writable>(backend: DbBackend, row: E::Model, except: &[&str]) -> Sql {
    let mut row = row.into_active_model();
    let mut sql = Sql::new(backend);
    sql.push("UPDATE ").push(E::default().table_name());
    let mut separator = " SET ";
    for column in E::Column::iter() {
        let name = column.to_string();
        if !except.contains(&name.as_str()) {
            sql.push(separator).push(&name).push(" = ");
            sql.bind(value_of(row.take(column)));
            separator = ", ";
        }
    }
    sql
}

fn value_of(value: ActiveValue<Value>) -> Value {
    match value {
        ActiveValue::Set(value) | ActiveValue::Unchanged(value) => value,
        ActiveValue::NotSet => unreachable!("a row made from a model has all its columns"),
    }
}

/// Rows from arrays, one for each column. The arrays come as texts: the driver's own have no nulls.
fn insert_arrays_text<E: EntityTrait>(columns: &[E::Column], conflict: &str) -> String {
    let names: Vec<String> = columns.iter().map(|column| column.to_string()).collect();
    let arrays: Vec<String> = (1..)
        .zip(columns)
        .map(|(bind, column)| {
            let kind = array_kind(column.def().get_column_type());
            Array::cast(bind, kind)
        })
        .collect();
    format!(
        "INSERT INTO {} ({}) SELECT * FROM unnest({}) {conflict}",
        E::default().table_name(),
        names.join(", "),
        arrays.join(", ")
    )
}

/// What PostgreSQL calls a column's type.
fn array_kind(kind: &ColumnType) -> &'static str {
    match kind {
        ColumnType::Uuid => "uuid",
        ColumnType::String(_) | ColumnType::Text => "text",
        ColumnType::BigInteger => "bigint",
        ColumnType::Integer => "integer",
        ColumnType::Double => "double precision",
        ColumnType::Boolean => "boolean",
        ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_) => "bytea",
        other => unreachable!("no entity has a column of the kind of {other:?}"),
    }
}

fn insert_text<E: EntityTrait>(
    columns: &[E::Column],
    n_rows: usize,
    backend: DbBackend,
    conflict: &str,
) -> String {
    let names: Vec<String> = columns.iter().map(|column| column.to_string()).collect();
    let table = E::default().table_name();
    let mut text = format!("INSERT INTO {table} ({}) VALUES ", names.join(", "));
    let mut n_binds = 0;
    for row in 0..n_rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            text.push_str(if column == 0 { "" } else { "," });
            n_binds += 1;
            match backend {
                DbBackend::Postgres => text.push_str(&format!("${n_binds}")),
                _ => text.push('?'),
            }
        }
        text.push(')');
    }
    text.push(' ');
    text.push_str(conflict);
    text
}
