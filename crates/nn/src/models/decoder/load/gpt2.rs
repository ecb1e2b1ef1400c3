//! The shape of GPT-2.

use serde::Deserialize;

use super::{Decoder, DecoderConfig, Layer, Linear, Weights, require_setting};
use crate::NnError;
use crate::models::decoder::{FeedForward, Norm, Positions};

/// The part of `config.json` that decides the network.
#[derive(Deserialize)]
pub(super) struct Gpt2Config {
    vocab_size: usize,
    n_positions: usize,
    n_embd: usize,
    n_layer: usize,
    n_head: usize,
    n_inner: Option<usize>,
    #[serde(default = "gelu_new")]
    activation_function: String,
    layer_norm_epsilon: f64,
    #[serde(default = "yes")]
    tie_word_embeddings: bool,
    #[serde(default = "yes")]
    scale_attn_weights: bool,
    #[serde(default)]
    scale_attn_by_inverse_layer_idx: bool,
}

fn gelu_new() -> String {
    "gelu_new".to_owned()
}

fn yes() -> bool {
    true
}

impl Gpt2Config {
    /// Our configuration, or the setting that our decoder lacks.
    pub(super) fn decoder(&self) -> Result<DecoderConfig, String> {
        require_setting("scale_attn_weights", &self.scale_attn_weights, &true)?;
        let by_layer = self.scale_attn_by_inverse_layer_idx;
        require_setting("scale_attn_by_inverse_layer_idx", &by_layer, &false)?;
        let feed_forward = match self.activation_function.as_str() {
            "gelu" => FeedForward::Gelu,
            "gelu_new" | "gelu_pytorch_tanh" => FeedForward::GeluByTanh,
            other => return Err(format!("the activation `{other}` is not known")),
        };
        Ok(DecoderConfig {
            n_tokens: self.vocab_size,
            max_steps: self.n_positions,
            d_model: self.n_embd,
            n_heads: self.n_head,
            n_kv_heads: self.n_head,
            n_layers: self.n_layer,
            // What is too large to be counted is in no weights, and is refused there.
            d_feed_forward: self.n_inner.unwrap_or(self.n_embd.saturating_mul(4)),
            norm: Norm::Layer,
            positions: Positions::Learned,
            feed_forward,
            epsilon: self.layer_norm_epsilon,
            dropout: 0.0,
            has_own_output: !self.tie_word_embeddings,
        })
    }
}

/// The decoder of these weights.
pub(super) fn read(weights: &Weights<'_>) -> Result<Decoder, NnError> {
    let config = weights.config;
    // Saved with its head, a network's names begin with `transformer.`.
    let is_prefixed = weights.folder.has("transformer.wte.weight");
    let root = if is_prefixed { "transformer." } else { "" };
    weights.require_last_layer(|layer| format!("{root}h.{layer}.ln_1.weight"))?;
    let layers = (0..config.n_layers).map(|idx| layer(weights, &format!("{root}h.{idx}")));
    let output = config
        .has_own_output
        .then(|| weights.rows("lm_head.weight", config.n_tokens));
    // The table of tokens comes first: from there on `d_model` is what the files have.
    Ok(Decoder {
        tokens: weights.rows(&format!("{root}wte.weight"), config.n_tokens)?,
        positions: Some(weights.rows(&format!("{root}wpe.weight"), config.max_steps)?),
        layers: layers.collect::<Result<_, _>>()?,
        norm: weights.norm(&format!("{root}ln_f"))?,
        output: output.transpose()?,
        config: config.clone(),
    })
}

fn layer(weights: &Weights<'_>, root: &str) -> Result<Layer, NnError> {
    let config = weights.config;
    let (d, d_middle) = (config.d_model, config.d_feed_forward);
    // GPT-2 keeps its weights as we do, `[n_inputs, n_outputs]`: queries, keys and values in a row.
    let linear = |name: &str, n_inputs: usize, n_outputs: usize| -> Result<Linear, NnError> {
        let (folder, device) = (weights.folder, weights.device);
        let weight = format!("{root}.{name}.weight");
        let bias = format!("{root}.{name}.bias");
        Ok(Linear {
            weight: folder.table(&weight, [n_inputs, n_outputs], device)?,
            bias: folder.vector(&bias, n_outputs, device)?,
        })
    };
    Ok(Layer {
        attention_norm: weights.norm(&format!("{root}.ln_1"))?,
        qkv: linear("attn.c_attn", d, 3 * d)?,
        attention_output: linear("attn.c_proj", d, d)?,
        feed_forward_norm: weights.norm(&format!("{root}.ln_2"))?,
        up: linear("mlp.c_fc", d, d_middle)?,
        gate: None,
        down: linear("mlp.c_proj", d_middle, d)?,
        feed_forward: config.feed_forward,
        dropout: config.dropout,
        n_heads: config.n_heads,
        n_kv_heads: config.n_kv_heads,
    })
}
