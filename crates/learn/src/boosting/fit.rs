//! Round by round: derivatives, trees, scores.

use std::num::NonZeroUsize;

use super::binning::BinnedRows;
use super::data::BoostingData;
use super::grow::{Grower, GrownNode, GrownTree};
use super::leaves::LeafValues;
use super::loss::Derivative;
use super::params::{BoostingParams, ClassWeights, Monotone, RowSampling, ValidBoostingParams};
use super::sampling::{columns_of_tree, rows_of_round};
use super::sums::{Scale, Sums};
use super::tree::{Node, Tree, add_tree};
use super::validation::{BoostingLog, Watch};
use super::{BoostedTrees, BoostingError};
use crate::table::Kind;
use crate::{Context, Fit, LearnError, map_parts};

/// Rows whose derivatives one thread works out at a time.
const PART: usize = 4096;

impl Fit<BoostingData<'_>> for ValidBoostingParams {
    type Model = BoostedTrees;
    type Error = BoostingError;

    /// Boosts all rounds; without validation rows nothing stops early.
    fn fit(
        &self,
        data: &BoostingData<'_>,
        context: &Context<'_>,
    ) -> Result<BoostedTrees, BoostingError> {
        let mut boosting = Boosting::start(self.get(), data, context)?;
        for round in 0..self.get().n_rounds {
            if !boosting.round(round, context)? {
                break;
            }
        }
        Ok(boosting.into_model())
    }
}

impl ValidBoostingParams {
    /// Boosts and keeps as many rounds as are best on validation rows.
    ///
    /// # Errors
    /// Data of either kind that the loss is not defined for; cancellation or the deadline.
    pub fn fit_with_validation(
        &self,
        data: &BoostingData<'_>,
        validation: &BoostingData<'_>,
        context: &Context<'_>,
    ) -> Result<(BoostedTrees, BoostingLog), BoostingError> {
        let params = self.get();
        validation.check(&params.loss)?;
        validation.records.require_columns(data.kinds.len())?;
        let mut boosting = Boosting::start(params, data, context)?;
        let mut watch = Watch::new(params, validation, &boosting.start);
        for round in 0..params.n_rounds {
            let goes_on = boosting.round(round, context)?;
            watch.add(boosting.last_trees(), context.threads);
            if !goes_on || watch.is_enough() {
                break;
            }
        }
        boosting
            .trees
            .truncate(watch.log.n_rounds * params.loss.n_outputs());
        Ok((boosting.into_model(), watch.log))
    }
}

/// A fit on its way.
struct Boosting<'a> {
    params: &'a BoostingParams,
    data: &'a BoostingData<'a>,
    /// `(n_rows,)`, the weights of classes included.
    weights: Vec<f64>,
    /// Rows that count at all, ascending.
    rows: Vec<u32>,
    /// `(n_features,)`.
    monotone: Vec<Monotone>,
    binned: BinnedRows,
    start: Vec<f64>,
    /// `(n_rows, n_outputs)`.
    scores: Vec<f64>,
    /// `(n_rows, n_outputs)`.
    derivatives: Vec<Derivative>,
    /// Round by round, one per output.
    trees: Vec<Tree>,
}

impl<'a> Boosting<'a> {
    fn start(
        params: &'a BoostingParams,
        data: &'a BoostingData<'a>,
        context: &Context<'_>,
    ) -> Result<Self, BoostingError> {
        data.check(&params.loss)?;
        let monotone = directions(params, data.kinds)?;
        let weights = weights(params, data);
        let start = params.loss.start(data.targets, &weights);
        let n_scores = data.n_samples() * start.len();
        Ok(Self {
            params,
            data,
            monotone,
            binned: BinnedRows::of(data, params.max_bins, context)?,
            scores: start.iter().copied().cycle().take(n_scores).collect(),
            derivatives: vec![Derivative::default(); n_scores],
            rows: (0_u32..)
                .zip(&weights)
                .filter(|(_, weight)| **weight > 0.0)
                .map(|(row, _)| row)
                .collect(),
            start,
            weights,
            trees: Vec::new(),
        })
    }

    /// Adds one tree per output; `false` when no further round could add anything.
    fn round(&mut self, round: usize, context: &Context<'_>) -> Result<bool, LearnError> {
        context.proceed()?;
        self.derive(context.threads);
        let rows = rows_of_round(
            self.params.row_sampling,
            &self.rows,
            &mut self.derivatives,
            self.start.len(),
            (context.seed, round),
        );
        let mut is_grown = false;
        for output in 0..self.start.len() {
            context.proceed()?;
            let tree = self.tree(output, rows.clone(), context);
            is_grown |= tree.n_leaves() > 1;
            self.trees.push(tree);
        }
        let total = self.params.n_rounds as u64;
        context.progress.report("boosting", round as u64 + 1, total);
        let is_drawn =
            self.params.row_sampling != RowSampling::All || self.params.column_share < 1.0;
        Ok(is_grown || is_drawn)
    }

    fn derive(&mut self, threads: NonZeroUsize) {
        let k = self.start.len();
        let (loss, targets, weights) = (&self.params.loss, self.data.targets, &self.weights);
        let parts = self
            .derivatives
            .chunks_mut(PART * k)
            .zip(self.scores.chunks(PART * k))
            .enumerate();
        map_parts(threads, parts, |(part, (derivatives, scores))| {
            let rows = derivatives.chunks_exact_mut(k).zip(scores.chunks_exact(k));
            for (row, (out, scores)) in (part * PART..).zip(rows) {
                loss.derive(scores, targets[row], weights[row], out);
            }
        });
    }

    /// Grows the tree of one output and moves the scores by it.
    fn tree(&mut self, output: usize, rows: Vec<u32>, context: &Context<'_>) -> Tree {
        let n_columns = self.data.kinds.len();
        let columns = columns_of_tree(
            n_columns,
            self.params.column_share,
            context.seed,
            self.trees.len(),
        );
        let selected;
        let data = if columns.len() == n_columns {
            &self.binned
        } else {
            selected = self.binned.select(&columns);
            &selected
        };
        let (scale, packed) = self.pack(output, rows.len());
        let monotone: Vec<Monotone> = columns.iter().map(|&c| self.monotone[c]).collect();
        let grown = Grower {
            params: self.params,
            data,
            monotone: &monotone,
            packed: &packed,
            scale,
            threads: context.threads,
        }
        .grow(rows);
        let tree = LeafValues {
            params: self.params,
            data,
            columns: &columns,
            targets: self.data.targets,
            scores: &self.scores,
            derivatives: &self.derivatives,
            output,
            monotone: &self.monotone,
        }
        .finish(&grown);
        self.add(&tree, &grown, output, context.threads);
        tree
    }

    /// The derivatives of one output in whole numbers.
    fn pack(&self, output: usize, n_rows: usize) -> (Scale, Vec<Sums>) {
        let of_output = || {
            self.derivatives
                .iter()
                .skip(output)
                .step_by(self.start.len())
        };
        let (mut gradient, mut hessian) = (0.0_f64, 0.0_f64);
        for derivative in of_output() {
            gradient = gradient.max(derivative.gradient.abs());
            hessian = hessian.max(derivative.hessian);
        }
        let scale = Scale::new(n_rows, gradient, hessian);
        let packed = of_output()
            .map(|derivative| scale.pack(derivative))
            .collect();
        (scale, packed)
    }

    /// Adds a tree to the scores: by its leaves where they list the rows, by asking it elsewhere.
    fn add(&mut self, tree: &Tree, grown: &GrownTree, output: usize, threads: NonZeroUsize) {
        let k = self.start.len();
        if grown.rows.len() < self.data.n_samples() {
            add_tree(
                &mut self.scores,
                self.data.records,
                tree,
                (k, output),
                threads,
            );
            return;
        }
        for (node, grown_node) in tree.nodes().iter().zip(&grown.nodes) {
            if let (Node::Leaf { value, .. }, GrownNode::Leaf { rows, .. }) = (node, grown_node) {
                for &row in &grown.rows[rows.clone()] {
                    self.scores[row as usize * k + output] += value;
                }
            }
        }
    }

    fn last_trees(&self) -> &[Tree] {
        &self.trees[self.trees.len() - self.start.len()..]
    }

    fn into_model(self) -> BoostedTrees {
        BoostedTrees {
            loss: self.params.loss,
            kinds: self.data.kinds.to_vec(),
            start: self.start,
            trees: self.trees,
        }
    }
}

/// One direction per column.
fn directions(params: &BoostingParams, kinds: &[Kind]) -> Result<Vec<Monotone>, BoostingError> {
    if params.monotone.is_empty() {
        return Ok(vec![Monotone::Free; kinds.len()]);
    }
    if params.monotone.len() != kinds.len() {
        return Err(LearnError::Shape {
            what: "directions",
            expected: kinds.len(),
            found: params.monotone.len(),
        }
        .into());
    }
    let is_bad = |(direction, kind): (&Monotone, &Kind)| {
        *direction != Monotone::Free && *kind == Kind::Categorical
    };
    match params.monotone.iter().zip(kinds).position(is_bad) {
        Some(column) => Err(BoostingError::MonotoneCategory { column }),
        None => Ok(params.monotone.clone()),
    }
}

/// The weights of rows times those of their classes.
fn weights(params: &BoostingParams, data: &BoostingData<'_>) -> Vec<f64> {
    let rows: Vec<f64> = (0..data.n_samples()).map(|row| data.weight(row)).collect();
    let of_classes = match (&params.class_weights, params.loss.n_classes()) {
        (ClassWeights::Given(weights), _) => weights.clone(),
        (ClassWeights::Balanced, Some(n)) => balanced(data.targets, &rows, n),
        _ => return rows,
    };
    rows.iter()
        .zip(data.targets)
        .map(|(weight, &target)| weight * of_classes[target as usize])
        .collect()
}

/// Weights with which all classes that occur weigh alike, and all rows together as before.
fn balanced(targets: &[f64], weights: &[f64], n_classes: usize) -> Vec<f64> {
    let mut sums = vec![0.0; n_classes];
    for (&target, weight) in targets.iter().zip(weights) {
        sums[target as usize] += weight;
    }
    let total: f64 = sums.iter().sum();
    let n_occurring = sums.iter().filter(|&&sum| sum > 0.0).count() as f64;
    sums.into_iter()
        .map(|sum| {
            if sum > 0.0 {
                total / (n_occurring * sum)
            } else {
                0.0
            }
        })
        .collect()
}
