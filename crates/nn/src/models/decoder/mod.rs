//! The transformer decoder in the shapes of GPT-2 and of Llama.
//!
//! Sources: Radford et al. (2019), "Language Models are Unsupervised Multitask Learners"; Touvron et
//! al. (2023), "LLaMA"; rotary positions from Su et al. (2021), "RoFormer"; gated feed-forward parts
//! from Shazeer (2020), "GLU Variants Improve Transformer".

mod config;
mod generate;
mod layer;
mod load;

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor};

pub use config::{DecoderConfig, FeedForward, Norm, Positions};
pub use generate::{Cache, GenerateParams};
pub use load::PretrainedDecoder;

use self::layer::{AnyNorm, Layer, Rotation};
use super::TokenBatch;
use crate::layers::{Embedding, dropout};
use crate::{Draws, NnError, ops};

/// A decoder with its weights.
#[derive(Module, Debug)]
pub struct Decoder {
    tokens: Embedding,
    positions: Option<Embedding>,
    layers: Vec<Layer>,
    norm: AnyNorm,
    /// Rows that logits are products with; where there are none, those of the tokens.
    output: Option<Embedding>,
    #[module(skip)]
    config: DecoderConfig,
}

impl DecoderConfig {
    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero, heads that do not divide the model, or a share that is
    /// none.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<Decoder, NnError> {
        self.check()?;
        // GPT-2's deviation of first embeddings.
        const DEVIATION: f64 = 0.02;
        let tokens = Embedding::init(self.n_tokens, self.d_model, DEVIATION, device, draws);
        let positions = match self.positions {
            Positions::Learned => {
                let n = self.max_steps;
                Some(Embedding::init(n, self.d_model, DEVIATION, device, draws))
            }
            Positions::Rotary { .. } => None,
        };
        let layers = (0..self.n_layers)
            .map(|_| Layer::init(self, device, draws))
            .collect();
        let norm = AnyNorm::init(self, device);
        let output = self
            .has_own_output
            .then(|| Embedding::init(self.n_tokens, self.d_model, DEVIATION, device, draws));
        Ok(Decoder {
            tokens,
            positions,
            layers,
            norm,
            output,
            config: self.clone(),
        })
    }
}

impl Decoder {
    /// The sizes it was made with.
    pub fn config(&self) -> &DecoderConfig {
        &self.config
    }

    /// Logits of the token after each step, `[n_batch * n_steps, n_tokens]`.
    pub fn forward(&self, batch: &TokenBatch, chance: &mut Option<Draws>) -> Tensor<2> {
        self.logits(self.states(batch, chance))
    }

    /// What each step knows of itself and the steps before it, `[n_batch * n_steps, d_model]`.
    pub(crate) fn states(&self, batch: &TokenBatch, chance: &mut Option<Draws>) -> Tensor<2> {
        let steps: Arc<[usize]> = (0..batch.ids.len())
            .map(|row| row % batch.n_steps)
            .collect();
        let mut x = self.embed(&batch.ids, &steps);
        let rotation = self.rotation(&steps, &x.device());
        x = dropout(x, self.config.dropout, chance);
        for layer in &self.layers {
            x = layer.forward(x, &batch.lengths, rotation.as_ref(), chance);
        }
        self.norm.forward(x)
    }

    /// The mean loss in nats of each next token, over the steps that are followed by one.
    pub fn loss(&self, batch: &TokenBatch, chance: &mut Option<Draws>) -> Tensor<1> {
        let logits = self.forward(batch, chance);
        let (mut weights, mut n) = (Vec::with_capacity(batch.ids.len()), 0);
        let next: Arc<[usize]> = (0..batch.ids.len())
            .map(|row| {
                let (text, step) = (row / batch.n_steps, row % batch.n_steps);
                let is_followed = step + 1 < batch.lengths[text];
                weights.push(f32::from(u8::from(is_followed)));
                n += usize::from(is_followed);
                if is_followed { batch.ids[row + 1] } else { 0 }
            })
            .collect();
        let losses = ops::cross_entropy(logits, &next);
        let weights = Tensor::<1>::from_floats(weights.as_slice(), &losses.device());
        (losses * weights).sum() / n.max(1) as f64
    }

    /// `[n_rows, d_model]` of tokens at their steps.
    fn embed(&self, ids: &Arc<[usize]>, steps: &Arc<[usize]>) -> Tensor<2> {
        let rows = self.tokens.forward(ids);
        match &self.positions {
            Some(positions) => rows + positions.forward(steps),
            None => rows,
        }
    }

    /// The rows of these tokens, `[n_ids, d_model]`.
    pub(crate) fn token_rows(&self, ids: &Arc<[usize]>) -> Tensor<2> {
        self.tokens.forward(ids)
    }

    fn rotation(&self, steps: &[usize], device: &Device) -> Option<Rotation> {
        match self.config.positions {
            Positions::Learned => None,
            Positions::Rotary { base } => {
                Some(Rotation::new(steps, self.config.d_head(), base, device))
            }
        }
    }

    /// Logits of states, `[n_rows, d_model]` to `[n_rows, n_tokens]`.
    pub(crate) fn logits(&self, states: Tensor<2>) -> Tensor<2> {
        let rows = self.output.as_ref().unwrap_or(&self.tokens);
        let table = rows.table.val().transpose();
        let no_bias = Tensor::zeros([self.config.n_tokens], &states.device());
        ops::linear(states, table, no_bias)
    }
}
