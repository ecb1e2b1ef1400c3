//! The best way to split a leaf in two.

mod categories;
mod numeric;

use super::bin_set::BinSet;
use super::bins::Bins;
use super::params::{BoostingParams, CategoryParams, Monotone};
use super::sums::{Scale, Sums};

/// A split that gains less than this share of what its sides are worth is rounding.
const NOISE: f64 = 1e-12;

/// Between which numbers the value of a leaf must lie, so that no direction is violated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub(super) lower: f64,
    pub(super) upper: f64,
}

impl Bounds {
    /// No bounds.
    pub(super) const NONE: Self = Self {
        lower: f64::NEG_INFINITY,
        upper: f64::INFINITY,
    };

    pub(super) fn clamp(self, value: f64) -> f64 {
        value.max(self.lower).min(self.upper)
    }

    /// The bounds of both children after a split of a column with this direction.
    ///
    /// Whatever is split later, nothing on the left passes the middle, nor anything on the right.
    pub(super) fn split(self, monotone: Monotone, left_value: f64, right_value: f64) -> [Self; 2] {
        let middle = left_value.midpoint(right_value);
        let below = Self {
            upper: middle,
            ..self
        };
        let above = Self {
            lower: middle,
            ..self
        };
        match monotone {
            Monotone::Free => [self, self],
            Monotone::Increasing => [below, above],
            Monotone::Decreasing => [above, below],
        }
    }
}

/// A leaf that may be split.
#[derive(Debug, Clone, Copy)]
pub(super) struct LeafState {
    pub(super) sums: Sums,
    pub(super) bounds: Bounds,
    /// Penalty on the value of this leaf.
    pub(super) lambda: f64,
}

/// A way to split a leaf.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Split {
    /// How much the loss falls, times two, to second order.
    pub(super) gain: f64,
    pub(super) column: usize,
    pub(super) left_bins: BinSet,
    /// Where rows without a value go.
    pub(super) missing_left: bool,
    pub(super) left: Sums,
    /// Penalty on the values of both children.
    pub(super) lambda: f64,
    pub(super) left_value: f64,
    pub(super) right_value: f64,
}

/// What the scans of all columns of a tree share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Splitter<'a> {
    scale: Scale,
    min_samples_leaf: usize,
    min_child_weight: f64,
    min_split_gain: f64,
    lambda: f64,
    categories: &'a CategoryParams,
}

/// One column of a leaf, to be scanned.
#[derive(Debug, Clone, Copy)]
struct Column<'a> {
    index: usize,
    monotone: Monotone,
    /// `(n_bins,)`: the sums of bins with values, then those of rows without.
    sums: &'a [Sums],
    leaf: &'a LeafState,
    /// What the leaf is worth unsplit.
    worth: f64,
}

/// What a scan has found.
#[derive(Debug, Clone, Copy)]
struct Found<W> {
    gain: f64,
    /// Where to split, in the terms of the scan.
    at: W,
    missing_left: bool,
    left: Sums,
    lambda: f64,
    left_value: f64,
    right_value: f64,
}

/// Both sides of a split that may be taken.
#[derive(Debug, Clone, Copy)]
struct Sides {
    gain: f64,
    left_value: f64,
    right_value: f64,
}

impl<'a> Splitter<'a> {
    pub(super) fn new(params: &'a BoostingParams, scale: Scale) -> Self {
        Self {
            scale,
            min_samples_leaf: params.min_samples_leaf,
            min_child_weight: params.min_child_weight,
            min_split_gain: params.min_split_gain,
            lambda: params.lambda,
            categories: &params.categories,
        }
    }

    /// The best split of a leaf by one column, if any is allowed; the first of equally good ones.
    pub(super) fn best_by_column(
        &self,
        column: usize,
        bins: &Bins,
        monotone: Monotone,
        sums: &[Sums],
        leaf: &LeafState,
    ) -> Option<Split> {
        let column = Column {
            index: column,
            monotone,
            sums,
            leaf,
            worth: self.worth(
                leaf.sums,
                self.value(leaf.sums, leaf.lambda, leaf.bounds),
                leaf.lambda,
            ),
        };
        match bins {
            Bins::Numeric { .. } => numeric::best(self, &column),
            Bins::Category { .. } => categories::best(self, &column),
        }
    }

    /// Number of rows in sums.
    pub(super) fn count(&self, sums: Sums) -> usize {
        self.scale.count(sums)
    }

    /// The value of least loss to second order, within bounds.
    fn value(&self, sums: Sums, lambda: f64, bounds: Bounds) -> f64 {
        let curvature = self.scale.hessian(sums) + lambda;
        if curvature > 0.0 {
            bounds.clamp(-self.scale.gradient(sums) / curvature)
        } else {
            bounds.clamp(0.0)
        }
    }

    /// Which side rows go to that nobody has seen: the heavier one.
    fn is_left_heavier(&self, column: &Column<'_>, left: Sums) -> bool {
        let right = column.leaf.sums - left;
        self.scale.hessian(left) >= self.scale.hessian(right)
    }

    /// How much a leaf with this value lowers the loss, times two, to second order.
    fn worth(&self, sums: Sums, value: f64, lambda: f64) -> f64 {
        let curvature = self.scale.hessian(sums) + lambda;
        -(2.0 * self.scale.gradient(sums) + curvature * value) * value
    }

    /// What splitting off `left` brings, if both sides may stand as leaves.
    fn sides(&self, column: &Column<'_>, left: Sums, lambda: f64) -> Option<Sides> {
        let right = column.leaf.sums - left;
        let hessians = [self.scale.hessian(left), self.scale.hessian(right)];
        // Above 0, too: a side without curvature has no value of least loss.
        if hessians
            .iter()
            .any(|&h| h < self.min_child_weight || h <= 0.0)
        {
            return None;
        }
        let bounds = column.leaf.bounds;
        let gradients = [self.scale.gradient(left), self.scale.gradient(right)];
        let curvatures = hessians.map(|hessian| hessian + lambda);
        let left_value = bounds.clamp(-gradients[0] / curvatures[0]);
        let right_value = bounds.clamp(-gradients[1] / curvatures[1]);
        let is_forbidden = match column.monotone {
            Monotone::Free => false,
            Monotone::Increasing => left_value > right_value,
            Monotone::Decreasing => left_value < right_value,
        };
        if is_forbidden {
            return None;
        }
        let worth = -(2.0 * gradients[0] + curvatures[0] * left_value) * left_value
            - (2.0 * gradients[1] + curvatures[1] * right_value) * right_value;
        let gain = worth - column.worth;
        (gain > self.min_split_gain && gain > NOISE * worth).then_some(Sides {
            gain,
            left_value,
            right_value,
        })
    }
}

/// Keeps the better of two, the first of equals.
fn keep_better<W>(best: &mut Option<Found<W>>, found: Found<W>) {
    if best.as_ref().is_none_or(|best| found.gain > best.gain) {
        *best = Some(found);
    }
}

/// Which sides rows without a value are tried on: one suffices if there are none.
fn missing_sides(missing: Sums) -> &'static [bool] {
    if missing.is_empty() {
        &[false]
    } else {
        &[false, true]
    }
}
