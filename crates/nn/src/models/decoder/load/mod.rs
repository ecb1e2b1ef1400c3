//! A decoder from a folder in the shape of GPT-2 or of Llama: `config.json`, `*.safetensors`, and
//! `tokenizer.json` or `vocab.json` with `merges.txt`.

mod gpt2;
mod llama;

use std::path::Path;

use burn::module::Param;
use burn::tensor::{Device, Tensor};
use serde::Deserialize;

use self::gpt2::Gpt2Config;
use self::llama::LlamaConfig;
use super::layer::{AnyNorm, Layer};
use super::{Decoder, DecoderConfig, Norm};
use crate::NnError;
use crate::layers::{Embedding, LayerNorm, Linear, RmsNorm};
use crate::models::pretrained::{require_last_layer, require_rows, require_setting};
use crate::tokens::PretrainedBpe;
use crate::weights::{WeightFolder, read_json};

/// A decoder with its tokens.
#[derive(Debug)]
pub struct PretrainedDecoder {
    /// The network.
    pub decoder: Decoder,
    /// Its tokens.
    pub tokens: PretrainedBpe,
}

/// What `config.json` says, by its kind.
#[derive(Deserialize)]
#[serde(tag = "model_type", rename_all = "lowercase")]
enum SavedConfig {
    Gpt2(Gpt2Config),
    Llama(LlamaConfig),
}

impl PretrainedDecoder {
    /// Reads the folder. Nothing is downloaded.
    ///
    /// # Errors
    /// [`NnError::File`] for a file that is missing, cut short, damaged, of another kind of network
    /// or with a setting that this decoder lacks, [`NnError::Shape`] for weights that are not those
    /// of the configuration, with both shapes.
    pub fn load(folder: &Path, device: &Device) -> Result<Self, NnError> {
        let path = folder.join("config.json");
        let refuse = |reason: String| NnError::File {
            path: path.clone(),
            reason,
        };
        let saved: SavedConfig = read_json(&path)?;
        let config = match &saved {
            SavedConfig::Gpt2(saved) => saved.decoder(),
            SavedConfig::Llama(saved) => saved.decoder(),
        };
        let config = config.map_err(refuse)?;
        config.check()?;
        let tokens = PretrainedBpe::load(folder)?;
        require_rows(tokens.n_tokens(), config.n_tokens).map_err(refuse)?;
        let weights = Weights {
            folder: &WeightFolder::open(folder)?,
            config: &config,
            device,
        };
        let decoder = match saved {
            SavedConfig::Gpt2(_) => gpt2::read(&weights)?,
            SavedConfig::Llama(_) => llama::read(&weights)?,
        };
        Ok(Self { decoder, tokens })
    }
}

/// Weights on their way into a decoder.
struct Weights<'a> {
    folder: &'a WeightFolder,
    config: &'a DecoderConfig,
    device: &'a Device,
}

impl Weights<'_> {
    /// Refuses weights with more layers than the configuration has.
    fn require_last_layer(&self, weight_of: impl Fn(usize) -> String) -> Result<(), NnError> {
        require_last_layer(self.folder, self.config.n_layers, weight_of)
    }

    fn rows(&self, name: &str, n: usize) -> Result<Embedding, NnError> {
        let shape = [n, self.config.d_model];
        let table = self.folder.table(name, shape, self.device)?;
        Ok(Embedding { table })
    }

    fn norm(&self, name: &str) -> Result<AnyNorm, NnError> {
        let d = self.config.d_model;
        let part = |part: &str| {
            self.folder
                .vector(&format!("{name}.{part}"), d, self.device)
        };
        let (gain, epsilon) = (part("weight")?, self.config.epsilon);
        Ok(match self.config.norm {
            Norm::Layer => AnyNorm::Layer(LayerNorm::with_weights(gain, part("bias")?, epsilon)),
            Norm::RootMeanSquare => AnyNorm::RootMeanSquare(RmsNorm::with_weights(gain, epsilon)),
        })
    }

    /// Several linear layers over the same inputs as one, without biases: zeros stand for them.
    fn linear(&self, parts: &[(String, usize)], n_inputs: usize) -> Result<Linear, NnError> {
        let n_outputs: usize = parts.iter().map(|(_, n)| n).sum();
        Ok(Linear {
            weight: self.folder.joined(parts, n_inputs, self.device)?,
            bias: Param::from_tensor(Tensor::zeros([n_outputs], self.device)),
        })
    }
}
