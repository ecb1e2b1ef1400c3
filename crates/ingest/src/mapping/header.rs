//! How well a column's name fits a field.

use super::catalog::{self, ENTITIES, Entry};
use crate::value::text;

/// How a name fits, and how well (0 to 1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct NameFit {
    pub(super) score: f64,
    /// Whether the name is one that we know, rather than one like it.
    pub(super) is_known: bool,
}

const WEAK: f64 = 0.6;

/// The name without case, blanks and punctuation, full-width letters as half-width ones; `#` is a
/// number.
pub(crate) fn squeeze(name: &str) -> String {
    text::half_width(name)
        .replace('#', " no ")
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether the name, [squeezed](squeeze), is in the catalog for any field of any kind of record.
pub(crate) fn is_known(name: &str) -> bool {
    let name = squeeze(name);
    !name.is_empty()
        && ENTITIES.iter().any(|&entity| {
            let mut entries = catalog::entries(entity).iter();
            entries.any(|entry| contains(entry.names, &name) || contains(entry.weak, &name))
        })
}

/// Whether the name is the one that a column without a name was given.
pub(super) fn is_generic(name: &str) -> bool {
    name.strip_prefix("column ")
        .is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
}

/// How well a [squeezed](squeeze) name fits a field; `None` where it does not at all.
pub(super) fn fit(name: &str, entry: &Entry) -> Option<NameFit> {
    let known = |score| {
        Some(NameFit {
            score,
            is_known: true,
        })
    };
    if contains(entry.names, name) || squeeze(entry.field.name()) == name {
        return known(1.0);
    }
    if contains(entry.weak, name) {
        return known(WEAK);
    }
    let best = entry
        .names
        .iter()
        .map(|known| similarity(name, &squeeze(known)))
        .fold(0.0, f64::max);
    (best > 0.0).then_some(NameFit {
        score: best,
        is_known: false,
    })
}

fn contains(names: &[&str], squeezed: &str) -> bool {
    names.iter().any(|name| squeeze(name) == squeezed)
}

/// 0.85 for a typing error, less for a name that contains the known one; 0 otherwise.
fn similarity(name: &str, known: &str) -> f64 {
    let n_name = name.chars().count();
    let n_known = known.chars().count();
    let is_latin = known.is_ascii();
    let n_errors_allowed = match n_known {
        _ if !is_latin => 0,
        0..5 => 0,
        5..9 => 1,
        _ => 2,
    };
    // A word more or less is another name, not a typing error.
    let is_part = name.starts_with(known) || known.starts_with(name);
    if n_errors_allowed > 0
        && !is_part
        && n_name.abs_diff(n_known) <= n_errors_allowed
        && n_errors(name, known) <= n_errors_allowed
    {
        return 0.85;
    }
    let n_least = if is_latin { 5 } else { 2 };
    if n_known >= n_least && name.contains(known) {
        // A name's last word says what it is: a "customer city" is a city.
        let at_end = if name.ends_with(known) { 0.1 } else { 0.0 };
        return 0.4 + at_end + 0.25 * n_known as f64 / n_name as f64;
    }
    0.0
}

/// Levenshtein distance.
fn n_errors(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use rapport_domain::EntityKind;

    use super::*;
    use crate::Field;

    fn score(name: &str, field: Field) -> f64 {
        let entries = catalog::entries(EntityKind::OrderLines);
        let entry = entries.iter().find(|entry| entry.field == field).unwrap();
        fit(&squeeze(name), entry).map_or(0.0, |fit| fit.score)
    }

    #[test]
    fn spelling_does_not_matter() {
        for name in [
            "CustomerID",
            "customer_id",
            "Customer ID",
            "customer-id",
            "ＣｕｓｔｏｍｅｒＩＤ",
            "客户编号",
        ] {
            assert_eq!(score(name, Field::CustomerExternalId), 1.0, "{name}");
        }
        assert_eq!(score("Order #", Field::OrderId), 1.0);
        assert_eq!(score("line_amount", Field::LineAmount), 1.0);
    }

    #[test]
    fn similar_names_fit_less_and_others_not_at_all() {
        assert_eq!(score("Custmer ID", Field::CustomerExternalId), 0.85);
        assert!(score("Shop order number", Field::OrderId) > 0.5);
        assert!(score("客户手机号码（必填）", Field::CustomerPhone) > 0.4);
        assert_eq!(score("weather", Field::OrderId), 0.0);
        assert_eq!(score("contact", Field::CustomerExternalId), 0.0);
    }

    #[test]
    fn distance_counts_errors() {
        assert_eq!(n_errors("kitten", "sitting"), 3);
        assert_eq!(n_errors("", "abc"), 3);
    }
}
