use proptest::prelude::*;

use super::*;

fn check_style(value: &str, style: DecimalStyle, expected: Option<f64>) {
    let found = parse(value, style).map(|amount| amount.decimal.to_f64());
    assert_eq!(found, expected, "{value} {style:?}");
}

fn check(value: &str, expected: f64) {
    check_style(value, DecimalStyle::Point, Some(expected));
}

#[test]
fn numbers_are_read_as_people_write_them() {
    check("6", 6.0);
    check("-80995", -80_995.0);
    check("2.55", 2.55);
    check(".5", 0.5);
    check("5.", 5.0);
    check("+7", 7.0);
    check("1,234.50", 1234.5);
    check("1.234,50", 1234.5);
    check("1 234,50", 1234.5);
    check("1'234.50", 1234.5);
    check("12,34,567.8", 1_234_567.8);
    check("(12.50)", -12.5);
    check("12.50-", -12.5);
    check("−3", -3.0);
    check("12 %", 0.12);
    check("１２３．５", 123.5);
    check("1.5万", 15_000.0);
    check("2亿", 200_000_000.0);
    check("1.2E+3", 1200.0);
    check("2.5499999999999998", 2.55);
    check("'-12", -12.0);
}

#[test]
fn what_is_no_number_is_refused() {
    for value in [
        "",
        "-",
        ".",
        "abc",
        "1.2.3,4,5",
        "1,2,3",
        "12 PCS",
        "1-2",
        "--1",
        "(5",
        "2010-12-01",
        "1e99",
        "99999999999999999999",
        "1,23,4",
        "%",
        "€",
    ] {
        check_style(value, DecimalStyle::Point, None);
        check_style(value, DecimalStyle::Comma, None);
    }
}

#[test]
fn the_style_decides_only_where_both_readings_are_possible() {
    check_style("1.500", DecimalStyle::Point, Some(1.5));
    check_style("1.500", DecimalStyle::Comma, Some(1500.0));
    check_style("1,500", DecimalStyle::Point, Some(1500.0));
    check_style("1,500", DecimalStyle::Comma, Some(1.5));
    check_style("1,5", DecimalStyle::Point, Some(1.5));
    check_style("1.5", DecimalStyle::Comma, Some(1.5));
}

#[test]
fn currencies_beside_the_number_are_told() {
    for (value, code) in [
        ("€ 12,50", "EUR"),
        ("$-5", "USD"),
        ("-£5.00", "GBP"),
        ("5 USD", "USD"),
        ("usd 5", "USD"),
        ("12,50 €", "EUR"),
        ("￥1,200.00", "CNY"),
        ("100元", "CNY"),
    ] {
        let amount = parse(value, DecimalStyle::Point).expect(value);
        assert_eq!(
            amount.currency.map(|c| c.to_string()).as_deref(),
            Some(code),
            "{value}"
        );
    }
}

#[test]
fn a_product_is_rounded_once() {
    let quantity = parse("3", DecimalStyle::Point).unwrap().decimal;
    let price = parse("0.335", DecimalStyle::Point).unwrap().decimal;

    assert_eq!(quantity.times_minor(price, Currency::GBP), Some(101));
    assert_eq!(price.to_minor(Currency::GBP), Some(34));
    assert_eq!(price.negated().to_minor(Currency::GBP), Some(-34));
}

#[test]
fn a_column_tells_its_style() {
    let detect = |values: &[&str]| detect_style(values.iter().copied());

    assert_eq!(detect(&["1,5", "2.000", "3"]), DecimalStyle::Comma);
    assert_eq!(detect(&["1.5", "2,000", "3"]), DecimalStyle::Point);
    assert_eq!(detect(&["1", "2"]), DecimalStyle::Point);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(value in ".{0,24}|[-(0-9.,eE%€ ]{0,12}") {
        parse(&value, DecimalStyle::Point);
        parse(&value, DecimalStyle::Comma);
    }

    #[test]
    fn what_is_written_in_either_style_reads_back(minor in -9_000_000_000_000_i64..9_000_000_000_000) {
        let sign = if minor < 0 { "-" } else { "" };
        let (whole, fraction) = (minor.unsigned_abs() / 100, minor.unsigned_abs() % 100);
        let grouped = |separator: &str| {
            let digits = whole.to_string();
            let first = digits.len() % 3;
            let mut groups: Vec<&str> = digits.as_bytes()[first..]
                .chunks(3)
                .map(|group| std::str::from_utf8(group).unwrap())
                .collect();
            if first > 0 {
                groups.insert(0, &digits[..first]);
            }
            groups.join(separator)
        };
        let values = [
            (format!("{sign}{whole}.{fraction:02}"), DecimalStyle::Point),
            (format!("{sign}{whole},{fraction:02}"), DecimalStyle::Comma),
            (format!("{sign}{}.{fraction:02}", grouped(",")), DecimalStyle::Point),
            (format!("{sign}{},{fraction:02}", grouped(".")), DecimalStyle::Comma),
            (format!("{sign}{},{fraction:02}", grouped("\u{a0}")), DecimalStyle::Comma),
        ];
        for (value, style) in values {
            let amount = parse(&value, style);
            prop_assert_eq!(amount.and_then(|a| a.decimal.to_minor(Currency::EUR)), Some(minor), "{}", value);
        }
    }
}
