//! Normalization: of rows, and of the filters of a grid.

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
        Self::with_weights(
            Param::from_tensor(Tensor::ones([n_columns], device)),
            Param::from_tensor(Tensor::zeros([n_columns], device)),
            epsilon,
        )
    }

    /// With gains and biases that are known.
    pub(crate) fn with_weights(
        gain: Param<Tensor<1>>,
        bias: Param<Tensor<1>>,
        epsilon: f64,
    ) -> Self {
        Self {
            gain,
            bias,
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
        Self::with_weights(
            Param::from_tensor(Tensor::ones([n_columns], device)),
            epsilon,
        )
    }

    /// With gains that are known.
    pub(crate) fn with_weights(gain: Param<Tensor<1>>, epsilon: f64) -> Self {
        Self { gain, epsilon }
    }

    /// `[n_rows, n_columns]` to the same.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        ops::rms_norm(x, self.gain.val(), self.epsilon as f32)
    }
}

/// Added to a variance before its root: a filter that is the same everywhere is divided by its root.
const SMALLEST_VARIANCE: f64 = 1e-5;

/// Brings every filter of every grid to mean 0 and deviation 1 over its places, then applies gain and
/// bias. It has no memory: training and use compute the same, whatever else is in the batch.
///
/// Source: Ulyanov, Vedaldi & Lempitsky (2016), "Instance Normalization".
#[derive(Module, Debug)]
pub struct InstanceNorm {
    /// `[n_filters]`
    pub gain: Param<Tensor<1>>,
    /// `[n_filters]`
    pub bias: Param<Tensor<1>>,
}

impl InstanceNorm {
    /// Gains of one and biases of zero.
    pub fn init(n_filters: usize, device: &Device) -> Self {
        Self {
            gain: Param::from_tensor(Tensor::ones([n_filters], device)),
            bias: Param::from_tensor(Tensor::zeros([n_filters], device)),
        }
    }

    /// `[n, n_filters, height, width]` to the same.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [n, n_filters, height, width] = x.dims();
        let places = x.reshape([n, n_filters, height * width]);
        let centered = places.clone() - places.mean_dim(2);
        let variance = centered.clone().square().mean_dim(2); // [n, n_filters, 1]
        let gain = self.gain.val().reshape([1, n_filters, 1]);
        let bias = self.bias.val().reshape([1, n_filters, 1]);
        let scale = gain / (variance + SMALLEST_VARIANCE).sqrt();
        (centered * scale + bias).reshape([n, n_filters, height, width])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Draws;
    use crate::ops::testing::values;

    #[test]
    fn every_filter_of_every_grid_gets_mean_zero_and_deviation_one() {
        let device = crate::device::of_tests();
        let grids: Tensor<4> = Draws::new(3, "grids").normal([2, 3, 4, 5], 2.0, &device) + 7.0;

        let normal = values(InstanceNorm::init(3, &device).forward(grids));

        for places in normal.chunks(4 * 5) {
            let mean = places.iter().sum::<f32>() / 20.0;
            let square = places.iter().map(|x| x * x).sum::<f32>() / 20.0;
            assert!(mean.abs() < 1e-5, "mean {mean}");
            assert!((square - 1.0).abs() < 1e-3, "mean square {square}");
        }
    }

    #[test]
    fn gain_and_bias_are_those_of_the_filter_and_a_flat_filter_becomes_its_bias() {
        let device = crate::device::of_tests();
        let norm = InstanceNorm {
            gain: Param::from_tensor(Tensor::from_floats([2.0, 1.0], &device)),
            bias: Param::from_tensor(Tensor::from_floats([0.5, -3.0], &device)),
        };
        let grid: Tensor<4> = Tensor::from_floats([[[[1.0, -1.0]], [[4.0, 4.0]]]], &device);

        let found = values(norm.forward(grid));

        for (found, expected) in found.iter().zip([2.5, -1.5, -3.0, -3.0]) {
            assert!((found - expected).abs() < 1e-4, "{found} and {expected}");
        }
    }
}
