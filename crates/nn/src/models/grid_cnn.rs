//! A CNN over a grid of numbers: a spectrogram, a picture.
//!
//! Source: the plain stack of Simonyan & Zisserman (2015), "Very Deep Convolutional Networks", with
//! the mean of each filter in front of the classes (Lin, Chen & Yan 2014, "Network In Network").

use burn::module::{Module, Param};
use burn::tensor::activation::relu;
use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::layers::{Linear, LinearConfig, dropout};
use crate::{Draws, NnError};

/// Sizes of a CNN over a grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GridCnnConfig {
    /// Numbers per place of the grid.
    pub n_channels: usize,
    /// Filters of each layer; each layer halves the grid.
    pub n_filters: Vec<usize>,
    /// Classes.
    pub n_outputs: usize,
    /// Share of filters dropped before the classes while training.
    pub dropout: f64,
}

impl GridCnnConfig {
    /// Three layers of 16, 32 and 64 filters, a quarter of the last dropped.
    pub fn new(n_channels: usize, n_outputs: usize) -> Self {
        Self {
            n_channels,
            n_filters: vec![16, 32, 64],
            n_outputs,
            dropout: 0.25,
        }
    }

    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero or a share that is none.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<GridCnn, NnError> {
        NnError::require(
            self.n_channels > 0 && self.n_outputs > 0,
            "sizes of a CNN are positive",
        )?;
        NnError::require(
            !self.n_filters.is_empty() && self.n_filters.iter().all(|n| *n > 0),
            "a CNN has layers with filters",
        )?;
        NnError::require((0.0..1.0).contains(&self.dropout), "dropout is in [0, 1)")?;
        let mut n_inputs = self.n_channels;
        let mut layers = Vec::new();
        for n_filters in &self.n_filters {
            layers.push(Convolution::init(n_inputs, *n_filters, device, draws));
            n_inputs = *n_filters;
        }
        let head = LinearConfig::new(n_inputs, self.n_outputs).init(device, draws);
        Ok(GridCnn {
            layers,
            head,
            dropout: self.dropout,
        })
    }
}

/// Filters of three by three places.
#[derive(Module, Debug)]
struct Convolution {
    /// `[n_filters, n_inputs, 3, 3]`
    weight: Param<Tensor<4>>,
    /// `[n_filters]`
    bias: Param<Tensor<1>>,
}

impl Convolution {
    /// First weights, normal with the deviation of He et al. (2015), "Delving Deep into Rectifiers".
    fn init(n_inputs: usize, n_filters: usize, device: &Device, draws: &mut Draws) -> Self {
        let deviation = (2.0 / (9 * n_inputs) as f64).sqrt();
        let sizes = [n_filters, n_inputs, 3, 3];
        Self {
            weight: Param::from_tensor(draws.normal(sizes, deviation, device)),
            bias: Param::from_tensor(Tensor::zeros([n_filters], device)),
        }
    }

    /// `[n, n_inputs, height, width]` to `[n, n_filters, height / 2, width / 2]`.
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
        let filtered = conv2d(x, self.weight.val(), Some(self.bias.val()), options);
        max_pool2d(relu(filtered), MaxPoolOptions::new([2, 2]))
    }
}

/// A CNN over a grid with its weights.
#[derive(Module, Debug)]
pub struct GridCnn {
    layers: Vec<Convolution>,
    head: Linear,
    dropout: f64,
}

impl GridCnn {
    /// Logits of each grid: `[n, n_channels, height, width]`, each side at least two to the number of
    /// layers, to `[n, n_outputs]`.
    pub fn forward(&self, x: Tensor<4>, chance: &mut Option<Draws>) -> Tensor<2> {
        let filtered = self.layers.iter().fold(x, |x, layer| layer.forward(x));
        let [n, n_filters, height, width] = filtered.dims();
        let means = filtered.reshape([n, n_filters, height * width]).mean_dim(2);
        self.head
            .forward(dropout(means.reshape([n, n_filters]), self.dropout, chance))
    }
}
