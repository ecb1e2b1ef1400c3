//! Writing on, token by token, with keys and values kept.

use std::sync::Arc;

use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use rapport_learn::Check;
use serde::{Deserialize, Serialize};

use super::Decoder;
use crate::{Draws, NnError};

/// How tokens are chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GenerateParams {
    /// The most tokens to write.
    pub max_tokens: usize,
    /// What logits are divided by: below 1 more certain, above 1 more varied; 0 always takes the
    /// likeliest.
    pub temperature: f64,
    /// Only this many of the likeliest tokens may be chosen.
    pub top_k: Option<usize>,
    /// Only the likeliest tokens that together have this probability may be chosen.
    ///
    /// Source: Holtzman et al. (2020), "The Curious Case of Neural Text Degeneration".
    pub top_p: Option<f64>,
    /// Rows of tokens that end the text; they are not part of it.
    pub stop: Vec<Vec<usize>>,
}

impl Default for GenerateParams {
    fn default() -> Self {
        Self {
            max_tokens: 64,
            temperature: 1.0,
            top_k: None,
            top_p: None,
            stop: Vec::new(),
        }
    }
}

/// Parameters in range.
#[derive(Debug, Clone)]
pub struct ValidGenerateParams(GenerateParams);

impl Check for GenerateParams {
    type Valid = ValidGenerateParams;
    type Error = NnError;

    fn check(self) -> Result<ValidGenerateParams, NnError> {
        let temperature = self.temperature;
        let is_temperature = temperature >= 0.0 && temperature.is_finite();
        NnError::require(is_temperature, "temperature is not negative")?;
        NnError::require(self.top_k != Some(0), "top_k is positive or absent")?;
        let top_p = self.top_p.unwrap_or(1.0);
        NnError::require(top_p > 0.0 && top_p <= 1.0, "top_p is in (0, 1] or absent")?;
        let is_stop = self.stop.iter().all(|row| !row.is_empty());
        NnError::require(is_stop, "rows of tokens that end a text are not empty")?;
        Ok(ValidGenerateParams(self))
    }
}

/// Keys and values of the steps so far, layer by layer, `[n_kv_heads, n_steps, d_head]` each.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    layers: Vec<(Tensor<3>, Tensor<3>)>,
    n_steps: usize,
}

impl ValidGenerateParams {
    /// Tokens after the prompt. The same prompt, parameters and seed write the same tokens.
    ///
    /// # Errors
    /// [`NnError::Config`] when the prompt is empty or leaves no room for a token.
    pub fn generate(
        &self,
        decoder: &Decoder,
        prompt: &[usize],
        draws: &mut Draws,
    ) -> Result<Vec<usize>, NnError> {
        let room = decoder.config.max_steps.saturating_sub(prompt.len());
        NnError::require(!prompt.is_empty(), "a prompt has at least one token")?;
        NnError::require(
            room > 0,
            "a prompt is shorter than the steps of the decoder",
        )?;
        let mut cache = Cache::default();
        let mut logits = decoder.next(prompt, &mut cache);
        let mut written = Vec::new();
        while written.len() < self.0.max_tokens.min(room) {
            let token = self.choose(&logits, draws);
            written.push(token);
            if let Some(stop) = self.0.stop.iter().find(|stop| written.ends_with(stop)) {
                written.truncate(written.len() - stop.len());
                break;
            }
            logits = decoder.next(&[token], &mut cache);
        }
        Ok(written)
    }

    fn choose(&self, logits: &[f32], draws: &mut Draws) -> usize {
        let mut order: Vec<usize> = (0..logits.len()).collect();
        order.sort_by(|a, b| logits[*b].total_cmp(&logits[*a]).then(a.cmp(b)));
        if self.0.temperature == 0.0 {
            return order[0];
        }
        order.truncate(self.0.top_k.unwrap_or(usize::MAX));
        let top = f64::from(logits[order[0]]);
        let weights: Vec<f64> = order
            .iter()
            .map(|token| ((f64::from(logits[*token]) - top) / self.0.temperature).exp())
            .collect();
        let enough = self.0.top_p.unwrap_or(1.0) * weights.iter().sum::<f64>();
        let mut sum = 0.0;
        let n_kept = weights
            .iter()
            .take_while(|weight| {
                let is_wanted = sum < enough;
                sum += **weight;
                is_wanted
            })
            .count();
        let kept = &weights[..n_kept.max(1)];
        let mut at = draws.share() * kept.iter().sum::<f64>();
        let chosen = kept.iter().position(|weight| {
            at -= weight;
            at < 0.0
        });
        order[chosen.unwrap_or(kept.len() - 1)]
    }
}

impl Decoder {
    /// Logits of the token after these, which follow what the cache holds; the cache then holds them
    /// too.
    pub fn next(&self, ids: &[usize], cache: &mut Cache) -> Vec<f32> {
        let ids: Arc<[usize]> = ids.into();
        let steps: Arc<[usize]> = (cache.n_steps..cache.n_steps + ids.len()).collect();
        let mut x = self.embed(&ids, &steps);
        let rotation = self.rotation(&steps, &x.device());
        for (at, layer) in self.layers.iter().enumerate() {
            let qkv = layer.queries_keys_values(&x, rotation.as_ref());
            let attended = self.attend_to_cache(qkv, at, cache);
            x = x + layer.attention_output.forward(attended);
            x = x.clone() + layer.feed(x);
        }
        cache.n_steps += ids.len();
        let last = x.slice_dim(0, ids.len() - 1..ids.len());
        let logits = self.logits(self.norm.forward(last)).into_data();
        logits
            .try_to_vec::<f32>()
            .expect("logits are single-precision numbers")
    }

    /// Attention of new rows to themselves and to everything kept, `[n_new, d_model]`.
    fn attend_to_cache(&self, qkv: Tensor<2>, layer: usize, cache: &mut Cache) -> Tensor<2> {
        let config = &self.config;
        let (n_heads, n_kv, d) = (config.n_heads, config.n_kv_heads, config.d_head());
        let n_new = qkv.dims()[0];
        // [heads, n_new, d_head]
        let heads = |from: usize, n: usize| {
            let part = qkv.clone().slice([0..n_new, from * d..(from + n) * d]);
            part.reshape([n_new, n, d]).swap_dims(0, 1)
        };
        let queries = heads(0, n_heads);
        let (mut keys, mut values) = (heads(n_heads, n_kv), heads(n_heads + n_kv, n_kv));
        if let Some((kept_keys, kept_values)) = cache.layers.get(layer) {
            keys = Tensor::cat(vec![kept_keys.clone(), keys], 1);
            values = Tensor::cat(vec![kept_values.clone(), values], 1);
            cache.layers[layer] = (keys.clone(), values.clone());
        } else {
            cache.layers.push((keys.clone(), values.clone()));
        }
        let n_all = keys.dims()[1];
        let group = n_heads / n_kv;
        // The heads of queries that share a head of keys stand one below the other.
        let queries = queries.reshape([n_kv, group * n_new, d]);
        let scores = queries.matmul(keys.swap_dims(1, 2)) / (d as f32).sqrt();
        let scores = scores.reshape([n_heads, n_new, n_all]);
        let scores = if n_new > 1 {
            scores + later_steps(n_new, n_all, &qkv)
        } else {
            scores
        };
        let weights = softmax(scores, 2).reshape([n_kv, group * n_new, n_all]);
        let attended = weights.matmul(values).reshape([n_heads, n_new, d]);
        attended.swap_dims(0, 1).reshape([n_new, n_heads * d])
    }
}

/// Far below any score where a key comes after its query: `[1, n_new, n_all]`.
fn later_steps(n_new: usize, n_all: usize, like: &Tensor<2>) -> Tensor<3> {
    let before = n_all - n_new;
    let numbers: Vec<f32> = (0..n_new)
        .flat_map(|query| (0..n_all).map(move |key| if key <= before + query { 0.0 } else { -1e9 }))
        .collect();
    Tensor::<1>::from_floats(numbers.as_slice(), &like.device()).reshape([1, n_new, n_all])
}
