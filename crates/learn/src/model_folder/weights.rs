//! The weights of a model, in a file of their own beside `model.json`.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{ModelFile, ModelFolderError, io_error, save};
use crate::fingerprint::bytes_hash;

pub(super) const FILE: &str = "weights.safetensors";

/// What `model.json` knows of the file of weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// Its length in bytes.
    pub n_bytes: u64,
    /// SHA-256 of it, in hexadecimal.
    pub sha256: String,
}

/// Writes a model folder with its weights, whole or not at all. `weights` are the bytes of a safetensors
/// file; their hash goes into `model.json`, so that a mixed-up or broken file is found on loading.
///
/// # Errors
/// The folder exists, a figure is not finite, or the disk refuses.
pub fn save_model_with_weights<P: Serialize, S: Serialize>(
    folder: &Path,
    mut file: ModelFile<P, S>,
    card: &str,
    weights: &[u8],
) -> Result<(), ModelFolderError> {
    file.weights = Some(Weights {
        n_bytes: weights.len() as u64,
        sha256: bytes_hash(weights),
    });
    save(folder, &file, card, Some(weights))
}

/// Reads the weights that a model's file names, and checks that they are the very ones.
///
/// # Errors
/// The model has no weights, the file cannot be read, or it is another than was saved.
pub fn load_weights<P, S>(
    folder: &Path,
    file: &ModelFile<P, S>,
) -> Result<Vec<u8>, ModelFolderError> {
    let path = folder.join(FILE);
    let known = file.weights.as_ref();
    let known = known.ok_or_else(|| ModelFolderError::NoWeights(folder.to_owned()))?;
    let bytes = fs::read(&path).map_err(io_error("read", &path))?;
    if bytes.len() as u64 == known.n_bytes && bytes_hash(&bytes) == known.sha256 {
        return Ok(bytes);
    }
    Err(ModelFolderError::OtherWeights(path))
}
