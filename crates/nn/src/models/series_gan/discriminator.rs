//! The network that tells real histories from made ones.

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::layers::{Linear, LinearConfig, Recurrent, RecurrentConfig};
use crate::ops::Cell;
use crate::{Draws, NnError};

/// Sizes of a discriminator of histories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesDiscriminatorConfig {
    /// What happens at each step.
    pub cell: Cell,
    /// Numbers of a step.
    pub n_features: usize,
    /// Numbers of each recurrent layer and direction.
    pub n_hidden: usize,
    /// Recurrent layers.
    pub n_layers: usize,
}

impl SeriesDiscriminatorConfig {
    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<SeriesDiscriminator, NnError> {
        let recurrent = RecurrentConfig {
            n_layers: self.n_layers,
            is_bidirectional: true,
            ..RecurrentConfig::new(self.cell, self.n_features, self.n_hidden)
        };
        Ok(SeriesDiscriminator {
            output: LinearConfig::new(recurrent.n_outputs(), 1).init(device, draws),
            recurrent: recurrent.init(device, draws)?,
        })
    }
}

/// A discriminator of histories with its weights.
#[derive(Module, Debug)]
pub struct SeriesDiscriminator {
    recurrent: Recurrent,
    output: Linear,
}

impl SeriesDiscriminator {
    /// The mean judgement over the steps of each history, higher for real ones:
    /// `[n_batch, n_steps, n_features]` to `[n_batch, 1]`.
    pub fn forward(&self, steps: Tensor<3>, lengths: &Arc<[usize]>) -> Tensor<2> {
        let hidden = self.recurrent.forward(steps, lengths, &mut None);
        let [n_batch, n_steps, n_hidden] = hidden.dims();
        let judged = self
            .output
            .forward(hidden.reshape([n_batch * n_steps, n_hidden]));
        let judged = judged.reshape([n_batch, n_steps]);
        let shares = shares(lengths, n_steps, &judged.device());
        (judged * shares).sum_dim(1)
    }
}

/// What each step counts: one over the length of its history, nothing in the padding,
/// `[n_batch, n_steps]`.
fn shares(lengths: &[usize], n_steps: usize, device: &Device) -> Tensor<2> {
    let share = |length: usize, step: usize| {
        if step < length {
            1.0 / length as f32
        } else {
            0.0
        }
    };
    let numbers: Vec<f32> = lengths
        .iter()
        .flat_map(|&length| (0..n_steps).map(move |step| share(length, step)))
        .collect();
    Tensor::from_data(TensorData::new(numbers, [lengths.len(), n_steps]), device)
}
