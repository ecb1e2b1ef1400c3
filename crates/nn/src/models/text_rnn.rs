//! Embedding, recurrent layers and attention over the tokens of a text.
//!
//! Source: Zhou et al. (2016), "Attention-Based Bidirectional Long Short-Term Memory Networks for
//! Relation Classification".

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::TokenBatch;
use crate::layers::{
    AdditiveAttention, Embedding, Linear, LinearConfig, Recurrent, RecurrentConfig, dropout,
};
use crate::ops::Cell;
use crate::{Draws, NnError};

/// Sizes of a recurrent text classifier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextRnnConfig {
    /// Tokens, padding included.
    pub n_tokens: usize,
    /// Numbers per token.
    pub d_model: usize,
    /// What happens at each step.
    pub cell: Cell,
    /// Numbers per direction.
    pub n_hidden: usize,
    /// Recurrent layers.
    pub n_layers: usize,
    /// Classes.
    pub n_outputs: usize,
    /// Share of numbers dropped while training: of tokens, between layers and before the classes.
    pub dropout: f64,
}

impl TextRnnConfig {
    /// One LSTM layer of 128 in both directions, half of the numbers dropped.
    pub fn new(n_tokens: usize, d_model: usize, n_outputs: usize) -> Self {
        Self {
            n_tokens,
            d_model,
            cell: Cell::Lstm,
            n_hidden: 128,
            n_layers: 1,
            n_outputs,
            dropout: 0.5,
        }
    }

    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero or a share that is none.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<TextRnn, NnError> {
        let sizes = [self.n_tokens, self.d_model, self.n_outputs];
        NnError::require(
            sizes.iter().all(|n| *n > 0),
            "sizes of a text network are positive",
        )?;
        let recurrent = RecurrentConfig {
            n_layers: self.n_layers,
            is_bidirectional: true,
            dropout: self.dropout,
            ..RecurrentConfig::new(self.cell, self.d_model, self.n_hidden)
        };
        let n_outputs = recurrent.n_outputs();
        Ok(TextRnn {
            embedding: Embedding::init(self.n_tokens, self.d_model, 0.1, device, draws),
            recurrent: recurrent.init(device, draws)?,
            attention: AdditiveAttention::init(n_outputs, self.n_hidden, device, draws),
            head: LinearConfig::new(n_outputs, self.n_outputs).init(device, draws),
            dropout: self.dropout,
        })
    }
}

/// A recurrent text classifier with its weights.
#[derive(Module, Debug)]
pub struct TextRnn {
    embedding: Embedding,
    recurrent: Recurrent,
    attention: AdditiveAttention,
    head: Linear,
    dropout: f64,
}

impl TextRnn {
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
        let steps = self.recurrent.forward(x, &batch.lengths, chance); // [n_batch, n_steps, 2 n_hidden]
        let (text, _) = self.attention.forward(steps, &batch.lengths); // [n_batch, 2 n_hidden]
        self.head.forward(dropout(text, self.dropout, chance))
    }
}
