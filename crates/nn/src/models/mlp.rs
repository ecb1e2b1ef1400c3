//! The multilayer perceptron over a table: numbers, and categories as learned rows.
//!
//! Source of the numeric embeddings: Gorishniy, Rubachev & Babenko (2022), "On Embeddings for
//! Numerical Features in Tabular Deep Learning", the periodic form ("PLR").

use std::f64::consts::TAU;
use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::layers::{Embedding, Linear, LinearConfig, Probes, dropout};
use crate::{Draws, NnError};

/// Sizes of a multilayer perceptron.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MlpConfig {
    /// Numeric columns, standardized.
    pub n_numeric: usize,
    /// How many categories each categorical column has; category 0 is "unknown".
    pub n_categories: Vec<usize>,
    /// How numeric columns come in.
    pub numeric: NumericEmbedding,
    /// Numbers of each hidden layer.
    pub hidden: Vec<usize>,
    /// Numbers that go out: classes, or 1.
    pub n_outputs: usize,
    /// Share of hidden numbers dropped while training.
    pub dropout: f64,
}

/// How numeric columns come in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumericEmbedding {
    /// As they are.
    None,
    /// As sines and cosines of learned frequencies, mixed to `n_outputs` numbers per column.
    Periodic {
        /// Frequencies per column.
        n_frequencies: usize,
        /// Numbers per column that go on.
        n_outputs: usize,
        /// Deviation of the first frequencies, in turns per standard deviation of the column.
        deviation: f64,
    },
}

impl MlpConfig {
    /// Two hidden layers of 256, numbers as they are.
    pub fn new(n_numeric: usize, n_categories: Vec<usize>, n_outputs: usize) -> Self {
        Self {
            n_numeric,
            n_categories,
            numeric: NumericEmbedding::None,
            hidden: vec![256, 256],
            n_outputs,
            dropout: 0.0,
        }
    }

    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero or a share that is none.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<Mlp, NnError> {
        NnError::require(
            self.n_numeric + self.n_categories.len() > 0,
            "a table has at least one column",
        )?;
        NnError::require(self.n_outputs > 0, "n_outputs is positive")?;
        NnError::require(
            self.hidden.iter().all(|n| *n > 0),
            "hidden layers are not empty",
        )?;
        NnError::require(
            self.n_categories.iter().all(|n| *n > 0),
            "columns have categories",
        )?;
        NnError::require((0.0..1.0).contains(&self.dropout), "dropout is in [0, 1)")?;
        let categories = self
            .n_categories
            .iter()
            .map(|n| Embedding::init(*n, columns_for(*n), 0.1, device, draws))
            .collect();
        let periodic = self.init_periodic(device, draws);
        let n_category_columns: usize = self.n_categories.iter().map(|n| columns_for(*n)).sum();
        let n_per_numeric = match self.numeric {
            NumericEmbedding::None => 1,
            NumericEmbedding::Periodic { n_outputs, .. } => n_outputs,
        };
        let mut n_inputs = self.n_numeric * n_per_numeric + n_category_columns;
        let mut layers = Vec::new();
        for n in self.hidden.iter().chain([&self.n_outputs]) {
            layers.push(LinearConfig::new(n_inputs, *n).init(device, draws));
            n_inputs = *n;
        }
        Ok(Mlp {
            categories,
            periodic,
            layers,
            dropout: self.dropout,
        })
    }

    fn init_periodic(&self, device: &Device, draws: &mut Draws) -> Option<Periodic> {
        let NumericEmbedding::Periodic {
            n_frequencies,
            n_outputs,
            deviation,
        } = self.numeric
        else {
            return None;
        };
        if self.n_numeric == 0 {
            return None;
        }
        let sizes = [self.n_numeric, n_frequencies];
        Some(Periodic {
            frequencies: Param::from_tensor(draws.normal(sizes, deviation, device)),
            mix: LinearConfig::new(2 * n_frequencies, n_outputs).init(device, draws),
        })
    }
}

/// Columns of the learned rows of a column with `n` categories: its fourth root times six, within
/// 2 and 50, the rule of thumb of fastai's tabular models.
fn columns_for(n: usize) -> usize {
    ((n as f64).powf(0.25) * 6.0).round().clamp(2.0, 50.0) as usize
}

/// Rows of a table.
#[derive(Debug, Clone)]
pub struct TableBatch {
    /// `[n_rows, n_numeric]`; absent when there are no numeric columns.
    pub numeric: Option<Tensor<2>>,
    /// For each categorical column the category of each row.
    pub categories: Vec<Arc<[usize]>>,
}

/// A multilayer perceptron with its weights.
#[derive(Module, Debug)]
pub struct Mlp {
    categories: Vec<Embedding>,
    periodic: Option<Periodic>,
    layers: Vec<Linear>,
    dropout: f64,
}

/// Sines and cosines of learned frequencies of each numeric column.
#[derive(Module, Debug)]
struct Periodic {
    /// `[n_numeric, n_frequencies]`
    frequencies: Param<Tensor<2>>,
    /// `[2 n_frequencies, n_outputs]`, shared by all columns.
    mix: Linear,
}

impl Periodic {
    /// `[n_rows, n_numeric]` to `[n_rows, n_numeric * n_outputs]`.
    fn forward(&self, x: Tensor<2>, probes: &mut Option<Probes>) -> Tensor<2> {
        let [n_rows, n_numeric] = x.dims();
        let frequencies = self.frequencies.val().unsqueeze::<3>();
        let turns = x.unsqueeze_dim::<3>(2) * TAU; // [n_rows, n_numeric, 1]
        let mut angles = turns.clone() * frequencies; // [n_rows, n_numeric, n_frequencies]
        if let Some(probes) = probes {
            angles = probes.product(&turns, angles);
        }
        let waves = Tensor::cat(vec![angles.clone().sin(), angles.cos()], 2);
        let [_, _, n_waves] = waves.dims();
        let waves = waves.reshape([n_rows * n_numeric, n_waves]);
        let mixed = relu(self.mix.forward_probed(waves, probes));
        let n_outputs = mixed.dims()[1];
        mixed.reshape([n_rows, n_numeric * n_outputs])
    }
}

impl Mlp {
    /// Outputs of each row, `[n_rows, n_outputs]`.
    pub fn forward(&self, batch: &TableBatch, chance: &mut Option<Draws>) -> Tensor<2> {
        self.forward_probed(batch, chance, &mut None)
    }

    /// The same with a probe at all weights, where there are probes.
    pub fn forward_probed(
        &self,
        batch: &TableBatch,
        chance: &mut Option<Draws>,
        probes: &mut Option<Probes>,
    ) -> Tensor<2> {
        let numeric = batch.numeric.clone().map(|x| match &self.periodic {
            Some(periodic) => periodic.forward(x, probes),
            None => x,
        });
        let mut parts: Vec<Tensor<2>> = numeric.into_iter().collect();
        for (rows, ids) in self.categories.iter().zip(&batch.categories) {
            parts.push(rows.forward_probed(ids, probes));
        }
        let mut x = match parts.len() {
            1 => parts.remove(0),
            _ => Tensor::cat(parts, 1),
        };
        let (last, hidden) = self
            .layers
            .split_last()
            .expect("init makes an output layer");
        for layer in hidden {
            x = dropout(relu(layer.forward_probed(x, probes)), self.dropout, chance);
        }
        last.forward_probed(x, probes)
    }
}
