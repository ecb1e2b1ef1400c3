//! The parts of a written instant: date, time of day, time zone.

use chrono::NaiveDate;

use super::DateOrder;
use super::cursor::{Cursor, Number};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Time zones by name, in minutes east of UTC: those of RFC 5322 section 4.3.
const ZONES: [(&str, i32); 12] = [
    ("Z", 0),
    ("UTC", 0),
    ("UT", 0),
    ("GMT", 0),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
];

/// A time of day.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Time {
    /// Hour, minute, second.
    pub(super) clock: [u32; 3],
    pub(super) micros: u32,
}

/// The first two numbers of a date with a slash or a dash whose order the numbers do not tell.
pub(super) fn leading_pair(cursor: &mut Cursor<'_>) -> Option<(u32, u32)> {
    skip_weekday(cursor);
    let first = cursor.number().filter(|number| number.n_digits <= 2)?;
    cursor.mark("/-")?;
    let second = cursor.number().filter(|number| number.n_digits <= 2)?;
    cursor.mark("/-")?;
    cursor.number()?;
    Some((first.value, second.value))
}

/// A date; the cursor stands behind it.
pub(super) fn date(cursor: &mut Cursor<'_>, order: DateOrder) -> Option<NaiveDate> {
    skip_weekday(cursor);
    if cursor.peek()?.is_ascii_alphabetic() {
        let month = month(cursor.word())?;
        cursor.skip(" .-/");
        let day = ordinal(cursor)?;
        cursor.skip(" ,-/");
        let year = cursor.number()?;
        return ymd(year, month, day.value);
    }
    let first = ordinal(cursor)?;
    let mark = cursor.mark("-/. ")?;
    cursor.skip(" ");
    if cursor.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
        let month = month(cursor.word())?;
        cursor.skip(" .,-/");
        let last = cursor.number()?;
        return if first.n_digits == 4 {
            ymd(first, month, last.value)
        } else {
            ymd(last, month, first.value)
        };
    }
    let second = cursor.number()?;
    let third = match cursor.mark("-/.") {
        Some(again) if again == mark => {
            cursor.skip(" ");
            cursor.number()
        }
        Some(_) => return None,
        None => None,
    };
    match third {
        Some(third) => three_numbers(first, second, third, mark, order),
        None if first.n_digits == 4 && mark != ' ' => {
            NaiveDate::from_ymd_opt(first.value.cast_signed(), second.value, 1)
        }
        None => None,
    }
}

fn three_numbers(
    a: Number,
    b: Number,
    c: Number,
    mark: char,
    order: DateOrder,
) -> Option<NaiveDate> {
    if mark == ' ' || a.n_digits > 4 || b.n_digits > 2 || c.n_digits > 4 {
        return None;
    }
    if a.n_digits == 4 {
        return (c.n_digits <= 2).then(|| ymd(a, b.value, c.value))?;
    }
    if a.n_digits > 2 {
        return None;
    }
    // Points are a custom of countries that put the day first.
    if order == DateOrder::DayFirst || mark == '.' {
        ymd(c, b.value, a.value)
    } else {
        ymd(c, a.value, b.value)
    }
}

/// A year of two digits is in 1970 to 2069, as POSIX has it.
fn ymd(year: Number, month: u32, day: u32) -> Option<NaiveDate> {
    let year = match (year.n_digits, year.value) {
        (4, year) => year,
        (2, year @ 0..70) => 2000 + year,
        (2, year) => 1900 + year,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year.cast_signed(), month, day)
}

fn skip_weekday(cursor: &mut Cursor<'_>) {
    if is_name(cursor.peek_word(), &WEEKDAYS).is_some() {
        cursor.word();
        cursor.skip(" ,.");
    }
}

fn month(word: &str) -> Option<u32> {
    if word.eq_ignore_ascii_case("sept") {
        return Some(9);
    }
    let idx = is_name(word, &MONTHS)?;
    u32::try_from(idx + 1).ok()
}

/// The position of a name written whole or by its first three letters.
fn is_name(word: &str, names: &[&str]) -> Option<usize> {
    names.iter().position(|name| {
        word.eq_ignore_ascii_case(name)
            || (word.len() == 3 && word.eq_ignore_ascii_case(&name[..3]))
    })
}

/// A number that may be followed by `st`, `nd`, `rd` or `th`.
fn ordinal(cursor: &mut Cursor<'_>) -> Option<Number> {
    let number = cursor.number()?;
    if matches!(cursor.peek_word(), "st" | "nd" | "rd" | "th") {
        cursor.word();
    }
    Some(number)
}

/// A time of day, midnight where none stands here; `None` where it is broken.
pub(super) fn time(cursor: &mut Cursor<'_>) -> Option<Time> {
    cursor.skip(" ,-");
    if cursor.peek() == Some('T') || cursor.peek() == Some('t') {
        cursor.word().eq_ignore_ascii_case("t").then_some(())?;
    }
    if cursor.peek_word().eq_ignore_ascii_case("at") {
        cursor.word();
        cursor.skip(" ");
    }
    let before = meridiem(cursor);
    if !cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
        return before.is_none().then(Time::default);
    }
    let mut time = Time::default();
    let mut n_parts = 0;
    let mut has_colon = false;
    loop {
        let part = cursor.number().filter(|part| part.n_digits <= 2)?;
        time.clock[n_parts] = part.value;
        n_parts += 1;
        let is_followed = cursor.mark(":").is_some();
        has_colon |= is_followed;
        let goes_on =
            is_followed && n_parts < 3 && cursor.peek().is_some_and(|c| c.is_ascii_digit());
        if !goes_on {
            break;
        }
    }
    if n_parts == 3 && cursor.mark(".,").is_some() {
        let digits = cursor.digits();
        time.micros = format!("{digits:0<6}")[..6].parse().ok()?;
    }
    cursor.skip(" ");
    let meridiem = before.or_else(|| meridiem(cursor));
    // A lone hour is a time only with its half of the day or its Chinese mark, now a colon.
    if !has_colon && meridiem.is_none() {
        return None;
    }
    time.clock[0] = match (meridiem, time.clock[0]) {
        (None, hour) => hour,
        (Some(Half::Morning), 12) => 0,
        (Some(Half::Afternoon), hour @ 1..12) => hour + 12,
        (Some(_), hour @ 0..24) => hour,
        _ => return None,
    };
    Some(time)
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

fn meridiem(cursor: &mut Cursor<'_>) -> Option<Half> {
    let half = match cursor.peek_word() {
        word if word.eq_ignore_ascii_case("am") => Half::Morning,
        word if word.eq_ignore_ascii_case("pm") => Half::Afternoon,
        word if word.eq_ignore_ascii_case("a") => Half::Morning,
        word if word.eq_ignore_ascii_case("p") => Half::Afternoon,
        _ => return None,
    };
    cursor.word();
    cursor.skip(".");
    if cursor.peek_word().eq_ignore_ascii_case("m") {
        cursor.word();
        cursor.skip(".");
    }
    cursor.skip(" ");
    Some(half)
}

/// Minutes east of UTC: `Some(None)` where no zone stands here, `None` where it is unknown.
pub(super) fn zone(cursor: &mut Cursor<'_>) -> Option<Option<i32>> {
    cursor.skip(" ");
    let word = cursor.word();
    let named = if word.is_empty() {
        None
    } else {
        let found = ZONES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(word))?;
        Some(found.1)
    };
    let offset = match cursor.mark("+-") {
        Some(sign) => Some(offset(cursor, sign)?),
        None => None,
    };
    cursor.skip(" ");
    // JavaScript names the zone once more in parentheses.
    if cursor.mark("(").is_some() {
        while cursor.peek().is_some_and(|c| c != ')') {
            cursor.mark(&cursor.peek()?.to_string());
        }
        cursor.mark(")")?;
    }
    Some(offset.or(named))
}

fn offset(cursor: &mut Cursor<'_>, sign: char) -> Option<i32> {
    let first = cursor.number()?;
    let (hours, minutes) = match first.n_digits {
        1 | 2 if cursor.mark(":").is_some() => (first.value, cursor.number()?.value),
        1 | 2 => (first.value, 0),
        4 => (first.value / 100, first.value % 100),
        _ => return None,
    };
    let is_possible = hours <= 14 && minutes < 60;
    let minutes = is_possible.then(|| (hours * 60 + minutes).cast_signed())?;
    Some(if sign == '-' { -minutes } else { minutes })
}
