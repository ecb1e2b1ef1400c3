use proptest::prelude::*;

use super::*;

const DAY_FIRST: DateStyle = DateStyle {
    order: DateOrder::DayFirst,
    zone: Zone::UTC,
};
const MONTH_FIRST: DateStyle = DateStyle {
    order: DateOrder::MonthFirst,
    zone: Zone::UTC,
};

fn check_style(value: &str, style: DateStyle, expected: Option<&str>) {
    let found = parse(value, style).map(|at| at.to_string());
    assert_eq!(found.as_deref(), expected, "{value}");
}

fn check(value: &str, expected: &str) {
    check_style(value, DAY_FIRST, Some(expected));
}

#[test]
fn iso_and_its_variations() {
    check("2010-12-01 08:26:00", "2010-12-01T08:26:00Z");
    check("2010-12-01T08:26:00Z", "2010-12-01T08:26:00Z");
    check(
        "2010-12-01T08:26:00.123456+01:00",
        "2010-12-01T07:26:00.123456Z",
    );
    check("2010-12-01 08:26:00 -0500", "2010-12-01T13:26:00Z");
    check("2010-12-01 08:26:00 UTC", "2010-12-01T08:26:00Z");
    check("2010-12-01", "2010-12-01T00:00:00Z");
    check("2010-12-1 8:26", "2010-12-01T08:26:00Z");
    check("2026/01/02 03:04", "2026-01-02T03:04:00Z");
    check("2026.01.02", "2026-01-02T00:00:00Z");
    check("2026-01", "2026-01-01T00:00:00Z");
}

#[test]
fn the_order_of_the_column_decides() {
    check_style("03/04/2026", DAY_FIRST, Some("2026-04-03T00:00:00Z"));
    check_style("03/04/2026", MONTH_FIRST, Some("2026-03-04T00:00:00Z"));
    check_style("12/1/2010 8:26", MONTH_FIRST, Some("2010-12-01T08:26:00Z"));
    check_style("1/2/26 3:04 PM", MONTH_FIRST, Some("2026-01-02T15:04:00Z"));
    check_style("3.4.2026", MONTH_FIRST, Some("2026-04-03T00:00:00Z"));
    check_style("25/12/2026", MONTH_FIRST, None);
    check_style("12/25/2026", DAY_FIRST, None);
}

#[test]
fn months_by_name() {
    check("12 Jan 2026", "2026-01-12T00:00:00Z");
    check("12-Jan-26", "2026-01-12T00:00:00Z");
    check("Jan 12, 2026", "2026-01-12T00:00:00Z");
    check("January 12th, 2026, 3:04 PM", "2026-01-12T15:04:00Z");
    check("Sept. 3 2026 at 9am", "2026-09-03T09:00:00Z");
    check("Mon, 12 Jan 2026 08:26:00 GMT", "2026-01-12T08:26:00Z");
    check(
        "Mon Jan 12 2026 08:26:00 GMT+0100 (Central European Time)",
        "2026-01-12T07:26:00Z",
    );
}

#[test]
fn chinese_dates() {
    check("2026年1月2日", "2026-01-02T00:00:00Z");
    check("2026年01月02日 15:04", "2026-01-02T15:04:00Z");
    check("2026年1月2日 15时4分", "2026-01-02T15:04:00Z");
    check("2026年1月2日下午3时4分5秒", "2026-01-02T15:04:05Z");
    check("２０２６－０１－０２", "2026-01-02T00:00:00Z");
    check("2026年1月", "2026-01-01T00:00:00Z");
}

#[test]
fn instants_as_one_number() {
    check("1767323045", "2026-01-02T03:04:05Z");
    check("1767323045123", "2026-01-02T03:04:05.123Z");
    check("1767323045.25", "2026-01-02T03:04:05.250Z");
    check("20260102", "2026-01-02T00:00:00Z");
    check("20260102030405", "2026-01-02T03:04:05Z");
    check("2026", "2026-01-01T00:00:00Z");
    // Excel itself shows 46024 as 2026-01-02 and a quarter of a day as 6 o'clock.
    check("46024", "2026-01-02T00:00:00Z");
    check("46024.25", "2026-01-02T06:00:00Z");
}

#[test]
fn what_is_no_date_is_refused() {
    for value in [
        "",
        "soon",
        "2026-13-01",
        "2026-02-30",
        "31/31/2026",
        "2026-01-02 25:00",
        "1/2",
        "12",
        "2026-01-02 08:26 XYZ",
        "2026-01-02 08:26:00 junk",
        "1.5",
        "99999999",
        "-",
        "24 UTC",
        "2026-01-02T08:26+99:00",
    ] {
        check_style(value, DAY_FIRST, None);
    }
}

#[test]
fn the_default_zone_applies_where_none_is_written() {
    let shanghai = DateStyle {
        zone: "Asia/Shanghai".parse().unwrap(),
        ..DAY_FIRST
    };

    check_style(
        "2026-01-02 08:00:00",
        shanghai,
        Some("2026-01-02T00:00:00Z"),
    );
    check_style("2026年1月2日 8时", shanghai, Some("2026-01-02T00:00:00Z"));
    check_style(
        "2026-01-02T08:00:00Z",
        shanghai,
        Some("2026-01-02T08:00:00Z"),
    );
    check_style("1767312000", shanghai, Some("2026-01-02T00:00:00Z"));
    check_style("20260102", shanghai, Some("2026-01-01T16:00:00Z"));
}

#[test]
fn a_zone_has_its_summer_time() {
    let berlin = DateStyle {
        zone: "Europe/Berlin".parse().unwrap(),
        ..DAY_FIRST
    };

    check_style("27/11/2026 09:30", berlin, Some("2026-11-27T08:30:00Z"));
    check_style("27/07/2026 09:30", berlin, Some("2026-07-27T07:30:00Z"));
    // Clocks leap from two to three.
    check_style("29/03/2026 02:30", berlin, Some("2026-03-29T01:00:00Z"));
}

#[test]
fn a_column_tells_its_order() {
    let detect = |values: &[&str]| detect_order(values.iter().copied());

    assert_eq!(detect(&["01/02/2026", "25/12/2025"]), DateOrder::DayFirst);
    assert_eq!(detect(&["01/02/2026", "12/25/2025"]), DateOrder::MonthFirst);
    assert_eq!(detect(&["01/02/2026", "03/04/2026"]), DateOrder::DayFirst);
    assert_eq!(detect(&["01/02/2026 3:04 PM"]), DateOrder::MonthFirst);
}

#[test]
fn a_number_is_not_taken_for_a_date_on_its_own() {
    assert!(is_date("2010-12-01"));
    assert!(is_date("25/12/2026"));
    assert!(is_date("12/25/2026"));
    assert!(!is_date("20260102"));
    assert!(!is_date("46024.5"));
    assert!(!is_date("WHITE METAL LANTERN"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(value in ".{0,30}|[0-9/:. \\-TZapm年月日时分]{0,24}") {
        parse(&value, DAY_FIRST);
        parse(&value, MONTH_FIRST);
        is_date(&value);
    }

    #[test]
    fn what_is_written_in_any_form_reads_back(seconds in 0_i64..4_000_000_000) {
        let at = Timestamp::from_micros(seconds * 1_000_000);
        let datetime = at.to_datetime().unwrap();
        let forms = [
            ("%Y-%m-%dT%H:%M:%SZ", DAY_FIRST),
            ("%Y-%m-%d %H:%M:%S", MONTH_FIRST),
            ("%d/%m/%Y %H:%M:%S", DAY_FIRST),
            ("%m/%d/%Y %I:%M:%S %p", MONTH_FIRST),
            ("%d.%m.%Y %H:%M:%S", DAY_FIRST),
            ("%a, %d %b %Y %H:%M:%S +0000", DAY_FIRST),
            ("%B %d, %Y, %l:%M:%S %p", DAY_FIRST),
            ("%Y年%m月%d日 %H时%M分%S秒", DAY_FIRST),
            ("%Y%m%d%H%M%S", DAY_FIRST),
        ];
        for (form, style) in forms {
            let value = datetime.format(form).to_string();
            prop_assert_eq!(parse(&value, style), Some(at), "{}", value);
        }
    }
}
