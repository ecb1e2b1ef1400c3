//! Where a page ended: the values of the sort keys of its last row.

use std::fmt;
use std::str::FromStr;

use sea_orm::Value;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Field, Kind, QueryError};
use crate::codec;

/// The end of a page, opaque to callers: hexadecimal text that is safe in an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Cursor {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_hex = !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
        if is_hex && text.len() <= 16_384 {
            Ok(Self(text.to_owned()))
        } else {
            Err(QueryError::BadCursor)
        }
    }
}

/// What a cursor holds.
#[derive(Serialize, Deserialize)]
struct Position {
    /// The order that the cursor belongs to.
    order: String,
    keys: Vec<Key>,
}

/// The value of a sort key.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Key {
    Null,
    Text(String),
    Id(Uuid),
    Integer(i64),
    /// The bits of a number: its decimal form might read back as its neighbor.
    Number(u64),
}

impl Cursor {
    /// The cursor after a row with these key values in this order.
    pub(super) fn after(order: &str, values: Vec<Value>) -> Self {
        let keys = values.into_iter().map(key_of).collect();
        let position = Position {
            order: order.to_owned(),
            keys,
        };
        Self(codec::to_hex(codec::to_json(&position).as_bytes()))
    }

    /// The key values, checked against the order and the types of its fields.
    pub(super) fn values(&self, order: &str, fields: &[&Field]) -> Result<Vec<Value>, QueryError> {
        let bytes = codec::from_hex(&self.0).ok_or(QueryError::BadCursor)?;
        let position: Position =
            serde_json::from_slice(&bytes).map_err(|_| QueryError::BadCursor)?;
        if position.order != order || position.keys.len() != fields.len() {
            return Err(QueryError::BadCursor);
        }
        let keys = position.keys.into_iter().zip(fields);
        keys.map(|(key, field)| value_of(key, field)).collect()
    }
}

fn key_of(value: Value) -> Key {
    match value {
        Value::String(Some(text)) => Key::Text(text),
        Value::Uuid(Some(id)) => Key::Id(id),
        Value::BigInt(Some(number)) => Key::Integer(number),
        Value::Int(Some(number)) => Key::Integer(i64::from(number)),
        Value::Double(Some(number)) => Key::Number(number.to_bits()),
        _ => Key::Null,
    }
}

fn value_of(key: Key, field: &Field) -> Result<Value, QueryError> {
    Ok(match (field.kind, key) {
        // A made-up cursor could hold what no record can.
        (kind, Key::Text(text)) if is_text(kind) && !text.contains('\0') => {
            Value::String(Some(text))
        }
        (kind, Key::Null) if is_text(kind) => Value::String(None),
        (Kind::Id, Key::Id(id)) => Value::Uuid(Some(id)),
        (Kind::Id, Key::Null) => Value::Uuid(None),
        (Kind::Integer | Kind::Timestamp, Key::Integer(number)) => Value::BigInt(Some(number)),
        (Kind::Integer | Kind::Timestamp, Key::Null) => Value::BigInt(None),
        (Kind::Rank(_) | Kind::Date, Key::Integer(number)) => {
            let number = i32::try_from(number).map_err(|_| QueryError::BadCursor)?;
            Value::Int(Some(number))
        }
        (Kind::Rank(_) | Kind::Date, Key::Null) => Value::Int(None),
        (Kind::Number, Key::Number(bits)) => Value::Double(Some(f64::from_bits(bits))),
        (Kind::Number, Key::Null) => Value::Double(None),
        _ => return Err(QueryError::BadCursor),
    })
}

/// Whether cursors hold values of this type as text.
const fn is_text(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Text
            | Kind::Folded
            | Kind::Choice(_)
            | Kind::Name
            | Kind::DateText
            | Kind::TimestampText
    )
}
