//! Path-dependent Shapley values, a block of rows at a time.
//!
//! A leaf with value `v` pays `v * prod_j (present j: a_j, absent j: b_j)`, over the features `j`
//! on its path: `a_j` is 1 if the row fulfills all that the path asks of `j` and 0 otherwise, and
//! `b_j` is the share of training rows that do, split by split. Owen's multilinear extension gives
//! the Shapley value of feature `i` as an integral over how likely the others are present:
//!
//! ```text
//! phi_i = v (a_i - b_i) * integral over t in [0, 1] of prod_(j != i) q_j(t),
//! q_j(t) = a_j t + b_j (1 - t)
//! ```
//!
//! Under the integral stands a polynomial of lower degree than features on the path, so Gauss's
//! rule gives it exactly, with half as many points as features. All terms of a product are
//! positive, so nothing cancels, however deep the tree.
//!
//! All that a leaf needs to know of a row is which features it misses. Many rows agree in that: of
//! 10,000 people a few dozen kinds reach a leaf. The walk down a tree sorts a block's rows into such
//! classes, the leaf works once per class, and each row is handed what its class is due.
//!
//! # Sources
//! Owen (1972), "Multilinear extensions of games"; Yang (2021), "Fast TreeSHAP", whose second
//! version works ahead for all sets of missed features, here only for those that occur.

use super::super::params::DEPTH_LIMIT;
use super::super::tree::{Node, Tree};
use super::quadrature::gauss_legendre;
use super::{Explainer, FeatureSet};

/// No class yet.
const NONE: u16 = u16::MAX;

/// Explains a sum of trees.
pub(super) struct PathDependent<'a> {
    trees: Vec<&'a Tree>,
    n_features: usize,
    /// Gauss's rules by their number of points, up to what the longest path can need.
    rules: Vec<Rule>,
    base: f64,
}

/// Points in (0, 1) with their weights.
type Rule = Vec<(f64, f64)>;

impl<'a> PathDependent<'a> {
    pub(super) fn new(trees: impl Iterator<Item = &'a Tree>, n_features: usize) -> Self {
        let trees: Vec<&Tree> = trees.collect();
        let most = n_features.min(DEPTH_LIMIT).div_ceil(2);
        Self {
            base: trees.iter().map(|tree| mean(tree)).sum(),
            trees,
            n_features,
            rules: (0..=most).map(gauss_legendre).collect(),
        }
    }
}

impl Explainer for PathDependent<'_> {
    /// Rows of one class share the work, and the columns of a block stay in the nearer caches.
    const BLOCK: usize = 2048;

    fn base(&self) -> f64 {
        self.base
    }

    fn add(&self, rows: &[&[f64]], values: &mut [f64]) {
        let n_rows = rows.len();
        let columns: Vec<f64> = (0..self.n_features)
            .flat_map(|feature| rows.iter().map(move |row| row[feature]))
            .collect();
        let mut walk = Walk {
            rules: &self.rules,
            columns: &columns,
            n_rows,
            sums: vec![0.0; columns.len()],
            path: Vec::new(),
        };
        let all = Classes::one(n_rows);
        for tree in &self.trees {
            walk.descend(tree, 0, &all);
        }
        for (row, values) in values.chunks_exact_mut(self.n_features).enumerate() {
            for (feature, value) in values.iter_mut().enumerate() {
                *value += walk.sums[feature * n_rows + row];
            }
        }
    }
}

/// The way of a block of rows through the trees, to every leaf.
struct Walk<'a> {
    rules: &'a [Rule],
    /// `(n_features, n_rows)`.
    columns: &'a [f64],
    n_rows: usize,
    /// Contributions so far, `(n_features, n_rows)`.
    sums: Vec<f64>,
    /// The different features on the way; bit `i` of a set stands for the `i`-th.
    path: Vec<Asked>,
}

/// A feature on a path.
struct Asked {
    feature: usize,
    /// The share `b` of training rows that fulfill what is asked, split by split.
    share: f64,
}

impl Walk<'_> {
    /// Adds what the leaves below a node contribute to the rows, sorted by what they miss above it.
    ///
    /// Recursive: no path of a [`Tree`] is longer than 128 splits.
    fn descend(&mut self, tree: &Tree, node: usize, classes: &Classes) {
        let (feature, rule, missing_left, left, cover) = match &tree.nodes()[node] {
            Node::Leaf { value, .. } => return self.pay(*value, classes),
            Node::Split {
                feature,
                rule,
                missing_left,
                left,
                cover,
                ..
            } => (*feature, rule, *missing_left, *left, *cover),
        };
        let goes_left: Vec<bool> = self.columns[feature * self.n_rows..][..self.n_rows]
            .iter()
            .map(|&value| rule.goes_left(value, missing_left))
            .collect();
        let known = self.path.iter().position(|asked| asked.feature == feature);
        let bit = known.unwrap_or(self.path.len());
        if known.is_none() {
            self.path.push(Asked {
                feature,
                share: 1.0,
            });
        }
        let share = self.path[bit].share;
        for (child, is_left) in [(left, true), (left + 1, false)] {
            self.path[bit].share = share * (tree.nodes()[child].cover() / cover);
            let below = classes.below(&goes_left, is_left, bit);
            self.descend(tree, child, &below);
        }
        self.path[bit].share = share;
        if known.is_none() {
            self.path.pop();
        }
    }

    /// Hands out what a leaf contributes.
    fn pay(&mut self, value: f64, classes: &Classes) {
        let n_classes = classes.missed.len();
        let dues = dues(&self.path, value, &classes.missed, self.rule());
        for (asked, dues) in self.path.iter().zip(dues.chunks_exact(n_classes)) {
            let sums = &mut self.sums[asked.feature * self.n_rows..][..self.n_rows];
            for (sum, &class) in sums.iter_mut().zip(&classes.of_row) {
                *sum += dues[usize::from(class)];
            }
        }
    }

    /// Exact for the polynomials of this path.
    fn rule(&self) -> &[(f64, f64)] {
        &self.rules[self.path.len().div_ceil(2)]
    }
}

/// What a leaf contributes to each feature of its path for rows that miss these,
/// `(n_path_features, n_classes)`.
fn dues(path: &[Asked], value: f64, missed: &[FeatureSet], rule: &[(f64, f64)]) -> Vec<f64> {
    // Per feature and point: `q` where the feature is fulfilled, and where it is missed.
    let factors: Vec<[f64; 2]> = path
        .iter()
        .flat_map(|asked| {
            rule.iter().map(|(t, _)| {
                let absent = asked.share * (1.0 - t);
                [t + absent, absent]
            })
        })
        .collect();
    // Likewise: `(a - b) / q`. Of a missed feature it does not depend on the share.
    let effects: Vec<[f64; 2]> = path
        .iter()
        .zip(factors.chunks(rule.len().max(1)))
        .flat_map(|(asked, factors)| {
            let points = rule.iter().zip(factors);
            points.map(|((t, _), [present, _])| [(1.0 - asked.share) / present, -1.0 / (1.0 - t)])
        })
        .collect();
    let mut dues = vec![0.0; path.len() * missed.len()];
    let mut products = vec![0.0; rule.len()];
    for (class, set) in missed.iter().enumerate() {
        let is_missed = |feature: usize| (set >> feature & 1) as usize;
        products.clear();
        products.extend(rule.iter().map(|(_, weight)| value * weight));
        for (feature, factors) in factors.chunks_exact(rule.len().max(1)).enumerate() {
            let which = is_missed(feature);
            for (product, factor) in products.iter_mut().zip(factors) {
                *product *= factor[which];
            }
        }
        for (feature, effects) in effects.chunks_exact(rule.len().max(1)).enumerate() {
            let which = is_missed(feature);
            let terms = products.iter().zip(effects);
            dues[feature * missed.len() + class] = terms.map(|(p, effect)| p * effect[which]).sum();
        }
    }
    dues
}

/// A block's rows, sorted by which of a path's features they miss.
struct Classes {
    /// Per row: its class.
    of_row: Vec<u16>,
    /// Per class: the features that its rows miss.
    missed: Vec<FeatureSet>,
}

impl Classes {
    /// At a root: nothing was asked yet.
    fn one(n_rows: usize) -> Self {
        Self {
            of_row: vec![0; n_rows],
            missed: vec![0],
        }
    }

    /// The classes behind an edge, which asks rows to go one way for the path's feature `bit`.
    fn below(&self, goes_left: &[bool], is_left: bool, bit: usize) -> Self {
        // Per class: the one of its rows that fulfill, and of those that miss.
        let mut next = vec![[NONE; 2]; self.missed.len()];
        let mut missed: Vec<FeatureSet> = Vec::with_capacity(2 * self.missed.len());
        let rows = self.of_row.iter().zip(goes_left);
        let of_row = rows
            .map(|(&class, &goes_left)| {
                let misses = goes_left != is_left;
                let next = &mut next[usize::from(class)];
                let found = next[usize::from(misses)];
                if found != NONE {
                    return found;
                }
                let new = missed.len() as u16;
                let before = self.missed[usize::from(class)];
                if before >> bit & 1 == 1 {
                    *next = [new; 2];
                } else {
                    next[usize::from(misses)] = new;
                }
                missed.push(before | FeatureSet::from(misses) << bit);
                new
            })
            .collect();
        Self { of_row, missed }
    }
}

/// The mean value of a tree over its training rows.
fn mean(tree: &Tree) -> f64 {
    let total = tree.nodes()[0].cover();
    let leaves = tree.nodes().iter().map(|node| match node {
        Node::Leaf { value, cover } if tree.n_leaves() > 1 => value * (cover / total),
        Node::Leaf { value, .. } => *value,
        Node::Split { .. } => 0.0,
    });
    leaves.sum()
}
