//! The shape of Llama: rotary positions, shared keys and values, gated feed-forward parts.

use serde::Deserialize;
use serde_json::Value;

use super::{Decoder, DecoderConfig, Layer, Weights, require_setting};
use crate::NnError;
use crate::models::decoder::{FeedForward, Norm, Positions};

/// The part of `config.json` that decides the network.
#[derive(Deserialize)]
pub(super) struct LlamaConfig {
    vocab_size: usize,
    max_position_embeddings: usize,
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    num_key_value_heads: Option<usize>,
    head_dim: Option<usize>,
    intermediate_size: usize,
    rms_norm_eps: f64,
    hidden_act: String,
    /// Where older files keep the base of the angles.
    rope_theta: Option<f64>,
    /// How older files stretch the angles.
    rope_scaling: Option<Value>,
    /// Where newer files keep both.
    rope_parameters: Option<RopeParameters>,
    #[serde(default)]
    tie_word_embeddings: bool,
    #[serde(default)]
    attention_bias: bool,
    #[serde(default)]
    mlp_bias: bool,
}

#[derive(Deserialize)]
struct RopeParameters {
    rope_type: String,
    rope_theta: f64,
}

impl LlamaConfig {
    /// Our configuration, or the setting that our decoder lacks.
    pub(super) fn decoder(&self) -> Result<DecoderConfig, String> {
        require_setting("hidden_act", &self.hidden_act.as_str(), &"silu")?;
        require_setting("attention_bias", &self.attention_bias, &false)?;
        require_setting("mlp_bias", &self.mlp_bias, &false)?;
        if self.num_attention_heads == 0 {
            return Err("`num_attention_heads` is 0".to_owned());
        }
        let d_head = self.hidden_size / self.num_attention_heads;
        require_setting("head_dim", &self.head_dim.unwrap_or(d_head), &d_head)?;
        Ok(DecoderConfig {
            n_tokens: self.vocab_size,
            max_steps: self.max_position_embeddings,
            d_model: self.hidden_size,
            n_heads: self.num_attention_heads,
            n_kv_heads: self.num_key_value_heads.unwrap_or(self.num_attention_heads),
            n_layers: self.num_hidden_layers,
            d_feed_forward: self.intermediate_size,
            norm: Norm::RootMeanSquare,
            positions: Positions::Rotary { base: self.base()? },
            feed_forward: FeedForward::SwiGlu,
            epsilon: self.rms_norm_eps,
            dropout: 0.0,
            has_own_output: !self.tie_word_embeddings,
        })
    }

    /// The base of the angles, which must not be stretched.
    fn base(&self) -> Result<f64, String> {
        if let Some(scaling) = &self.rope_scaling {
            return Err(format!(
                "angles stretched by `rope_scaling` {scaling} are not known"
            ));
        }
        match &self.rope_parameters {
            Some(parameters) => {
                require_setting("rope_type", &parameters.rope_type.as_str(), &"default")?;
                Ok(parameters.rope_theta)
            }
            // The base of the first Llama, whose files do not say it.
            None => Ok(self.rope_theta.unwrap_or(10_000.0)),
        }
    }
}

/// The decoder of these weights.
pub(super) fn read(weights: &Weights<'_>) -> Result<Decoder, NnError> {
    let config = weights.config;
    // Saved without its head, a network's names lack `model.`.
    let is_prefixed = weights.folder.has("model.embed_tokens.weight");
    let root = if is_prefixed { "model." } else { "" };
    weights.require_last_layer(|layer| format!("{root}layers.{layer}.input_layernorm.weight"))?;
    let layers = (0..config.n_layers).map(|idx| layer(weights, &format!("{root}layers.{idx}")));
    let output = config
        .has_own_output
        .then(|| weights.rows("lm_head.weight", config.n_tokens));
    // The table of tokens comes first: from there on `d_model` is what the files have.
    Ok(Decoder {
        tokens: weights.rows(&format!("{root}embed_tokens.weight"), config.n_tokens)?,
        positions: None,
        layers: layers.collect::<Result<_, _>>()?,
        norm: weights.norm(&format!("{root}norm"))?,
        output: output.transpose()?,
        config: config.clone(),
    })
}

fn layer(weights: &Weights<'_>, root: &str) -> Result<Layer, NnError> {
    let config = weights.config;
    let (d, d_middle) = (config.d_model, config.d_feed_forward);
    let d_kv = config.n_kv_heads * config.d_head();
    let part = |name: &str, n: usize| (format!("{root}.{name}_proj.weight"), n);
    let qkv = [
        part("self_attn.q", d),
        part("self_attn.k", d_kv),
        part("self_attn.v", d_kv),
    ];
    Ok(Layer {
        attention_norm: weights.norm(&format!("{root}.input_layernorm"))?,
        qkv: weights.linear(&qkv, d)?,
        attention_output: weights.linear(&[part("self_attn.o", d)], d)?,
        feed_forward_norm: weights.norm(&format!("{root}.post_attention_layernorm"))?,
        up: weights.linear(&[part("mlp.up", d_middle)], d)?,
        gate: Some(weights.linear(&[part("mlp.gate", d_middle)], d)?),
        down: weights.linear(&[part("mlp.down", d)], d_middle)?,
        feed_forward: config.feed_forward,
        dropout: config.dropout,
        n_heads: config.n_heads,
        n_kv_heads: config.n_kv_heads,
    })
}
