//! An encoder from a folder in the shape of BERT: `config.json`, `*.safetensors`, `vocab.txt`.

use std::path::Path;

use burn::tensor::Device;

use super::{Encoder, EncoderConfig, Layer, Pooling, settings};
use crate::NnError;
use crate::layers::{Embedding, LayerNorm, Linear, SelfAttentionConfig};
use crate::models::pretrained::{require_last_layer, require_rows};
use crate::tokens::WordPiece;
use crate::weights::WeightFolder;

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

impl PretrainedEncoder {
    /// Reads the folder. Nothing is downloaded.
    ///
    /// # Errors
    /// [`NnError::File`] for a file that is missing, damaged, of another kind of network or with a
    /// setting that this encoder lacks, [`NnError::Config`] for sizes that no encoder has and for
    /// weights of more layers, [`NnError::Shape`] for weights that are not those of the configuration.
    pub fn load(folder: &Path, device: &Device) -> Result<Self, NnError> {
        let config = settings::config(folder)?;
        let pooling = settings::pooling(folder)?;
        let vocabulary = folder.join("vocab.txt");
        let tokens = WordPiece::load(&vocabulary, settings::is_lower_case(folder)?)?;
        require_rows(tokens.n_tokens(), config.n_tokens).map_err(|reason| NnError::File {
            path: vocabulary,
            reason,
        })?;
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
        let layer = |idx: usize| format!("{root}encoder.layer.{idx}");
        require_last_layer(self.weights, config.n_layers, |idx| {
            format!("{}.attention.self.query.weight", layer(idx))
        })?;
        let table = |name: &str, n: usize| -> Result<Embedding, NnError> {
            let name = format!("{root}embeddings.{name}_embeddings.weight");
            let table = self
                .weights
                .table(&name, [n, config.d_model], self.device)?;
            Ok(Embedding { table })
        };
        // The tables come first: from there on `d_model` is what the files have.
        Ok(Encoder {
            tokens: table("word", config.n_tokens)?,
            positions: table("position", config.max_steps)?,
            segments: table("token_type", config.n_segments)?,
            norm: self.norm(&format!("{root}embeddings.LayerNorm"))?,
            layers: (0..config.n_layers)
                .map(|idx| self.layer(&layer(idx)))
                .collect::<Result<_, _>>()?,
            dropout: config.dropout,
        })
    }

    fn layer(&self, root: &str) -> Result<Layer, NnError> {
        let (d, d_middle) = (self.config.d_model, self.config.d_feed_forward);
        let parts = ["query", "key", "value"].map(|part| format!("{root}.attention.self.{part}"));
        let names = |kind: &str| parts.each_ref().map(|part| (format!("{part}.{kind}"), d));
        let qkv = Linear {
            weight: self.weights.joined(&names("weight"), d, self.device)?,
            bias: self.weights.joined_vectors(&names("bias"), self.device)?,
        };
        let output = self.linear(&format!("{root}.attention.output.dense"), d, d)?;
        Ok(Layer {
            attention: SelfAttentionConfig::new(d, self.config.n_heads).with_weights(qkv, output),
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
        let part = |part: &str| {
            let name = format!("{name}.{part}");
            self.weights.vector(&name, self.config.d_model, self.device)
        };
        let (gain, bias) = (part("weight")?, part("bias")?);
        Ok(LayerNorm::with_weights(gain, bias, self.config.epsilon))
    }
}
