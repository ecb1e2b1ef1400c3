//! Conditions that hold between two values: between two named ones, and in stretches of time that
//! are named from today.

use rapport_domain::{Date, Moment, Period, Span, Timestamp, Zone};
use sea_orm::Value;

use super::{Field, Kind, Op, QueryError};

/// Bounds of a field's values; at least one is given.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Range {
    /// The least value that is in.
    pub(super) from: Option<Value>,
    /// The greatest value that is in.
    pub(super) to: Option<Value>,
    /// The least value that is above.
    pub(super) until: Option<Value>,
}

/// From the first of two values to the second, both included.
pub(super) fn between(field: &Field, text: &str, zone: Zone) -> Result<Range, QueryError> {
    let (low, high) = text
        .split_once(',')
        .map(|(low, high)| (low.trim(), high.trim()))
        .ok_or_else(|| field.bad_value(text, "two values with a comma between them"))?;
    let from = Some(field.read_text(low, zone)?);
    // All of the day, where it stands for instants.
    let last_day: Option<Date> = match field.kind.is_instant() {
        true => high.parse().ok(),
        false => None,
    };
    Ok(match last_day {
        Some(on) => Range {
            from,
            to: None,
            until: Some(field.instant(zone.start_of(day_after(on)))),
        },
        None => Range {
            from,
            to: Some(field.read_text(high, zone)?),
            until: None,
        },
    })
}

/// A stretch of time that is named from today.
pub(super) fn from_today(
    field: &Field,
    op: Op,
    text: &str,
    moment: Moment,
) -> Result<Range, QueryError> {
    let value = |at: Timestamp| match field.kind {
        Kind::Date | Kind::DateText => field.date(moment.zone.date(at)),
        _ => field.instant(at),
    };
    let day = |on: Date| match field.kind {
        Kind::Date | Kind::DateText => field.date(on),
        _ => field.instant(moment.zone.start_of(on)),
    };
    let refused = |invalid: rapport_domain::Invalid| {
        let expected = invalid.violations.into_iter().next();
        field.bad_value(text, expected.map_or_else(String::new, |v| v.message))
    };
    let range = |from, to, until| Range { from, to, until };
    let span = || text.parse::<Span>().map_err(refused);
    Ok(match op {
        Op::InLast => range(
            Some(value(span()?.before(moment))),
            Some(value(moment.at)),
            None,
        ),
        Op::InNext => range(
            Some(value(moment.at)),
            Some(value(span()?.after(moment))),
            None,
        ),
        Op::OlderThan => range(None, None, Some(value(span()?.before(moment)))),
        _ => {
            let period: Period = text.parse().map_err(refused)?;
            let (first, after) = period.days(moment.today());
            range(Some(day(first)), None, Some(day(after)))
        }
    })
}

fn day_after(on: Date) -> Date {
    Date::from_days_since_epoch(on.days_since_epoch() + 1).unwrap_or(on)
}
