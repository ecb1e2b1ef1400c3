//! Gaps that come or go.

use super::{DriftKind, Finding, Status};
use crate::normal::normal_cdf;

/// A change of the missing share from which on it is worth a look.
const WATCH: f64 = 0.05;
/// A change from which on the feature is another one.
const ACT: f64 = 0.2;
/// Chance alone makes a change this large once in a hundred times.
const SIGNIFICANCE: f64 = 0.01;

/// Compares the share of missing values with the one in the reference, each as `(missing, rows)`.
///
/// A change above 0.05 is watched and above 0.2 acted upon, in either direction (a gap that fills up
/// means that somebody changed something), unless chance explains it: the usual test of two shares,
/// `z = (|p - q| - (1/n + 1/m) / 2) / sqrt(s (1 - s) (1/n + 1/m))` with the pooled share `s` and
/// Yates's (1934) correction, without which a single gap among five rows would count as proof.
pub fn missingness_drift(feature: &str, reference: (u64, u64), current: (u64, u64)) -> Finding {
    let (before, now) = (share(reference), share(current));
    let change = now - before;
    let is_chance = p_value(reference, current) > SIGNIFICANCE;
    let status = match change.abs() {
        size if size <= WATCH || is_chance => Status::Ok,
        size if size <= ACT => Status::Watch,
        _ => Status::Act,
    };
    let (before, now) = (100.0 * before, 100.0 * now);
    let mut reason = format!("{now:.1} % are missing, {before:.1} % in the reference");
    if change.abs() > WATCH && is_chance {
        reason.push_str(", which may be chance with so few rows");
    }
    Finding {
        feature: feature.into(),
        kind: DriftKind::Missingness,
        status,
        figure: change,
        reason,
    }
}

fn share((missing, rows): (u64, u64)) -> f64 {
    if rows == 0 {
        0.0
    } else {
        missing as f64 / rows as f64
    }
}

/// Two-sided p-value of equal shares; 1 when there is nothing to compare.
fn p_value(left: (u64, u64), right: (u64, u64)) -> f64 {
    let pooled = share((left.0 + right.0, left.1 + right.1));
    let inverse = 1.0 / left.1 as f64 + 1.0 / right.1 as f64;
    let spread = pooled * (1.0 - pooled) * inverse;
    if !(spread > 0.0 && spread.is_finite()) {
        return 1.0;
    }
    let distance = (share(left) - share(right)).abs() - 0.5 * inverse;
    2.0 * normal_cdf(-distance.max(0.0) / spread.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reference: (u64, u64), current: (u64, u64), expected: Status) {
        let finding = missingness_drift("age", reference, current);
        assert_eq!(finding.status, expected, "{finding:?}");
    }

    #[test]
    fn gaps_that_come_or_go_are_drift() {
        check((10, 1000), (15, 1000), Status::Ok);
        check((10, 1000), (100, 1000), Status::Watch);
        check((10, 1000), (400, 1000), Status::Act);
        check((400, 1000), (10, 1000), Status::Act);
    }

    #[test]
    fn a_few_rows_prove_nothing() {
        check((10, 1000), (1, 5), Status::Ok);
        check((10, 1000), (0, 0), Status::Ok);
    }

    #[test]
    fn a_feature_that_vanishes_is_drift() {
        check((0, 1000), (1000, 1000), Status::Act);
    }

    /// Source: `scipy.stats.chi2_contingency([[10, 90], [20, 80]]).pvalue`, SciPy 1.17.
    #[test]
    fn the_p_value_agrees_with_scipy() {
        let found = p_value((10, 100), (20, 100));

        assert!((found - 0.07470593331213068).abs() < 1e-12, "{found}");
    }
}
