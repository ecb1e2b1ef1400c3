//! Days as numbers: the civil calendar, weekdays, Chinese New Year, and instants as files write
//! them. Integers only, so every platform agrees.

use std::fmt::Write as _;

use rapport_domain::Timestamp;

/// Years whose Chinese New Year the table below knows.
pub(crate) const YEARS: (i64, i64) = (2010, 2035);

/// Chinese New Year's day of each year from 2010 on, as (month, day).
const NEW_YEARS: [(i64, i64); 26] = [
    (2, 14),
    (2, 3),
    (1, 23),
    (2, 10),
    (1, 31),
    (2, 19),
    (2, 8),
    (1, 28),
    (2, 16),
    (2, 5),
    (1, 25),
    (2, 12),
    (2, 1),
    (1, 22),
    (2, 10),
    (1, 29),
    (2, 17),
    (2, 6),
    (1, 26),
    (2, 13),
    (2, 3),
    (1, 23),
    (2, 11),
    (1, 31),
    (2, 19),
    (2, 8),
];

pub(crate) const SECONDS_PER_DAY: i64 = 86_400;

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
}

/// The local days on which something may happen: far enough from both ends that no time zone
/// carries an instant outside of the twin's period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// Days since 1970-01-01 of day 0.
    pub(crate) first: i64,
    /// Number of days.
    pub(crate) n_days: u32,
}

impl Span {
    /// From the second day after the start to the day before the last; periods are checked to have
    /// at least 90 days.
    pub(crate) fn between(start: Timestamp, end: Timestamp) -> Self {
        let first = start.as_micros().div_euclid(Timestamp::MICROS_PER_DAY) + 2;
        let last = end.as_micros().div_euclid(Timestamp::MICROS_PER_DAY) - 2;
        let n_days = u32::try_from(last - first + 1).expect("the period was checked");
        Self { first, n_days }
    }

    /// The instant at `second` of local day `day`, the clocks being `offset_hours` before UTC.
    pub(crate) fn at(self, day: u32, second: i64, offset_hours: i64) -> i64 {
        (self.first + i64::from(day)) * SECONDS_PER_DAY + second - offset_hours * 3600
    }

    /// The calendar day of day number `day`.
    pub(crate) fn civil(self, day: u32) -> Civil {
        civil(self.first + i64::from(day))
    }
}

/// The civil date of a number of days since 1970-01-01, counted in eras of 400 years that begin in
/// March, so that the leap day comes last.
pub(crate) fn civil(days: i64) -> Civil {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    Civil {
        year: year_of_era + era * 400 + i64::from(month <= 2),
        month,
        day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
    }
}

/// Monday is 0, Sunday 6; 1970-01-01 was a Thursday.
pub(crate) fn weekday(days: i64) -> usize {
    usize::try_from((days + 3).rem_euclid(7)).expect("a remainder of seven is small")
}

/// Days from the nearest Chinese New Year to the date; negative before it.
pub(crate) fn days_from_new_year(days: i64) -> i64 {
    let date = civil(days);
    let row = usize::try_from((date.year - YEARS.0).clamp(0, YEARS.1 - YEARS.0))
        .expect("clamped to the table");
    let (month, day) = NEW_YEARS[row];
    // Both dates lie in one year: count the days through January and February.
    let of_new_year = if month == 1 { day } else { 31 + day };
    let leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let month = usize::try_from(date.month).expect("months are positive");
    let of_year = before[month - 1] + date.day + i64::from(leap && month > 2);
    of_year - of_new_year
}

/// How a file writes instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `2025-03-05T14:22:07Z`
    Rfc3339,
    /// `2025-03-05 14:22:07`
    Plain,
    /// `2025/03/05 14:22`
    Slashed,
}

/// Appends the instant, in UTC.
pub(crate) fn write_instant(out: &mut String, seconds: i64, style: Style) {
    let date = civil(seconds.div_euclid(SECONDS_PER_DAY));
    let of_day = seconds.rem_euclid(SECONDS_PER_DAY);
    let (year, month, day) = (date.year, date.month, date.day);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let written = match style {
        Style::Rfc3339 => write!(
            out,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        ),
        Style::Plain => write!(
            out,
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        ),
        Style::Slashed => write!(out, "{year:04}/{month:02}/{day:02} {hour:02}:{minute:02}"),
    };
    written.expect("writing to a string cannot fail");
}

/// The instant as a text of its own.
pub(crate) fn instant(seconds: i64, style: Style) -> String {
    let mut text = String::with_capacity(20);
    write_instant(&mut text, seconds, style);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_dates_agree_with_the_calendar_library() {
        for days in (-20_000..40_000).step_by(17) {
            let seconds = days * SECONDS_PER_DAY + 3_723;

            let expected = Timestamp::from_micros(seconds * 1_000_000).to_string();

            assert_eq!(instant(seconds, Style::Rfc3339), expected);
        }
    }

    #[test]
    fn new_year_of_2025_is_on_january_29() {
        let january_29 = 20_117;

        assert_eq!(
            instant(january_29 * SECONDS_PER_DAY, Style::Slashed),
            "2025/01/29 00:00"
        );
        assert_eq!(days_from_new_year(january_29), 0);
        assert_eq!(days_from_new_year(january_29 - 5), -5);
        assert_eq!(days_from_new_year(january_29 + 40), 40);
        assert_eq!(weekday(january_29), 2);
    }
}
