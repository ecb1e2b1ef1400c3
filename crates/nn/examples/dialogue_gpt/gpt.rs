//! The network: what it is trained on, and how well it foretells.

use std::sync::Arc;

use burn::tensor::Tensor;
use rapport_nn::models::{Decoder, TokenBatch};
use rapport_nn::ops::cross_entropy;
use rapport_nn::train::Task;
use rapport_nn::{Draws, NnError};

use crate::dialogues::Tokens;

/// Dialogues of at most this many tokens are read as a whole, longer ones in windows.
pub(crate) const MAX_STEPS: usize = 320;

/// Windows of dialogues, whole utterances each.
pub(crate) struct Windows {
    train: Vec<Vec<usize>>,
    held_back: Vec<Vec<usize>>,
}

impl Windows {
    pub(crate) fn new(tokens: &Tokens, train: &[Vec<usize>], held_back: &[Vec<usize>]) -> Self {
        let cut =
            |texts: &[Vec<usize>]| texts.iter().flat_map(|ids| windows(tokens, ids)).collect();
        Self {
            train: cut(train),
            held_back: cut(held_back),
        }
    }
}

/// Cuts a dialogue at its marks. A window ends with the mark that the next begins with, so that
/// every token but the first is foretold once.
pub(crate) fn windows(tokens: &Tokens, ids: &[usize]) -> Vec<Vec<usize>> {
    let mut windows = Vec::new();
    let mut from = 0;
    while ids.len() - from > MAX_STEPS {
        let last_mark = (from + 1..from + MAX_STEPS)
            .rev()
            .find(|at| tokens.is_mark(ids[*at]));
        // An utterance longer than a window is cut where the window ends.
        let to = last_mark.unwrap_or(from + MAX_STEPS - 1);
        windows.push(ids[from..=to].to_vec());
        from = to;
    }
    windows.push(ids[from..].to_vec());
    windows
}

fn batch(windows: &[Vec<usize>], chosen: &[usize]) -> TokenBatch {
    let texts: Vec<&[usize]> = chosen.iter().map(|at| windows[*at].as_slice()).collect();
    TokenBatch::new(&texts, 2, MAX_STEPS)
}

impl Task for Windows {
    type Network = Decoder;

    fn n_examples(&self) -> usize {
        self.train.len()
    }

    fn n_steps(&self, example: usize) -> usize {
        self.train[example].len()
    }

    fn loss(
        &self,
        network: &Decoder,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        Ok(network.loss(&batch(&self.train, examples), chance))
    }

    fn validate(&self, network: &Decoder) -> Result<Option<f64>, NnError> {
        if self.held_back.is_empty() {
            return Ok(None);
        }
        let n: usize = self.held_back.iter().map(|window| window.len() - 1).sum();
        Ok(Some(total_loss(network, &self.held_back) / n as f64))
    }
}

/// Nats of every token of the windows but their first ones.
pub(crate) fn total_loss(network: &Decoder, windows: &[Vec<usize>]) -> f64 {
    const BATCH: usize = 16;
    let mut order: Vec<usize> = (0..windows.len()).collect();
    order.sort_by_key(|at| windows[*at].len());
    let losses = order.chunks(BATCH).map(|chosen| {
        let batch = batch(windows, chosen);
        let n_rows = batch.ids.len();
        let next: Arc<[usize]> = (0..n_rows)
            .map(|row| batch.ids[(row + 1) % n_rows])
            .collect();
        let losses = cross_entropy(network.forward(&batch, &mut None), &next)
            .into_data()
            .try_to_vec::<f32>()
            .expect("losses are single-precision numbers");
        let is_followed = |row: usize| row % batch.n_steps + 1 < batch.lengths[row / batch.n_steps];
        let followed = losses
            .iter()
            .enumerate()
            .filter(|(row, _)| is_followed(*row));
        followed.map(|(_, loss)| f64::from(*loss)).sum::<f64>()
    });
    losses.sum()
}
