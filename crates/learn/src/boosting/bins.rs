//! The bins of one column: which values are told apart.

use std::collections::BTreeMap;

use super::bin_set::BinSet;
use super::data::category;
use super::tree::{CategorySet, Rule};

/// How the values of one column fall into bins.
///
/// After the bins of values comes one more for rows without: missing values, and of categories
/// also those that are too rare to have their own.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Bins {
    /// Bin `b` holds values above `uppers[b - 1]` and up to `uppers[b]`; the last is `f64::MAX`.
    Numeric { uppers: Vec<f64> },
    /// Bin `b` holds category `codes[b]`; ascending.
    Category { codes: Vec<u32> },
}

impl Bins {
    /// Bins of about equal weight, or one per value when there are few.
    ///
    /// Takes `(value, weight)` pairs, missing values left out. A value that weighs more than an
    /// equal share closes its bin, and the rest is shared by the others.
    pub(super) fn of_numbers(mut pairs: Vec<(f64, f64)>, max_bins: usize) -> Self {
        pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let distinct: Vec<(f64, f64)> = pairs
            // -0 and 0 are one value.
            .chunk_by(|a, b| a.0 == b.0)
            .map(|run| (run[0].0, run.iter().map(|pair| pair.1).sum()))
            .collect();
        let lasts = if distinct.len() <= max_bins {
            (0..distinct.len()).collect()
        } else {
            lasts_of_bins(&distinct, max_bins)
        };
        let mut uppers: Vec<f64> = lasts
            .iter()
            .filter(|&&last| last + 1 < distinct.len())
            .map(|&last| between(distinct[last].0, distinct[last + 1].0))
            .collect();
        uppers.push(f64::MAX);
        Self::Numeric { uppers }
    }

    /// One bin per category, the most frequent ones if there are too many.
    pub(super) fn of_categories(codes: impl Iterator<Item = u32>, max_bins: usize) -> Self {
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        for code in codes {
            *counts.entry(code).or_default() += 1;
        }
        let mut ranked: Vec<(u32, usize)> = counts.into_iter().collect();
        ranked.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        ranked.truncate(max_bins);
        let mut codes: Vec<u32> = ranked.into_iter().map(|(code, _)| code).collect();
        codes.sort_unstable();
        Self::Category { codes }
    }

    /// Bins that hold values.
    pub(super) fn n_values(&self) -> usize {
        match self {
            Self::Numeric { uppers } => uppers.len(),
            Self::Category { codes } => codes.len(),
        }
    }

    /// All bins, the one for rows without a value included.
    pub(super) fn n_bins(&self) -> usize {
        self.n_values() + 1
    }

    /// The bin of a value.
    pub(super) fn bin(&self, value: f64) -> u8 {
        let bin = match self {
            Self::Numeric { uppers } if value.is_finite() => {
                uppers.partition_point(|&upper| upper < value)
            }
            Self::Numeric { uppers } => uppers.len(),
            Self::Category { codes } => category(value)
                .and_then(|code| codes.binary_search(&code).ok())
                .unwrap_or(codes.len()),
        };
        bin as u8
    }

    /// What a split of bins asks of a value.
    ///
    /// For categories the rule lists those that go the other way than missing ones do.
    pub(super) fn rule(&self, left_bins: &BinSet, missing_left: bool) -> Rule {
        match self {
            Self::Numeric { uppers } => {
                let n_left = (0..uppers.len())
                    .take_while(|&bin| left_bins.contains(bin as u8))
                    .count();
                Rule::AtMost(uppers[n_left - 1])
            }
            Self::Category { codes } => {
                let listed = codes
                    .iter()
                    .enumerate()
                    .filter(|&(bin, _)| left_bins.contains(bin as u8) != missing_left)
                    .map(|(_, &code)| code);
                Rule::OneOf(CategorySet::from_iter(listed))
            }
        }
    }
}

/// Indices of the last distinct value of each bin.
fn lasts_of_bins(distinct: &[(f64, f64)], max_bins: usize) -> Vec<usize> {
    let mut weight_left: f64 = distinct.iter().map(|value| value.1).sum();
    let share = weight_left / max_bins as f64;
    let is_heavy = |weight: f64| weight >= share;
    let mut lasts = Vec::with_capacity(max_bins);
    let mut filled = 0.0;
    for (at, &(_, weight)) in distinct.iter().enumerate() {
        filled += weight;
        weight_left -= weight;
        let bins_left = max_bins - lasts.len();
        if bins_left <= 1 {
            break;
        }
        let target = (filled + weight_left) / bins_left as f64;
        let next_is_heavy = distinct.get(at + 1).is_some_and(|next| is_heavy(next.1));
        if is_heavy(weight) || filled >= target || (next_is_heavy && filled >= target / 2.0) {
            lasts.push(at);
            filled = 0.0;
        }
    }
    if lasts.last() != Some(&(distinct.len() - 1)) {
        lasts.push(distinct.len() - 1);
    }
    lasts
}

/// A number from `low` up and below `high`, halfway where rounding permits.
fn between(low: f64, high: f64) -> f64 {
    let middle = low + (high - low) / 2.0;
    if middle.is_finite() && middle >= low && middle < high {
        middle
    } else {
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(values: &[f64], max_bins: usize) -> Vec<f64> {
        let pairs = values.iter().map(|&value| (value, 1.0)).collect();
        match Bins::of_numbers(pairs, max_bins) {
            Bins::Numeric { uppers } => uppers,
            Bins::Category { .. } => panic!("numbers were asked for"),
        }
    }

    #[test]
    fn few_values_are_cut_halfway_between_neighbors() {
        assert_eq!(numeric(&[3.0, 1.0, 3.0, 2.0], 255), [1.5, 2.5, f64::MAX]);
        assert_eq!(numeric(&[], 255), [f64::MAX]);
    }

    #[test]
    fn many_values_fall_into_bins_of_equal_weight() {
        let values: Vec<f64> = (0..1000).map(f64::from).collect();

        assert_eq!(numeric(&values, 4), [249.5, 499.5, 749.5, f64::MAX]);
    }

    #[test]
    fn a_value_that_fills_a_bin_closes_it() {
        let mut values = vec![500.5; 1000];
        values.extend((0..1000).map(f64::from));

        assert_eq!(numeric(&values, 4), [499.5, 500.75, 750.5, f64::MAX]);
    }

    #[test]
    fn neighbors_without_a_number_between_them_are_still_told_apart() {
        let low: f64 = 1.0;
        let high = low.next_up();

        let bins = Bins::of_numbers(vec![(low, 1.0), (high, 1.0)], 255);

        assert_eq!((bins.bin(low), bins.bin(high)), (0, 1));
        let extreme = Bins::of_numbers(vec![(f64::MIN, 1.0), (f64::MAX, 1.0)], 255);
        assert_eq!((extreme.bin(f64::MIN), extreme.bin(f64::MAX)), (0, 1));
    }

    #[test]
    fn what_is_missing_has_the_last_bin() {
        let bins = Bins::of_numbers(vec![(1.0, 1.0), (2.0, 1.0)], 255);

        assert_eq!(bins.bin(f64::NAN), 2);
        assert_eq!(bins.bin(f64::INFINITY), 2);
        assert_eq!(bins.bin(1e300), 1);
    }

    #[test]
    fn the_most_frequent_categories_get_bins_and_the_rest_shares_one() {
        let bins = Bins::of_categories([7, 7, 7, 2, 2, 9, 9, 4].into_iter(), 3);

        assert_eq!(
            bins,
            Bins::Category {
                codes: vec![2, 7, 9]
            }
        );
        let found: Vec<u8> = [2.0, 7.0, 9.0, 4.0, f64::NAN, 1.0, -2.0, 2.5]
            .map(|value| bins.bin(value))
            .into();
        assert_eq!(found, [0, 1, 2, 3, 3, 3, 3, 3]);
    }
}
