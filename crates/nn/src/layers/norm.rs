//! Normalization of rows.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use crate::ops;

/// Layer norm with gain and bias.
#[derive(Module, Debug)]
pub struct LayerNorm {
    /// `[n_columns]`
    pub gain: Param<Tensor<1>>,
    /// `[n_columns]`
    pub bias: Param<Tensor<1>>,
    epsilon: f64,
}

impl LayerNorm {
    /// Gains of one and biases of zero.
    pub fn init(n_columns: usize, epsilon: f64, device: &Device) -> Self {
        Self {
            gain: Param::from_tensor(Tensor::ones([n_columns], device)),
            bias: Param::from_tensor(Tensor::zeros([n_columns], device)),
            epsilon,
        }
    }

    /// `[n_rows, n_columns]` to the same.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        ops::layer_norm(x, self.gain.val(), self.bias.val(), self.epsilon as f32)
    }

    /// The norm of `x + added`, both `[n_rows, n_columns]`, to the same.
    pub fn forward_added(&self, x: Tensor<2>, added: Tensor<2>) -> Tensor<2> {
        let (gain, bias) = (self.gain.val(), self.bias.val());
        ops::added_layer_norm(x, added, gain, bias, self.epsilon as f32)
    }

    /// What is added to variances.
    pub fn epsilon(&self) -> f64 {
        self.epsilon
    }
}

/// Root-mean-square norm with gain.
#[derive(Module, Debug)]
pub struct RmsNorm {
    /// `[n_columns]`
    pub gain: Param<Tensor<1>>,
    epsilon: f64,
}

impl RmsNorm {
    /// Gains of one.
    pub fn init(n_columns: usize, epsilon: f64, device: &Device) -> Self {
        Self {
            gain: Param::from_tensor(Tensor::ones([n_columns], device)),
            epsilon,
        }
    }

    /// `[n_rows, n_columns]` to the same.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        ops::rms_norm(x, self.gain.val(), self.epsilon as f32)
    }
}
