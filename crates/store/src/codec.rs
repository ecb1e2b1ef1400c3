//! How values that databases do not know become columns: closed sets as their names, JSON as
//! text, currencies as codes, dates as days.

use std::str::FromStr;

use rapport_domain::{Currency, Date, Money, Priority, Subject, Timestamp};
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::StoreError;

/// The name of a member of a closed set, as its serialized form spells it.
pub(crate) fn name_of<T: Serialize>(member: &T) -> String {
    match serde_json::to_value(member) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("a closed set is written as a text, not {other:?}"),
    }
}

/// The member of a closed set that a stored name stands for.
pub(crate) fn member<T: for<'de> Deserialize<'de>>(
    column: &'static str,
    name: &str,
) -> Result<T, StoreError> {
    let deserializer: StrDeserializer<'_, ValueError> = name.into_deserializer();
    T::deserialize(deserializer).map_err(|error| decode_error(column, error))
}

/// A value as JSON text.
pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own types are always serializable")
}

/// The columns of a row and their values.
pub(crate) type Columns = serde_json::Map<String, serde_json::Value>;

/// A row as its columns.
pub(crate) fn columns<T: Serialize>(row: &T) -> Columns {
    match serde_json::to_value(row) {
        Ok(serde_json::Value::Object(columns)) => columns,
        other => unreachable!("a row is written as an object, not {other:?}"),
    }
}

/// A value from JSON text.
pub(crate) fn from_json<T: DeserializeOwned>(
    column: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| decode_error(column, error))
}

/// An optional value from optional JSON text.
pub(crate) fn from_json_option<T: DeserializeOwned>(
    column: &'static str,
    text: Option<&str>,
) -> Result<Option<T>, StoreError> {
    text.map(|text| from_json(column, text)).transpose()
}

/// A value that has a text form of its own, such as an address or a currency.
pub(crate) fn parse<T>(column: &'static str, text: &str) -> Result<T, StoreError>
where
    T: FromStr,
    T::Err: ToString,
{
    text.parse()
        .map_err(|error: T::Err| decode_error(column, error.to_string()))
}

/// An optional value that has a text form of its own.
pub(crate) fn parse_option<T>(
    column: &'static str,
    text: Option<&str>,
) -> Result<Option<T>, StoreError>
where
    T: FromStr,
    T::Err: ToString,
{
    text.map(|text| parse(column, text)).transpose()
}

/// An amount from its two columns; both must be there.
pub(crate) fn money(
    column: &'static str,
    amount_minor: Option<i64>,
    currency: Option<&str>,
) -> Result<Option<Money>, StoreError> {
    match (amount_minor, currency) {
        (Some(amount_minor), Some(code)) => {
            let currency: Currency = parse(column, code)?;
            Ok(Some(Money::new(amount_minor, currency)))
        }
        _ => Ok(None),
    }
}

/// A date from its days since the epoch.
pub(crate) fn date(column: &'static str, days: Option<i32>) -> Result<Option<Date>, StoreError> {
    days.map(|days| {
        Date::from_days_since_epoch(days)
            .ok_or_else(|| decode_error(column, "outside of the calendar"))
    })
    .transpose()
}

/// An optional instant from its column.
pub(crate) fn instant(micros: Option<i64>) -> Option<Timestamp> {
    micros.map(Timestamp::from_micros)
}

/// An optional instant for its column.
pub(crate) fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_micros)
}

/// The form of a name that lists sort and search by: lower-case, so that case does not part them.
pub(crate) fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The rank by which a priority is stored, so that the database sorts by urgency.
pub(crate) const fn priority_rank(priority: Priority) -> i32 {
    match priority {
        Priority::Low => 0,
        Priority::Normal => 1,
        Priority::High => 2,
        Priority::Urgent => 3,
    }
}

/// The priority of a stored rank.
pub(crate) fn priority(column: &'static str, rank: i32) -> Result<Priority, StoreError> {
    match rank {
        0 => Ok(Priority::Low),
        1 => Ok(Priority::Normal),
        2 => Ok(Priority::High),
        3 => Ok(Priority::Urgent),
        _ => Err(decode_error(column, "no such priority")),
    }
}

/// The two columns that say what a note or a task is about.
pub(crate) fn subject_columns(subject: Subject) -> (&'static str, Uuid) {
    match subject {
        Subject::Contact(id) => ("contact", id.into()),
        Subject::Company(id) => ("company", id.into()),
        Subject::Deal(id) => ("deal", id.into()),
        Subject::Ticket(id) => ("ticket", id.into()),
    }
}

/// What a note or a task is about, from its two columns.
pub(crate) fn subject(column: &'static str, kind: &str, id: Uuid) -> Result<Subject, StoreError> {
    match kind {
        "contact" => Ok(Subject::Contact(id.into())),
        "company" => Ok(Subject::Company(id.into())),
        "deal" => Ok(Subject::Deal(id.into())),
        "ticket" => Ok(Subject::Ticket(id.into())),
        _ => Err(decode_error(column, "no such kind of record")),
    }
}

/// An unsigned count for a signed column; no count of ours comes near the limit.
pub(crate) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count from a signed column.
pub(crate) fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// Bytes as lower-case hexadecimal text.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    let pairs = bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]);
    pairs.collect()
}

/// Bytes from hexadecimal text.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits?;
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    pairs
        .iter()
        .map(|[high, low]| u8::try_from(high * 16 + low).ok())
        .collect()
}

fn decode_error(column: &'static str, reason: impl ToString) -> StoreError {
    let reason = reason.to_string();
    StoreError::Decode { column, reason }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};
    use rapport_domain::TicketStatus;

    use super::*;

    #[test]
    fn a_closed_set_reads_back_as_written() {
        assert_eq!(name_of(&TicketStatus::Solved), "solved");
        assert_eq!(
            member::<TicketStatus>("status", "solved").unwrap(),
            TicketStatus::Solved
        );
        assert!(member::<TicketStatus>("status", "lost").is_err());
    }

    proptest! {
        #[test]
        fn hexadecimal_text_reads_back_as_written(bytes: Vec<u8>) {
            prop_assert_eq!(from_hex(&to_hex(&bytes)), Some(bytes));
        }
    }

    #[test]
    fn what_is_no_hexadecimal_text_is_refused() {
        assert_eq!(from_hex("00ff10"), Some(vec![0, 255, 16]));
        assert_eq!(from_hex("0"), None);
        assert_eq!(from_hex("zz"), None);
    }
}
