//! What is moved and in which order, worked out from both databases so that no table can be forgotten.

use std::collections::{BTreeMap, BTreeSet};

use super::error::TransferError;
use super::line::Kind;
use super::source::Source;
use super::target::Target;

/// Tables that each database keeps for itself: the list of the steps that it has seen, and what
/// search works out from the records.
const OWN_TABLES: [&str; 4] = [
    "seaql_migrations",
    "search_backfill",
    "search_entries",
    "search_pending",
];

/// A column of SQLite alone: the number by which its full-text index refers to a row.
const ROW_NUMBER: &str = "row_no";

/// A table to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    /// In the order of the file.
    pub(super) columns: Vec<Column>,
}

/// A column of a table to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Whether the server numbers it by itself.
    pub(super) is_numbered: bool,
}

impl Table {
    pub(super) fn quoted_columns(&self) -> Vec<String> {
        let quoted = |column: &Column| format!("\"{}\"", column.name);
        self.columns.iter().map(quoted).collect()
    }

    /// The column that the server numbers.
    pub(super) fn numbered(&self) -> Option<&str> {
        let column = self.columns.iter().find(|column| column.is_numbered);
        column.map(|column| column.name.as_str())
    }
}

/// All tables, each after those whose rows it names.
pub(super) async fn of(
    source: &mut Source,
    target: &mut Target,
) -> Result<Vec<Table>, TransferError> {
    let names = shared_tables(source, target).await?;
    let mut parents = BTreeMap::new();
    for name in &names {
        let named = source.parents(name).await?;
        parents.insert(name.clone(), named.into_iter().collect());
    }
    let mut tables = Vec::new();
    for name in in_order(parents)? {
        let columns = columns(source, target, &name).await?;
        tables.push(Table { name, columns });
    }
    Ok(tables)
}

async fn shared_tables(
    source: &mut Source,
    target: &mut Target,
) -> Result<Vec<String>, TransferError> {
    let is_moved = |name: &String| !OWN_TABLES.contains(&name.as_str());
    let here: Vec<String> = source
        .tables()
        .await?
        .into_iter()
        .filter(is_moved)
        .collect();
    let there: Vec<String> = target
        .tables()
        .await?
        .into_iter()
        .filter(is_moved)
        .collect();
    if here != there {
        let reason = format!("tables {}", difference(&here, &there));
        return Err(TransferError::Schema { reason });
    }
    Ok(here)
}

async fn columns(
    source: &mut Source,
    target: &mut Target,
    table: &str,
) -> Result<Vec<Column>, TransferError> {
    let mut there: BTreeMap<String, (String, bool)> = target.columns(table).await?;
    let mut columns = Vec::new();
    for name in source.columns(table).await? {
        let Some((type_name, is_numbered)) = there.remove(&name) else {
            if name == ROW_NUMBER {
                continue;
            }
            let reason = format!("column {name} of {table} is missing on the server");
            return Err(TransferError::Schema { reason });
        };
        let Some(kind) = Kind::of_type(&type_name) else {
            let reason = format!("column {name} of {table} is of type {type_name}");
            return Err(TransferError::Schema { reason });
        };
        columns.push(Column {
            name,
            kind,
            is_numbered,
        });
    }
    if let Some(name) = there.keys().next() {
        let reason = format!("column {name} of {table} is missing in the file");
        return Err(TransferError::Schema { reason });
    }
    Ok(columns)
}

fn difference(here: &[String], there: &[String]) -> String {
    let here: BTreeSet<_> = here.iter().map(String::as_str).collect();
    let there: BTreeSet<_> = there.iter().map(String::as_str).collect();
    let names: Vec<&str> = here.symmetric_difference(&there).copied().collect();
    names.join(", ")
}

/// The keys, each after its values; of those that could come next, the first by name.
fn in_order(mut parents: BTreeMap<String, BTreeSet<String>>) -> Result<Vec<String>, TransferError> {
    let mut order = Vec::new();
    while !parents.is_empty() {
        let next = parents.iter().find(|(_, named)| named.is_empty());
        let Some(name) = next.map(|(name, _)| name.clone()) else {
            let names: Vec<String> = parents.into_keys().collect();
            let reason = format!("tables {} name each other in a circle", names.join(", "));
            return Err(TransferError::Schema { reason });
        };
        parents.remove(&name);
        for named in parents.values_mut() {
            named.remove(&name);
        }
        order.push(name);
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(tables: &[(&str, &[&str])]) -> Result<Vec<String>, TransferError> {
        let named = |named: &[&str]| named.iter().map(|&name| name.to_owned()).collect();
        let tables = tables.iter();
        in_order(
            tables
                .map(|(name, parents)| ((*name).to_owned(), named(parents)))
                .collect(),
        )
    }

    #[test]
    fn a_table_comes_after_those_that_it_names() {
        let found = order(&[
            ("deals", &["stages", "users"]),
            ("stages", &["zones"]),
            ("users", &[]),
            ("zones", &[]),
        ]);

        assert_eq!(found.unwrap(), ["users", "zones", "stages", "deals"]);
    }

    #[test]
    fn a_circle_is_told_and_not_walked() {
        let error = order(&[("a", &["b"]), ("b", &["a"]), ("c", &[])]).unwrap_err();

        assert!(error.to_string().contains("a, b"), "{error}");
    }
}
