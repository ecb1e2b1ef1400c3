//! Filters over windows of steps, the largest value of each kept.

use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use crate::{Draws, ops};

/// Filters of one width.
#[derive(Debug, Clone, Copy)]
pub struct WindowsConfig {
    /// Numbers per step.
    pub n_inputs: usize,
    /// Filters.
    pub n_filters: usize,
    /// Steps that a filter sees at once.
    pub width: usize,
}

impl WindowsConfig {
    /// First weights, even within `1 / sqrt(numbers seen at once)` around zero.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Windows {
        let n_window = self.width * self.n_inputs;
        let bound = 1.0 / (n_window as f64).sqrt();
        Windows {
            weight: Param::from_tensor(draws.uniform([n_window, self.n_filters], bound, device)),
            bias: Param::from_tensor(draws.uniform([self.n_filters], bound, device)),
        }
    }
}

/// `max over windows of relu(window W + b)`.
#[derive(Module, Debug)]
pub struct Windows {
    /// `[width * n_inputs, n_filters]`
    pub weight: Param<Tensor<2>>,
    /// `[n_filters]`
    pub bias: Param<Tensor<1>>,
}

impl Windows {
    /// `[n_batch, n_steps, n_inputs]` to `[n_batch, n_filters]`; at least as many steps as the width.
    pub fn forward(&self, x: Tensor<3>, lengths: &Arc<[usize]>) -> Tensor<2> {
        ops::pooled_convolution(x, self.weight.val(), self.bias.val(), lengths)
    }
}
