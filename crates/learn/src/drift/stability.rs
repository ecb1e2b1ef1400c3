//! The population stability index, over quantile bins or categories.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DriftKind, Finding, Status};
use crate::normal::normal_quantile;

/// From here on a shift is worth a look; a convention of credit scoring (Siddiqi 2006).
const WATCH: f64 = 0.1;
/// From here on the population is another one; the same convention.
const ACT: f64 = 0.25;
/// Half a row in every bin, so that an empty one does not make the index infinite.
const PSEUDO_COUNT: f64 = 0.5;
/// An index that chance alone exceeds once in a hundred times is not held against a feature.
const CHANCE_LEVEL: f64 = 0.99;

/// How far two counts over the same bins are apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stability {
    /// The population stability index; 0 when the shares are equal.
    pub index: f64,
    /// What the index stays below in 99 of 100 cases when nothing has changed.
    pub chance_max: f64,
}

impl Stability {
    /// The verdict: above 0.1 watch, above 0.25 act, unless chance explains it.
    pub fn status(&self) -> Status {
        if self.index <= WATCH || self.index <= self.chance_max {
            Status::Ok
        } else if self.index <= ACT {
            Status::Watch
        } else {
            Status::Act
        }
    }

    /// The verdict with its reason.
    pub fn finding(&self, feature: &str) -> Finding {
        let index = self.index;
        let reason = match self.status() {
            Status::Ok if index > WATCH => format!(
                "stability index {index:.3}, but with so few rows chance alone reaches {:.3}",
                self.chance_max
            ),
            Status::Ok => format!("stability index {index:.3}, at most {WATCH}"),
            Status::Watch => format!("stability index {index:.3}, above {WATCH}"),
            Status::Act => format!("stability index {index:.3}, above {ACT}"),
        };
        Finding {
            feature: feature.into(),
            kind: DriftKind::Values,
            status: self.status(),
            figure: index,
            reason,
        }
    }
}

/// Compares two counts over the same bins: `Σ (p - q) ln(p / q)` over the shares `p` and `q`.
///
/// Half a row is added to every bin that has rows on either side; a bin without any says nothing.
/// Without rows on one side there is nothing to compare and the index is 0.
///
/// # Panics
/// When the two lists differ in length.
///
/// # Source
/// Siddiqi (2006), "Credit Risk Scorecards"; its distribution under no change, `χ²` with one degree
/// less than bins times `1/n + 1/m`, from Yurdakul & Naranjo (2020), "Statistical Properties of the
/// Population Stability Index".
pub fn population_stability(reference: &[u64], current: &[u64]) -> Stability {
    assert_eq!(
        reference.len(),
        current.len(),
        "counts are over the same bins"
    );
    let (n, m) = (total(reference), total(current));
    if n == 0.0 || m == 0.0 {
        return Stability {
            index: 0.0,
            chance_max: 0.0,
        };
    }
    let in_use: Vec<(u64, u64)> = reference
        .iter()
        .copied()
        .zip(current.iter().copied())
        .filter(|&(before, now)| before > 0 || now > 0)
        .collect();
    let extra = PSEUDO_COUNT * in_use.len() as f64;
    let index = in_use
        .iter()
        .map(|&(before, now)| {
            let before = (before as f64 + PSEUDO_COUNT) / (n + extra);
            let now = (now as f64 + PSEUDO_COUNT) / (m + extra);
            (now - before) * (now / before).ln()
        })
        .sum();
    let freedom = in_use.len().saturating_sub(1) as f64;
    Stability {
        index,
        chance_max: chi_square_quantile(freedom, CHANCE_LEVEL) * (1.0 / n + 1.0 / m),
    }
}

/// Quantile bins of a numeric feature and how many reference rows lie in each.
///
/// Many equal values (zero orders, say) make equal quantiles, which are one edge: such a feature has
/// fewer bins. A constant has three: its value, and what lies below and above it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumericBins {
    /// Upper edges of all bins but the last, ascending; a value on an edge lies below it.
    edges: Vec<f64>,
    counts: Vec<u64>,
}

impl NumericBins {
    /// Bins with about equally many of these values; missing ones are left out.
    pub fn fit(values: &[f64], n_bins: usize) -> Self {
        let mut present: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
        present.sort_by(f64::total_cmp);
        let mut edges: Vec<f64> = (1..n_bins)
            .filter_map(|bin| present.get((bin * present.len()).div_ceil(n_bins).checked_sub(1)?))
            .copied()
            .collect();
        edges.dedup();
        // Above an edge at the largest value lies nothing. The next value is the edge instead: a
        // feature that is nearly always at its largest would have one bin, and one bin sees no shift.
        if edges.last() == present.last()
            && let Some(largest) = edges.pop()
        {
            let n_below = present.partition_point(|&value| value < largest);
            match n_below.checked_sub(1) {
                Some(next) => edges.push(present[next]),
                None => edges.extend([largest.next_down(), largest]),
            }
            edges.dedup();
        }
        let mut bins = Self {
            edges,
            counts: Vec::new(),
        };
        bins.counts = bins.count(&present);
        bins
    }

    /// How many of the values lie in each bin; missing ones are left out.
    pub fn count(&self, values: &[f64]) -> Vec<u64> {
        let mut counts = vec![0; self.edges.len() + 1];
        for value in values.iter().filter(|value| !value.is_nan()) {
            counts[self.edges.partition_point(|edge| edge < value)] += 1;
        }
        counts
    }

    /// Compares other values with those of the fit.
    pub fn stability(&self, values: &[f64]) -> Stability {
        population_stability(&self.counts, &self.count(values))
    }
}

/// Categories and how many reference rows have each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryBins {
    counts: BTreeMap<String, u64>,
}

impl CategoryBins {
    /// The categories among these values.
    pub fn fit<S: AsRef<str>>(values: &[S]) -> Self {
        let mut counts = BTreeMap::new();
        for value in values {
            *counts.entry(value.as_ref().to_owned()).or_default() += 1;
        }
        Self { counts }
    }

    /// Compares other values with those of the fit; categories new since then share one bin.
    pub fn stability<S: AsRef<str>>(&self, values: &[S]) -> Stability {
        let mut current: BTreeMap<&str, u64> =
            self.counts.keys().map(|name| (name.as_str(), 0)).collect();
        let mut n_new = 0;
        for value in values {
            match current.get_mut(value.as_ref()) {
                Some(count) => *count += 1,
                None => n_new += 1,
            }
        }
        let mut reference: Vec<u64> = self.counts.values().copied().collect();
        let mut current: Vec<u64> = current.into_values().collect();
        if n_new > 0 {
            reference.push(0);
            current.push(n_new);
        }
        population_stability(&reference, &current)
    }
}

fn total(counts: &[u64]) -> f64 {
    counts.iter().sum::<u64>() as f64
}

/// Wilson and Hilferty's (1931) approximation, exact to about one percent.
fn chi_square_quantile(freedom: f64, probability: f64) -> f64 {
    if freedom == 0.0 {
        return 0.0;
    }
    let spread = 2.0 / (9.0 * freedom);
    freedom * (1.0 - spread + normal_quantile(probability) * spread.sqrt()).powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: shares 1/2, 1/2 against 1/4, 3/4 differ by 1/4 ln 2 + 1/4 ln(3/2); the half
    /// rows change it in the fifth digit.
    #[test]
    fn the_index_agrees_with_hand_work() {
        let stability = population_stability(&[50_000, 50_000], &[25_000, 75_000]);

        let expected = 0.25 * 2.0_f64.ln() + 0.25 * 1.5_f64.ln();
        assert!((stability.index - expected).abs() < 1e-4);
        assert_eq!(stability.status(), Status::Act);
    }

    #[test]
    fn equal_shares_are_stable_whatever_the_counts() {
        let stability = population_stability(&[100, 300], &[1000, 3000]);

        assert!(stability.index < 1e-4);
    }

    /// Source: `scipy.stats.chi2.ppf(.99, [1, 9, 19])`, SciPy 1.17.
    #[test]
    fn chance_is_about_the_exact_quantile() {
        for (freedom, expected) in [(1.0, 6.6349), (9.0, 21.6660), (19.0, 36.1909)] {
            let found = chi_square_quantile(freedom, 0.99);
            assert!((found / expected - 1.0).abs() < 0.015, "{found}");
        }
    }

    #[test]
    fn bins_hold_equally_many_reference_rows() {
        let values: Vec<f64> = (0..1000).map(f64::from).collect();

        let bins = NumericBins::fit(&values, 10);

        assert_eq!(bins.counts, [100; 10]);
    }

    #[test]
    fn a_value_that_most_rows_share_is_one_bin() {
        let mut values = vec![0.0; 70];
        values.extend((1..=30).map(f64::from));

        let bins = NumericBins::fit(&values, 10);

        assert_eq!(bins.counts, [70, 10, 10, 10]);
        assert_eq!(NumericBins::fit(&[3.0; 20], 10).counts, [0, 20, 0]);
        assert_eq!(NumericBins::fit(&[], 10).counts, [0]);
    }

    #[test]
    fn a_constant_that_moves_up_or_down_is_seen_and_one_that_stays_is_not() {
        let bins = NumericBins::fit(&[0.0; 200], 10);

        assert_eq!(bins.stability(&[5.0; 200]).status(), Status::Act);
        assert_eq!(bins.stability(&[-5.0; 200]).status(), Status::Act);
        assert_eq!(bins.stability(&[0.0; 200]).index, 0.0);
    }

    #[test]
    fn a_flag_is_seen_to_fall_however_often_it_was_set() {
        let set_in = |n: usize| {
            let mut values = vec![1.0; n];
            values.resize(100, 0.0);
            values
        };
        for n in [50, 95, 99] {
            let bins = NumericBins::fit(&set_in(n), 10);

            assert_eq!(bins.counts, [100 - n as u64, n as u64]);
            assert_eq!(bins.stability(&[0.0; 100]).status(), Status::Act, "{n}");
            assert_eq!(bins.stability(&set_in(n)).index, 0.0, "{n}");
        }
    }

    /// Half a row would weigh far more among forty rows than among a million.
    #[test]
    fn bins_that_nobody_is_in_say_nothing() {
        let stability = population_stability(&[0, 1_000_000, 0], &[0, 40, 0]);

        assert_eq!((stability.index, stability.chance_max), (0.0, 0.0));
    }

    #[test]
    fn a_new_category_is_drift() {
        let bins = CategoryBins::fit(&["web", "shop", "web", "shop"].repeat(100));

        assert_eq!(
            bins.stability(&["web", "shop"].repeat(100)).status(),
            Status::Ok
        );
        assert_eq!(
            bins.stability(&["web", "shop", "app"].repeat(100)).status(),
            Status::Act
        );
    }

    #[test]
    fn few_rows_are_not_held_against_a_feature() {
        let bins = NumericBins::fit(&(0..1000).map(f64::from).collect::<Vec<_>>(), 10);

        let stability = bins.stability(&[10.0, 210.0, 450.0, 470.0, 630.0, 640.0, 990.0, 920.0]);

        assert!(stability.index > 0.25);
        assert_eq!(stability.status(), Status::Ok);
        assert!(stability.finding("age").reason.contains("few rows"));
    }

    #[test]
    fn without_rows_there_is_nothing_to_say() {
        let bins = NumericBins::fit(&[1.0, 2.0, 3.0], 10);

        assert_eq!(bins.stability(&[]).index, 0.0);
        assert_eq!(bins.stability(&[f64::NAN]).status(), Status::Ok);
    }
}
