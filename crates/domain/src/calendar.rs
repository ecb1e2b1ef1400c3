//! The calendar of a place: days, weeks, months as its people count them, and the dates that are
//! named from today ("last month", "the last 30 days").

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike as _, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _,
};
use chrono_tz::Tz;

use crate::{Date, Invalid, Timestamp};

/// A time zone by its name in the IANA database, such as `Asia/Shanghai`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// The calendar date at an instant.
    pub fn date(self, at: Timestamp) -> Date {
        self.local(at)
            .map_or_else(|| at.date(), |local| Date(local.date()))
    }

    /// The instant at which a date begins. Where clocks leap over midnight, the day begins when the
    /// leap is over; where they go back over it, when midnight is first struck.
    pub fn start_of(self, on: Date) -> Timestamp {
        self.instant(on.0.and_time(chrono::NaiveTime::MIN))
    }

    /// Date and time of day at an instant; `None` outside of the calendar's years.
    fn local(self, at: Timestamp) -> Option<NaiveDateTime> {
        let at: DateTime<Tz> = at.to_datetime()?.with_timezone(&self.0);
        Some(at.naive_local())
    }

    /// The instant at which clocks show a date and a time of day. Where they leap over it, it is when the
    /// leap is over; where they show it twice, the first time.
    pub fn instant(self, local: NaiveDateTime) -> Timestamp {
        if self == Self::UTC {
            return local.and_utc().into();
        }
        // No clock has ever leapt by more than a day (Samoa, 2011).
        let found = (0..=96)
            .map(|n| local + TimeDelta::minutes(15 * n))
            .find_map(|local| self.0.from_local_datetime(&local).earliest());
        found.map_or_else(|| local.and_utc().into(), |at| at.to_utc().into())
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl FromStr for Zone {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_| {
            let message = "name a time zone as Europe/London, Asia/Shanghai or UTC";
            Invalid::one("", "not_a_time_zone", message)
        })
    }
}

/// Now, and where: what "today" and "last month" are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
    /// The place whose calendar counts.
    pub zone: Zone,
}

impl Moment {
    /// The date there.
    pub fn today(self) -> Date {
        self.zone.date(self.at)
    }
}

/// A stretch of whole days that is named from today: `yesterday`, `this_week`, `last_quarter`.
/// Weeks begin on Monday (ISO 8601).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    unit: Unit,
    /// How many of its units away from the one that today is in.
    shift: i32,
}

impl Period {
    /// All of them by name.
    pub const ALL: [(&'static str, Self); 15] = [
        ("yesterday", Self::of(Unit::Day, -1)),
        ("today", Self::of(Unit::Day, 0)),
        ("tomorrow", Self::of(Unit::Day, 1)),
        ("last_week", Self::of(Unit::Week, -1)),
        ("this_week", Self::of(Unit::Week, 0)),
        ("next_week", Self::of(Unit::Week, 1)),
        ("last_month", Self::of(Unit::Month, -1)),
        ("this_month", Self::of(Unit::Month, 0)),
        ("next_month", Self::of(Unit::Month, 1)),
        ("last_quarter", Self::of(Unit::Quarter, -1)),
        ("this_quarter", Self::of(Unit::Quarter, 0)),
        ("next_quarter", Self::of(Unit::Quarter, 1)),
        ("last_year", Self::of(Unit::Year, -1)),
        ("this_year", Self::of(Unit::Year, 0)),
        ("next_year", Self::of(Unit::Year, 1)),
    ];

    const fn of(unit: Unit, shift: i32) -> Self {
        Self { unit, shift }
    }

    /// Its first day, and the first day after it.
    pub fn days(self, today: Date) -> (Date, Date) {
        let this = self.unit.start(today.0);
        let first = self.unit.moved(this, self.shift);
        (Date(first), Date(self.unit.moved(first, 1)))
    }
}

impl FromStr for Period {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|(name, _)| *name == text);
        found.map(|(_, period)| period).ok_or_else(|| {
            let names = Self::ALL.map(|(name, _)| name).join(", ");
            Invalid::one("", "not_a_period", format!("name one of {names}"))
        })
    }
}

/// A length of time as people say it: `36h`, `30d`, `2w`, `6m`, `1y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    n: u32,
    unit: Unit,
}

impl Span {
    /// The most units of one span.
    pub const N_MAX: u32 = 10_000;

    /// The instant that long before (`-1`) or after (`1`) a moment. Days and more keep the time of
    /// day there, so that a day is a day where clocks change.
    fn moved(self, from: Moment, sign: i32) -> Timestamp {
        let n = sign * self.n.cast_signed();
        if self.unit == Unit::Hour {
            return from.at.plus_seconds(i64::from(n) * 3600);
        }
        let Some(local) = from.zone.local(from.at) else {
            return from.at;
        };
        let on = self.unit.moved(local.date(), n);
        from.zone.instant(on.and_time(local.time()))
    }

    /// The instant that long before a moment.
    pub fn before(self, moment: Moment) -> Timestamp {
        self.moved(moment, -1)
    }

    /// The instant that long after a moment.
    pub fn after(self, moment: Moment) -> Timestamp {
        self.moved(moment, 1)
    }
}

impl FromStr for Span {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let unit = Unit::of_letter(text.chars().next_back()?)?;
            let digits = &text[..text.len() - 1];
            let is_plain = digits.bytes().all(|b| b.is_ascii_digit());
            let n = digits
                .parse()
                .ok()
                .filter(|n| (1..=Self::N_MAX).contains(n))?;
            is_plain.then_some(Self { n, unit })
        };
        read().ok_or_else(|| {
            let message = format!(
                "write a length of time as 36h, 30d, 2w, 6m or 1y, up to {} of a unit",
                Self::N_MAX
            );
            Invalid::one("", "not_a_span", message)
        })
    }
}

/// What time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    const fn of_letter(letter: char) -> Option<Self> {
        Some(match letter {
            'h' => Self::Hour,
            'd' => Self::Day,
            'w' => Self::Week,
            'm' => Self::Month,
            'y' => Self::Year,
            _ => return None,
        })
    }

    /// The first day of the unit that a day is in.
    fn start(self, on: NaiveDate) -> NaiveDate {
        let first_of = |month: u32| on.with_day(1).and_then(|first| first.with_month(month));
        match self {
            Self::Hour | Self::Day => on,
            Self::Week => moved_days(on, -i64::from(on.weekday().num_days_from_monday())),
            Self::Month => first_of(on.month()).unwrap_or(on),
            Self::Quarter => first_of(on.month0() / 3 * 3 + 1).unwrap_or(on),
            Self::Year => first_of(1).unwrap_or(on),
        }
    }

    /// A day moved by so many units; the last day of a month where it is shorter. Stays where it is
    /// at the ends of the calendar.
    fn moved(self, on: NaiveDate, n: i32) -> NaiveDate {
        match self {
            Self::Hour => on,
            Self::Day => moved_days(on, i64::from(n)),
            Self::Week => moved_days(on, 7 * i64::from(n)),
            Self::Month => moved_months(on, n),
            Self::Quarter => moved_months(on, 3 * n),
            Self::Year => moved_months(on, 12 * n),
        }
    }
}

fn moved_days(on: NaiveDate, n: i64) -> NaiveDate {
    let days = Days::new(n.unsigned_abs());
    let moved = if n < 0 {
        on.checked_sub_days(days)
    } else {
        on.checked_add_days(days)
    };
    moved.unwrap_or(on)
}

fn moved_months(on: NaiveDate, n: i32) -> NaiveDate {
    let months = Months::new(n.unsigned_abs());
    let moved = if n < 0 {
        on.checked_sub_months(months)
    } else {
        on.checked_add_months(months)
    };
    moved.unwrap_or(on)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(at: &str, zone: &str) -> Moment {
        Moment {
            at: at.parse().unwrap(),
            zone: zone.parse().unwrap(),
        }
    }

    fn days(period: &str, today: &str) -> [String; 2] {
        let (first, after) = period
            .parse::<Period>()
            .unwrap()
            .days(today.parse().unwrap());
        [first.to_string(), after.to_string()]
    }

    #[test]
    fn a_period_is_whole_days_by_the_calendar() {
        // 2026-11-27 is a Friday.
        let cases = [
            ("yesterday", "2026-11-26", "2026-11-27"),
            ("today", "2026-11-27", "2026-11-28"),
            ("tomorrow", "2026-11-28", "2026-11-29"),
            ("last_week", "2026-11-16", "2026-11-23"),
            ("this_week", "2026-11-23", "2026-11-30"),
            ("next_week", "2026-11-30", "2026-12-07"),
            ("last_month", "2026-10-01", "2026-11-01"),
            ("next_month", "2026-12-01", "2027-01-01"),
            ("this_quarter", "2026-10-01", "2027-01-01"),
            ("last_quarter", "2026-07-01", "2026-10-01"),
            ("last_year", "2025-01-01", "2026-01-01"),
        ];
        for (period, first, after) in cases {
            assert_eq!(days(period, "2026-11-27"), [first, after], "{period}");
        }
        assert_eq!(
            days("this_week", "2026-11-23"),
            ["2026-11-23", "2026-11-30"]
        );
        assert_eq!(
            days("this_week", "2026-11-29"),
            ["2026-11-23", "2026-11-30"]
        );
        assert_eq!(
            days("last_month", "2026-03-31"),
            ["2026-02-01", "2026-03-01"]
        );
        assert_eq!(
            days("this_month", "2028-02-29"),
            ["2028-02-01", "2028-03-01"]
        );
    }

    #[test]
    fn today_is_what_the_place_calls_so() {
        let at = "2026-11-27T20:00:00Z";

        assert_eq!(moment(at, "UTC").today().to_string(), "2026-11-27");
        assert_eq!(
            moment(at, "Asia/Shanghai").today().to_string(),
            "2026-11-28"
        );
    }

    #[test]
    fn a_day_begins_at_midnight_there_also_where_clocks_change() {
        let start = |on: &str, zone: &str| {
            let zone: Zone = zone.parse().unwrap();
            zone.start_of(on.parse().unwrap()).to_string()
        };

        assert_eq!(start("2026-11-27", "Asia/Shanghai"), "2026-11-26T16:00:00Z");
        // Summer and winter in one place.
        assert_eq!(start("2026-07-01", "Europe/London"), "2026-06-30T23:00:00Z");
        assert_eq!(start("2026-01-01", "Europe/London"), "2026-01-01T00:00:00Z");
        // Chile's clocks leap from 24:00 to 1:00: 2024-09-08 has no midnight.
        assert_eq!(
            start("2024-09-08", "America/Santiago"),
            "2024-09-08T04:00:00Z"
        );
        // Cuba's go back from 1:00 to 0:00: midnight of 2024-11-03 is struck twice.
        assert_eq!(
            start("2024-11-03", "America/Havana"),
            "2024-11-03T04:00:00Z"
        );
        // Samoa left 2011-12-30 out; what would have begun then begins with the next day.
        assert_eq!(
            start("2011-12-30", "Pacific/Apia"),
            start("2011-12-31", "Pacific/Apia")
        );
    }

    #[test]
    fn spans_keep_the_time_of_day_and_end_with_the_month() {
        let london = moment("2026-03-31T08:30:00Z", "Europe/London");
        let before = |span: &str| span.parse::<Span>().unwrap().before(london).to_string();

        assert_eq!(before("36h"), "2026-03-29T20:30:00Z");
        // 9:30 in summer is 8:30 UTC, in winter 9:30 UTC.
        assert_eq!(before("7d"), "2026-03-24T09:30:00Z");
        assert_eq!(before("1w"), before("7d"));
        assert_eq!(before("1m"), "2026-02-28T09:30:00Z");
        assert_eq!(before("1y"), "2025-03-31T08:30:00Z");
        let after = "2d".parse::<Span>().unwrap().after(london);
        assert_eq!(after.to_string(), "2026-04-02T08:30:00Z");
    }

    #[test]
    fn what_is_no_span_no_period_and_no_zone_is_refused() {
        for text in [
            "", "d", "0d", "-3d", "+3d", "3", "3x", "1.5d", "10001d", "3天",
        ] {
            assert!(text.parse::<Span>().is_err(), "{text:?}");
        }
        assert!("10000d".parse::<Span>().is_ok());
        assert!("someday".parse::<Period>().is_err());
        assert!("Mars/Olympus".parse::<Zone>().is_err());
    }
}
