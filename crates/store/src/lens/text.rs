//! Where a statement's text reads guarded tables.

use sea_orm::Value;

use super::{Guard, guard_of};
use crate::sql::Sql;

/// A guarded table that a text reads from.
pub(super) struct Guarded<'t> {
    pub(super) guard: Guard,
    pub(super) alias: &'t str,
}

/// The text up to and with the next place where a guarded table's condition begins, and what follows.
pub(super) fn next_guarded(text: &str) -> Option<(&str, Guarded<'_>, &str)> {
    let mut from = 0;
    loop {
        let found = [" FROM ", " JOIN "]
            .into_iter()
            .filter_map(|word| text[from..].find(word).map(|at| from + at + word.len()));
        let at = found.min()?;
        from = at;
        let mut words = text[at..].splitn(4, ' ');
        let Some(guard) = words.next().and_then(guard_of) else {
            continue;
        };
        let (alias, keyword) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        assert!(
            matches!(keyword, "WHERE" | "ON"),
            "a guarded table is read with an alias and a condition: {text}"
        );
        let rest = words.next().unwrap_or("");
        let head = &text[..text.len() - rest.len()];
        return Some((head, Guarded { guard, alias }, rest));
    }
}

/// Appends text with the next of the values for its question marks.
pub(super) fn push_part(sql: &mut Sql, text: &str, values: &mut impl Iterator<Item = Value>) {
    let n_values = text.matches('?').count();
    let values: Vec<Value> = values.take(n_values).collect();
    sql.push_with(text, values);
}
