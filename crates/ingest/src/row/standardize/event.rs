//! Events.

use std::fmt::Write;

use rapport_domain::EventKind;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::super::EventRow;
use super::{Fault, Standardizer, money, person};
use crate::value::decimal::Decimal;
use crate::{Field, OTHER_KEYS};

/// Reads an event.
pub(in crate::row) fn event(
    values: &mut Standardizer,
    line: u64,
    cells: &[String],
) -> Result<EventRow, Fault> {
    let occurred_at = values
        .instant(cells, Field::OccurredAt)?
        .ok_or_else(|| values.missing(Field::OccurredAt))?;
    let quantity = values.quantity(cells)?;
    Ok(EventRow {
        line,
        cells: Vec::new(),
        message_id: match values.id(cells, Field::MessageId)? {
            Some(id) => id,
            None => digest(cells),
        },
        kind: kind(values, cells)?,
        occurred_at,
        order_id: values.id(cells, Field::OrderId)?,
        sku: values.id(cells, Field::Sku)?,
        category: values.text(cells, Field::Category)?,
        quantity: quantity.map(Decimal::to_f64),
        amount: money(values, cells, Field::Amount)?,
        properties: properties(values, cells)?,
        person: person::customer(values, cells)?,
    })
}

fn kind(values: &Standardizer, cells: &[String]) -> Result<EventKind, Fault> {
    let kind = values
        .text(cells, Field::EventKind)?
        .ok_or_else(|| values.missing(Field::EventKind))?;
    kind.parse().map_err(|_| {
        values.invalid(
            cells,
            Field::EventKind,
            "is no name of an event; shorten it",
        )
    })
}

/// The object in the row's own column, with everything beside it that feeds no other field.
fn properties(values: &Standardizer, cells: &[String]) -> Result<Option<String>, Fault> {
    let mut object = match values.unchecked(cells, Field::Properties) {
        None => Map::new(),
        Some(text) => serde_json::from_str(&text)
            .map_err(|_| values.invalid(cells, Field::Properties, "is no JSON object; mend it"))?,
    };
    let named = [
        ("url", values.unchecked(cells, Field::PageUrl)),
        ("campaign_id", values.id(cells, Field::CampaignId)?),
    ];
    for (key, value) in named {
        if let Some(value) = value {
            object.entry(key).or_insert_with(|| value.into());
        }
    }
    for (column, text) in values.unmapped(cells) {
        add_unmapped(&mut object, column, text);
    }
    Ok((!object.is_empty()).then(|| Value::Object(object).to_string()))
}

/// Adds a column that feeds no field. What a line of JSON holds beyond the columns is an object of
/// its own.
fn add_unmapped(object: &mut Map<String, Value>, column: &str, text: &str) {
    if column == OTHER_KEYS
        && let Ok(others) = serde_json::from_str::<Map<String, Value>>(text)
    {
        for (key, value) in others {
            let value = value.as_str().map(scalar).unwrap_or(value);
            object.entry(key).or_insert(value);
        }
        return;
    }
    let key = column.strip_prefix("properties.").unwrap_or(column);
    object.entry(key).or_insert_with(|| scalar(text));
}

/// A number or a truth value where the text is exactly one, else the text.
fn scalar(text: &str) -> Value {
    let is_exact = |value: &Value| {
        let written = value.to_string();
        (value.is_number() || value.is_boolean()) && written == text
    };
    let value = serde_json::from_str(text).ok().filter(is_exact);
    value.unwrap_or_else(|| text.into())
}

/// A key for a row without one: the first 128 bits of its SHA-256, in hexadecimal.
fn digest(cells: &[String]) -> String {
    let mut hasher = Sha256::new();
    for cell in cells {
        hasher.update((cell.len() as u64).to_le_bytes());
        hasher.update(cell.as_bytes());
    }
    let mut key = String::with_capacity(32);
    for byte in hasher.finalize().iter().take(16) {
        write!(key, "{byte:02x}").expect("writing to a string cannot fail");
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_numbers_and_keys_with_leading_zeros_stay_texts() {
        for (text, expected) in [
            ("0.25", serde_json::json!(0.25)),
            ("true", serde_json::json!(true)),
            ("007", serde_json::json!("007")),
            (
                "12345678901234567890123",
                serde_json::json!("12345678901234567890123"),
            ),
            ("spring", serde_json::json!("spring")),
        ] {
            assert_eq!(scalar(text), expected);
        }
    }
}
