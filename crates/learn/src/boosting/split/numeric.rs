//! The best threshold of a column of numbers.

use super::super::bin_set::BinSet;
use super::super::sums::Sums;
use super::{Column, Found, Split, Splitter, keep_better, missing_sides};

/// The best threshold, if any is allowed.
pub(super) fn best(splitter: &Splitter<'_>, column: &Column<'_>) -> Option<Split> {
    let (&missing, present) = column.sums.split_last()?;
    let mut best = None;
    for &missing_left in missing_sides(missing) {
        scan(splitter, column, missing_left, &mut best);
    }
    let found = best?;
    let missing_left = if missing.is_empty() {
        splitter.is_left_heavier(column, found.left)
    } else {
        found.missing_left
    };
    let mut left_bins: BinSet = (0..=found.at).collect();
    if missing_left {
        left_bins.insert(present.len() as u8);
    }
    Some(Split {
        gain: found.gain,
        column: column.index,
        left_bins,
        missing_left,
        left: found.left,
        lambda: found.lambda,
        left_value: found.left_value,
        right_value: found.right_value,
    })
}

/// Tries every bin as the last on the left.
fn scan(
    splitter: &Splitter<'_>,
    column: &Column<'_>,
    missing_left: bool,
    best: &mut Option<Found<u8>>,
) {
    let Some((&missing, present)) = column.sums.split_last() else {
        return;
    };
    let n = splitter.count(column.leaf.sums);
    let mut left = if missing_left {
        missing
    } else {
        Sums::default()
    };
    for (bin, &sums) in present.iter().enumerate() {
        // An empty bin splits as the one before it.
        if sums.is_empty() {
            continue;
        }
        left += sums;
        let n_left = splitter.count(left);
        if n_left < splitter.min_samples_leaf {
            continue;
        }
        if n - n_left < splitter.min_samples_leaf {
            break;
        }
        if let Some(sides) = splitter.sides(column, left, splitter.lambda) {
            keep_better(
                best,
                Found {
                    gain: sides.gain,
                    at: bin as u8,
                    missing_left,
                    left,
                    lambda: splitter.lambda,
                    left_value: sides.left_value,
                    right_value: sides.right_value,
                },
            );
        }
    }
}
