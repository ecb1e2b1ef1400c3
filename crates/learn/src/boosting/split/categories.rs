//! The best two sets of a column's categories.
//!
//! Categories are ranked by gradient over hessian, which is the order in which their own best
//! values stand; the best of all two-set splits is then one of a prefix against the rest (Fisher
//! 1958). Smoothing, penalty and least numbers of rows keep rare categories from being fitted to
//! noise.

use super::super::bin_set::BinSet;
use super::super::sums::Sums;
use super::{Column, Found, Split, Splitter, keep_better, missing_sides};

/// The best two sets, if any are allowed.
pub(super) fn best(splitter: &Splitter<'_>, column: &Column<'_>) -> Option<Split> {
    let (_, present) = column.sums.split_last()?;
    let occurring: Vec<u8> = (0..present.len())
        .filter(|&bin| !present[bin].is_empty())
        .map(|bin| bin as u8)
        .collect();
    let of_categories = if occurring.len() <= splitter.categories.one_hot_up_to {
        best_single(splitter, column, &occurring)
            .map(|found| split(splitter, column, &occurring, &found, &[found.at]))
    } else {
        let ranked = rank(splitter, column, &occurring);
        best_set(splitter, column, &ranked).map(|(found, is_reversed)| {
            let set = if is_reversed {
                &ranked[ranked.len() - found.at..]
            } else {
                &ranked[..found.at]
            };
            split(splitter, column, &occurring, &found, set)
        })
    };
    let of_missing = missing_alone(splitter, column)
        .map(|found| split(splitter, column, &occurring, &found, &[]));
    match (of_categories, of_missing) {
        (Some(categories), Some(missing)) if missing.gain > categories.gain => Some(missing),
        (categories, missing) => categories.or(missing),
    }
}

/// Rows without a category on the left, all others on the right.
fn missing_alone(splitter: &Splitter<'_>, column: &Column<'_>) -> Option<Found<()>> {
    let left = *column.sums.last()?;
    let n_left = splitter.count(left);
    let n_right = splitter.count(column.leaf.sums) - n_left;
    let mut found = None;
    if n_left.min(n_right) >= splitter.min_samples_leaf {
        try_split(
            splitter,
            column,
            left,
            splitter.lambda,
            ((), true),
            &mut found,
        );
    }
    found
}

/// One category on the left.
fn best_single(
    splitter: &Splitter<'_>,
    column: &Column<'_>,
    occurring: &[u8],
) -> Option<Found<u8>> {
    let missing = *column.sums.last()?;
    let n = splitter.count(column.leaf.sums);
    let mut best = None;
    for &missing_left in missing_sides(missing) {
        for &bin in occurring {
            let mut left = column.sums[usize::from(bin)];
            if missing_left {
                left += missing;
            }
            let n_left = splitter.count(left);
            if n_left.min(n - n_left) < splitter.min_samples_leaf {
                continue;
            }
            try_split(
                splitter,
                column,
                left,
                splitter.lambda,
                (bin, missing_left),
                &mut best,
            );
        }
    }
    best
}

/// Categories that occur often enough, by the value that each alone would have, descending.
fn rank(splitter: &Splitter<'_>, column: &Column<'_>, occurring: &[u8]) -> Vec<u8> {
    let smoothing = splitter.categories.smoothing;
    let mut ranked: Vec<(f64, u8)> = occurring
        .iter()
        .map(|&bin| (column.sums[usize::from(bin)], bin))
        .filter(|&(sums, _)| splitter.count(sums) as f64 >= smoothing)
        .map(|(sums, bin)| {
            let curvature = splitter.scale.hessian(sums) + smoothing;
            let ratio = splitter.scale.gradient(sums) / curvature;
            (if curvature > 0.0 { ratio } else { 0.0 }, bin)
        })
        .collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    ranked.into_iter().map(|(_, bin)| bin).collect()
}

/// How many of the first categories, or of the last ones (`true`), go to the left.
fn best_set(
    splitter: &Splitter<'_>,
    column: &Column<'_>,
    ranked: &[u8],
) -> Option<(Found<usize>, bool)> {
    let missing = *column.sums.last()?;
    let mut best: Option<(Found<usize>, bool)> = None;
    for is_reversed in [false, true] {
        for &missing_left in missing_sides(missing) {
            let mut found = None;
            if is_reversed {
                scan(
                    splitter,
                    column,
                    ranked.iter().rev(),
                    missing_left,
                    &mut found,
                );
            } else {
                scan(splitter, column, ranked.iter(), missing_left, &mut found);
            }
            if let Some(found) = found
                && best.as_ref().is_none_or(|(best, _)| found.gain > best.gain)
            {
                best = Some((found, is_reversed));
            }
        }
    }
    best
}

/// Tries sets that grow by one category at a time, at least `min_samples` rows apart.
fn scan<'b>(
    splitter: &Splitter<'_>,
    column: &Column<'_>,
    ranked: impl ExactSizeIterator<Item = &'b u8>,
    missing_left: bool,
    best: &mut Option<Found<usize>>,
) {
    let settings = splitter.categories;
    let missing = column.sums.last().copied().unwrap_or_default();
    let n = splitter.count(column.leaf.sums);
    let least_right = splitter.min_samples_leaf.max(settings.min_samples);
    let largest_set = settings.max_set.min(ranked.len().div_ceil(2));
    let mut left = if missing_left {
        missing
    } else {
        Sums::default()
    };
    let mut n_since = 0;
    for (at, &bin) in ranked.take(largest_set).enumerate() {
        let sums = column.sums[usize::from(bin)];
        left += sums;
        n_since += splitter.count(sums);
        let n_left = splitter.count(left);
        if n - n_left < least_right {
            break;
        }
        if n_left < splitter.min_samples_leaf || n_since < settings.min_samples {
            continue;
        }
        n_since = 0;
        let lambda = splitter.lambda + settings.lambda;
        try_split(splitter, column, left, lambda, (at + 1, missing_left), best);
    }
}

fn try_split<W>(
    splitter: &Splitter<'_>,
    column: &Column<'_>,
    left: Sums,
    lambda: f64,
    (at, missing_left): (W, bool),
    best: &mut Option<Found<W>>,
) {
    if let Some(sides) = splitter.sides(column, left, lambda) {
        keep_better(
            best,
            Found {
                gain: sides.gain,
                at,
                missing_left,
                left,
                lambda,
                left_value: sides.left_value,
                right_value: sides.right_value,
            },
        );
    }
}

/// Whatever does not occur in the leaf goes where missing values go: it is as unknown.
fn split<W>(
    splitter: &Splitter<'_>,
    column: &Column<'_>,
    occurring: &[u8],
    found: &Found<W>,
    set: &[u8],
) -> Split {
    let has_missing = column.sums.last().is_some_and(|sums| !sums.is_empty());
    let missing_left = if has_missing {
        found.missing_left
    } else {
        splitter.is_left_heavier(column, found.left)
    };
    let left_bins = if missing_left {
        let others: BinSet = occurring
            .iter()
            .copied()
            .filter(|bin| !set.contains(bin))
            .collect();
        others.complement()
    } else {
        set.iter().copied().collect()
    };
    Split {
        gain: found.gain,
        column: column.index,
        left_bins,
        missing_left,
        left: found.left,
        lambda: found.lambda,
        left_value: found.left_value,
        right_value: found.right_value,
    }
}
