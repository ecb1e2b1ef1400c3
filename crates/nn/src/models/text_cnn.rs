//! A CNN over the tokens of a text.
//!
//! Source: Kim (2014), "Convolutional Neural Networks for Sentence Classification".

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::TokenBatch;
use crate::layers::{Embedding, Linear, LinearConfig, Windows, WindowsConfig, dropout};
use crate::{Draws, NnError};

/// Sizes of a text CNN.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextCnnConfig {
    /// Tokens, padding included.
    pub n_tokens: usize,
    /// Numbers per token.
    pub d_model: usize,
    /// Steps that the filters of each kind see at once.
    pub widths: Vec<usize>,
    /// Filters of each width.
    pub n_filters: usize,
    /// Classes.
    pub n_outputs: usize,
    /// Share of token numbers and of filters dropped while training.
    pub dropout: f64,
}

impl TextCnnConfig {
    /// The paper's widths 3, 4 and 5 with 100 filters each, half of them dropped.
    pub fn new(n_tokens: usize, d_model: usize, n_outputs: usize) -> Self {
        Self {
            n_tokens,
            d_model,
            widths: vec![3, 4, 5],
            n_filters: 100,
            n_outputs,
            dropout: 0.5,
        }
    }

    /// The fewest steps that a batch may have.
    pub fn min_steps(&self) -> usize {
        self.widths.iter().copied().max().unwrap_or(1)
    }

    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero or a share that is none.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<TextCnn, NnError> {
        let sizes = [self.n_tokens, self.d_model, self.n_filters, self.n_outputs];
        NnError::require(
            sizes.iter().all(|n| *n > 0),
            "sizes of a text CNN are positive",
        )?;
        NnError::require(
            !self.widths.is_empty(),
            "a text CNN has filters of some width",
        )?;
        NnError::require(
            self.widths.iter().all(|n| *n > 0),
            "filters see at least one step",
        )?;
        NnError::require((0.0..1.0).contains(&self.dropout), "dropout is in [0, 1)")?;
        let windows = |width: &usize, draws: &mut Draws| {
            let (n_inputs, n_filters) = (self.d_model, self.n_filters);
            WindowsConfig {
                n_inputs,
                n_filters,
                width: *width,
            }
            .init(device, draws)
        };
        Ok(TextCnn {
            embedding: Embedding::init(self.n_tokens, self.d_model, 0.1, device, draws),
            windows: self
                .widths
                .iter()
                .map(|width| windows(width, draws))
                .collect(),
            head: LinearConfig::new(self.widths.len() * self.n_filters, self.n_outputs)
                .init(device, draws),
            dropout: self.dropout,
        })
    }
}

/// A text CNN with its weights.
#[derive(Module, Debug)]
pub struct TextCnn {
    embedding: Embedding,
    windows: Vec<Windows>,
    head: Linear,
    dropout: f64,
}

impl TextCnn {
    /// Logits of each text, `[n_batch, n_outputs]`.
    pub fn forward(&self, batch: &TokenBatch, chance: &mut Option<Draws>) -> Tensor<2> {
        self.classify(self.embed(batch), batch, chance)
    }

    /// The tokens' numbers, `[n_batch, n_steps, d_model]`: where adversarial training pushes.
    pub fn embed(&self, batch: &TokenBatch) -> Tensor<3> {
        let rows = self.embedding.forward(&batch.ids); // [n_batch * n_steps, d_model]
        let d_model = rows.dims()[1];
        rows.reshape([batch.n_batch(), batch.n_steps, d_model])
    }

    /// Logits from the tokens' numbers.
    pub fn classify(
        &self,
        x: Tensor<3>,
        batch: &TokenBatch,
        chance: &mut Option<Draws>,
    ) -> Tensor<2> {
        let x = dropout(x, self.dropout, chance);
        let pooled = self
            .windows
            .iter()
            .map(|windows| windows.forward(x.clone(), &batch.lengths)) // [n_batch, n_filters] each
            .collect();
        self.head
            .forward(dropout(Tensor::cat(pooled, 1), self.dropout, chance))
    }
}
