//! The transformer encoder in the shape of BERT.
//!
//! Source: Devlin et al. (2019), "BERT", with its norms after the residuals.

mod embed;
mod frozen;
mod load;
mod settings;

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

pub use embed::SentenceEncoder;
pub use frozen::FrozenEncoder;
pub use load::PretrainedEncoder;

use super::TokenBatch;
use crate::layers::{
    Embedding, LayerNorm, Linear, LinearConfig, SelfAttention, SelfAttentionConfig, dropout,
};
use crate::{Draws, NnError, ops};

/// Sizes of an encoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EncoderConfig {
    /// Tokens, padding included.
    pub n_tokens: usize,
    /// The most steps of a text.
    pub max_steps: usize,
    /// Kinds of segments that a step may belong to.
    pub n_segments: usize,
    /// Numbers per step.
    pub d_model: usize,
    /// Heads of attention.
    pub n_heads: usize,
    /// Layers.
    pub n_layers: usize,
    /// Numbers in the middle of each layer's feed-forward part.
    pub d_feed_forward: usize,
    /// Added to variances in norms.
    pub epsilon: f64,
    /// Share of numbers dropped while training.
    pub dropout: f64,
}

impl EncoderConfig {
    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero, heads that do not divide the model, or a share that is
    /// none.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<Encoder, NnError> {
        self.check()?;
        // BERT's deviation of first embeddings.
        const DEVIATION: f64 = 0.02;
        let mut table = |n| Embedding::init(n, self.d_model, DEVIATION, device, draws);
        let (tokens, positions, segments) = (
            table(self.n_tokens),
            table(self.max_steps),
            table(self.n_segments),
        );
        let layers = (0..self.n_layers)
            .map(|_| self.init_layer(device, draws))
            .collect::<Result<_, _>>()?;
        Ok(Encoder {
            tokens,
            positions,
            segments,
            norm: LayerNorm::init(self.d_model, self.epsilon, device),
            layers,
            dropout: self.dropout,
        })
    }

    /// Sizes and shares that an encoder can have.
    fn check(&self) -> Result<(), NnError> {
        let sizes = [
            self.n_tokens,
            self.max_steps,
            self.n_segments,
            self.d_feed_forward,
        ];
        NnError::require(
            sizes.iter().all(|n| *n > 0),
            "sizes of an encoder are positive",
        )?;
        SelfAttentionConfig::new(self.d_model, self.n_heads).check()?;
        NnError::require((0.0..1.0).contains(&self.dropout), "dropout is in [0, 1)")
    }

    fn init_layer(&self, device: &Device, draws: &mut Draws) -> Result<Layer, NnError> {
        let (d, d_middle) = (self.d_model, self.d_feed_forward);
        Ok(Layer {
            attention: SelfAttentionConfig::new(d, self.n_heads).init(device, draws)?,
            attention_norm: LayerNorm::init(d, self.epsilon, device),
            middle: LinearConfig::new(d, d_middle).init(device, draws),
            output: LinearConfig::new(d_middle, d).init(device, draws),
            output_norm: LayerNorm::init(d, self.epsilon, device),
        })
    }
}

/// An encoder with its weights.
#[derive(Module, Debug)]
pub struct Encoder {
    tokens: Embedding,
    positions: Embedding,
    segments: Embedding,
    norm: LayerNorm,
    layers: Vec<Layer>,
    dropout: f64,
}

/// Attention, then a feed-forward part, each added to what came in and normalized.
#[derive(Module, Debug)]
struct Layer {
    attention: SelfAttention,
    attention_norm: LayerNorm,
    middle: Linear,
    output: Linear,
    output_norm: LayerNorm,
}

impl Layer {
    fn forward(
        &self,
        x: Tensor<2>,
        lengths: &Arc<[usize]>,
        share: f64,
        chance: &mut Option<Draws>,
    ) -> Tensor<2> {
        let attended = dropout(self.attention.forward(x.clone(), lengths), share, chance);
        let x = self.attention_norm.forward_added(x, attended);
        let middle = ops::gelu(self.middle.forward(x.clone())); // [n_batch * n_steps, d_feed_forward]
        let fed = dropout(self.output.forward(middle), share, chance);
        self.output_norm.forward_added(x, fed)
    }
}

impl Encoder {
    /// The same encoder that drops another share of numbers while training; one from a folder drops
    /// none.
    ///
    /// # Errors
    /// [`NnError::Config`] when the share is not in [0, 1).
    pub fn with_dropout(self, dropout: f64) -> Result<Self, NnError> {
        NnError::require((0.0..1.0).contains(&dropout), "dropout is in [0, 1)")?;
        Ok(Self { dropout, ..self })
    }

    /// Every step of every text, `[n_batch * n_steps, d_model]`.
    pub fn forward(&self, batch: &TokenBatch, chance: &mut Option<Draws>) -> Tensor<2> {
        self.encode(self.embed(batch), &batch.lengths, chance)
    }

    /// The steps before the first layer, `[n_batch * n_steps, d_model]`: where adversarial training
    /// pushes.
    pub fn embed(&self, batch: &TokenBatch) -> Tensor<2> {
        let n_rows = batch.ids.len();
        let positions: Arc<[usize]> = (0..n_rows).map(|row| row % batch.n_steps).collect();
        let segments: Arc<[usize]> = vec![0; n_rows].into();
        let sum = self.tokens.forward(&batch.ids)
            + self.positions.forward(&positions)
            + self.segments.forward(&segments);
        self.norm.forward(sum)
    }

    /// The steps after the last layer, from those before the first.
    pub fn encode(
        &self,
        embedded: Tensor<2>,
        lengths: &Arc<[usize]>,
        chance: &mut Option<Draws>,
    ) -> Tensor<2> {
        let mut x = dropout(embedded, self.dropout, chance);
        for layer in &self.layers {
            x = layer.forward(x, lengths, self.dropout, chance);
        }
        x
    }
}

/// How the steps of a text become one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pooling {
    /// The mean of the steps that are no padding.
    Mean,
    /// The first step.
    First,
}

impl Pooling {
    /// `[n_batch * n_steps, d_model]` to `[n_batch, d_model]`.
    pub fn forward(self, steps: Tensor<2>, lengths: &[usize]) -> Tensor<2> {
        let n_batch = lengths.len();
        let [n_rows, d_model] = steps.dims();
        let n_steps = n_rows / n_batch;
        let shares: Vec<f32> = lengths
            .iter()
            .flat_map(|&length| (0..n_steps).map(move |step| self.share(step, length)))
            .collect();
        let shares = TensorData::new(shares, [n_batch, 1, n_steps]);
        let shares = Tensor::<3>::from_data(shares, &steps.device());
        let steps = steps.reshape([n_batch, n_steps, d_model]);
        shares.matmul(steps).reshape([n_batch, d_model])
    }

    fn share(self, step: usize, length: usize) -> f32 {
        match self {
            Self::Mean if step < length => 1.0 / length as f32,
            Self::First if step == 0 => 1.0,
            _ => 0.0,
        }
    }
}
