//! From a grown tree to a tree with values: what each leaf adds to the score.

use super::binning::BinnedRows;
use super::grow::{GrownNode, GrownTree};
use super::loss::{Derivative, Loss};
use super::params::{BoostingParams, Monotone};
use super::quantile::weighted_quantile;
use super::split::Bounds;
use super::tree::{Node, Tree};

/// What the values of leaves are worked out from.
#[derive(Debug)]
pub(super) struct LeafValues<'a> {
    pub(super) params: &'a BoostingParams,
    /// The columns that the tree was grown from.
    pub(super) data: &'a BinnedRows,
    /// Which columns of the rows these are.
    pub(super) columns: &'a [usize],
    /// `(n_rows,)`.
    pub(super) targets: &'a [f64],
    /// `(n_rows, n_outputs)`.
    pub(super) scores: &'a [f64],
    /// `(n_rows, n_outputs)`.
    pub(super) derivatives: &'a [Derivative],
    /// Which output the tree belongs to.
    pub(super) output: usize,
    /// `(n_features,)`: directions of all columns of the rows.
    pub(super) monotone: &'a [Monotone],
}

impl LeafValues<'_> {
    /// The tree with its values, shrunk by the learning rate, and covers.
    pub(super) fn finish(&self, grown: &GrownTree) -> Tree {
        let mut nodes: Vec<Node> = grown
            .nodes
            .iter()
            .map(|node| self.node(node, &grown.rows))
            .collect();
        add_up_covers(&mut nodes);
        if matches!(self.params.loss, Loss::Quantile { .. }) {
            keep_directions(&mut nodes, self.monotone);
        }
        for node in &mut nodes {
            if let Node::Leaf { value, .. } = node {
                *value *= self.params.learning_rate;
            }
        }
        Tree::new(nodes).expect("growing appends pairs of children within the limit of depth")
    }

    fn node(&self, node: &GrownNode, rows: &[u32]) -> Node {
        match node {
            GrownNode::Split { split, left } => Node::Split {
                feature: self.columns[split.column],
                rule: self.data.bins[split.column].rule(&split.left_bins, split.missing_left),
                missing_left: split.missing_left,
                left: *left,
                gain: split.gain,
                cover: 0.0,
            },
            GrownNode::Leaf {
                rows: range,
                bounds,
                lambda,
            } => {
                let rows = &rows[range.clone()];
                let value = match self.params.loss {
                    Loss::Quantile { level } => self.quantile(rows, level),
                    _ => self.newton(rows, *bounds, *lambda),
                };
                Node::Leaf {
                    value,
                    cover: rows.iter().map(|&row| self.derivative(row).weight).sum(),
                }
            }
        }
    }

    /// One step of Newton's method.
    fn newton(&self, rows: &[u32], bounds: Bounds, lambda: f64) -> f64 {
        let (mut gradient, mut hessian) = (0.0, 0.0);
        for &row in rows {
            let derivative = self.derivative(row);
            gradient += derivative.gradient;
            hessian += derivative.hessian;
        }
        let curvature = hessian + lambda;
        bounds.clamp(if curvature > 0.0 {
            -gradient / curvature
        } else {
            0.0
        })
    }

    /// The quantile of what is left to explain: the pinball loss has no curvature to step by.
    fn quantile(&self, rows: &[u32], level: f64) -> f64 {
        let mut rest: Vec<(f64, f64)> = rows
            .iter()
            .map(|&row| {
                let at = row as usize;
                (
                    self.targets[at] - self.scores[at],
                    self.derivative(row).weight,
                )
            })
            .collect();
        weighted_quantile(&mut rest, level)
    }

    fn derivative(&self, row: u32) -> &Derivative {
        &self.derivatives[row as usize * self.params.loss.n_outputs() + self.output]
    }
}

/// The cover of a split is that of its children.
fn add_up_covers(nodes: &mut [Node]) {
    for at in (0..nodes.len()).rev() {
        if let Node::Split { left, .. } = nodes[at] {
            let sum = nodes[left].cover() + nodes[left + 1].cover();
            if let Node::Split { cover, .. } = &mut nodes[at] {
                *cover = sum;
            }
        }
    }
}

/// Moves values that were not chosen within bounds as little as it takes to keep the directions.
///
/// At each split of a column with a direction both sides end at the middle of their means.
fn keep_directions(nodes: &mut [Node], monotone: &[Monotone]) {
    let means = mean_values(nodes);
    let mut open = vec![(0, Bounds::NONE)];
    while let Some((at, bounds)) = open.pop() {
        match &mut nodes[at] {
            Node::Leaf { value, .. } => *value = bounds.clamp(*value),
            Node::Split { feature, left, .. } => {
                let sides = [means[*left], means[*left + 1]].map(|mean| bounds.clamp(mean));
                let [below, above] = bounds.split(monotone[*feature], sides[0], sides[1]);
                open.extend([(*left, below), (*left + 1, above)]);
            }
        }
    }
}

/// The mean value of the training rows below each node.
fn mean_values(nodes: &[Node]) -> Vec<f64> {
    let mut means = vec![0.0; nodes.len()];
    for at in (0..nodes.len()).rev() {
        means[at] = match &nodes[at] {
            Node::Leaf { value, .. } => *value,
            Node::Split { left, .. } => {
                let covers = [nodes[*left].cover(), nodes[*left + 1].cover()];
                (means[*left] * covers[0] + means[*left + 1] * covers[1]) / (covers[0] + covers[1])
            }
        };
    }
    means
}
