//! Path-dependent Shapley values in time proportional to leaves times depth.
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
//! rule gives it exactly, with half as many points as features. All leaves below an edge share the
//! factors above it: one pass down multiplies factors, one pass up adds leaves and takes
//! `(a_i - b_i) / q_i(t)` of the sum at the edges that ask feature `i`. All terms of a product are
//! positive, so nothing cancels, however deep the tree.
//!
//! # Sources
//! Owen (1972), "Multilinear extensions of games"; Yu et al. (2022), "Linear TreeShap", which
//! passes polynomials over the edges in the same way.

use super::super::tree::{Node, Tree};
use super::quadrature::gauss_legendre;
use super::{Explainer, Question};

/// Points of the rule that are worked on together.
const LANES: usize = 4;

type Lanes = [f64; LANES];

/// Explains a sum of trees.
pub(super) struct PathDependent<'a> {
    trees: Vec<PreparedTree<'a>>,
    n_features: usize,
    base: f64,
}

/// A tree as a list of edges, each behind those above it.
struct PreparedTree<'a> {
    splits: Vec<Question<'a>>,
    /// The first leads to the root.
    edges: Vec<Edge>,
    /// Per batch of points, per edge.
    batches: Vec<Vec<EdgeFactors>>,
}

/// The way from a split to one of its children.
#[derive(Debug, Clone, Copy)]
struct Edge {
    /// The edge above.
    parent: u32,
    /// The nearest edge above that asks the same feature; the first edge if there is none.
    same: u32,
    feature: u32,
    split: u32,
    is_left: bool,
    /// What the leaf at its end adds; 0 if there is none.
    leaf: f64,
}

/// What an edge does to the products, by whether the row fulfills what is asked of the feature.
///
/// Index 0: not even up to `same`. Index 1: up to `same` but not here. Index 2: here, too.
#[derive(Debug, Clone, Copy)]
struct EdgeFactors {
    /// Turns the product above the edge into the one below: `q / q_same`.
    ratios: [Lanes; 3],
    /// Weight of the rule times `(a - b) / q - (a_same - b_same) / q_same`.
    effects: [Lanes; 3],
}

impl<'a> PathDependent<'a> {
    pub(super) fn new(trees: impl Iterator<Item = &'a Tree>, n_features: usize) -> Self {
        let mut base = 0.0;
        let trees = trees
            .inspect(|tree| base += mean(tree))
            .map(PreparedTree::new)
            .collect();
        Self {
            trees,
            n_features,
            base,
        }
    }
}

impl Explainer for PathDependent<'_> {
    fn base(&self) -> f64 {
        self.base
    }

    fn add(&self, rows: &[&[f64]], values: &mut [f64]) {
        let mut lanes = vec![[0.0; LANES]; values.len()];
        let mut pass = Pass::default();
        for tree in &self.trees {
            for (row, lanes) in rows.iter().zip(lanes.chunks_exact_mut(self.n_features)) {
                pass.explain(tree, row, lanes);
            }
        }
        for (value, lanes) in values.iter_mut().zip(&lanes) {
            *value += lanes.iter().sum::<f64>();
        }
    }
}

/// What is written on the way through one tree, kept for the next.
#[derive(Default)]
struct Pass {
    is_left: Vec<bool>,
    /// Per edge: whether the row fulfills what the path asks of the edge's feature up to here.
    fulfilled: Vec<bool>,
    /// Per edge: which of its factors hold.
    cases: Vec<u8>,
    /// Per edge: the product above its end.
    products: Vec<Lanes>,
    /// Per edge: the sum over the leaves below of value times product.
    sums: Vec<Lanes>,
}

impl Pass {
    /// Adds the contributions of one tree to one row, `(n_features,)`, spread over lanes.
    fn explain(&mut self, tree: &PreparedTree<'_>, row: &[f64], values: &mut [Lanes]) {
        self.decide(tree, row);
        for factors in &tree.batches {
            self.descend(tree, factors);
            self.ascend(tree, factors, values);
        }
    }

    fn decide(&mut self, tree: &PreparedTree<'_>, row: &[f64]) {
        self.is_left.clear();
        self.is_left
            .extend(tree.splits.iter().map(|split| split.goes_left(row)));
        self.fulfilled.clear();
        self.cases.clear();
        self.fulfilled.push(true);
        self.cases.push(0);
        for edge in &tree.edges[1..] {
            let before = self.fulfilled[edge.same as usize];
            let here = before && self.is_left[edge.split as usize] == edge.is_left;
            self.fulfilled.push(here);
            self.cases.push(u8::from(before) + u8::from(here));
        }
    }

    /// From the root to the leaves: products of factors.
    fn descend(&mut self, tree: &PreparedTree<'_>, factors: &[EdgeFactors]) {
        self.products.clear();
        self.products.push([1.0; LANES]);
        for ((edge, factors), &case) in tree.edges.iter().zip(factors).zip(&self.cases).skip(1) {
            let above = self.products[edge.parent as usize];
            let ratio = &factors.ratios[usize::from(case)];
            self.products
                .push(std::array::from_fn(|i| above[i] * ratio[i]));
        }
    }

    /// From the leaves to the root: sums of products, and what each edge makes of them.
    fn ascend(&mut self, tree: &PreparedTree<'_>, factors: &[EdgeFactors], values: &mut [Lanes]) {
        self.sums.clear();
        self.sums.extend(
            tree.edges
                .iter()
                .zip(&self.products)
                .map(|(edge, product)| product.map(|factor| factor * edge.leaf)),
        );
        for (at, edge) in tree.edges.iter().enumerate().skip(1).rev() {
            let sum = self.sums[at];
            let effect = &factors[at].effects[usize::from(self.cases[at])];
            let above = &mut self.sums[edge.parent as usize];
            let value = &mut values[edge.feature as usize];
            for lane in 0..LANES {
                above[lane] += sum[lane];
                value[lane] += effect[lane] * sum[lane];
            }
        }
    }
}

impl<'a> PreparedTree<'a> {
    fn new(tree: &'a Tree) -> Self {
        let mut builder = Builder::default();
        builder.edges.push(Edge {
            parent: 0,
            same: 0,
            feature: 0,
            split: 0,
            is_left: true,
            leaf: 0.0,
        });
        builder.shares.push(1.0);
        builder.add_edges(tree, 0, 0, 0);
        let n_points = builder.most_features.div_ceil(2).next_multiple_of(LANES);
        let batches = gauss_legendre(n_points)
            .as_chunks::<LANES>()
            .0
            .iter()
            .map(|points| builder.factors(points))
            .collect();
        Self {
            splits: builder.splits,
            edges: builder.edges,
            batches,
        }
    }
}

#[derive(Default)]
struct Builder<'a> {
    splits: Vec<Question<'a>>,
    edges: Vec<Edge>,
    /// Per edge: the share `b` of its feature.
    shares: Vec<f64>,
    most_features: usize,
}

impl<'a> Builder<'a> {
    /// Lists the edges below a node, reached by an edge with so many features on the path.
    ///
    /// Recursive: no path of a [`Tree`] is longer than 128 splits.
    fn add_edges(&mut self, tree: &'a Tree, node: usize, edge: usize, n_features: usize) {
        match &tree.nodes()[node] {
            Node::Leaf { value, .. } => {
                self.edges[edge].leaf = *value;
                self.most_features = self.most_features.max(n_features);
            }
            Node::Split {
                feature,
                rule,
                missing_left,
                left,
                cover,
                ..
            } => {
                let split = self.splits.len() as u32;
                self.splits.push(Question {
                    feature: *feature,
                    rule,
                    missing_left: *missing_left,
                });
                let same = self.same_feature(edge, *feature);
                let n_features = n_features + usize::from(same == 0);
                for child in [*left, left + 1] {
                    let at = self.edges.len();
                    self.edges.push(Edge {
                        parent: edge as u32,
                        same: same as u32,
                        feature: *feature as u32,
                        split,
                        is_left: child == *left,
                        leaf: 0.0,
                    });
                    let share = tree.nodes()[child].cover() / cover;
                    self.shares.push(self.shares[same] * share);
                    self.add_edges(tree, child, at, n_features);
                }
            }
        }
    }

    /// The nearest edge, from the given one upwards, that asks a feature; 0 if there is none.
    fn same_feature(&self, mut edge: usize, feature: usize) -> usize {
        while edge != 0 && self.edges[edge].feature as usize != feature {
            edge = self.edges[edge].parent as usize;
        }
        edge
    }

    fn factors(&self, points: &[(f64, f64); LANES]) -> Vec<EdgeFactors> {
        self.edges
            .iter()
            .zip(&self.shares)
            .map(|(edge, &share)| edge_factors(share, self.shares[edge.same as usize], points))
            .collect()
    }
}

fn edge_factors(share: f64, share_same: f64, points: &[(f64, f64); LANES]) -> EdgeFactors {
    let factor = |a: f64, b: f64, t: f64| a * t + b * (1.0 - t);
    let effect = |a: f64, b: f64, t: f64| (a - b) / factor(a, b, t);
    let case = |a_same: f64, a: f64| {
        let ratios = points.map(|(t, _)| factor(a, share, t) / factor(a_same, share_same, t));
        let effects =
            points.map(|(t, w)| w * (effect(a, share, t) - effect(a_same, share_same, t)));
        (ratios, effects)
    };
    let (missed_here, fulfilled) = (case(1.0, 0.0), case(1.0, 1.0));
    EdgeFactors {
        // Missed before: both shares are for the absent feature, and its effect is told above.
        ratios: [[share / share_same; LANES], missed_here.0, fulfilled.0],
        effects: [[0.0; LANES], missed_here.1, fulfilled.1],
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
