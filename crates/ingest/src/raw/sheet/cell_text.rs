//! The text of a cell, as a person sees it in the sheet.

use calamine::{DataRef, ExcelDateTime, Style};

/// The day after 9999-12-31, the last one that spreadsheets know.
const LAST_DAY: f64 = 2_958_466.0;

/// Whole numbers up to here are exact; beyond, a number has more digits than a spreadsheet keeps.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// How many digits a number of a style is filled up to with zeros, by the style's position: what is
/// formatted `00000` shows the postcode 01234 where the cell holds 1234.
#[derive(Debug)]
pub(super) struct Widths(Vec<usize>);

impl Widths {
    /// The widths of all styles of a workbook.
    pub(super) fn of(styles: &[Style]) -> Self {
        let width = |style: &Style| {
            let code = style.number_format.as_ref()?.format_code.as_str();
            let is_zeros = code.len() < 32 && code.bytes().all(|b| b == b'0');
            is_zeros.then_some(code.len())
        };
        Self(styles.iter().map(|s| width(s).unwrap_or(0)).collect())
    }

    fn get(&self, style: usize) -> usize {
        self.0.get(style).copied().unwrap_or(0)
    }
}

/// The text of a cell, empty where nothing is in it or what is in it could not be worked out (`#N/A`
/// and its kin).
pub(super) fn cell_text(value: &DataRef<'_>, style: usize, widths: &Widths) -> String {
    match value {
        DataRef::String(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => filled_up(number.to_string(), widths.get(style)),
        DataRef::Float(number) => filled_up(number_text(*number), widths.get(style)),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(at) if at.is_duration() => duration_text(at.as_f64()),
        DataRef::DateTime(at) => date_text(at),
        DataRef::DateTimeIso(text) => without_midnight(text),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// A number without exponent, in the fifteen digits that spreadsheets show at most: what is stored as
/// 0.30000000000000004 is seen, and meant, as 0.3.
fn number_text(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    if number.fract() == 0.0 && number.abs() < MAX_EXACT {
        return (number as i64).to_string();
    }
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    let rounded: f64 = rounded;
    rounded.to_string()
}

fn filled_up(number: String, width: usize) -> String {
    let is_digits = number.bytes().all(|b| b.is_ascii_digit());
    if is_digits && number.len() < width {
        return format!("{number:0>width$}");
    }
    number
}

/// A date, a date with its time, or a time alone, in the forms of ISO 8601.
fn date_text(at: &ExcelDateTime) -> String {
    let serial = at.as_f64();
    if !(0.0..LAST_DAY).contains(&serial) {
        return number_text(serial);
    }
    let (year, month, day, hour, minute, second, millis) = at.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second, millis) == (0, 0, 0, 0) && serial >= 1.0 {
        return date;
    }
    let mut time = format!("{hour:02}:{minute:02}:{second:02}");
    if millis > 0 {
        time.push_str(&format!(".{millis:03}"));
    }
    // Less than a day is a time of day: no date stands before it.
    if serial < 1.0 {
        time
    } else {
        format!("{date}T{time}")
    }
}

/// Hours, minutes and seconds; a day is 24 hours.
fn duration_text(days: f64) -> String {
    let seconds = (days * 86_400.0).round();
    if seconds.is_nan() || seconds.abs() >= MAX_EXACT {
        return String::new();
    }
    let sign = if seconds < 0.0 { "-" } else { "" };
    let seconds = seconds.abs() as u64;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{sign}{hours:02}:{minutes:02}:{:02}", seconds % 60)
}

fn without_midnight(text: &str) -> String {
    let date = text
        .split_once('T')
        .filter(|(_, time)| time.bytes().all(|b| b"0:.Z".contains(&b)))
        .map(|(date, _)| date);
    date.unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    fn check(value: DataRef<'_>, expected: &str) {
        let said = format!("{value:?}");
        assert_eq!(cell_text(&value, 0, &Widths(vec![0])), expected, "{said}");
    }

    fn check_date(serial: f64, is_1904: bool, expected: &str) {
        let at = ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904);
        check(DataRef::DateTime(at), expected);
    }

    #[test]
    fn numbers_are_written_out_whatever_their_size() {
        check(DataRef::Float(7.0), "7");
        check(DataRef::Float(-0.0), "0");
        check(DataRef::Float(2.5), "2.5");
        check(DataRef::Float(0.1 + 0.2), "0.3");
        check(DataRef::Float(13_812_345_678.0), "13812345678");
        check(DataRef::Float(4_006_381_333_931.0), "4006381333931");
        check(DataRef::Float(9_007_199_254_740_991.0), "9007199254740991");
        check(DataRef::Float(1e20), "100000000000000000000");
        check(DataRef::Float(0.000_000_12), "0.00000012");
    }

    #[test]
    fn dates_are_those_of_their_system() {
        check_date(45_993.0, false, "2025-12-02");
        check_date(44_531.0, true, "2025-12-02");
        check_date(45_993.351_388_888_9, false, "2025-12-02T08:26:00");
        check_date(45_993.999_999_999_9, false, "2025-12-03");
        check_date(1.0, false, "1900-01-01");
        check_date(59.0, false, "1900-02-28");
        check_date(61.0, false, "1900-03-01");
        check_date(1.0, true, "1904-01-02");
        check_date(0.75, false, "18:00:00");
        check_date(-1.0, false, "-1");
        check_date(1e9, false, "1000000000");
    }

    #[test]
    fn a_duration_may_be_longer_than_a_day() {
        let check_hours = |days, expected| {
            let at = ExcelDateTime::new(days, ExcelDateTimeType::TimeDelta, false);
            check(DataRef::DateTime(at), expected);
        };

        check_hours(1.104_166_666_7, "26:30:00");
        check_hours(-0.5, "-12:00:00");
    }

    #[test]
    fn dates_that_are_written_out_lose_their_midnight_only() {
        check(
            DataRef::DateTimeIso("2026-01-02T00:00:00".into()),
            "2026-01-02",
        );
        check(
            DataRef::DateTimeIso("2026-01-02T08:26:00".into()),
            "2026-01-02T08:26:00",
        );
        check(DataRef::DateTimeIso("2026-01-02".into()), "2026-01-02");
    }

    #[test]
    fn a_cell_that_could_not_be_worked_out_is_empty() {
        check(DataRef::Error(calamine::CellErrorType::NA), "");
        check(DataRef::Bool(true), "true");
    }

    #[test]
    fn zeros_of_the_format_are_part_of_the_number() {
        let widths = Widths(vec![0, 5]);

        assert_eq!(cell_text(&DataRef::Float(1234.0), 1, &widths), "01234");
        assert_eq!(cell_text(&DataRef::Float(123_456.0), 1, &widths), "123456");
        assert_eq!(cell_text(&DataRef::Float(-1.0), 1, &widths), "-1");
        assert_eq!(cell_text(&DataRef::Float(1234.0), 9, &widths), "1234");
    }
}
