//! Dates and instants as people, spreadsheets and other systems write them.

mod cursor;
mod parts;

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use rapport_domain::{Timestamp, Zone};
use serde::{Deserialize, Serialize};

use super::text;
use cursor::Cursor;

/// Which number comes first in dates such as `03/04/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// The day: 3 April.
    #[default]
    DayFirst,
    /// The month: March 4.
    MonthFirst,
}

impl DateOrder {
    /// The order that people of a region write, by its ISO 3166 code. Month first are the United States
    /// and the states in free association with them (Unicode CLDR, `dateFormats`).
    pub fn of_region(code: &str) -> Self {
        match code {
            "US" | "FM" | "MH" | "PW" => Self::MonthFirst,
            _ => Self::DayFirst,
        }
    }
}

/// How dates are read where they do not say it themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateStyle {
    /// Which number comes first.
    pub order: DateOrder,
    /// Where clocks show instants without a time zone.
    pub zone: Zone,
}

/// Reads an instant; a date without a time is its first moment. `None` where the text is none.
///
/// Read are: ISO 8601 and RFC 3339 with their usual variations; `2026/01/02 03:04`; `02/01/2026`
/// and `01/02/2026` by [`DateStyle::order`]; `2.1.2026`; `2 Jan 2026`; `Jan 2, 2026, 3:04 PM`;
/// `Mon Jan 02 2026 03:04:05 GMT+0100`; `2026年1月2日 下午3时4分`; `20260102`; a year alone; a year
/// and a month; Unix seconds (10 digits), milliseconds (13) and microseconds (16); a spreadsheet's
/// serial day (5 digits, 1954 to 2119).
pub fn parse(value: &str, style: DateStyle) -> Option<Timestamp> {
    if let Some(at) = iso(value.as_bytes(), style) {
        return Some(at);
    }
    let cleaned = text::clean(value);
    if cleaned.len() > 64 {
        return None;
    }
    if let Some(at) = numeric(&cleaned, style) {
        return Some(at);
    }
    let latin = from_chinese(&cleaned)?;
    let mut cursor = Cursor::new(&latin);
    let date = parts::date(&mut cursor, style.order)?;
    let time = parts::time(&mut cursor)?;
    let offset = parts::zone(&mut cursor)?;
    cursor.is_at_end().then_some(())?;
    let [hour, minute, second] = time.clock;
    let at = date.and_hms_micro_opt(hour, minute, second, time.micros)?;
    Some(match offset {
        Some(minutes) => Timestamp::from(at.and_utc()).plus_seconds(i64::from(minutes) * -60),
        None => style.zone.instant(at),
    })
}

/// Whether the text is a date that cannot be taken for a number.
pub(crate) fn is_date(value: &str) -> bool {
    let is_number = value
        .bytes()
        .all(|b| b.is_ascii_digit() || b == b'.' || b == b'-')
        && value.bytes().filter(|&b| b == b'-').count() < 2
        && value.bytes().filter(|&b| b == b'.').count() < 2;
    let day_first = DateStyle::default();
    let month_first = DateStyle {
        order: DateOrder::MonthFirst,
        ..day_first
    };
    !is_number && (parse(value, day_first).is_some() || parse(value, month_first).is_some())
}

/// The order that a column of dates is written in, decided over all of its values.
pub fn detect_order<'a>(values: impl Iterator<Item = &'a str>) -> DateOrder {
    let mut evidence = OrderEvidence::default();
    values.for_each(|value| evidence.add(value));
    evidence.order(DateOrder::default())
}

/// What dates say of the order that they are written in: a number above twelve can only be a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OrderEvidence {
    n_day_first: usize,
    n_month_first: usize,
    /// Dates that can be read both ways.
    n_open: usize,
    n_twelve_hours: usize,
}

impl OrderEvidence {
    /// Counts a value; one that is no date of this kind says nothing.
    pub fn add(&mut self, value: &str) {
        let value = text::clean(value);
        let Some((first, second)) = parts::leading_pair(&mut Cursor::new(&value)) else {
            return;
        };
        self.n_day_first += usize::from(first > 12 && second <= 12);
        self.n_month_first += usize::from(second > 12 && first <= 12);
        self.n_open += usize::from(first <= 12 && second <= 12 && first != second);
        let end = value.trim_end_matches('.').to_ascii_lowercase();
        self.n_twelve_hours += usize::from(end.ends_with("am") || end.ends_with("pm"));
    }

    /// Whether some date can be read in one way only.
    pub fn is_decided(&self) -> bool {
        self.n_day_first + self.n_month_first > 0
    }

    /// Whether there are dates that would be read wrongly in one of the orders.
    pub fn is_needed(&self) -> bool {
        self.n_open > 0
    }

    /// The order of most dates. Where none decides, a twelve-hour clock tells an American column, and
    /// else it is `otherwise`.
    pub fn order(&self, otherwise: DateOrder) -> DateOrder {
        match (self.n_day_first, self.n_month_first) {
            (0, 0) if self.n_twelve_hours > 0 => DateOrder::MonthFirst,
            (0, 0) => otherwise,
            (day, month) if month > day => DateOrder::MonthFirst,
            _ => DateOrder::DayFirst,
        }
    }
}

/// The form of nearly all exports, without a detour: `2026-01-02`, `2026-01-02 03:04:05`, with a
/// `T` or slashes too.
fn iso(bytes: &[u8], style: DateStyle) -> Option<Timestamp> {
    let is_separated = |at: usize, marks: &[u8]| bytes.get(at).is_some_and(|b| marks.contains(b));
    if !(bytes.len() == 10 || bytes.len() == 19)
        || !is_separated(4, b"-/")
        || !is_separated(7, b"-/")
    {
        return None;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0_u32, |number, byte| {
            byte.is_ascii_digit()
                .then(|| number * 10 + u32::from(byte - b'0'))
        })
    };
    let year = number(0, 4)?.cast_signed();
    let date = NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?;
    let at = if bytes.len() == 19 {
        let has_marks = is_separated(10, b" T") && is_separated(13, b":") && is_separated(16, b":");
        has_marks.then_some(())?;
        date.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)?
    } else {
        date.and_hms_opt(0, 0, 0)?
    };
    Some(style.zone.instant(at))
}

/// Instants written as one number; which kind tells the number of digits.
fn numeric(value: &str, style: DateStyle) -> Option<Timestamp> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let are_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let local = |date: NaiveDate, h, m, s| Some(style.zone.instant(date.and_hms_opt(h, m, s)?));
    let packed = |from: usize, to: usize| whole[from..to].parse::<u32>().ok();
    let packed_date = || {
        let year = packed(0, 4).filter(|year| (1800..=2200).contains(year))?;
        NaiveDate::from_ymd_opt(year.cast_signed(), packed(4, 6)?, packed(6, 8)?)
    };
    match whole.len() {
        4 if fraction.is_empty() && (1900..=2100).contains(&number) => local(
            NaiveDate::from_ymd_opt(i32::try_from(number).ok()?, 1, 1)?,
            0,
            0,
            0,
        ),
        5 if (20_000..=80_000).contains(&number) => {
            let serial: f64 = value.parse().ok()?;
            Some(style.zone.instant(serial_day(serial)?))
        }
        8 if fraction.is_empty() => local(packed_date()?, 0, 0, 0),
        12 if fraction.is_empty() => local(packed_date()?, packed(8, 10)?, packed(10, 12)?, 0),
        14 if fraction.is_empty() => local(
            packed_date()?,
            packed(8, 10)?,
            packed(10, 12)?,
            packed(12, 14)?,
        ),
        9 | 10 => {
            let micros = format!("{fraction:0<6}")[..6].parse::<i64>().ok()?;
            Some(Timestamp::from_micros(number * 1_000_000 + micros))
        }
        13 => Some(Timestamp::from_millis(number)),
        16 => Some(Timestamp::from_micros(number)),
        _ => None,
    }
}

/// Days since 1899-12-30 with the time as their fraction, as spreadsheets count; to the second,
/// which is what their fractions are good for.
fn serial_day(serial: f64) -> Option<NaiveDateTime> {
    const UNIX_EPOCH: f64 = 25_569.0;
    let seconds = ((serial - UNIX_EPOCH) * 86_400.0).round() as i64;
    Some(DateTime::from_timestamp(seconds, 0)?.naive_utc())
}

/// Chinese dates with the marks of Western ones; `None` where the marks are there twice.
fn from_chinese(value: &str) -> Option<Cow<'_, str>> {
    if value.is_ascii() {
        return Some(Cow::Borrowed(value));
    }
    if value.matches('年').count() > 1 {
        return None;
    }
    let mut latin = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '年' | '月' => latin.push('-'),
            '日' | '号' => latin.push(' '),
            '时' | '点' | '分' => latin.push(':'),
            '秒' => {}
            c if c.is_whitespace() => latin.push(' '),
            c => latin.push(c),
        }
    }
    let latin = latin
        .replace("上午", " AM ")
        .replace("凌晨", " AM ")
        .replace("下午", " PM ")
        .replace("晚上", " PM ");
    Some(Cow::Owned(latin))
}

#[cfg(test)]
mod tests;
