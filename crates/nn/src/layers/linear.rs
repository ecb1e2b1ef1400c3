//! The linear layer.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::Probes;
use crate::{Draws, ops};

/// Sizes of a linear layer.
#[derive(Debug, Clone, Copy)]
pub struct LinearConfig {
    /// Numbers per row that come in.
    pub n_inputs: usize,
    /// Numbers per row that go out.
    pub n_outputs: usize,
}

impl LinearConfig {
    /// A layer of these sizes.
    pub fn new(n_inputs: usize, n_outputs: usize) -> Self {
        Self {
            n_inputs,
            n_outputs,
        }
    }

    /// First weights and biases, even within `1 / sqrt(n_inputs)` around zero.
    ///
    /// Source: LeCun et al. (1998), "Efficient BackProp", in the form that PyTorch uses.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Linear {
        let bound = 1.0 / (self.n_inputs as f64).sqrt();
        Linear {
            weight: Param::from_tensor(draws.uniform(
                [self.n_inputs, self.n_outputs],
                bound,
                device,
            )),
            bias: Param::from_tensor(draws.uniform([self.n_outputs], bound, device)),
        }
    }
}

/// `x W + b` over rows.
#[derive(Module, Debug)]
pub struct Linear {
    /// `[n_inputs, n_outputs]`
    pub weight: Param<Tensor<2>>,
    /// `[n_outputs]`
    pub bias: Param<Tensor<1>>,
}

impl Linear {
    /// `[n_rows, n_inputs]` to `[n_rows, n_outputs]`.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        ops::linear(x, self.weight.val(), self.bias.val())
    }
    /// The same with a probe, where there are probes.
    pub fn forward_probed(&self, x: Tensor<2>, probes: &mut Option<Probes>) -> Tensor<2> {
        match probes {
            Some(probes) => probes.linear(&x, self.forward(x.clone())),
            None => self.forward(x),
        }
    }
}
