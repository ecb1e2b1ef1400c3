//! Numbers as a sentence can bear them: about three digits, with their unit.

use rapport_domain::grouped;

use crate::Unit;

/// In English.
pub(super) fn english(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Number | Unit::Count => plain(value),
        Unit::Days if is_one(value) => "1 day".into(),
        Unit::Days => format!("{} days", plain(value)),
        Unit::Share => percent(value),
        Unit::Money(currency) => format!("{currency} {}", plain(value)),
    }
}

/// In Chinese.
pub(super) fn chinese(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Days => format!("{}天", plain(value)),
        _ => english(value, unit),
    }
}

/// A share in whole percent, but never 0 % of something.
pub(super) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 1.0 {
        return "<1%".into();
    }
    format!("{percent:.0}%")
}

/// A count of customers.
pub(super) fn count(n: usize) -> String {
    grouped(n as u64)
}

/// Whether a number is written as 1.
pub(super) fn is_one(value: f64) -> bool {
    plain(value) == "1"
}

fn plain(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 || value == value.trunc() => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.digits$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let (sign, whole) = match whole.strip_prefix('-') {
        Some(whole) if whole.chars().any(|digit| digit != '0') || !fraction.is_empty() => {
            ("-", whole)
        }
        Some(whole) => ("", whole),
        None => ("", whole),
    };
    // Digits beyond those of a whole number stay as they are.
    let whole = whole.parse().map_or(whole.to_owned(), grouped);
    match fraction {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use rapport_domain::Currency;

    use super::*;

    #[test]
    fn numbers_carry_their_unit() {
        assert_eq!(english(18.25, Unit::Days), "18.2 days");
        assert_eq!(english(1.0, Unit::Days), "1 day");
        assert_eq!(chinese(18.25, Unit::Days), "18.2天");
        assert_eq!(english(0.333, Unit::Share), "33%");
        assert_eq!(
            english(1_234_567.8, Unit::Money(Currency::GBP)),
            "GBP 1,234,568"
        );
        assert_eq!(english(2.5, Unit::Count), "2.5");
        assert_eq!(english(-0.001, Unit::Number), "0");
        assert_eq!(english(-1_500.0, Unit::Number), "-1,500");
    }

    #[test]
    fn small_shares_are_not_called_nothing() {
        assert_eq!(percent(0.004), "<1%");
        assert_eq!(percent(0.0), "0%");
        assert_eq!(count(1_236), "1,236");
    }
}
