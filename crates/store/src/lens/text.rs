//! Where a statement's text reads guarded tables.

use sea_orm::Value;

use super::{Guard, guard_of};
use crate::sql::Sql;

/// A guarded table that a text reads from.
pub(super) struct Guarded<'t> {
    pub(super) guard: Guard,
    /// The text before the table.
    pub(super) before: &'t str,
    pub(super) table: &'t str,
    /// The text from the table to where its condition begins.
    pub(super) between: &'t str,
    pub(super) alias: &'t str,
    /// The text from its condition on.
    pub(super) after: &'t str,
}

/// The next guarded table that a text reads from.
pub(super) fn next_guarded(text: &str) -> Option<Guarded<'_>> {
    let mut from = 0;
    loop {
        let found = [" FROM ", " JOIN "]
            .into_iter()
            .filter_map(|word| text[from..].find(word).map(|at| from + at + word.len()));
        let at = found.min()?;
        from = at;
        let mut words = text[at..].splitn(4, ' ');
        let table = words.next().unwrap_or("");
        let Some(guard) = guard_of(table) else {
            continue;
        };
        let (alias, keyword) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        assert!(
            matches!(keyword, "WHERE" | "ON"),
            "a guarded table is read with an alias and a condition: {text}"
        );
        let after = words.next().unwrap_or("");
        return Some(Guarded {
            guard,
            before: &text[..at],
            table,
            between: &text[at + table.len()..text.len() - after.len()],
            alias,
            after,
        });
    }
}

/// Appends text with the next of the values for its question marks.
pub(super) fn push_part(sql: &mut Sql, text: &str, values: &mut impl Iterator<Item = Value>) {
    let n_values = text.matches('?').count();
    let values: Vec<Value> = values.take(n_values).collect();
    sql.push_with(text, values);
}
