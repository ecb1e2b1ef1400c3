//! Events.

use std::fmt::Write;

use rapport_domain::EventKind;
use sha2::{Digest, Sha256};

use super::super::EventRow;
use super::{Fault, Standardizer, money, person};
use crate::Field;

/// Reads an event.
pub(in crate::row) fn event(
    values: &mut Standardizer,
    line: u64,
    cells: &[String],
) -> Result<EventRow, Fault> {
    let occurred_at = values
        .instant(cells, Field::OccurredAt)?
        .ok_or_else(|| values.missing(Field::OccurredAt))?;
    let quantity = values.number(cells, Field::Quantity)?;
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
        quantity: quantity.map(|quantity| quantity.decimal.to_f64()),
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

/// The object in the row's own column, with the page's address beside it.
fn properties(values: &Standardizer, cells: &[String]) -> Result<Option<String>, Fault> {
    let given = match values.unchecked(cells, Field::Properties) {
        None => None,
        Some(text) => {
            let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text)
                .map_err(|_| {
                    values.invalid(cells, Field::Properties, "is no JSON object; mend it")
                })?;
            Some(object)
        }
    };
    let page_url = values.unchecked(cells, Field::PageUrl);
    let mut object = match (given, &page_url) {
        (None, None) => return Ok(None),
        (given, _) => given.unwrap_or_default(),
    };
    if let Some(url) = page_url {
        object.entry("url").or_insert_with(|| url.into());
    }
    Ok(Some(serde_json::Value::Object(object).to_string()))
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
