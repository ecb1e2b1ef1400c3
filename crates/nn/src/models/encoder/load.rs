//! An encoder from a folder in the shape of BERT: `config.json`, `*.safetensors`, `vocab.txt`.

use std::path::Path;

use burn::module::Param;
use burn::tensor::Device;
use serde::Deserialize;

use super::{Encoder, EncoderConfig, Layer, Pooling};
use crate::layers::{Embedding, LayerNorm, Linear, SelfAttentionConfig};
use crate::tokens::WordPiece;
use crate::weights::{WeightFolder, read_json};
use crate::{Draws, NnError};

/// An encoder with its tokens and how its steps become one row.
#[derive(Debug)]
pub struct PretrainedEncoder {
    /// The network.
    pub encoder: Encoder,
    /// Its sizes.
    pub config: EncoderConfig,
    /// Its vocabulary.
    pub tokens: WordPiece,
    /// How a text becomes one row.
    pub pooling: Pooling,
}

/// The part of BERT's `config.json` that decides the network.
#[derive(Deserialize)]
struct BertConfig {
    model_type: String,
    vocab_size: usize,
    max_position_embeddings: usize,
    type_vocab_size: usize,
    hidden_size: usize,
    num_attention_heads: usize,
    num_hidden_layers: usize,
    intermediate_size: usize,
    layer_norm_eps: f64,
    hidden_act: String,
}

/// The part of `tokenizer_config.json` that decides the tokens.
#[derive(Deserialize)]
struct TokenizerConfig {
    do_lower_case: Option<bool>,
}

/// The part of `1_Pooling/config.json` that decides the row.
#[derive(Deserialize)]
struct PoolingConfig {
    #[serde(default)]
    pooling_mode_cls_token: bool,
}

impl PretrainedEncoder {
    /// Reads the folder. Nothing is downloaded.
    ///
    /// # Errors
    /// [`NnError::File`] for a file that is missing, damaged or of another kind of network,
    /// [`NnError::Shape`] for weights that are not those of the configuration.
    pub fn load(folder: &Path, device: &Device) -> Result<Self, NnError> {
        let path = folder.join("config.json");
        let bert: BertConfig = read_json(&path)?;
        let refuse = |reason: String| NnError::File {
            path: path.clone(),
            reason,
        };
        if bert.model_type != "bert" {
            return Err(refuse(format!("`{}` is no BERT", bert.model_type)));
        }
        if bert.hidden_act != "gelu" {
            return Err(refuse(format!(
                "`{}` is not the activation `gelu`",
                bert.hidden_act
            )));
        }
        let config = EncoderConfig {
            n_tokens: bert.vocab_size,
            max_steps: bert.max_position_embeddings,
            n_segments: bert.type_vocab_size,
            d_model: bert.hidden_size,
            n_heads: bert.num_attention_heads,
            n_layers: bert.num_hidden_layers,
            d_feed_forward: bert.intermediate_size,
            epsilon: bert.layer_norm_eps,
            dropout: 0.0,
        };
        config.require_sizes()?;
        let tokenizer: TokenizerConfig = read_json(&folder.join("tokenizer_config.json"))
            .unwrap_or(TokenizerConfig {
                do_lower_case: None,
            });
        let is_lower_case = tokenizer.do_lower_case.unwrap_or(true);
        let tokens = WordPiece::load(&folder.join("vocab.txt"), is_lower_case)?;
        let pooling = match read_json::<PoolingConfig>(&folder.join("1_Pooling/config.json")) {
            Ok(PoolingConfig {
                pooling_mode_cls_token: true,
            }) => Pooling::First,
            _ => Pooling::Mean,
        };
        let weights = WeightFolder::open(folder)?;
        let encoder = Reader {
            weights: &weights,
            config: &config,
            device,
        }
        .encoder()?;
        Ok(Self {
            encoder,
            config,
            tokens,
            pooling,
        })
    }
}

struct Reader<'a> {
    weights: &'a WeightFolder,
    config: &'a EncoderConfig,
    device: &'a Device,
}

impl Reader<'_> {
    fn encoder(&self) -> Result<Encoder, NnError> {
        let config = self.config;
        // Saved with a task's head, a network's names begin with `bert.`.
        let is_prefixed = self.weights.has("bert.embeddings.word_embeddings.weight");
        let root = if is_prefixed { "bert." } else { "" };
        let table = |name: &str, n: usize| -> Result<Embedding, NnError> {
            let name = format!("{root}embeddings.{name}_embeddings.weight");
            let table = self
                .weights
                .table(&name, [n, config.d_model], self.device)?;
            Ok(Embedding { table })
        };
        let layers = (0..config.n_layers)
            .map(|layer| self.layer(&format!("{root}encoder.layer.{layer}")))
            .collect::<Result<_, _>>()?;
        Ok(Encoder {
            tokens: table("word", config.n_tokens)?,
            positions: table("position", config.max_steps)?,
            segments: table("token_type", config.n_segments)?,
            norm: self.norm(&format!("{root}embeddings.LayerNorm"))?,
            layers,
            dropout: config.dropout,
        })
    }

    fn layer(&self, root: &str) -> Result<Layer, NnError> {
        let (d, d_middle) = (self.config.d_model, self.config.d_feed_forward);
        // The first weights are thrown away; what is kept is the shape.
        let mut draws = Draws::new(0, "replaced by weights");
        let attention = SelfAttentionConfig::new(d, self.config.n_heads);
        let mut attention = attention.init(self.device, &mut draws)?;
        let parts = ["query", "key", "value"].map(|part| format!("{root}.attention.self.{part}"));
        let names = parts
            .iter()
            .map(|part| (format!("{part}.weight"), d))
            .collect::<Vec<_>>();
        let biases = parts
            .iter()
            .map(|part| (format!("{part}.bias"), d))
            .collect::<Vec<_>>();
        attention.qkv = Linear {
            weight: self.weights.joined(&names, d, self.device)?,
            bias: self.weights.joined_vectors(&biases, self.device)?,
        };
        attention.output = self.linear(&format!("{root}.attention.output.dense"), d, d)?;
        Ok(Layer {
            attention,
            attention_norm: self.norm(&format!("{root}.attention.output.LayerNorm"))?,
            middle: self.linear(&format!("{root}.intermediate.dense"), d, d_middle)?,
            output: self.linear(&format!("{root}.output.dense"), d_middle, d)?,
            output_norm: self.norm(&format!("{root}.output.LayerNorm"))?,
        })
    }

    fn linear(&self, name: &str, n_inputs: usize, n_outputs: usize) -> Result<Linear, NnError> {
        let weight = [(format!("{name}.weight"), n_outputs)];
        Ok(Linear {
            weight: self.weights.joined(&weight, n_inputs, self.device)?,
            bias: self
                .weights
                .vector(&format!("{name}.bias"), n_outputs, self.device)?,
        })
    }

    fn norm(&self, name: &str) -> Result<LayerNorm, NnError> {
        let d = self.config.d_model;
        let mut norm = LayerNorm::init(d, self.config.epsilon, self.device);
        let part = |part: &str| -> Result<Param<_>, NnError> {
            self.weights
                .vector(&format!("{name}.{part}"), d, self.device)
        };
        norm.gain = part("weight")?;
        norm.bias = part("bias")?;
        Ok(norm)
    }
}
