//! The loss of validation rows, round by round.

use std::num::NonZeroUsize;

use super::data::BoostingData;
use super::loss::Loss;
use super::params::BoostingParams;
use super::tree::{Tree, add_tree};

/// How a fit with validation rows went.
#[derive(Debug, Clone, PartialEq)]
pub struct BoostingLog {
    /// Mean loss of the validation rows after each round, up to a constant of the targets.
    pub validation_losses: Vec<f64>,
    /// Rounds that the model kept: as many as gave the least loss.
    pub n_rounds: usize,
}

/// Watches the loss of validation rows.
pub(super) struct Watch<'a> {
    loss: Loss,
    patience: usize,
    data: &'a BoostingData<'a>,
    scores: Vec<f64>,
    pub(super) log: BoostingLog,
}

impl<'a> Watch<'a> {
    pub(super) fn new(params: &BoostingParams, data: &'a BoostingData<'a>, start: &[f64]) -> Self {
        let n_scores = data.n_samples() * start.len();
        Self {
            loss: params.loss,
            patience: params.early_stopping_rounds.unwrap_or(usize::MAX),
            data,
            scores: start.iter().copied().cycle().take(n_scores).collect(),
            log: BoostingLog {
                validation_losses: Vec::new(),
                n_rounds: 0,
            },
        }
    }

    /// Adds the trees of a round.
    pub(super) fn add(&mut self, trees: &[Tree], threads: NonZeroUsize) {
        let k = trees.len();
        for (output, tree) in trees.iter().enumerate() {
            add_tree(
                &mut self.scores,
                self.data.records,
                tree,
                (k, output),
                threads,
            );
        }
        let (mut sum, mut total) = (0.0, 0.0);
        for (row, scores) in self.scores.chunks_exact(k).enumerate() {
            let weight = self.data.weight(row);
            sum += weight * self.loss.of_row(scores, self.data.targets[row]);
            total += weight;
        }
        let mean = sum / total;
        let losses = &mut self.log.validation_losses;
        let least = losses[..self.log.n_rounds]
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min);
        losses.push(mean);
        if mean < least {
            self.log.n_rounds = losses.len();
        }
    }

    /// Whether the last rounds brought nothing.
    pub(super) fn is_enough(&self) -> bool {
        self.log.validation_losses.len() - self.log.n_rounds >= self.patience
    }
}
