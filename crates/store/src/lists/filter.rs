//! Conditions and their groups as SQL.

use rapport_domain::{Moment, Zone};
use sea_orm::{DbBackend, Value};

use super::page::Known;
use super::range::{self, Range};
use super::{Condition, Field, Filter, Kind, Op, QueryError};
use crate::sql::Sql;
use crate::{codec, search};

/// Appends conditions in groups, in brackets.
pub(super) fn push_groups(
    sql: &mut Sql,
    known: Known<'_>,
    filter: &Filter,
    moment: Option<Moment>,
) -> Result<(), QueryError> {
    sql.push("(");
    match filter {
        Filter::Is(condition) => push(sql, known, condition, moment)?,
        Filter::Not(part) => {
            push_groups(sql, known, part, moment).map_err(|error| error.within(filter.word()))?;
            // What is unknown for want of a value does not hold either.
            sql.push(" IS NOT TRUE");
        }
        Filter::And(parts) | Filter::Or(parts) => {
            let word = filter.word();
            for (idx, part) in parts.iter().enumerate() {
                if idx > 0 {
                    sql.push(" ").push(word).push(" ");
                }
                push_groups(sql, known, part, moment)
                    .map_err(|error| error.within(&format!("{word}/{idx}")))?;
            }
        }
    }
    sql.push(")");
    Ok(())
}

/// Appends one condition.
pub(super) fn push(
    sql: &mut Sql,
    known: Known<'_>,
    condition: &Condition,
    moment: Option<Moment>,
) -> Result<(), QueryError> {
    let field = known.find(&condition.field)?;
    if !field.ops().contains(&condition.op) {
        return Err(QueryError::OpNotAllowed {
            field: field.name.to_string(),
            op: condition.op,
            known: field.ops().iter().map(|op| op.as_str()).collect(),
        });
    }
    let zone = moment.map_or(Zone::UTC, |moment| moment.zone);
    let read = |text: &str| field.read_text(text, zone);
    let column = &*field.column;
    let compare = |sql: &mut Sql, operator: &str| -> Result<(), QueryError> {
        push_compare(sql, field, operator, read(&condition.value)?);
        Ok(())
    };
    match condition.op {
        Op::IsNull => {
            sql.push(field.in_index()).push(" IS NULL");
        }
        Op::NotNull => {
            sql.push(field.in_index()).push(" IS NOT NULL");
        }
        Op::Contains if matches!(field.kind, Kind::Text | Kind::LongText) => {
            push_matches(sql, column, Place::Anywhere, &condition.value);
        }
        Op::Contains => push_contains(sql, column, read(&condition.value)?),
        Op::StartsWith if field.kind == Kind::Folded => {
            push_starts_with(sql, column, &codec::name_key(&condition.value));
        }
        Op::StartsWith => push_matches(sql, column, Place::Start, &condition.value),
        Op::Eq if field.kind == Kind::Tags => {
            push_contains(sql, column, read(&condition.value)?);
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
        Op::Between => push_range(sql, column, range::between(field, &condition.value, zone)?),
        Op::InLast | Op::InNext | Op::OlderThan | Op::During => {
            let moment = moment.ok_or(QueryError::NoToday {
                field: field.name.to_string(),
            })?;
            let range = range::from_today(field, condition.op, &condition.value, moment)?;
            push_range(sql, column, range);
        }
        Op::In => {
            let texts = condition.value.split(',').map(str::trim);
            let values: Result<Vec<_>, _> = texts.map(read).collect();
            let values = values?;
            if let Some(lead) = &field.lead {
                let leads: Vec<Value> = values.iter().cloned().map(|it| lead.of(it)).collect();
                sql.push(&lead.column).push(" IN ").bind_list(leads);
                sql.push(" AND ");
            }
            sql.push(column).push(" IN ").bind_list(values);
        }
    }
    Ok(())
}

/// Appends "the field stands so to the value", and before that what an index can tell of it, where it
/// knows the beginnings only.
fn push_compare(sql: &mut Sql, field: &Field, operator: &str, value: Value) {
    let of_lead = match operator {
        " = " => Some(" = "),
        " < " | " <= " => Some(" <= "),
        " > " | " >= " => Some(" >= "),
        // Texts of one beginning may differ.
        _ => None,
    };
    if let (Some(lead), Some(of_lead)) = (&field.lead, of_lead) {
        sql.push(&lead.column).push(of_lead);
        sql.bind(lead.of(value.clone())).push(" AND ");
    }
    sql.push(&field.column).push(operator).bind(value);
}

/// Appends "the column is in the range".
fn push_range(sql: &mut Sql, column: &str, range: Range) {
    let bounds = [
        (" >= ", range.from),
        (" <= ", range.to),
        (" < ", range.until),
    ];
    let given = bounds
        .into_iter()
        .filter_map(|(operator, value)| Some((operator, value?)));
    for (idx, (operator, value)) in given.enumerate() {
        sql.push(if idx == 0 { "" } else { " AND " });
        sql.push(column).push(operator).bind(value);
    }
}

/// Appends "the column begins with the text", as a range that an index is read by.
fn push_starts_with(sql: &mut Sql, column: &str, start: &str) {
    sql.push(column).push(" >= ").bind(start);
    let end = search::prefix_end(start);
    sql.push(" AND ").push(column).push(" < ").bind(end);
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

/// Where in a column a text is to stand.
#[derive(Debug, Clone, Copy)]
enum Place {
    Anywhere,
    Start,
}

/// Appends "the column holds the text there, whatever the case". Folding is up to the caller, for
/// SQLite's `lower` knows ASCII only and PostgreSQL's depends on how the database was made: the
/// pattern names the forms of each character.
fn push_matches(sql: &mut Sql, column: &str, place: Place, text: &str) {
    let glob = || pattern(text, escaped_in_glob);
    let regex = || pattern(text, escaped_in_regex);
    let (operator, pattern) = match (sql.backend(), place) {
        (DbBackend::Postgres, Place::Anywhere) => (" ~ ", regex()),
        (DbBackend::Postgres, Place::Start) => (" ~ ", format!("^{}", regex())),
        (_, Place::Anywhere) => (" GLOB ", format!("*{}*", glob())),
        (_, Place::Start) => (" GLOB ", format!("{}*", glob())),
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
