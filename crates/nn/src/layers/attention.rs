//! Attention: of many heads among the steps of a text, and additive as a weighted mean of steps.

use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::{Linear, LinearConfig};
use crate::ops::{self, AttentionShape};
use crate::{Draws, NnError};

/// Sizes of a self-attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfAttentionConfig {
    /// Numbers per step, a multiple of the heads.
    pub d_model: usize,
    /// Heads of queries.
    pub n_heads: usize,
    /// Heads of keys and values, a divisor of `n_heads`.
    pub n_kv_heads: usize,
    /// Whether a step sees itself and earlier ones only.
    pub is_causal: bool,
}

impl SelfAttentionConfig {
    /// As many heads of keys as of queries, every step seeing every other.
    pub fn new(d_model: usize, n_heads: usize) -> Self {
        Self {
            d_model,
            n_heads,
            n_kv_heads: n_heads,
            is_causal: false,
        }
    }

    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] when the heads do not divide the model or each other.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<SelfAttention, NnError> {
        self.check()?;
        let d_model = self.d_model;
        let d_head = d_model / self.n_heads;
        let n_inputs = (self.n_heads + 2 * self.n_kv_heads) * d_head;
        Ok(SelfAttention {
            qkv: LinearConfig::new(d_model, n_inputs).init(device, draws),
            output: LinearConfig::new(d_model, d_model).init(device, draws),
            config: *self,
        })
    }

    /// Heads that divide the model and each other.
    pub(crate) fn check(&self) -> Result<(), NnError> {
        NnError::require(
            self.n_heads > 0 && self.d_model > 0 && self.d_model.is_multiple_of(self.n_heads),
            "d_model is a multiple of n_heads",
        )?;
        NnError::require(
            self.n_kv_heads > 0 && self.n_heads.is_multiple_of(self.n_kv_heads),
            "n_heads is a multiple of n_kv_heads",
        )
    }

    /// Attention with weights that are known, for sizes that were checked.
    pub(crate) fn with_weights(self, qkv: Linear, output: Linear) -> SelfAttention {
        SelfAttention {
            qkv,
            output,
            config: self,
        }
    }
}

/// Self-attention of many heads.
#[derive(Module, Debug)]
pub struct SelfAttention {
    /// Queries, keys and values of all heads in one: `[d_model, (n_heads + 2 n_kv_heads) d_head]`.
    pub qkv: Linear,
    /// `[d_model, d_model]`
    pub output: Linear,
    #[module(skip)]
    config: SelfAttentionConfig,
}

impl SelfAttention {
    /// Heads of queries.
    pub fn n_heads(&self) -> usize {
        self.config.n_heads
    }

    /// `[n_batch * n_steps, d_model]` to the same; one length per text.
    pub fn forward(&self, x: Tensor<2>, lengths: &Arc<[usize]>) -> Tensor<2> {
        let shape = AttentionShape {
            n_heads: self.config.n_heads,
            n_kv_heads: self.config.n_kv_heads,
            lengths: lengths.clone(),
            causal: self.config.is_causal,
        };
        self.output
            .forward(ops::self_attention(self.qkv.forward(x), &shape))
    }
}

/// A weighted mean of the steps of a text, the weights learned.
///
/// Source: Bahdanau, Cho & Bengio (2015), without a query, as in Yang et al. (2016), "Hierarchical
/// Attention Networks".
#[derive(Module, Debug)]
pub struct AdditiveAttention {
    hidden: Linear,
    /// `[n_hidden, 1]`
    context: Param<Tensor<2>>,
}

impl AdditiveAttention {
    /// First weights, for steps of `n_inputs` numbers.
    pub fn init(n_inputs: usize, n_hidden: usize, device: &Device, draws: &mut Draws) -> Self {
        let bound = 1.0 / (n_hidden as f64).sqrt();
        Self {
            hidden: LinearConfig::new(n_inputs, n_hidden).init(device, draws),
            context: Param::from_tensor(draws.uniform([n_hidden, 1], bound, device)),
        }
    }

    /// `[n_batch, n_steps, n_inputs]` to means `[n_batch, n_inputs]` and weights
    /// `[n_batch, n_steps]`, zero in the padding.
    pub fn forward(&self, x: Tensor<3>, lengths: &[usize]) -> (Tensor<2>, Tensor<2>) {
        let [n_batch, n_steps, n_inputs] = x.dims();
        let rows = x.clone().reshape([n_batch * n_steps, n_inputs]);
        let scores = self.hidden.forward(rows).tanh().matmul(self.context.val());
        let scores = scores.reshape([n_batch, n_steps]) + unseen(lengths, n_steps, &x.device());
        let weights = burn::tensor::activation::softmax(scores, 1);
        let means = weights.clone().reshape([n_batch, 1, n_steps]).matmul(x);
        (means.reshape([n_batch, n_inputs]), weights)
    }
}

/// Zero for a step of a text, far below any score for padding: `[n_batch, n_steps]`.
fn unseen(lengths: &[usize], n_steps: usize, device: &Device) -> Tensor<2> {
    let numbers: Vec<f32> = lengths
        .iter()
        .flat_map(|length| (0..n_steps).map(move |step| if step < *length { 0.0 } else { -1e9 }))
        .collect();
    Tensor::from_data(TensorData::new(numbers, [lengths.len(), n_steps]), device)
}
