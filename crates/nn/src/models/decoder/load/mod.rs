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
use super::{Decoder, DecoderConfig};
use crate::layers::{Embedding, Linear};
use crate::tokens::PretrainedBpe;
use crate::weights::{WeightFolder, read_json};
use crate::{Draws, NnError};

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
        if tokens.n_tokens() > config.n_tokens {
            return Err(refuse(format!(
                "there are {} tokens, and the network knows {}",
                tokens.n_tokens(),
                config.n_tokens
            )));
        }
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

/// A setting that may only have the one value that this decoder computes with.
fn require<T: PartialEq + std::fmt::Debug>(name: &str, found: &T, only: &T) -> Result<(), String> {
    if found == only {
        return Ok(());
    }
    Err(format!("`{name}` is {found:?}; only {only:?} is known"))
}

/// Weights on their way into a decoder.
struct Weights<'a> {
    folder: &'a WeightFolder,
    config: &'a DecoderConfig,
    device: &'a Device,
}

impl Weights<'_> {
    /// A layer whose weights are to be replaced: what is kept is its shape.
    fn blank_layer(&self) -> Result<Layer, NnError> {
        Layer::init(
            self.config,
            self.device,
            &mut Draws::new(0, "replaced by weights"),
        )
    }

    /// Refuses weights with more layers than the configuration has.
    fn require_last_layer(&self, weight_of: impl Fn(usize) -> String) -> Result<(), NnError> {
        let n_layers = self.config.n_layers;
        NnError::require(
            !self.folder.has(&weight_of(n_layers)),
            &format!("the configuration has {n_layers} layers, and the weights have more"),
        )
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
        let mut norm = AnyNorm::init(self.config, self.device);
        match &mut norm {
            AnyNorm::Layer(norm) => {
                norm.gain = part("weight")?;
                norm.bias = part("bias")?;
            }
            AnyNorm::RootMeanSquare(norm) => norm.gain = part("weight")?,
        }
        Ok(norm)
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
