//! When a time of a calendar is: with the offset of its zone, which is the calendar's own or one of the
//! tz database.

use std::collections::HashMap;

use chrono::{
    DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveDateTime, Offset as _, TimeDelta,
    TimeZone as _, Weekday,
};
use chrono_tz::Tz;

use super::super::content_lines::{self, Gathered, Property};

/// Zones that a calendar defines. A file has one for each country at most.
const ZONES_MAX: usize = 1_000;

/// The zones of a calendar by their names.
#[derive(Debug, Default)]
pub(super) struct Zones {
    defined: HashMap<String, Vec<Observance>>,
    /// Of times that name no zone.
    default: Option<String>,
}

/// Since when an offset holds, once or every year.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Observance {
    begins: NaiveDateTime,
    offset: FixedOffset,
    yearly: Option<Yearly>,
}

/// A day of every year, such as the last Sunday of March.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Yearly {
    month: u32,
    weekday: Weekday,
    /// From 1, or from -1 backwards.
    nth: i8,
    until: Option<NaiveDateTime>,
}

impl Zones {
    /// Times that name no zone are in this one.
    pub(super) fn set_default(&mut self, name: &str) {
        self.default = Some(name.to_owned());
    }

    /// Takes a zone that the calendar defines (RFC 5545, section 3.6.5). What cannot be read of it is as
    /// if it were not there: times of a zone that nobody knows are refused where they stand.
    pub(super) fn define(&mut self, text: &Gathered) {
        let Ok(properties) = content_lines::properties("zone", 0, text) else {
            return;
        };
        let name = properties.iter().find(|it| it.name == "TZID");
        let Some(name) = name.map(Property::text) else {
            return;
        };
        let parts = properties.split(|it| it.name == "BEGIN").skip(1);
        let observances: Vec<Observance> = parts.filter_map(observance).collect();
        if !observances.is_empty() && self.defined.len() < ZONES_MAX {
            self.defined.insert(name, observances);
        }
    }

    /// The offset of a zone at a time on its clocks; none where nobody knows the zone.
    fn offset(&self, name: &str, local: NaiveDateTime) -> Option<FixedOffset> {
        // The tz database knows the past better than calendars do.
        if let Some(zone) = known(name) {
            return Some(offset_of(zone, local));
        }
        let observances = self.defined.get(name)?;
        let begun = observances
            .iter()
            .filter_map(|it| Some((it.latest(local)?, it.offset)));
        let first = || observances.iter().min_by_key(|it| it.begins);
        let latest = begun.max_by_key(|(begins, _)| *begins);
        latest
            .map(|(_, offset)| offset)
            .or_else(|| first().map(|it| it.offset))
    }
}

/// A time as our cells have it: with its offset, or without one where it holds on any clock; a date where
/// the whole day is meant.
///
/// # Errors
/// Why it is none, for people.
pub(super) fn written(property: &Property, zones: &Zones) -> Result<String, String> {
    let text = property.raw();
    let bad = || {
        let name = &property.name;
        format!("{name} \"{text}\" is no time; write it as 20261124T093000Z")
    };
    let (digits, is_universal) = match text.strip_suffix('Z') {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    if !digits.contains('T') {
        let date = NaiveDate::parse_from_str(digits, "%Y%m%d");
        return date.map(|date| date.to_string()).map_err(|_| bad());
    }
    let local = NaiveDateTime::parse_from_str(digits, "%Y%m%dT%H%M%S");
    let local = local.map_err(|_| bad())?;
    if is_universal {
        return Ok(local.and_utc().to_rfc3339());
    }
    let zone = property.parameter("TZID").or(zones.default.as_deref());
    let Some(zone) = zone.filter(|name| !name.is_empty()) else {
        return Ok(local.format("%Y-%m-%dT%H:%M:%S").to_string());
    };
    let Some(offset) = zones.offset(zone, local) else {
        return Err(format!(
            "the time zone \"{zone}\" is not defined in the calendar and has no known name; write \
             {} in universal time",
            property.name
        ));
    };
    let at: Option<DateTime<FixedOffset>> = local.and_local_timezone(offset).single();
    at.map(|at| at.to_rfc3339()).ok_or_else(bad)
}

/// The zone of the tz database with this name, whatever programs write before it.
fn known(name: &str) -> Option<Tz> {
    let plain = name.trim_start_matches('/');
    let tail = || {
        let mut parts = plain.rsplit('/');
        let city = parts.next()?;
        let area = parts.next()?;
        format!("{area}/{city}").parse().ok()
    };
    plain.parse().ok().or_else(tail)
}

/// Of a time that is twice, the first; of one that is skipped, as the clock stood before.
fn offset_of(zone: Tz, local: NaiveDateTime) -> FixedOffset {
    let found = zone.offset_from_local_datetime(&local).earliest();
    let found = found.or_else(|| {
        let before = local - TimeDelta::hours(3);
        zone.offset_from_local_datetime(&before).earliest()
    });
    found.map_or_else(|| chrono::Utc.fix(), |offset| offset.fix())
}

fn observance(properties: &[Property]) -> Option<Observance> {
    let of = |name: &str| properties.iter().find(|it| it.name == name);
    let begins = of("DTSTART")?.raw().trim_end_matches('Z');
    let begins = NaiveDateTime::parse_from_str(begins, "%Y%m%dT%H%M%S").ok()?;
    Some(Observance {
        begins,
        offset: offset(of("TZOFFSETTO")?.raw())?,
        yearly: of("RRULE").and_then(|rule| yearly(rule.raw(), begins)),
    })
}

/// `+0100`, or with seconds.
fn offset(text: &str) -> Option<FixedOffset> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let part = |at: usize| text.get(at..at + 2)?.parse::<i32>().ok();
    let seconds = part(1)? * 3600 + part(3)? * 60 + part(5).unwrap_or(0);
    FixedOffset::east_opt(sign * seconds)
}

fn yearly(rule: &str, begins: NaiveDateTime) -> Option<Yearly> {
    let of = |name: &str| {
        let mut parts = rule.split(';').filter_map(|part| part.split_once('='));
        parts
            .find(|(it, _)| it.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    };
    of("FREQ").filter(|it| it.eq_ignore_ascii_case("YEARLY"))?;
    let day = of("BYDAY")?;
    let (nth, weekday) = day.split_at_checked(day.len().checked_sub(2)?)?;
    let weekday = match weekday.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    };
    let until = of("UNTIL").map(|it| it.trim_end_matches('Z'));
    Some(Yearly {
        month: of("BYMONTH").map_or(Some(begins.month()), |it| it.parse().ok())?,
        weekday,
        nth: nth.parse().ok().filter(|nth| *nth != 0)?,
        until: until.and_then(|it| NaiveDateTime::parse_from_str(it, "%Y%m%dT%H%M%S").ok()),
    })
}

impl Observance {
    /// When it began last before a time on the clocks of the zone.
    fn latest(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        if local < self.begins {
            return None;
        }
        let Some(yearly) = self.yearly else {
            return Some(self.begins);
        };
        let of_year = |year: i32| {
            let at = yearly.in_year(year)?.and_time(self.begins.time());
            let is_valid = at >= self.begins && yearly.until.is_none_or(|until| at <= until);
            (is_valid && at <= local).then_some(at)
        };
        let until = yearly.until.map_or(local.year(), |until| until.year());
        let year = local.year().min(until);
        of_year(year)
            .or_else(|| of_year(year - 1))
            .or(Some(self.begins))
    }
}

impl Yearly {
    fn in_year(self, year: i32) -> Option<NaiveDate> {
        if self.nth > 0 {
            let nth = u8::try_from(self.nth).ok()?;
            return NaiveDate::from_weekday_of_month_opt(year, self.month, self.weekday, nth);
        }
        let (next_year, next_month) = match self.month {
            12 => (year + 1, 1),
            month => (year, month + 1),
        };
        let mut day = NaiveDate::from_ymd_opt(next_year, next_month, 1)?.pred_opt()?;
        while day.weekday() != self.weekday {
            day = day.pred_opt()?;
        }
        day.checked_sub_days(Days::new(u64::from(self.nth.unsigned_abs() - 1) * 7))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap()
    }

    /// Central Europe as Outlook defines it, under its own name.
    fn outlook() -> Zones {
        let mut text = Gathered::default();
        let lines = "TZID:Customized\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\n\
                     TZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n\
                     BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
                     RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\n";
        for (n, line) in (1..).zip(lines.lines()) {
            text.add(n, line.as_bytes());
        }
        let mut zones = Zones::default();
        zones.define(&text);
        zones
    }

    #[test]
    fn a_zone_that_a_calendar_defines_agrees_with_the_tz_database() {
        let zones = outlook();
        let berlin: Tz = "Europe/Berlin".parse().unwrap();

        for day in 0..(6 * 365) {
            let local = at("20210101T120000") + TimeDelta::days(day);
            let defined = zones.offset("Customized", local);
            assert_eq!(defined, Some(offset_of(berlin, local)), "{local}");
        }
        assert_eq!(
            zones.offset("Customized", at("20260329T030000")),
            FixedOffset::east_opt(7200)
        );
    }

    #[test]
    fn names_of_the_tz_database_are_known_by_whatever_stands_before_them() {
        let zones = Zones::default();
        let local = at("20260701T120000");

        for name in [
            "Asia/Shanghai",
            "/freeassociation.sourceforge.net/Asia/Shanghai",
        ] {
            assert_eq!(zones.offset(name, local), FixedOffset::east_opt(8 * 3600));
        }
        assert_eq!(zones.offset("W. Europe Standard Time", local), None);
    }

    #[test]
    fn an_hour_that_is_skipped_is_read_as_the_clock_stood_before() {
        let berlin: Tz = "Europe/Berlin".parse().unwrap();

        let skipped = offset_of(berlin, at("20260329T023000"));
        let twice = offset_of(berlin, at("20261025T023000"));

        assert_eq!(Some(skipped), FixedOffset::east_opt(3600));
        assert_eq!(Some(twice), FixedOffset::east_opt(7200));
    }
}
