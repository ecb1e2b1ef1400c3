//! Months of events, counted from the year 0 so that they can be compared and stepped through.

use chrono::Datelike;
use rapport_domain::Timestamp;

/// The month of an instant.
pub(crate) fn of(at: Timestamp) -> i32 {
    let date = at.date().0;
    date.year() * 12 + date.month0() as i32
}

/// `YYYY-MM`.
pub(crate) fn name(month: i32) -> String {
    format!(
        "{:04}-{:02}",
        month.div_euclid(12),
        month.rem_euclid(12) + 1
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_named_by_year_and_number() {
        let at: Timestamp = "2025-12-31T23:59:59Z".parse().unwrap();

        assert_eq!(name(of(at)), "2025-12");
        assert_eq!(name(of(at.plus_seconds(1))), "2026-01");
    }
}
