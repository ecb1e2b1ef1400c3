//! Hand-written statements for both dialects: text with `?` for values, and the values.

mod array;

use rapport_domain::Timestamp;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, Value};
use uuid::Uuid;

pub(crate) use self::array::Array;

/// Values that one statement may carry: SQLite's limit; PostgreSQL allows twice as many.
pub(crate) const N_BINDS_MAX: usize = 32_766;

/// Keys that one look-up carries; more come in pieces.
pub(crate) const N_KEYS_MAX: usize = 8_192;

/// A statement under construction. Text is ours, never a caller's; what callers say is bound.
#[derive(Debug, Clone)]
pub(crate) struct Sql {
    backend: DbBackend,
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// An empty statement.
    pub(crate) fn new(backend: DbBackend) -> Self {
        Self {
            backend,
            text: String::new(),
            values: Vec::new(),
        }
    }

    /// A statement from text with a `?` for each value.
    pub(crate) fn of<const N: usize>(backend: DbBackend, text: &str, values: [Value; N]) -> Self {
        let mut sql = Self::new(backend);
        sql.push_with(text, values);
        sql
    }

    /// The dialect.
    pub(crate) const fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Appends text without values.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends text with a `?` for each value.
    pub(crate) fn push_with(
        &mut self,
        text: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> &mut Self {
        let mut values = values.into_iter();
        let mut parts = text.split('?');
        self.text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let value = values.next().expect("a value for each question mark");
            self.bind(value).push(part);
        }
        debug_assert!(values.next().is_none(), "a question mark for each value");
        self
    }

    /// Appends one value.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        match self.backend {
            DbBackend::Postgres => {
                self.text.push('$');
                self.text.push_str(&self.values.len().to_string());
            }
            _ => self.text.push('?'),
        }
        self
    }

    /// Appends `(value, value, …)`; an empty list is one that nothing is in.
    pub(crate) fn bind_list(&mut self, values: impl IntoIterator<Item = Value>) -> &mut Self {
        let values = padded(values);
        self.push(if values.is_empty() { "(NULL" } else { "(" });
        for (idx, value) in values.into_iter().enumerate() {
            self.push(if idx == 0 { "" } else { ", " }).bind(value);
        }
        self.push(")")
    }

    /// Appends rows as a query: a list of values, on PostgreSQL an array for each column. `kinds` are what
    /// PostgreSQL calls the columns' types. There has to be a row; one may come out more than once.
    pub(crate) fn rows<const N: usize>(
        &mut self,
        kinds: [&str; N],
        rows: impl IntoIterator<Item = [Value; N]>,
    ) -> &mut Self {
        if self.backend != DbBackend::Postgres {
            let mut separator = "VALUES (";
            for row in padded(rows) {
                self.push(separator);
                for (idx, value) in row.into_iter().enumerate() {
                    self.push(if idx == 0 { "" } else { ", " }).bind(value);
                }
                separator = "), (";
            }
            return self.push(")");
        }
        let mut arrays = vec![Array::default(); N];
        for row in rows {
            for (array, value) in arrays.iter_mut().zip(row) {
                array.push(&value);
            }
        }
        let mut separator = "SELECT * FROM unnest(";
        for (array, kind) in arrays.into_iter().zip(kinds) {
            self.values.push(array.into_value());
            let array = Array::cast(self.values.len(), kind);
            self.push(separator).push(&array);
            separator = ", ";
        }
        self.push(")")
    }

    /// Appends another statement as it stands.
    pub(crate) fn append(&mut self, other: Self) -> &mut Self {
        match self.backend {
            DbBackend::Postgres => {
                let mut values = other.values.into_iter();
                let mut rest = other.text.as_str();
                while let Some(at) = rest.find('$') {
                    self.text.push_str(&rest[..at]);
                    let digits = rest[at + 1..]
                        .bytes()
                        .take_while(u8::is_ascii_digit)
                        .count();
                    rest = &rest[at + 1 + digits..];
                    self.bind(values.next().expect("a value for each placeholder"));
                }
                self.text.push_str(rest);
            }
            _ => {
                self.text.push_str(&other.text);
                self.values.extend(other.values);
            }
        }
        self
    }

    /// Whether its text names a column of `alias`.
    pub(crate) fn names(&self, alias: &str) -> bool {
        let column = format!("{alias}.");
        let mut found = self.text.match_indices(&column);
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        found.any(|(at, _)| !self.text[..at].ends_with(is_name))
    }

    /// The finished statement.
    pub(crate) fn statement(self) -> Statement {
        Statement::from_sql_and_values(self.backend, self.text, self.values)
    }

    /// Runs the statement and tells how many rows it touched.
    pub(crate) async fn execute(self, connection: &impl ConnectionTrait) -> Result<u64, DbErr> {
        let done: ExecResult = connection.execute_raw(self.statement()).await?;
        Ok(done.rows_affected())
    }

    /// Runs the statement and returns all rows.
    pub(crate) async fn all(
        self,
        connection: &impl ConnectionTrait,
    ) -> Result<Vec<QueryResult>, DbErr> {
        connection.query_all_raw(self.statement()).await
    }

    /// Runs the statement and returns the first row.
    pub(crate) async fn one(
        self,
        connection: &impl ConnectionTrait,
    ) -> Result<Option<QueryResult>, DbErr> {
        connection.query_one_raw(self.statement()).await
    }
}

/// The keys of a look-up, the last one repeated up to a power of two. Every length is a statement
/// of its own that the driver keeps prepared, so that there should be few of them.
pub(crate) fn padded<T: Clone>(keys: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut keys: Vec<T> = keys.into_iter().collect();
    if let Some(last) = keys.last().cloned() {
        keys.resize(keys.len().next_power_of_two(), last);
    }
    keys
}

/// An identifier as a value.
pub(crate) fn id(id: impl Into<Uuid>) -> Value {
    Value::Uuid(Some(id.into()))
}

/// Identifiers as values.
pub(crate) fn ids<I: Into<Uuid> + Copy>(ids: &[I]) -> impl Iterator<Item = Value> + '_ {
    ids.iter().map(|&i| id(i))
}

/// An instant as a value.
pub(crate) fn at(at: Timestamp) -> Value {
    Value::BigInt(Some(at.as_micros()))
}

/// A text as a value.
pub(crate) fn text(text: impl Into<String>) -> Value {
    Value::String(Some(text.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_numbers_its_placeholders_through_appended_parts() {
        let mut sql = Sql::of(DbBackend::Postgres, "a = ? AND ", [1.into()]);
        sql.append(Sql::of(
            DbBackend::Postgres,
            "b = ? OR c = ?",
            [2.into(), 3.into()],
        ));
        sql.push(" AND d IN ").bind_list([4.into(), 5.into()]);

        assert_eq!(sql.text, "a = $1 AND b = $2 OR c = $3 AND d IN ($4, $5)");
        assert_eq!(sql.values.len(), 5);
    }

    #[test]
    fn rows_are_values_and_on_postgres_arrays() {
        let rows = || [[1_i64.into(), text("a")], [2_i64.into(), text("{\"")]];
        let mut sqlite = Sql::new(DbBackend::Sqlite);
        sqlite.rows(["bigint", "text"], rows());
        let mut postgres = Sql::new(DbBackend::Postgres);
        postgres.rows(["bigint", "text"], rows());

        assert_eq!(sqlite.text, "VALUES (?, ?), (?, ?)");
        assert_eq!(
            postgres.text,
            "SELECT * FROM unnest(CAST(CAST($1 AS text) AS bigint[]), CAST(CAST($2 AS text) AS text[]))"
        );
        assert_eq!(postgres.values, [text("{1,2}"), text(r#"{"a","{\""}"#)]);
    }

    #[test]
    fn lists_have_few_lengths() {
        assert_eq!(padded([1, 2, 3]), [1, 2, 3, 3]);
        assert_eq!(padded([1, 2]), [1, 2]);
        assert!(padded::<i32>([]).is_empty());
    }

    #[test]
    fn nothing_is_in_an_empty_list() {
        let mut sql = Sql::new(DbBackend::Sqlite);
        sql.push("id IN ").bind_list([]);

        assert_eq!(sql.text, "id IN (NULL)");
    }
}
