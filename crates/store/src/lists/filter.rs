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
        Op::Contains => push_contains(sql, field, field.read_text(&condition.value)?),
        Op::Eq if field.kind == Kind::Tags => {
            push_contains(sql, field, field.read_text(&condition.value)?);
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
fn push_contains(sql: &mut Sql, field: &Field, value: Value) {
    let function = match sql.backend() {
        DbBackend::Postgres => "strpos",
        _ => "instr",
    };
    let column = field.column;
    let (folded, value) = match (field.kind, value) {
        (Kind::Text, Value::String(Some(text))) => {
            let folded = format!("lower({column})");
            (folded, Value::String(Some(text.to_lowercase())))
        }
        (_, value) => (column.to_owned(), value),
    };
    sql.push(function).push("(").push(&folded).push(", ");
    sql.bind(value).push(") > 0");
}
