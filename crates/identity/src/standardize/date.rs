//! Dates in people's lives: read in any of the usual orders, kept even where a part of them is unknown.

use serde::{Deserialize, Serialize};

/// Which of two numbers is the day, where a date leaves that open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 31/12/1990.
    #[default]
    DayFirst,
    /// 12/31/1990.
    MonthFirst,
}

/// A date whose month or day may be unknown, then 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonalDate {
    /// The year, 1 to 9999.
    pub year: u16,
    /// The month, 1 to 12, or 0.
    pub month: u8,
    /// The day, 1 to 31, or 0. A day that the month lacks is kept: a typo is to be compared.
    pub day: u8,
}

impl PersonalDate {
    /// Eight digits: year, month, day.
    pub fn digits(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// The date of eight digits, in the form of [`digits`](Self::digits).
    pub fn from_digits(digits: &str) -> Option<Self> {
        if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(Self {
            year: digits[..4].parse().ok()?,
            month: digits[4..6].parse().ok()?,
            day: digits[6..].parse().ok()?,
        })
    }

    /// Days since an arbitrary origin, months taken as 30.44 days: good for distances, not for calendars.
    pub fn days(self) -> f64 {
        f64::from(self.year) * 365.25 + f64::from(self.month) * 30.44 + f64::from(self.day)
    }
}

/// English names of months, by their first three letters.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Reads a date: `1990-12-31`, `19901231`, `31/12/1990`, `31 Dec 1990`, `1990年12月31日`, `1990`.
pub(super) fn parse(value: &str, order: DateOrder) -> Option<PersonalDate> {
    let (numbers, month_at) = numbers(value);
    if let (Some(at), [a, b]) = (month_at, numbers.as_slice()) {
        let (day, year) = if a.digits > 2 { (b, a) } else { (a, b) };
        return date(full_year(*year), at, day.value);
    }
    match numbers.as_slice() {
        [one] if one.digits == 8 => eight_digits(one.value, order),
        [one] if one.digits == 4 => date(one.value, 0, 0),
        [year, month] if year.digits == 4 => date(year.value, month.value, 0),
        [year, month, day, ..] if year.digits >= 3 => either(year.value, month.value, day.value),
        [a, b, year, ..] => {
            let (day, month) = match order {
                DateOrder::DayFirst => (a.value, b.value),
                DateOrder::MonthFirst => (b.value, a.value),
            };
            either(full_year(*year), month, day)
        }
        _ => None,
    }
}

/// The order in which most dates of a column make sense: only one with a number above 12 tells.
pub(super) fn detect_order<'v>(values: impl Iterator<Item = &'v str>) -> DateOrder {
    let (mut day_first, mut month_first) = (0_u32, 0_u32);
    for value in values.take(20_000) {
        if let [a, b, year, ..] = numbers(value).0.as_slice()
            && a.digits <= 2
            && year.digits != 1
        {
            day_first += u32::from(a.value > 12);
            month_first += u32::from(b.value > 12);
        }
    }
    if month_first > day_first {
        DateOrder::MonthFirst
    } else {
        DateOrder::DayFirst
    }
}

#[derive(Debug, Clone, Copy)]
struct Digits {
    value: u32,
    digits: usize,
}

/// Groups of digits, and the month where one is named.
fn numbers(value: &str) -> (Vec<Digits>, Option<u32>) {
    // The time of day is no part of a date of birth.
    let value = value.split_once(['T', 't']).map_or(value, |(date, rest)| {
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            date
        } else {
            value
        }
    });
    let mut numbers: Vec<Digits> = Vec::new();
    let mut is_open = false;
    for c in value.chars() {
        match c.to_digit(10) {
            Some(digit) if is_open => {
                if let Some(last) = numbers.last_mut() {
                    last.value = last.value.saturating_mul(10).saturating_add(digit);
                    last.digits += 1;
                }
            }
            Some(value) => numbers.push(Digits { value, digits: 1 }),
            None => {}
        }
        is_open = c.is_ascii_digit();
    }
    let has_letters = value.bytes().any(|b| b.is_ascii_alphabetic());
    let named = has_letters.then(|| {
        let lower = value.to_ascii_lowercase();
        MONTHS.iter().position(|month| lower.contains(month))
    });
    let month = named.flatten().and_then(|idx| u32::try_from(idx + 1).ok());
    (numbers, month)
}

fn eight_digits(value: u32, order: DateOrder) -> Option<PersonalDate> {
    let (year, rest) = (value / 10_000, value % 10_000);
    if (1000..=2100).contains(&year) && rest / 100 <= 12 {
        return either(year, rest / 100, rest % 100);
    }
    let (first, second, year) = (value / 1_000_000, value / 10_000 % 100, value % 10_000);
    let (day, month) = match order {
        DateOrder::DayFirst => (first, second),
        DateOrder::MonthFirst => (second, first),
    };
    let read = if (1000..=2100).contains(&year) {
        either(year, month, day)
    } else {
        None
    };
    // Digits typed wrong are still digits to compare.
    read.or_else(|| loose(value))
}

/// A date of digits that are no valid date, as they stand.
fn loose(value: u32) -> Option<PersonalDate> {
    Some(PersonalDate {
        year: u16::try_from(value / 10_000).ok()?,
        month: u8::try_from(value / 100 % 100).ok()?,
        day: u8::try_from(value % 100).ok()?,
    })
}

/// A date whose day and month were swapped where only that makes sense.
fn either(year: u32, month: u32, day: u32) -> Option<PersonalDate> {
    if month > 12 && day <= 12 {
        date(year, day, month)
    } else {
        date(year, month, day)
    }
}

fn date(year: u32, month: u32, day: u32) -> Option<PersonalDate> {
    let is_possible = (1..=9999).contains(&year) && month <= 99 && day <= 99;
    if !is_possible {
        return None;
    }
    Some(PersonalDate {
        year: u16::try_from(year).ok()?,
        month: u8::try_from(month).ok()?,
        day: u8::try_from(day).ok()?,
    })
}

/// Two digits are of the century that a living person's birth is likelier in.
const fn full_year(year: Digits) -> u32 {
    match (year.digits, year.value) {
        (1 | 2, value) if value <= 25 => 2000 + value,
        (1 | 2, value) => 1900 + value,
        (_, value) => value,
    }
}
