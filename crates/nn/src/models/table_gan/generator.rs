//! The network that makes rows from noise.

use burn::module::Module;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::layers::{BatchNorm, Linear, LinearConfig, Moments};
use crate::{Draws, NnError};

/// Sizes of a generator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneratorConfig {
    /// Numbers that come in: noise and what the row is to be.
    pub n_inputs: usize,
    /// Numbers that each residual layer adds.
    pub hidden: Vec<usize>,
    /// Numbers of a row.
    pub n_outputs: usize,
}

impl GeneratorConfig {
    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<Generator, NnError> {
        NnError::require(
            self.n_inputs > 0 && self.n_outputs > 0,
            "a generator has inputs and outputs",
        )?;
        NnError::require(
            self.hidden.iter().all(|n| *n > 0),
            "hidden layers of a generator are not empty",
        )?;
        let mut n_inputs = self.n_inputs;
        let mut layers = Vec::new();
        for n in &self.hidden {
            layers.push(Residual {
                linear: LinearConfig::new(n_inputs, *n).init(device, draws),
                norm: BatchNorm::init(*n, device),
            });
            n_inputs += n;
        }
        Ok(Generator {
            layers,
            output: LinearConfig::new(n_inputs, self.n_outputs).init(device, draws),
        })
    }
}

/// A generator with its weights.
#[derive(Module, Debug)]
pub struct Generator {
    layers: Vec<Residual>,
    output: Linear,
}

/// A layer whose outputs stand beside its inputs.
#[derive(Module, Debug)]
struct Residual {
    linear: Linear,
    norm: BatchNorm,
}

impl Residual {
    /// `[n_rows, n]` to `[n_rows, n_hidden + n]`.
    fn forward(&self, x: Tensor<2>, moments: Moments) -> Tensor<2> {
        let hidden = relu(self.norm.forward(self.linear.forward(x.clone()), moments));
        Tensor::cat(vec![hidden, x], 1)
    }
}

impl Generator {
    /// Rows before their activations: `[n_rows, n_inputs]` to `[n_rows, n_outputs]`.
    pub fn forward(&self, x: Tensor<2>, moments: Moments) -> Tensor<2> {
        let layers = self.layers.iter();
        let x = layers.fold(x, |x, layer| layer.forward(x, moments));
        self.output.forward(x)
    }

    /// The same generator with the moments of these inputs, `[n_rows, n_inputs]`, for use.
    ///
    /// Source: "standing statistics" of Brock, Donahue & Simonyan (2019), "Large Scale GAN
    /// Training".
    #[must_use]
    pub fn settle(self, x: Tensor<2>) -> Self {
        let mut x = x;
        let mut layers = Vec::new();
        for layer in self.layers {
            let norm = layer.norm.settle(&layer.linear.forward(x.clone()));
            let layer = Residual { norm, ..layer };
            x = layer.forward(x, Moments::Settled);
            layers.push(layer);
        }
        Self { layers, ..self }
    }
}
