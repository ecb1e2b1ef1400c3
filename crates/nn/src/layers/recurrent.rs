//! Recurrent layers: plain, GRU and LSTM; several deep, in one direction or both.

use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::layers::dropout;
use crate::ops::{self, Cell, Direction, RecurrentWeights};
use crate::{Draws, NnError};

/// A stack of recurrent layers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecurrentConfig {
    /// What happens at each step.
    pub cell: Cell,
    /// Numbers per step that come in.
    pub n_inputs: usize,
    /// Numbers per step, layer and direction that go out.
    pub n_hidden: usize,
    /// Layers, each over the outputs of the one below.
    pub n_layers: usize,
    /// Whether each layer also runs from the end to the start.
    pub is_bidirectional: bool,
    /// Share of the outputs dropped between layers while training.
    pub dropout: f64,
}

impl RecurrentConfig {
    /// One layer in one direction.
    pub fn new(cell: Cell, n_inputs: usize, n_hidden: usize) -> Self {
        Self {
            cell,
            n_inputs,
            n_hidden,
            n_layers: 1,
            is_bidirectional: false,
            dropout: 0.0,
        }
    }

    /// Numbers per step that go out.
    pub fn n_outputs(&self) -> usize {
        self.n_hidden * self.directions().len()
    }

    fn directions(&self) -> &'static [Direction] {
        if self.is_bidirectional {
            &[Direction::Forward, Direction::Backward]
        } else {
            &[Direction::Forward]
        }
    }

    /// First weights, even within `1 / sqrt(n_hidden)` around zero.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero or a share that is none.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<Recurrent, NnError> {
        NnError::require(
            self.n_inputs > 0 && self.n_hidden > 0,
            "recurrent sizes are positive",
        )?;
        NnError::require(self.n_layers > 0, "a recurrent network has a layer")?;
        NnError::require((0.0..1.0).contains(&self.dropout), "dropout is in [0, 1)")?;
        let layers = (0..self.n_layers)
            .flat_map(|layer| self.directions().iter().map(move |_| layer))
            .map(|layer| {
                let n_inputs = if layer == 0 {
                    self.n_inputs
                } else {
                    self.n_outputs()
                };
                self.init_layer(n_inputs, device, draws)
            })
            .collect();
        Ok(Recurrent {
            layers,
            config: self.clone(),
        })
    }

    fn init_layer(&self, n_inputs: usize, device: &Device, draws: &mut Draws) -> Layer {
        let n_gates = self.cell.n_gates() * self.n_hidden;
        let bound = 1.0 / (self.n_hidden as f64).sqrt();
        Layer {
            input: Param::from_tensor(draws.uniform([n_inputs, n_gates], bound, device)),
            hidden: Param::from_tensor(draws.uniform([self.n_hidden, n_gates], bound, device)),
            input_bias: Param::from_tensor(draws.uniform([n_gates], bound, device)),
            hidden_bias: Param::from_tensor(draws.uniform([n_gates], bound, device)),
        }
    }
}

/// A stack of recurrent layers with its weights.
#[derive(Module, Debug)]
pub struct Recurrent {
    /// Layer by layer, each direction after the other.
    layers: Vec<Layer>,
    #[module(skip)]
    config: RecurrentConfig,
}

/// One layer in one direction.
#[derive(Module, Debug)]
struct Layer {
    input: Param<Tensor<2>>,
    hidden: Param<Tensor<2>>,
    input_bias: Param<Tensor<1>>,
    hidden_bias: Param<Tensor<1>>,
}

impl Layer {
    fn weights(&self) -> RecurrentWeights {
        RecurrentWeights {
            input: self.input.val(),
            hidden: self.hidden.val(),
            input_bias: self.input_bias.val(),
            hidden_bias: self.hidden_bias.val(),
        }
    }
}

impl Recurrent {
    /// `[n_batch, n_steps, n_inputs]` to `[n_batch, n_steps, n_outputs]`, zeros in the padding.
    pub fn forward(
        &self,
        x: Tensor<3>,
        lengths: &Arc<[usize]>,
        chance: &mut Option<Draws>,
    ) -> Tensor<3> {
        let directions = self.config.directions();
        let mut x = x;
        for (depth, layers) in self.layers.chunks(directions.len()).enumerate() {
            if depth > 0 {
                x = dropout(x, self.config.dropout, chance);
            }
            let mut outputs: Vec<Tensor<3>> = layers
                .iter()
                .zip(directions)
                .map(|(layer, direction)| {
                    let weights = layer.weights();
                    ops::recurrent(x.clone(), weights, self.config.cell, *direction, lengths)
                })
                .collect();
            x = match outputs.len() {
                1 => outputs.remove(0),
                _ => Tensor::cat(outputs, 2),
            };
        }
        x
    }
}
