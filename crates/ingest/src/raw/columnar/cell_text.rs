//! A value of a column as the text that people would write for it.

use arrow::array::{
    Array, ArrayRef, AsArray as _, BinaryViewArray, FixedSizeBinaryArray, StringViewArray,
};
use arrow::datatypes::{
    DataType, Float16Type, Float32Type, Float64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

/// Lists within lists are followed to this depth.
const MAX_DEPTH: usize = 32;

/// Why a value is no cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is longer than there is room.
    TooLong,
    /// It is bytes that are no text, as far as they can be shown.
    NoText(String),
}

/// The text of a value, empty where there is none; at most `room` bytes of it.
pub(super) fn cell_text(values: &ArrayRef, at: usize, room: usize) -> Result<String, Unreadable> {
    let text = match values.data_type() {
        _ if values.is_null(at) => String::new(),
        DataType::Utf8View => return bounded(views(values).value(at), room),
        DataType::BinaryView => return bytes_text(binary_views(values).value(at), room),
        DataType::Utf8 => return bounded(values.as_string::<i32>().value(at), room),
        DataType::LargeUtf8 => return bounded(values.as_string::<i64>().value(at), room),
        DataType::Binary => return bytes_text(values.as_binary::<i32>().value(at), room),
        DataType::LargeBinary => return bytes_text(values.as_binary::<i64>().value(at), room),
        DataType::FixedSizeBinary(_) => {
            let values: &FixedSizeBinaryArray = values.as_fixed_size_binary();
            return bytes_text(values.value(at), room);
        }
        kind if is_nested(kind) => return nested_text(values, at, room),
        _ => scalar_text(values, at),
    };
    bounded(&text, room)
}

fn scalar_text(values: &ArrayRef, at: usize) -> String {
    match values.data_type() {
        DataType::Float64 => number(values.as_primitive::<Float64Type>().value(at)),
        DataType::Float32 => number(values.as_primitive::<Float32Type>().value(at)),
        DataType::Float16 => {
            let value = values.as_primitive::<Float16Type>().value(at);
            number(f64::from(value))
        }
        DataType::Timestamp(unit, zone) => {
            let instant = instant(values, *unit, at);
            instant.map_or(String::new(), |at| instant_text(at, zone.is_some()))
        }
        _ => formatted(values, at),
    }
}

/// What is no number is no cell: statistics programs write it for nothing.
fn number<F: std::fmt::Display + Into<f64> + Copy>(value: F) -> String {
    if value.into().is_finite() {
        value.to_string()
    } else {
        String::new()
    }
}

fn instant(values: &ArrayRef, unit: TimeUnit, at: usize) -> Option<DateTime<Utc>> {
    match unit {
        TimeUnit::Second => {
            DateTime::from_timestamp(values.as_primitive::<TimestampSecondType>().value(at), 0)
        }
        TimeUnit::Millisecond => DateTime::from_timestamp_millis(
            values.as_primitive::<TimestampMillisecondType>().value(at),
        ),
        TimeUnit::Microsecond => DateTime::from_timestamp_micros(
            values.as_primitive::<TimestampMicrosecondType>().value(at),
        ),
        TimeUnit::Nanosecond => Some(DateTime::from_timestamp_nanos(
            values.as_primitive::<TimestampNanosecondType>().value(at),
        )),
    }
}

/// An instant; without a zone, the time of a clock that nobody knows the place of.
fn instant_text(at: DateTime<Utc>, is_zoned: bool) -> String {
    let text = at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    match text.strip_suffix('Z') {
        Some(local) if !is_zoned => local.to_owned(),
        _ => text,
    }
}

fn formatted(values: &ArrayRef, at: usize) -> String {
    let options = FormatOptions::new().with_null("");
    let formatter = ArrayFormatter::try_new(values.as_ref(), &options);
    // A value that cannot be shown, such as a date beyond all calendars, is none.
    let text = formatter
        .ok()
        .and_then(|it| it.value(at).try_to_string().ok());
    text.unwrap_or_default()
}

fn bounded(text: &str, room: usize) -> Result<String, Unreadable> {
    if text.len() > room {
        return Err(Unreadable::TooLong);
    }
    Ok(text.to_owned())
}

/// Many programs write texts as bytes.
fn bytes_text(bytes: &[u8], room: usize) -> Result<String, Unreadable> {
    const SHOWN_BYTES: usize = 200;
    match std::str::from_utf8(bytes) {
        Ok(text) => bounded(text, room),
        Err(_) => {
            let shown = &bytes[..bytes.len().min(SHOWN_BYTES)];
            Err(Unreadable::NoText(
                String::from_utf8_lossy(shown).into_owned(),
            ))
        }
    }
}

fn views(values: &ArrayRef) -> &StringViewArray {
    values.as_string_view()
}

fn binary_views(values: &ArrayRef) -> &BinaryViewArray {
    values.as_binary_view()
}

fn is_nested(kind: &DataType) -> bool {
    matches!(
        kind,
        DataType::List(_)
            | DataType::LargeList(_)
            | DataType::FixedSizeList(..)
            | DataType::Struct(_)
            | DataType::Map(..)
    )
}

fn nested_text(values: &ArrayRef, at: usize, room: usize) -> Result<String, Unreadable> {
    let mut room_left = room;
    let value = json(values, at, &mut room_left, MAX_DEPTH)?;
    bounded(&value.to_string(), room)
}

/// A nested value; takes from `room` what its texts need, so that a list of long texts ends early.
fn json(values: &ArrayRef, at: usize, room: &mut usize, depth: usize) -> Result<Value, Unreadable> {
    if values.is_null(at) {
        return Ok(Value::Null);
    }
    let depth = depth.checked_sub(1).ok_or(Unreadable::TooLong)?;
    let items = match values.data_type() {
        DataType::List(_) => values.as_list::<i32>().value(at),
        DataType::LargeList(_) => values.as_list::<i64>().value(at),
        DataType::FixedSizeList(..) => values.as_fixed_size_list().value(at),
        DataType::Map(..) => std::sync::Arc::new(values.as_map().value(at)),
        DataType::Struct(fields) => {
            let columns = values.as_struct().columns();
            let mut object = Map::new();
            for (field, column) in fields.iter().zip(columns) {
                object.insert(field.name().clone(), json(column, at, room, depth)?);
            }
            return Ok(Value::Object(object));
        }
        _ => return scalar_json(values, at, room),
    };
    let items = (0..items.len()).map(|item| json(&items, item, room, depth));
    Ok(Value::Array(items.collect::<Result<_, _>>()?))
}

fn scalar_json(values: &ArrayRef, at: usize, room: &mut usize) -> Result<Value, Unreadable> {
    let text = cell_text(values, at, *room)?;
    *room = room
        .checked_sub(text.len() + 2)
        .ok_or(Unreadable::TooLong)?;
    let kind = values.data_type();
    if kind.is_integer() || kind.is_floating() || *kind == DataType::Boolean {
        return Ok(serde_json::from_str(&text).unwrap_or(Value::Null));
    }
    Ok(Value::String(text))
}
