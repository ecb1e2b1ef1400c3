//! Full-text search: what is searched, and the one place where the databases differ.
//!
//! Each searchable record has a `search_text`: what people know it by, in lower case. Every word
//! of a query must be found in it, as a piece of any word. On SQLite an index of trigrams finds
//! pieces of three or more characters. Where all words are shorter, one of them must be the start
//! of the name, or, in scripts where one character is a word, be anywhere in the name. PostgreSQL
//! scans the column.

mod everywhere;
mod text;

use sea_orm::DbBackend;

use crate::sql::Sql;
use crate::{codec, sql};

pub use everywhere::{Hit, HitKind, everywhere};

pub(crate) use text::{company_text, contact_text, order_text, product_text};

/// Records that a short word may name; more say nothing.
const N_SHORT_MAX: usize = 1_000;

/// Where an object's text is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SearchIndex {
    /// Table; its trigrams are in `<table>_search`.
    pub(crate) table: &'static str,
    /// Alias of the table in the query that is searched.
    pub(crate) alias: &'static str,
    /// Indexed column that short words are the start of.
    pub(crate) name: &'static str,
}

/// Appends the condition that every word of `text` is found in the record.
pub(crate) fn push(sql: &mut Sql, index: &SearchIndex, text: &str) {
    let folded = codec::name_key(&without_nul(text));
    // Phone numbers are searched by their digits alone.
    let words: Vec<&str> = folded
        .split_whitespace()
        .map(|word| {
            word.strip_prefix('+')
                .filter(|rest| !rest.is_empty())
                .unwrap_or(word)
        })
        .collect();
    if words.is_empty() {
        sql.push("1 = 1");
        return;
    }
    sql.push("(");
    match sql.backend() {
        DbBackend::Postgres => push_scanned(sql, index, &words),
        _ => push_indexed(sql, index, &words),
    }
    sql.push(")");
}

fn push_scanned(sql: &mut Sql, index: &SearchIndex, words: &[&str]) {
    for (idx, word) in words.iter().enumerate() {
        sql.push(if idx == 0 { "" } else { " AND " });
        let text = format!("strpos({}.search_text, ?) > 0", index.alias);
        sql.push_with(&text, [sql::text(*word)]);
    }
}

fn push_indexed(sql: &mut Sql, index: &SearchIndex, words: &[&str]) {
    let SearchIndex { table, alias, .. } = index;
    let (long, short): (Vec<&str>, Vec<&str>) =
        words.iter().partition(|word| word.chars().count() >= 3);
    if long.is_empty() {
        push_short(sql, index, &short);
    } else {
        // Quotes make a phrase of a word, so that nothing in it is an operator.
        let phrases: Vec<String> = long
            .iter()
            .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
            .collect();
        let text = format!(
            "{alias}.row_no IN (SELECT rowid FROM {table}_search WHERE {table}_search MATCH ?)"
        );
        sql.push_with(&text, [sql::text(phrases.join(" "))]);
    }
    // What the indices found must hold the other words, too. One short word alone was looked up.
    if words.len() > 1 {
        for word in short {
            let text = format!(" AND instr({alias}.search_text, ?) > 0");
            sql.push_with(&text, [sql::text(word)]);
        }
    }
}

/// Appends the condition that a name holds one of the words that are a name in their script, or
/// else begins with one of the others.
fn push_short(sql: &mut Sql, index: &SearchIndex, words: &[&str]) {
    let SearchIndex { table, alias, name } = index;
    let names = words.iter().filter(|word| !word.is_ascii());
    if let Some(word) = names.max_by_key(|word| word.chars().count()) {
        let text = format!(
            "{alias}.row_no IN (SELECT row_no FROM {table} WHERE instr({name}, ?) > 0 \
             LIMIT {N_SHORT_MAX})"
        );
        sql.push_with(&text, [sql::text(*word)]);
        return;
    }
    sql.push("(");
    for (idx, word) in words.iter().enumerate() {
        sql.push(if idx == 0 { "" } else { " OR " });
        let text = format!("{alias}.{name} >= ? AND {alias}.{name} < ?");
        sql.push_with(&text, [sql::text(*word), sql::text(prefix_end(word))]);
    }
    sql.push(")");
}

/// The text with U+0000 as a space: PostgreSQL cannot hold it, and SQLite's search ends there.
fn without_nul(text: &str) -> String {
    text.replace('\0', " ")
}

/// The least text that is greater than all texts that begin with `prefix`.
pub(crate) fn prefix_end(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}
