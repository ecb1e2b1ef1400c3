//! Conditions as SQL.

use sea_orm::{DbBackend, Value};

use super::{Condition, Field, Kind, Op, QueryError};
use crate::sql::Sql;

/// Appends the condition on a field.
pub(super) fn push(sql: &mut Sql, field: &Field, condition: &Condition) -> Result<(), QueryError> {
    if !field.ops().contains(&condition.op) {
        return Err(QueryError::OpNotAllowed {
            field: field.name,
            op: condition.op,
            known: field.ops().iter().map(|op| op.as_str()).collect(),
        });
    }
    let column = field.column;
    let compare = |sql: &mut Sql, operator: &str| -> Result<(), QueryError> {
        let value = field.read_text(&condition.value)?;
        sql.push(column).push(operator).bind(value);
        Ok(())
    };
    match condition.op {
        Op::IsNull => {
            sql.push(column).push(" IS NULL");
        }
        Op::NotNull => {
            sql.push(column).push(" IS NOT NULL");
        }
        Op::Contains if matches!(field.kind, Kind::Text | Kind::LongText) => {
            push_matches(sql, column, &condition.value);
        }
        Op::Contains => push_contains(sql, column, field.read_text(&condition.value)?),
        Op::Eq if field.kind == Kind::Tags => {
            push_contains(sql, column, field.read_text(&condition.value)?);
        }
        Op::Eq => compare(sql, " = ")?,
        Op::Ne if field.is_nullable => {
            sql.push("(").push(column).push(" IS NULL OR ");
            compare(sql, " <> ")?;
            sql.push(")");
        }
        Op::Ne => compare(sql, " <> ")?,
        Op::Lt => compare(sql, " < ")?,
        Op::Lte => compare(sql, " <= ")?,
        Op::Gt => compare(sql, " > ")?,
        Op::Gte => compare(sql, " >= ")?,
        Op::In => {
            let texts = condition.value.split(',').map(str::trim);
            let values: Result<Vec<_>, _> = texts.map(|text| field.read_text(text)).collect();
            sql.push(column).push(" IN ").bind_list(values?);
        }
    }
    Ok(())
}

/// Appends "the column holds the text". Both functions take the text as it is, without wildcards.
fn push_contains(sql: &mut Sql, column: &str, value: Value) {
    let function = match sql.backend() {
        DbBackend::Postgres => "strpos",
        _ => "instr",
    };
    sql.push(function).push("(").push(column).push(", ");
    sql.bind(value).push(") > 0");
}

/// Appends "the column holds the text, whatever the case". Folding is up to the caller, for SQLite's
/// `lower` knows ASCII only and PostgreSQL's depends on how the database was made: the pattern names
/// the forms of each character.
fn push_matches(sql: &mut Sql, column: &str, text: &str) {
    let (operator, pattern) = match sql.backend() {
        DbBackend::Postgres => (" ~ ", pattern(text, escaped_in_regex)),
        _ => (" GLOB ", format!("*{}*", pattern(text, escaped_in_glob))),
    };
    sql.push(column).push(operator).bind(pattern);
}

/// A pattern of the text: each letter as the set of its cases, which means the same in both
/// dialects, and signs as `escaped` writes them.
fn pattern(text: &str, escaped: fn(char) -> String) -> String {
    let of = |c: char| match cases(c) {
        cases if cases.len() > 1 => format!("[{}]", cases.iter().collect::<String>()),
        _ if c.is_ascii_punctuation() => escaped(c),
        _ => c.to_string(),
    };
    text.chars().map(of).collect()
}

fn escaped_in_regex(sign: char) -> String {
    format!("\\{sign}")
}

fn escaped_in_glob(sign: char) -> String {
    match sign {
        '*' | '?' | '[' => format!("[{sign}]"),
        other => other.to_string(),
    }
}

/// A character in its cases; those that are several characters, such as `ß` in upper case, left out.
fn cases(c: char) -> Vec<char> {
    let upper = only(c.to_uppercase()).unwrap_or(c);
    let lower = only(upper.to_lowercase()).unwrap_or(c);
    let mut cases = vec![c, upper, lower];
    cases.sort_unstable();
    cases.dedup();
    cases
}

fn only(mut forms: impl Iterator<Item = char>) -> Option<char> {
    let first = forms.next();
    first.filter(|_| forms.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_the_cases_of_letters_and_takes_operators_as_they_are() {
        let glob = |text| pattern(text, escaped_in_glob);

        assert_eq!(glob("aÜ7中"), "[Aa][Üü]7中");
        assert_eq!(glob("*?[]-"), "[*][?][[]]-");
        assert_eq!(glob("ß"), "ß");
        assert_eq!(glob("ς"), "[Σςσ]");
        assert_eq!(pattern("a.b^", escaped_in_regex), "[Aa]\\.[Bb]\\^");
    }
}
