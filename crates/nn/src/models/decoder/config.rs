//! Sizes and shapes of a decoder.

use serde::{Deserialize, Serialize};

use crate::NnError;
use crate::layers::SelfAttentionConfig;

/// Sizes and shapes of a decoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecoderConfig {
    /// Tokens.
    pub n_tokens: usize,
    /// The most steps of a text.
    pub max_steps: usize,
    /// Numbers per step.
    pub d_model: usize,
    /// Heads of queries.
    pub n_heads: usize,
    /// Heads of keys and values, a divisor of `n_heads`.
    pub n_kv_heads: usize,
    /// Layers.
    pub n_layers: usize,
    /// Numbers in the middle of each layer's feed-forward part.
    pub d_feed_forward: usize,
    /// How rows are normalized.
    pub norm: Norm,
    /// How a step knows where it is.
    pub positions: Positions,
    /// What the feed-forward part is.
    pub feed_forward: FeedForward,
    /// Added to variances in norms.
    pub epsilon: f64,
    /// Share of numbers dropped while training.
    pub dropout: f64,
    /// Whether logits come from a table of their own instead of the table of tokens.
    #[serde(default)]
    pub has_own_output: bool,
}

/// How rows are normalized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// Layer norm.
    Layer,
    /// Root-mean-square norm.
    RootMeanSquare,
}

/// How a step knows where it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Positions {
    /// A learned row per step.
    Learned,
    /// Queries and keys turned by an angle per step.
    Rotary {
        /// The base of the angles' geometric row.
        base: f64,
    },
}

/// What the feed-forward part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedForward {
    /// `W2 relu(W1 x)`.
    Relu,
    /// `W2 gelu(W1 x)`.
    Gelu,
    /// The same with the approximation of `gelu` by `tanh`.
    GeluByTanh,
    /// `W2 (silu(W1 x) * W3 x)`.
    SwiGlu,
}

impl DecoderConfig {
    /// A small decoder in the shape of GPT-2: feed-forward parts four times as wide as the model.
    pub fn gpt(n_tokens: usize, max_steps: usize, d_model: usize, n_heads: usize) -> Self {
        Self {
            n_tokens,
            max_steps,
            d_model,
            n_heads,
            n_kv_heads: n_heads,
            n_layers: 4,
            d_feed_forward: 4 * d_model,
            norm: Norm::Layer,
            positions: Positions::Learned,
            feed_forward: FeedForward::Gelu,
            epsilon: 1e-5,
            dropout: 0.0,
            has_own_output: false,
        }
    }

    /// Numbers per head.
    pub fn d_head(&self) -> usize {
        self.d_model / self.n_heads
    }

    pub(super) fn check(&self) -> Result<(), NnError> {
        let sizes = [
            self.n_tokens,
            self.max_steps,
            self.n_layers,
            self.d_feed_forward,
        ];
        NnError::require(
            sizes.iter().all(|n| *n > 0),
            "sizes of a decoder are positive",
        )?;
        NnError::require((0.0..1.0).contains(&self.dropout), "dropout is in [0, 1)")?;
        let heads = SelfAttentionConfig {
            n_kv_heads: self.n_kv_heads,
            ..SelfAttentionConfig::new(self.d_model, self.n_heads)
        };
        heads.check()?;
        if let Positions::Rotary { base } = self.positions {
            NnError::require(base > 1.0, "the base of rotary positions is above 1")?;
            NnError::require(
                self.d_head().is_multiple_of(2),
                "rotary positions turn pairs: numbers per head are even",
            )?;
        }
        Ok(())
    }
}
