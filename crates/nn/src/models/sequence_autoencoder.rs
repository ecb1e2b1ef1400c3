//! A row of numbers that says what a customer's history was like: a recurrent network reads the
//! history into it, another writes the history back from it.
//!
//! Source: Srivastava, Mansimov & Salakhutdinov (2015), "Unsupervised Learning of Video
//! Representations using LSTMs", with the summary given to every step of the writer.

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::layers::{Linear, LinearConfig, Recurrent, RecurrentConfig};
use crate::ops::Cell;
use crate::{Draws, NnError};

/// Sizes of a sequence autoencoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SequenceAutoencoderConfig {
    /// What happens at each step.
    pub cell: Cell,
    /// Numbers per step of a history, standardized.
    pub n_inputs: usize,
    /// Numbers per step of reader and writer.
    pub n_hidden: usize,
    /// Numbers of the summary.
    pub n_summary: usize,
}

impl SequenceAutoencoderConfig {
    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<SequenceAutoencoder, NnError> {
        NnError::require(self.n_summary > 0, "n_summary is positive")?;
        let recurrent = |n_inputs| RecurrentConfig::new(self.cell, n_inputs, self.n_hidden);
        let n_hidden = self.n_hidden;
        Ok(SequenceAutoencoder {
            reader: recurrent(self.n_inputs).init(device, draws)?,
            summary: LinearConfig::new(n_hidden, self.n_summary).init(device, draws),
            writer: recurrent(self.n_summary + 1).init(device, draws)?,
            steps: LinearConfig::new(n_hidden, self.n_inputs).init(device, draws),
            next: LinearConfig::new(self.n_summary, self.n_inputs).init(device, draws),
        })
    }
}

/// Histories of a batch.
#[derive(Debug, Clone)]
pub struct SequenceBatch {
    /// `[n_batch, n_steps, n_inputs]`
    pub steps: Tensor<3>,
    /// Steps of each history that are no padding.
    pub lengths: Arc<[usize]>,
}

/// What an autoencoder says of a batch.
#[derive(Debug, Clone)]
pub struct Recalled {
    /// The summaries, `[n_batch, n_summary]`.
    pub summary: Tensor<2>,
    /// The histories written back, `[n_batch, n_steps, n_inputs]`.
    pub steps: Tensor<3>,
    /// What comes after each history, `[n_batch, n_inputs]`.
    pub next: Tensor<2>,
}

/// A sequence autoencoder with its weights.
#[derive(Module, Debug)]
pub struct SequenceAutoencoder {
    reader: Recurrent,
    summary: Linear,
    writer: Recurrent,
    steps: Linear,
    next: Linear,
}

impl SequenceAutoencoder {
    /// Reads histories, writes them back and says what comes next.
    pub fn forward(&self, batch: &SequenceBatch) -> Recalled {
        let summary = self.summarize(batch);
        let next = self.next.forward(summary.clone());
        let [n_batch, n_steps, n_inputs] = batch.steps.dims();
        let n_summary = summary.dims()[1];
        let repeated = summary
            .clone()
            .reshape([n_batch, 1, n_summary])
            .repeat_dim(1, n_steps);
        let places = places(&batch.lengths, n_steps, &summary.device());
        let given = Tensor::cat(vec![repeated, places], 2); // [n_batch, n_steps, n_summary + 1]
        let written = self.writer.forward(given, &batch.lengths, &mut None);
        let n_hidden = written.dims()[2];
        let rows = self
            .steps
            .forward(written.reshape([n_batch * n_steps, n_hidden]));
        Recalled {
            summary,
            steps: rows.reshape([n_batch, n_steps, n_inputs]),
            next,
        }
    }

    /// The summaries alone, `[n_batch, n_summary]`, each number within -1 and 1.
    pub fn summarize(&self, batch: &SequenceBatch) -> Tensor<2> {
        let read = self
            .reader
            .forward(batch.steps.clone(), &batch.lengths, &mut None);
        self.summary
            .forward(last_steps(read, &batch.lengths))
            .tanh()
    }
}

/// The step of each history that is its last: `[n_batch, n_steps, n]` to `[n_batch, n]`.
fn last_steps(steps: Tensor<3>, lengths: &[usize]) -> Tensor<2> {
    let [n_batch, n_steps, n] = steps.dims();
    let chosen: Vec<f32> = lengths
        .iter()
        .flat_map(|length| (0..n_steps).map(move |step| f32::from(u8::from(step + 1 == *length))))
        .collect();
    let chosen = TensorData::new(chosen, [n_batch, 1, n_steps]);
    let chosen = Tensor::<3>::from_data(chosen, &steps.device());
    chosen.matmul(steps).reshape([n_batch, n])
}

/// How far from its end each step is, from 1 at the first to 0 after the last, so that the writer
/// knows where it is: `[n_batch, n_steps, 1]`.
fn places(lengths: &[usize], n_steps: usize, device: &Device) -> Tensor<3> {
    let numbers: Vec<f32> = lengths
        .iter()
        .flat_map(|&length| {
            (0..n_steps).map(move |step| length.saturating_sub(step) as f32 / length.max(1) as f32)
        })
        .collect();
    Tensor::from_data(
        TensorData::new(numbers, [lengths.len(), n_steps, 1]),
        device,
    )
}
