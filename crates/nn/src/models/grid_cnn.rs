//! A CNN over a grid of numbers: a spectrogram, a picture.
//!
//! Sources: the plain stack of Simonyan & Zisserman (2015), "Very Deep Convolutional Networks", with
//! means of the filters in front of the classes (Lin, Chen & Yan 2014, "Network In Network").

use burn::module::{Module, Param};
use burn::tensor::activation::relu;
use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::layers::{InstanceNorm, Linear, LinearConfig, dropout};
use crate::{Draws, NnError};

/// Sizes of a CNN over a grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GridCnnConfig {
    /// Numbers per place of the grid.
    pub n_channels: usize,
    /// Filters of each layer; each layer halves the grid.
    pub n_filters: Vec<usize>,
    /// Whether each filter of each grid is brought to mean 0 and deviation 1 in every layer. Training
    /// takes fewer steps, and how loud or bright a grid is, or what a microphone adds, says less.
    pub is_normalized: bool,
    /// What the classes are told by.
    pub summary: GridSummary,
    /// Classes.
    pub n_outputs: usize,
    /// Share of filters dropped before the classes while training.
    pub dropout: f64,
}

/// What the classes are told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GridSummary {
    /// The mean of each filter over the grid: for pictures, where place says nothing.
    Mean,
    /// The mean of each filter along each row that the layers leave: for spectrograms, where a row is
    /// a band and says much, and a column is a moment.
    RowMeans {
        /// Rows of the grids that come in.
        height: usize,
    },
}

impl GridSummary {
    /// Numbers per filter, after this many layers.
    fn n_per_filter(self, n_layers: usize) -> usize {
        match self {
            Self::Mean => 1,
            Self::RowMeans { height } => height >> n_layers,
        }
    }

    /// `[n, n_filters, height, width]` to `[n, n_filters * n_per_filter]`.
    fn forward(self, filtered: Tensor<4>) -> Tensor<2> {
        let [n, n_filters, height, width] = filtered.dims();
        let (n_rows, n_columns) = match self {
            Self::Mean => (1, height * width),
            Self::RowMeans { .. } => (height, width),
        };
        let rows = filtered.reshape([n, n_filters * n_rows, n_columns]);
        rows.mean_dim(2).reshape([n, n_filters * n_rows])
    }
}

impl GridCnnConfig {
    /// Three layers of 16, 32 and 64 filters, the mean of each, a quarter of the last dropped.
    pub fn new(n_channels: usize, n_outputs: usize) -> Self {
        Self {
            n_channels,
            n_filters: vec![16, 32, 64],
            is_normalized: false,
            summary: GridSummary::Mean,
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
            let norm = self
                .is_normalized
                .then(|| InstanceNorm::init(*n_filters, device));
            layers.push(Convolution::init(n_inputs, *n_filters, norm, device, draws));
            n_inputs = *n_filters;
        }
        let n_summary = n_inputs * self.summary.n_per_filter(layers.len());
        NnError::require(
            n_summary > 0,
            "each side is at least 2 to the number of layers",
        )?;
        let head = LinearConfig::new(n_summary, self.n_outputs).init(device, draws);
        Ok(GridCnn {
            layers,
            head,
            summary: self.summary,
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
    norm: Option<InstanceNorm>,
}

impl Convolution {
    /// First weights, normal with the deviation of He et al. (2015), "Delving Deep into Rectifiers".
    fn init(
        n_inputs: usize,
        n_filters: usize,
        norm: Option<InstanceNorm>,
        device: &Device,
        draws: &mut Draws,
    ) -> Self {
        let deviation = (2.0 / (9 * n_inputs) as f64).sqrt();
        let sizes = [n_filters, n_inputs, 3, 3];
        Self {
            weight: Param::from_tensor(draws.normal(sizes, deviation, device)),
            bias: Param::from_tensor(Tensor::zeros([n_filters], device)),
            norm,
        }
    }

    /// `[n, n_inputs, height, width]` to `[n, n_filters, height / 2, width / 2]`.
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
        let filtered = conv2d(x, self.weight.val(), Some(self.bias.val()), options);
        let filtered = match &self.norm {
            Some(norm) => norm.forward(filtered),
            None => filtered,
        };
        max_pool2d(relu(filtered), MaxPoolOptions::new([2, 2]))
    }
}

/// A CNN over a grid with its weights.
#[derive(Module, Debug)]
pub struct GridCnn {
    layers: Vec<Convolution>,
    head: Linear,
    #[module(skip)]
    summary: GridSummary,
    dropout: f64,
}

impl GridCnn {
    /// Logits of each grid: `[n, n_channels, height, width]`, each side at least two to the number of
    /// layers, to `[n, n_outputs]`.
    pub fn forward(&self, x: Tensor<4>, chance: &mut Option<Draws>) -> Tensor<2> {
        let filtered = self.layers.iter().fold(x, |x, layer| layer.forward(x));
        let summary = self.summary.forward(filtered);
        self.head.forward(dropout(summary, self.dropout, chance))
    }
}
