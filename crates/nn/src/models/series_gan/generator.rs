//! The network that makes histories from noise.

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::layers::{Linear, LinearConfig, Recurrent, RecurrentConfig};
use crate::ops::Cell;
use crate::{Draws, NnError};

/// Sizes of a generator of histories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesGeneratorConfig {
    /// What happens at each step.
    pub cell: Cell,
    /// Numbers of noise of each step, and as many once for the whole history.
    pub n_noise: usize,
    /// Numbers of each recurrent layer.
    pub n_hidden: usize,
    /// Recurrent layers.
    pub n_layers: usize,
    /// Numbers of a step.
    pub n_features: usize,
}

impl SeriesGeneratorConfig {
    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<SeriesGenerator, NnError> {
        NnError::require(self.n_noise > 0, "n_noise is positive")?;
        NnError::require(self.n_features > 0, "a step has numbers")?;
        let recurrent = RecurrentConfig {
            n_layers: self.n_layers,
            ..RecurrentConfig::new(self.cell, 2 * self.n_noise, self.n_hidden)
        };
        Ok(SeriesGenerator {
            recurrent: recurrent.init(device, draws)?,
            output: LinearConfig::new(self.n_hidden, self.n_features).init(device, draws),
            n_noise: self.n_noise,
        })
    }
}

/// A generator of histories with its weights.
#[derive(Module, Debug)]
pub struct SeriesGenerator {
    recurrent: Recurrent,
    output: Linear,
    n_noise: usize,
}

impl SeriesGenerator {
    /// Noise for histories of these lengths, `[n_batch, n_steps, 2 n_noise]`: what surprises at each
    /// step, and what makes the whole history what it is, the same at all of its steps.
    pub fn noise(&self, lengths: &[usize], draws: &mut Draws, device: &Device) -> Tensor<3> {
        let (n_batch, n_steps) = (lengths.len(), longest(lengths));
        let of_steps = draws.normal([n_batch, n_steps, self.n_noise], 1.0, device);
        let of_history = draws.normal([n_batch, 1, self.n_noise], 1.0, device);
        Tensor::cat(vec![of_steps, of_history.repeat_dim(1, n_steps)], 2)
    }

    /// Noise to histories, `[n_batch, n_steps, n_features]`; what stands in the padding is not to be
    /// looked at.
    pub fn forward(&self, noise: Tensor<3>, lengths: &Arc<[usize]>) -> Tensor<3> {
        let hidden = self.recurrent.forward(noise, lengths, &mut None);
        let [n_batch, n_steps, n_hidden] = hidden.dims();
        let rows = self
            .output
            .forward(hidden.reshape([n_batch * n_steps, n_hidden]));
        let n_features = rows.dims()[1];
        rows.reshape([n_batch, n_steps, n_features])
    }
}

/// Steps of the longest history.
pub(super) fn longest(lengths: &[usize]) -> usize {
    lengths.iter().copied().max().unwrap_or(0)
}
