//! Interventional Shapley values: what a row's own values change against background rows.
//!
//! For one leaf, one row and one background row, the features on the leaf's path fall into four
//! kinds by who fulfills what the path asks: both, the row only (`p` of them), the background row
//! only (`q`), neither. With one of the last kind the leaf is never reached. Otherwise it is
//! reached if and only if all `p` are present and all `q` absent, a game with the Shapley values
//!
//! ```text
//! v (p - 1)! q! / (p + q)!  for each of the p,   -v p! (q - 1)! / (p + q)!  for each of the q.
//! ```
//!
//! What a leaf contributes thus depends on two sets of features only. Background rows are counted
//! by their set once per leaf, and rows with the same set share the work.
//!
//! # Source
//! Lundberg et al. (2020), the interventional algorithm of the supplement.

use std::collections::HashMap;

use super::super::params::DEPTH_LIMIT;
use super::super::tree::{Node, Tree};
use super::{Explainer, FeatureSet, Question};
use crate::Matrix;

/// Explains a sum of trees against background rows.
pub(super) struct AgainstBackground<'a> {
    trees: Vec<PreparedTree<'a>>,
    n_features: usize,
    shares: Shares,
    base: f64,
}

struct PreparedTree<'a> {
    splits: Vec<Question<'a>>,
    leaves: Vec<LeafPath>,
}

/// The way to a leaf.
struct LeafPath {
    value: f64,
    steps: Vec<Step>,
    /// The different features on the way; bit `i` of a set stands for the `i`-th.
    features: Vec<usize>,
    /// Share of the background rows by the features that they fulfill.
    background: Vec<(FeatureSet, f64)>,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    split: usize,
    is_left: bool,
    /// Which of the path's features is asked.
    bit: usize,
}

impl<'a> AgainstBackground<'a> {
    pub(super) fn new(trees: impl Iterator<Item = &'a Tree>, background: &Matrix) -> Self {
        let mut base = 0.0;
        let rows: Vec<&[f64]> = background.rows().collect();
        let trees = trees
            .inspect(|tree| {
                let sum: f64 = rows.iter().map(|row| tree.value(row)).sum();
                base += sum / rows.len() as f64;
            })
            .map(|tree| PreparedTree::new(tree, &rows))
            .collect();
        Self {
            trees,
            n_features: background.n_columns(),
            shares: Shares::new(),
            base,
        }
    }
}

impl Explainer for AgainstBackground<'_> {
    const BLOCK: usize = 64;

    fn base(&self) -> f64 {
        self.base
    }

    fn add(&self, rows: &[&[f64]], values: &mut [f64]) {
        for tree in &self.trees {
            let decisions: Vec<Vec<bool>> = rows.iter().map(|row| tree.decide(row)).collect();
            for leaf in &tree.leaves {
                let mut known: HashMap<FeatureSet, Vec<f64>> = HashMap::new();
                for (is_left, values) in decisions
                    .iter()
                    .zip(values.chunks_exact_mut(self.n_features))
                {
                    let contributions = known
                        .entry(leaf.fulfilled(is_left))
                        .or_insert_with_key(|set| leaf.contributions(*set, &self.shares));
                    for (&feature, contribution) in leaf.features.iter().zip(contributions) {
                        values[feature] += *contribution;
                    }
                }
            }
        }
    }
}

impl<'a> PreparedTree<'a> {
    fn new(tree: &'a Tree, background: &[&[f64]]) -> Self {
        let mut prepared = Self {
            splits: Vec::new(),
            leaves: Vec::new(),
        };
        prepared.add_leaves(tree, 0, &mut Vec::new(), &mut Vec::new());
        let decisions: Vec<Vec<bool>> = background.iter().map(|row| prepared.decide(row)).collect();
        for leaf in &mut prepared.leaves {
            leaf.count_background(&decisions);
        }
        prepared
    }

    /// Lists the leaves below a node. Recursive: no path of a [`Tree`] is longer than 128 splits.
    fn add_leaves(
        &mut self,
        tree: &'a Tree,
        node: usize,
        steps: &mut Vec<Step>,
        features: &mut Vec<usize>,
    ) {
        match &tree.nodes()[node] {
            Node::Leaf { value, .. } => self.leaves.push(LeafPath {
                value: *value,
                steps: steps.clone(),
                features: features.clone(),
                background: Vec::new(),
            }),
            Node::Split {
                feature,
                rule,
                missing_left,
                left,
                ..
            } => {
                let split = self.splits.len();
                self.splits.push(Question {
                    feature: *feature,
                    rule,
                    missing_left: *missing_left,
                });
                let n_before = features.len();
                let known = features.iter().position(|known| known == feature);
                let bit = known.unwrap_or(n_before);
                if known.is_none() {
                    features.push(*feature);
                }
                for is_left in [true, false] {
                    steps.push(Step {
                        split,
                        is_left,
                        bit,
                    });
                    self.add_leaves(tree, left + usize::from(!is_left), steps, features);
                    steps.pop();
                }
                features.truncate(n_before);
            }
        }
    }

    fn decide(&self, row: &[f64]) -> Vec<bool> {
        self.splits
            .iter()
            .map(|split| split.goes_left(row))
            .collect()
    }
}

impl LeafPath {
    /// The features of which a row fulfills all that the path asks.
    fn fulfilled(&self, is_left: &[bool]) -> FeatureSet {
        let missed = self.steps.iter().fold(0, |missed, step| {
            missed | FeatureSet::from(is_left[step.split] != step.is_left) << step.bit
        });
        self.all() & !missed
    }

    /// All features on the path.
    fn all(&self) -> FeatureSet {
        match self.features.len() {
            0 => 0,
            n => FeatureSet::MAX >> (DEPTH_LIMIT - n),
        }
    }

    fn count_background(&mut self, decisions: &[Vec<bool>]) {
        let mut sets: Vec<FeatureSet> = decisions.iter().map(|d| self.fulfilled(d)).collect();
        sets.sort_unstable();
        self.background = sets
            .chunk_by(|a, b| a == b)
            .map(|run| (run[0], run.len() as f64 / sets.len() as f64))
            .collect();
    }

    /// What the leaf contributes to each of its features for a row that fulfills these.
    fn contributions(&self, row: FeatureSet, shares: &Shares) -> Vec<f64> {
        let all = self.all();
        let mut contributions = vec![0.0; self.features.len()];
        for &(other, weight) in &self.background {
            if row | other != all {
                continue;
            }
            let (only_row, only_other) = (row & !other, other & !row);
            let (p, q) = (only_row.count_ones(), only_other.count_ones());
            let value = self.value * weight;
            for (bit, contribution) in contributions.iter_mut().enumerate() {
                if only_row >> bit & 1 == 1 {
                    *contribution += value * shares.of_one(p, q);
                } else if only_other >> bit & 1 == 1 {
                    *contribution -= value * shares.of_one(q, p);
                }
            }
        }
        contributions
    }
}

/// Shares `(p - 1)! q! / (p + q)!` of features that must be present while others must be absent.
struct Shares(Vec<f64>);

impl Shares {
    fn new() -> Self {
        let mut shares = vec![0.0; DEPTH_LIMIT * (DEPTH_LIMIT + 1)];
        for q in 0..=DEPTH_LIMIT {
            let mut share = 1.0 / (q as f64 + 1.0);
            for p in 1..=DEPTH_LIMIT {
                shares[(p - 1) * (DEPTH_LIMIT + 1) + q] = share;
                share *= p as f64 / (p + q + 1) as f64;
            }
        }
        Self(shares)
    }

    /// For one of the first kind; there is at least one.
    fn of_one(&self, n_kind: u32, n_other: u32) -> f64 {
        self.0[(n_kind as usize - 1) * (DEPTH_LIMIT + 1) + n_other as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: 0! 0! / 1!, 1! 1! / 3!, 2! 3! / 6!.
    #[test]
    fn shares_are_those_of_the_formula() {
        let shares = Shares::new();

        for (p, q, expected) in [(1, 0, 1.0), (2, 1, 1.0 / 6.0), (3, 3, 12.0 / 720.0)] {
            assert!((shares.of_one(p, q) - expected).abs() < 1e-16);
        }
        assert!(shares.of_one(128, 0) > 0.0 && shares.of_one(64, 64) > 0.0);
    }
}
