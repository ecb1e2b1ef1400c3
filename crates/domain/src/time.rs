//! Instants in UTC and calendar dates, the two kinds of time that records hold.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Invalid;

/// An instant in UTC with microsecond precision, written as RFC 3339.
///
/// Microseconds since 1970-01-01T00:00:00Z in 64 bits: the same number in SQLite, PostgreSQL and
/// Parquet, so that all three order and compare alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Microseconds in a day.
    pub const MICROS_PER_DAY: i64 = 86_400_000_000;

    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis * 1000)
    }

    /// Microseconds since the epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The instant as the calendar library knows it; `None` outside of its years (±262,000).
    pub fn to_datetime(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_micros(self.0)
    }

    /// The UTC calendar date.
    pub fn date(self) -> Date {
        Date(
            self.to_datetime()
                .map_or(NaiveDate::MIN, |at| at.date_naive()),
        )
    }

    /// This instant moved by whole days (negative: earlier), saturating at the ends of time.
    pub const fn plus_days(self, days: i64) -> Self {
        Self(
            self.0
                .saturating_add(days.saturating_mul(Self::MICROS_PER_DAY)),
        )
    }

    /// This instant moved by seconds (negative: earlier), saturating at the ends of time.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_micros())
    }
}

impl Timestamp {
    /// The instant as RFC 3339 in UTC with all six digits of its second, so that texts sort as
    /// instants do, in years of four digits.
    pub fn to_sortable(self) -> String {
        match self.to_datetime() {
            Some(at) => at.to_rfc3339_opts(SecondsFormat::Micros, true),
            None => self.to_string(),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_datetime() {
            Some(at) => f.write_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            None => write!(f, "@{}us", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        DateTime::parse_from_rfc3339(text)
            .map(|at| Self::from(at.to_utc()))
            .map_err(|_| {
                Invalid::one(
                    "",
                    "not_a_timestamp",
                    "write an instant as 2026-11-24T09:30:00Z",
                )
            })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A calendar date without a time of day, written as ISO 8601 (`2026-11-24`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(pub NaiveDate);

impl Date {
    /// Days since 1970-01-01, negative before.
    pub fn days_since_epoch(self) -> i32 {
        self.0.to_epoch_days()
    }

    /// From days since 1970-01-01; `None` outside of the calendar library's years.
    pub fn from_days_since_epoch(days: i32) -> Option<Self> {
        NaiveDate::from_epoch_days(days).map(Self)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Date {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse()
            .map(Self)
            .map_err(|_| Invalid::one("", "not_a_date", "write a date as 2026-11-24"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_rfc_3339_in_utc() {
        let at: Timestamp = "2026-11-24T10:30:00.5+01:00".parse().unwrap();

        assert_eq!(at.to_string(), "2026-11-24T09:30:00.500Z");
    }

    #[test]
    fn a_text_that_is_no_instant_is_refused() {
        assert!("yesterday".parse::<Timestamp>().is_err());
    }

    #[test]
    fn milliseconds_before_the_epoch_round_down() {
        assert_eq!(Timestamp::from_micros(-1).as_millis(), -1);
    }

    #[test]
    fn a_date_is_the_utc_day_of_its_instant() {
        let at: Timestamp = "2026-11-24T23:59:59Z".parse().unwrap();

        assert_eq!(at.date().to_string(), "2026-11-24");
        assert_eq!(
            Date::from_days_since_epoch(at.date().days_since_epoch()),
            Some(at.date())
        );
    }
}
