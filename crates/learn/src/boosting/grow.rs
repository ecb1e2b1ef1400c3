//! One tree, grown leaf by leaf: the leaf whose split gains most is split next.

use std::num::NonZeroUsize;
use std::ops::Range;

use super::binning::BinnedRows;
use super::histogram::{add_rows, column_groups, pieces, subtract};
use super::params::{BoostingParams, Monotone};
use super::split::{Bounds, LeafState, Split, Splitter};
use super::sums::{Scale, Sums};
use crate::map_parts;

/// From this many additions to a histogram on, threads pay for being started.
const SHARED_FROM: usize = 60_000;

/// What one tree is grown from.
#[derive(Debug)]
pub(super) struct Grower<'a> {
    pub(super) params: &'a BoostingParams,
    /// The columns that this tree may use.
    pub(super) data: &'a BinnedRows,
    /// `(n_columns,)`: directions of these columns.
    pub(super) monotone: &'a [Monotone],
    /// One entry per row of the data.
    pub(super) packed: &'a [Sums],
    pub(super) scale: Scale,
    pub(super) threads: NonZeroUsize,
}

/// A tree in terms of bins, and the rows of its leaves.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GrownTree {
    /// The root first; children stand side by side behind their parent.
    pub(super) nodes: Vec<GrownNode>,
    /// The rows that the tree was grown from, leaf by leaf, ascending in each.
    pub(super) rows: Vec<u32>,
}

/// A node in terms of bins.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum GrownNode {
    /// Asks a column; the right child stands behind the left.
    Split { split: Box<Split>, left: usize },
    /// Ends here.
    Leaf {
        /// Its rows, in the tree's list of rows.
        rows: Range<usize>,
        bounds: Bounds,
        lambda: f64,
    },
}

/// A leaf while the tree grows.
#[derive(Debug)]
struct Leaf {
    node: usize,
    depth: usize,
    rows: Range<usize>,
    state: LeafState,
    /// Empty unless it may be split.
    histogram: Vec<Sums>,
    best: Option<Split>,
}

impl Grower<'_> {
    /// Grows a tree from the given rows, ascending.
    pub(super) fn grow(&self, rows: Vec<u32>) -> GrownTree {
        let mut work = Work::new(self, rows);
        let mut leaves = vec![work.root()];
        while leaves.len() < self.params.max_leaves {
            let Some(next) = best_leaf(&leaves) else {
                break;
            };
            // One more leaf is the last: nobody will ask how its children could be split.
            let is_last = leaves.len() + 1 == self.params.max_leaves;
            let [left, right] = work.split(&mut leaves[next], is_last);
            leaves[next] = left;
            leaves.push(right);
        }
        work.finish(&leaves)
    }
}

/// The leaf whose split gains most, the first of equals.
fn best_leaf(leaves: &[Leaf]) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (at, leaf) in leaves.iter().enumerate() {
        if let Some(split) = &leaf.best
            && best.is_none_or(|(_, gain)| split.gain > gain)
        {
            best = Some((at, split.gain));
        }
    }
    best.map(|(at, _)| at)
}

/// What changes while one tree grows.
struct Work<'a> {
    grower: &'a Grower<'a>,
    splitter: Splitter<'a>,
    nodes: Vec<GrownNode>,
    rows: Vec<u32>,
    /// Rows that go to the right, for a moment.
    aside: Vec<u32>,
    /// Histograms that are free again.
    spare: Vec<Vec<Sums>>,
}

impl<'a> Work<'a> {
    fn new(grower: &'a Grower<'a>, rows: Vec<u32>) -> Self {
        Self {
            grower,
            splitter: Splitter::new(grower.params, grower.scale),
            nodes: Vec::new(),
            aside: vec![0; rows.len()],
            rows,
            spare: Vec::new(),
        }
    }

    fn root(&mut self) -> Leaf {
        let mut sums = Sums::default();
        for &row in &self.rows {
            sums += self.grower.packed[row as usize];
        }
        let state = LeafState {
            sums,
            bounds: Bounds::NONE,
            lambda: self.grower.params.lambda,
        };
        let mut root = self.leaf(0, 0..self.rows.len(), state);
        if self.may_be_split(&root) {
            let mut histogram = self.empty_histogram();
            root.best = self.scan_root(&root, &mut histogram);
            root.histogram = histogram;
        }
        root
    }

    /// Splits a leaf by its best split and, unless nobody asks, finds how to split its children.
    fn split(&mut self, leaf: &mut Leaf, is_last: bool) -> [Leaf; 2] {
        let split = leaf
            .best
            .take()
            .expect("only leaves with a split are chosen");
        let middle = self.partition(&leaf.rows, &split);
        let monotone = self.grower.monotone[split.column];
        let bounds = leaf
            .state
            .bounds
            .split(monotone, split.left_value, split.right_value);
        let state = |sums, bounds| LeafState {
            sums,
            bounds,
            lambda: split.lambda,
        };
        let right_sums = leaf.state.sums - split.left;
        let left_at = self.nodes.len();
        let depth = leaf.depth + 1;
        let left = self.leaf(depth, leaf.rows.start..middle, state(split.left, bounds[0]));
        let right = self.leaf(depth, middle..leaf.rows.end, state(right_sums, bounds[1]));
        self.nodes[leaf.node] = GrownNode::Split {
            split: Box::new(split),
            left: left_at,
        };
        let histogram = std::mem::take(&mut leaf.histogram);
        if is_last {
            return [left, right];
        }
        self.find_splits(left, right, histogram)
    }

    /// A new leaf, whose place in the tree it reserves.
    fn leaf(&mut self, depth: usize, rows: Range<usize>, state: LeafState) -> Leaf {
        let node = self.nodes.len();
        self.nodes.push(GrownNode::Leaf {
            rows: rows.clone(),
            bounds: state.bounds,
            lambda: state.lambda,
        });
        Leaf {
            node,
            depth,
            rows,
            state,
            histogram: Vec::new(),
            best: None,
        }
    }

    fn may_be_split(&self, leaf: &Leaf) -> bool {
        leaf.depth < self.grower.params.max_depth
            && leaf.rows.len() / 2 >= self.grower.params.min_samples_leaf
    }

    /// Brings the rows of a leaf that go left before those that go right; returns where they meet.
    fn partition(&mut self, range: &Range<usize>, split: &Split) -> usize {
        let goes_left = split.left_bins.table();
        let width = self.grower.data.n_columns();
        let bins = &self.grower.data.values;
        let rows = &mut self.rows[range.clone()];
        let aside = &mut self.aside[..rows.len()];
        let (mut n_left, mut n_right) = (0, 0);
        for at in 0..rows.len() {
            let row = rows[at];
            // Written to both and counted on one: a branch here would be mispredicted often.
            let is_left = goes_left[usize::from(bins[row as usize * width + split.column])];
            rows[n_left] = row;
            aside[n_right] = row;
            n_left += usize::from(is_left);
            n_right += usize::from(!is_left);
        }
        rows[n_left..].copy_from_slice(&aside[..n_right]);
        range.start + n_left
    }

    /// Finds the best splits of two siblings from the histogram of their parent.
    fn find_splits(&mut self, left: Leaf, right: Leaf, mut parent: Vec<Sums>) -> [Leaf; 2] {
        let is_left_smaller = left.rows.len() <= right.rows.len();
        let (mut small, mut large) = if is_left_smaller {
            (left, right)
        } else {
            (right, left)
        };
        if self.may_be_split(&small) || self.may_be_split(&large) {
            let mut histogram = self.empty_histogram();
            (small.best, large.best) =
                self.scan_siblings(&small, &large, &mut histogram, &mut parent);
            (small.histogram, large.histogram) = (histogram, parent);
            for leaf in [&mut small, &mut large] {
                if leaf.best.is_none() {
                    self.spare.push(std::mem::take(&mut leaf.histogram));
                }
            }
        } else {
            self.spare.push(parent);
        }
        if is_left_smaller {
            [small, large]
        } else {
            [large, small]
        }
    }

    fn empty_histogram(&mut self) -> Vec<Sums> {
        let mut histogram = self.spare.pop().unwrap_or_default();
        histogram.clear();
        histogram.resize(self.grower.data.n_sums(), Sums::default());
        histogram
    }

    fn scan_root(&self, root: &Leaf, histogram: &mut [Sums]) -> Option<Split> {
        let (threads, groups) = self.shares(root.rows.len());
        let parts = groups
            .iter()
            .zip(pieces(histogram, &groups, self.grower.data));
        let found = map_parts(threads, parts, |(columns, sums)| {
            self.count_rows(sums, columns, root);
            self.best_of_columns(columns, sums, root)
        });
        found.into_iter().fold(None, better)
    }

    /// Counts the smaller sibling and takes it off the parent, which leaves the larger.
    fn scan_siblings(
        &self,
        small: &Leaf,
        large: &Leaf,
        small_sums: &mut [Sums],
        parent_sums: &mut [Sums],
    ) -> (Option<Split>, Option<Split>) {
        let (threads, groups) = self.shares(small.rows.len());
        let data = self.grower.data;
        let parts = groups
            .iter()
            .zip(pieces(small_sums, &groups, data))
            .zip(pieces(parent_sums, &groups, data));
        let found = map_parts(threads, parts, |((columns, small_sums), sums)| {
            self.count_rows(small_sums, columns, small);
            subtract(sums, small_sums);
            (
                self.best_of_columns(columns, small_sums, small),
                self.best_of_columns(columns, sums, large),
            )
        });
        found.into_iter().fold((None, None), |best, found| {
            (better(best.0, found.0), better(best.1, found.1))
        })
    }

    /// How many threads share the columns of this many rows, and how.
    fn shares(&self, n_rows: usize) -> (NonZeroUsize, Vec<Range<usize>>) {
        let n_columns = self.grower.data.n_columns();
        let threads = if n_rows * n_columns >= SHARED_FROM {
            self.grower.threads
        } else {
            NonZeroUsize::MIN
        };
        (threads, column_groups(n_columns, threads.get()))
    }

    fn count_rows(&self, sums: &mut [Sums], columns: &Range<usize>, leaf: &Leaf) {
        let rows = &self.rows[leaf.rows.clone()];
        add_rows(
            sums,
            columns.clone(),
            self.grower.data,
            self.grower.packed,
            rows,
        );
    }

    fn best_of_columns(
        &self,
        columns: &Range<usize>,
        histogram: &[Sums],
        leaf: &Leaf,
    ) -> Option<Split> {
        if !self.may_be_split(leaf) {
            return None;
        }
        let data = self.grower.data;
        let first = data.offsets[columns.start];
        let found = columns.clone().map(|column| {
            let start = (data.offsets[column] - first) as usize;
            let end = (data.offsets[column + 1] - first) as usize;
            self.splitter.best_by_column(
                column,
                &data.bins[column],
                self.grower.monotone[column],
                &histogram[start..end],
                &leaf.state,
            )
        });
        found.fold(None, better)
    }

    fn finish(self, leaves: &[Leaf]) -> GrownTree {
        debug_assert_eq!(
            leaves.iter().map(|leaf| leaf.rows.len()).sum::<usize>(),
            self.rows.len(),
            "every row is in one leaf"
        );
        GrownTree {
            nodes: self.nodes,
            rows: self.rows,
        }
    }
}

/// The split that gains more, the first of equals.
fn better(best: Option<Split>, found: Option<Split>) -> Option<Split> {
    match (best, found) {
        (Some(best), Some(found)) if found.gain > best.gain => Some(found),
        (best @ Some(_), _) => best,
        (None, found) => found,
    }
}
