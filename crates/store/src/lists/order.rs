//! The order of a list as SQL: sort keys, and what comes after a cursor.

use sea_orm::{QueryResult, Value};

use super::page::Known;
use super::{Cursor, Direction, Field, ListQuery, QueryError, Sort};
use crate::StoreError;
use crate::sql::Sql;

/// The order of a list: the sort keys, then the key that breaks ties.
pub(super) struct Order<'l> {
    keys: Vec<(&'l Field, Direction)>,
    /// The order in words, by which cursors know where they belong.
    text: String,
}

/// Rows by whether they have a value for the first key. Each part is walked by an index in order,
/// which one statement over both would not be.
#[derive(Clone, Copy)]
pub(super) enum Part {
    All,
    WithValue,
    WithoutValue,
}

impl<'l> Order<'l> {
    pub(super) fn of(known: Known<'l>, query: &ListQuery) -> Result<Self, QueryError> {
        let listing = known.listing;
        let defaults = Sort::parse_list(listing.default_sort);
        let asked = if query.sort.is_empty() {
            &defaults
        } else {
            &query.sort
        };
        let mut keys = Vec::with_capacity(asked.len() + 1);
        for sort in asked {
            let field = known.find(&sort.field);
            let field = field.map_err(|error| QueryError::InSort {
                error: Box::new(error),
            })?;
            if !field.is_sortable() {
                let sortable = known.fields().filter(|field| field.is_sortable());
                return Err(QueryError::NotSortable {
                    object: listing.object,
                    field: field.name.to_string(),
                    known: sortable.map(|field| field.name.to_string()).collect(),
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
            .map(|(field, direction)| Sort::new(&*field.name, *direction).to_string());
        let text = format!("{}:{}", listing.object, words.collect::<Vec<_>>().join(","));
        Ok(Self { keys, text })
    }

    /// Whether an index has the rows in this order.
    pub(super) fn is_indexed(&self) -> bool {
        self.keys[0].0.is_indexed && self.keys.len() <= 2
    }

    /// The key values of the row that a page starts after.
    pub(super) fn start(&self, cursor: Option<&Cursor>) -> Result<Option<Vec<Value>>, QueryError> {
        let fields: Vec<&Field> = self.keys.iter().map(|(field, _)| *field).collect();
        cursor
            .map(|cursor| cursor.values(&self.text, &fields))
            .transpose()
    }

    /// Appends the keys to what is selected, for the next cursor.
    pub(super) fn push_keys(&self, sql: &mut Sql) {
        for (idx, (field, _)) in self.keys.iter().enumerate() {
            sql.push(&format!(", {} AS sort_key_{idx}", field.column));
        }
    }

    /// The parts that rows after `start` can be in, in order.
    pub(super) fn parts(&self, start: Option<&[Value]>) -> &'static [Part] {
        let starts_without_value = start.is_some_and(|values| is_null(&values[0]));
        match self.keys[0].0.is_nullable {
            false => &[Part::All],
            true if starts_without_value => &[Part::WithoutValue],
            true => &[Part::WithValue, Part::WithoutValue],
        }
    }

    /// Appends what limits the rows to a part, and to those after `start`.
    pub(super) fn push_part(&self, sql: &mut Sql, part: &Part, start: Option<&[Value]>) {
        let first = self.keys[0].0.in_index();
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
    }

    /// Appends the order.
    pub(super) fn push_order(&self, sql: &mut Sql) {
        sql.push(" ORDER BY ");
        for (idx, (field, direction)) in self.keys.iter().enumerate() {
            sql.push(if idx == 0 { "" } else { ", " });
            // The order by the whole text is one by its beginning first, which is the index's.
            let lead = field.lead.as_ref().map(|lead| &*lead.column);
            for (idx_column, column) in lead.into_iter().chain([&*field.column]).enumerate() {
                sql.push(if idx_column == 0 { "" } else { ", " });
                sql.push(column).push(match direction {
                    Direction::Asc => " ASC",
                    Direction::Desc => " DESC",
                });
                if idx > 0 && field.is_nullable {
                    sql.push(" NULLS LAST");
                }
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
            sql.push(" AND ").push(first.in_index()).push(bound);
            let value = values[0].clone();
            sql.bind(match &first.lead {
                Some(lead) => lead.of(value),
                None => value,
            });
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

    pub(super) fn cursor_after(&self, row: &QueryResult) -> Result<Cursor, StoreError> {
        let keys = self.keys.iter().enumerate();
        let values: Result<Vec<Value>, StoreError> = keys
            .map(|(idx, (field, _))| field.read_row(row, &format!("sort_key_{idx}")))
            .collect();
        Ok(Cursor::after(&self.text, values?))
    }
}

fn push_equal(sql: &mut Sql, field: &Field, value: &Value) {
    if is_null(value) {
        sql.push(&field.column).push(" IS NULL");
    } else {
        sql.push(&field.column).push(" = ").bind(value.clone());
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
    sql.push("(").push(&field.column).push(operator);
    sql.bind(value.clone());
    if field.is_nullable {
        sql.push(" OR ").push(&field.column).push(" IS NULL");
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
