//! One page of a list: from the object's declaration and the caller's query to rows.

use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};

use super::{Cursor, Direction, Field, ListQuery, Page, QueryError, Sort, filter};
use crate::search::{self, SearchIndex};
use crate::sql::Sql;
use crate::{Store, StoreError};

/// Rows that are counted one by one; beyond that a guess is told.
const N_COUNTED_MAX: u64 = 10_000;

/// Rows, newest first, that a filtered guess looks at.
const N_SAMPLED: u64 = 50_000;

/// How an object is listed.
pub(crate) struct Listing {
    /// Name in errors, in the plural.
    pub(crate) object: &'static str,
    /// Table.
    pub(crate) table: &'static str,
    /// Alias of the table in columns and joins.
    pub(crate) alias: &'static str,
    /// What to select.
    pub(crate) columns: String,
    /// Outer joins that never multiply rows.
    pub(crate) joins: &'static str,
    /// Conditions that hold for all rows of this list, over and above the caller's.
    pub(crate) scope: Option<Sql>,
    /// Fields to filter and sort by.
    pub(crate) fields: &'static [Field],
    /// Breaks ties: unique, never missing, and not among `fields`' optional ones.
    pub(crate) key: Field,
    /// The order where the caller names none.
    pub(crate) default_sort: &'static str,
    /// Where text is searched.
    pub(crate) search: Option<SearchIndex>,
}

/// Fetches a page and reads its rows.
pub(crate) async fn page<T>(
    store: &Store,
    listing: &Listing,
    query: &ListQuery,
    read: impl Fn(&QueryResult) -> Result<T, StoreError>,
) -> Result<Page<T>, StoreError> {
    if !(1..=ListQuery::LIMIT_MAX).contains(&query.limit) {
        return Err(QueryError::BadLimit { limit: query.limit }.into());
    }
    let order = Order::of(listing, query)?;
    let start = match &query.cursor {
        Some(cursor) => Some(cursor.values(&order.text, &order.fields())?),
        None => None,
    };
    let conditions = conditions(store.backend(), listing, query)?;
    let mut rows = Vec::new();
    for part in order.parts(start.as_deref()) {
        // One row more than wanted tells whether there is a next page.
        let n_missing = query.limit + 1 - rows.len() as u64;
        if n_missing > 0 {
            let mut sql = select(listing, &order, &conditions);
            order.push_part(&mut sql, part, start.as_deref());
            sql.push(&format!(" LIMIT {n_missing}"));
            rows.extend(sql.all(store.reader()).await?);
        }
    }
    let limit = usize::try_from(query.limit).expect("at most 500");
    let next = if rows.len() > limit {
        rows.truncate(limit);
        let last = rows.last().expect("a page holds at least one row");
        Some(order.cursor_after(last)?)
    } else {
        None
    };
    let estimate = if query.estimate {
        Some(estimate(store, listing, &conditions).await?)
    } else {
        None
    };
    let items: Result<Vec<T>, StoreError> = rows.iter().map(read).collect();
    Ok(Page {
        items: items?,
        next,
        estimate,
    })
}

fn select(listing: &Listing, order: &Order<'_>, conditions: &Sql) -> Sql {
    let mut sql = Sql::new(conditions.backend());
    sql.push("SELECT ").push(&listing.columns);
    for (idx, (field, _)) in order.keys.iter().enumerate() {
        sql.push(&format!(", {} AS sort_key_{idx}", field.column));
    }
    sql.push(&format!(" FROM {} {}", listing.table, listing.alias));
    sql.push(listing.joins).push(" WHERE ");
    sql.append(conditions.clone());
    sql
}

/// The scope, the filter and the search; at least `1 = 1`.
fn conditions(backend: DbBackend, listing: &Listing, query: &ListQuery) -> Result<Sql, StoreError> {
    let mut sql = Sql::new(backend);
    sql.push("1 = 1");
    if let Some(scope) = &listing.scope {
        sql.push(" AND ").append(scope.clone());
    }
    for condition in &query.filter {
        let field = find_field(listing, &condition.field)?;
        sql.push(" AND ");
        filter::push(&mut sql, field, condition)?;
    }
    if let Some(text) = query.search.as_deref().map(str::trim)
        && !text.is_empty()
    {
        let index = listing.search.as_ref().ok_or(QueryError::NotSearchable {
            object: listing.object,
        })?;
        sql.push(" AND ");
        search::push(&mut sql, index, text);
    }
    Ok(sql)
}

fn find_field<'l>(listing: &'l Listing, name: &str) -> Result<&'l Field, QueryError> {
    let mut fields = listing.fields.iter().chain([&listing.key]);
    fields
        .find(|field| field.name == name)
        .ok_or_else(|| QueryError::UnknownField {
            object: listing.object,
            field: name.to_owned(),
            known: listing.fields.iter().map(|field| field.name).collect(),
        })
}

/// The order of a list: the sort keys, then the key that breaks ties.
struct Order<'l> {
    keys: Vec<(&'l Field, Direction)>,
    /// The order in words, by which cursors know where they belong.
    text: String,
}

/// Rows by whether they have a value for the first key. Each part is walked by an index in order,
/// which one statement over both would not be.
#[derive(Clone, Copy)]
enum Part {
    All,
    WithValue,
    WithoutValue,
}

impl<'l> Order<'l> {
    fn of(listing: &'l Listing, query: &ListQuery) -> Result<Self, QueryError> {
        let defaults = Sort::parse_list(listing.default_sort);
        let asked = if query.sort.is_empty() {
            &defaults
        } else {
            &query.sort
        };
        let mut keys = Vec::with_capacity(asked.len() + 1);
        for sort in asked {
            let field = find_field(listing, &sort.field)?;
            if !field.is_sortable() {
                let sortable = listing.fields.iter().filter(|field| field.is_sortable());
                return Err(QueryError::NotSortable {
                    object: listing.object,
                    field: field.name,
                    known: sortable.map(|field| field.name).collect(),
                });
            }
            keys.push((field, sort.direction));
        }
        if !keys.iter().any(|(field, _)| field.name == listing.key.name) {
            // The tie breaker runs with the last key, as an index over both does.
            let direction = keys.last().map_or(Direction::Desc, |(_, last)| *last);
            keys.push((&listing.key, direction));
        }
        let words = keys
            .iter()
            .map(|(field, direction)| Sort::new(field.name, *direction).to_string());
        let text = format!("{}:{}", listing.object, words.collect::<Vec<_>>().join(","));
        Ok(Self { keys, text })
    }

    fn fields(&self) -> Vec<&'l Field> {
        self.keys.iter().map(|(field, _)| *field).collect()
    }

    /// The parts that rows after `start` can be in, in order.
    fn parts(&self, start: Option<&[Value]>) -> &'static [Part] {
        let starts_without_value = start.is_some_and(|values| is_null(&values[0]));
        match self.keys[0].0.is_nullable {
            false => &[Part::All],
            true if starts_without_value => &[Part::WithoutValue],
            true => &[Part::WithValue, Part::WithoutValue],
        }
    }

    /// Appends what limits the rows to a part, to those after `start`, and orders them.
    fn push_part(&self, sql: &mut Sql, part: &Part, start: Option<&[Value]>) {
        let first = self.keys[0].0.column;
        match part {
            Part::All => {}
            Part::WithValue => {
                sql.push(" AND ").push(first).push(" IS NOT NULL");
            }
            Part::WithoutValue => {
                sql.push(" AND ").push(first).push(" IS NULL");
            }
        }
        // All rows without a value come after a start that has one.
        let is_past_start =
            matches!(part, Part::WithoutValue) && start.is_some_and(|values| !is_null(&values[0]));
        if let Some(values) = start
            && !is_past_start
        {
            self.push_after(sql, values);
        }
        sql.push(" ORDER BY ");
        for (idx, (field, direction)) in self.keys.iter().enumerate() {
            sql.push(if idx == 0 { "" } else { ", " })
                .push(field.column);
            sql.push(match direction {
                Direction::Asc => " ASC",
                Direction::Desc => " DESC",
            });
            if idx > 0 && field.is_nullable {
                sql.push(" NULLS LAST");
            }
        }
    }

    /// Appends "after this position": beyond it by the first key, or equal there and beyond it by
    /// the second, and so on.
    fn push_after(&self, sql: &mut Sql, values: &[Value]) {
        let (first, direction) = self.keys[0];
        if !is_null(&values[0]) {
            // Follows from the rest, and is what lets the database start in the middle of an index.
            let bound = if direction == Direction::Asc {
                " >= "
            } else {
                " <= "
            };
            sql.push(" AND ").push(first.column).push(bound);
            sql.bind(values[0].clone());
        }
        sql.push(" AND (");
        for idx in 0..self.keys.len() {
            sql.push(if idx == 0 { "(" } else { " OR (" });
            for ((field, _), value) in self.keys[..idx].iter().zip(values) {
                push_equal(sql, field, value);
                sql.push(" AND ");
            }
            let (field, direction) = self.keys[idx];
            push_beyond(sql, field, direction, &values[idx]);
            sql.push(")");
        }
        sql.push(")");
    }

    fn cursor_after(&self, row: &QueryResult) -> Result<Cursor, StoreError> {
        let keys = self.keys.iter().enumerate();
        let values: Result<Vec<Value>, StoreError> = keys
            .map(|(idx, (field, _))| field.read_row(row, &format!("sort_key_{idx}")))
            .collect();
        Ok(Cursor::after(&self.text, values?))
    }
}

fn push_equal(sql: &mut Sql, field: &Field, value: &Value) {
    if is_null(value) {
        sql.push(field.column).push(" IS NULL");
    } else {
        sql.push(field.column).push(" = ").bind(value.clone());
    }
}

fn push_beyond(sql: &mut Sql, field: &Field, direction: Direction, value: &Value) {
    if is_null(value) {
        // Nothing comes after the rows without a value.
        sql.push("1 = 0");
        return;
    }
    let operator = if direction == Direction::Asc {
        " > "
    } else {
        " < "
    };
    sql.push("(").push(field.column).push(operator);
    sql.bind(value.clone());
    if field.is_nullable {
        sql.push(" OR ").push(field.column).push(" IS NULL");
    }
    sql.push(")");
}

fn is_null(value: &Value) -> bool {
    matches!(
        value,
        Value::String(None)
            | Value::Uuid(None)
            | Value::BigInt(None)
            | Value::Int(None)
            | Value::Double(None)
    )
}

/// How many rows meet the conditions: exact up to [`N_COUNTED_MAX`], beyond that the share among
/// the newest rows times the size of the table.
async fn estimate(store: &Store, listing: &Listing, conditions: &Sql) -> Result<u64, StoreError> {
    let Listing {
        table,
        alias,
        joins,
        ..
    } = listing;
    let counted = count(
        store,
        &format!("{table} {alias}{joins}"),
        conditions,
        N_COUNTED_MAX + 1,
    )
    .await?;
    if counted <= N_COUNTED_MAX {
        return Ok(counted);
    }
    let total = table_size(store, table).await?;
    let key = listing.key.name;
    let sample =
        format!("(SELECT * FROM {table} ORDER BY {key} DESC LIMIT {N_SAMPLED}) {alias}{joins}");
    let n_found = count(store, &sample, conditions, N_SAMPLED).await?;
    let share = n_found as f64 / N_SAMPLED.min(total).max(1) as f64;
    Ok(((total as f64 * share) as u64).max(counted))
}

async fn count(
    store: &Store,
    from: &str,
    conditions: &Sql,
    at_most: u64,
) -> Result<u64, StoreError> {
    let mut sql = Sql::new(store.backend());
    sql.push("SELECT count(*) AS n FROM (SELECT 1 AS one FROM ")
        .push(from)
        .push(" WHERE ")
        .append(conditions.clone())
        .push(&format!(" LIMIT {at_most}) counted"));
    one_count(store, sql).await
}

/// Rows of a table: counted on SQLite, which keeps them close together, and from the planner's
/// statistics on PostgreSQL, where counting reads everything.
async fn table_size(store: &Store, table: &str) -> Result<u64, StoreError> {
    let mut sql = Sql::new(store.backend());
    match store.backend() {
        DbBackend::Postgres => sql.push(&format!(
            "SELECT greatest(reltuples::bigint, 0) AS n FROM pg_class WHERE oid = '{table}'::regclass"
        )),
        _ => sql.push(&format!("SELECT count(*) AS n FROM {table}")),
    };
    one_count(store, sql).await
}

async fn one_count(store: &Store, sql: Sql) -> Result<u64, StoreError> {
    let row = store.reader().query_one_raw(sql.statement()).await?;
    let n: i64 = match row {
        Some(row) => row.try_get("", "n")?,
        None => 0,
    };
    Ok(n.unsigned_abs())
}
