//! The folder that a model lives in: `model.json` for programs, `card.md` for people, and for models
//! with many numbers `weights.safetensors`, whose hash `model.json` holds.
//!
//! The folder appears whole or not at all: it is written beside its place and renamed into it.

mod draft;
mod error;
mod weights;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Metrics;
use crate::fingerprint::{bytes_hash, names_hash};

pub use error::ModelFolderError;
pub use weights::{Weights, load_weights, save_model_with_weights};

/// The form of `model.json` that this code writes; older ones stay readable.
///
/// 1: all of the model in `model.json`. 2: `weights` may name a file beside it.
const FORMAT: u32 = 2;
const MODEL_FILE: &str = "model.json";
const CARD_FILE: &str = "card.md";

/// What `model.json` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelFile<P, S> {
    /// Form of this file.
    pub format: u32,
    /// What kind of model it is.
    pub kind: String,
    /// Which one, in the words of whoever trained it.
    pub version: String,
    /// The features that rows must have, in this order.
    pub feature_names: Vec<String>,
    /// [`feature_hash`] of them: two models with one hash read the same rows.
    pub feature_hash: String,
    /// The parameters that it was fitted with.
    pub parameters: P,
    /// The seed that it was fitted with.
    pub seed: u64,
    /// What it was fitted on.
    pub data: DataRange,
    /// Its figures.
    pub metrics: Metrics,
    /// The simple method that it must beat, and that one's figures.
    pub baseline: Option<Baseline>,
    /// Version of the code that fitted it.
    pub code_version: String,
    /// When it was fitted.
    pub created_at: DateTime<Utc>,
    /// The file of its weights, if it has one. Format 1 knew none.
    #[serde(default)]
    pub weights: Option<Weights>,
    /// What was learned.
    pub state: S,
}

/// Which rows a model was fitted on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataRange {
    /// How many.
    pub n_samples: u64,
    /// Their fingerprint ([`fingerprint_of`](crate::fingerprint_of)).
    pub fingerprint: String,
    /// The instant as of which they were true, if they have one.
    pub as_of: Option<DateTime<Utc>>,
}

/// The simple method beside a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Its name.
    pub name: String,
    /// Its figures, under the same names as the model's.
    pub metrics: Metrics,
}

/// What a model cannot know of itself when it is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Which model it is.
    pub version: String,
    /// Version of the code that fitted it.
    pub code_version: String,
    /// When it was fitted.
    pub created_at: DateTime<Utc>,
    /// The instant as of which its rows were true.
    pub as_of: Option<DateTime<Utc>>,
}

impl<P, S> ModelFile<P, S> {
    /// A file of the current format for a model that was just fitted.
    pub fn new(
        kind: &str,
        feature_names: Vec<String>,
        parameters: P,
        state: S,
        provenance: &Provenance,
    ) -> Self {
        Self {
            format: FORMAT,
            kind: kind.into(),
            version: provenance.version.clone(),
            feature_hash: feature_hash(&feature_names),
            feature_names,
            parameters,
            seed: 0,
            data: DataRange {
                n_samples: 0,
                fingerprint: String::new(),
                as_of: provenance.as_of,
            },
            metrics: Metrics::new(),
            baseline: None,
            code_version: provenance.code_version.clone(),
            created_at: provenance.created_at,
            weights: None,
            state,
        }
    }

    /// Refuses rows whose columns are not the model's features.
    ///
    /// # Errors
    /// [`ModelFolderError::Features`] naming what is missing and what is unknown, or
    /// [`ModelFolderError::FeatureOrder`].
    pub fn require_features(&self, names: &[String]) -> Result<(), ModelFolderError> {
        if self.feature_names == names {
            return Ok(());
        }
        let not_in = |from: &[String], other: &[String]| -> Vec<String> {
            from.iter()
                .filter(|name| !other.contains(name))
                .cloned()
                .collect()
        };
        let missing = not_in(&self.feature_names, names);
        let unknown = not_in(names, &self.feature_names);
        if missing.is_empty() && unknown.is_empty() {
            return Err(ModelFolderError::FeatureOrder {
                expected: self.feature_names.clone(),
            });
        }
        Err(ModelFolderError::Features { missing, unknown })
    }

    fn first_bad_figure(&self) -> Option<&String> {
        let baseline = self.baseline.iter().flat_map(|baseline| &baseline.metrics);
        self.metrics
            .iter()
            .chain(baseline)
            .find(|(_, value)| !value.is_finite())
            .map(|(name, _)| name)
    }
}

/// SHA-256 of feature names in their order, in hexadecimal.
pub fn feature_hash(names: &[String]) -> String {
    names_hash(names)
}

/// Writes a model folder, whole or not at all; what is on disk when this returns stays there.
///
/// # Errors
/// The folder exists, a figure is not finite, or the disk refuses.
pub fn save_model<P: Serialize, S: Serialize>(
    folder: &Path,
    file: &ModelFile<P, S>,
    card: &str,
) -> Result<(), ModelFolderError> {
    save(folder, file, card, None)
}

fn save<P: Serialize, S: Serialize>(
    folder: &Path,
    file: &ModelFile<P, S>,
    card: &str,
    weights: Option<&[u8]>,
) -> Result<(), ModelFolderError> {
    if let Some(name) = file.first_bad_figure() {
        return Err(ModelFolderError::Figure(name.clone()));
    }
    if folder.exists() {
        return Err(ModelFolderError::Exists(folder.to_owned()));
    }
    let json = serde_json::to_vec_pretty(file).map_err(|source| ModelFolderError::Malformed {
        path: folder.join(MODEL_FILE),
        source,
    })?;
    let mut files = vec![(MODEL_FILE, json.as_slice()), (CARD_FILE, card.as_bytes())];
    files.extend(weights.map(|bytes| (weights::FILE, bytes)));
    let draft = draft::create(folder)?;
    let placed = write_files(&draft, &files)
        .and_then(|()| fs::rename(&draft, folder).map_err(io_error("move into place", folder)));
    if let Err(error) = placed {
        // The draft is useless; failing to remove it must not hide why writing failed.
        let _ = fs::remove_dir_all(&draft);
        // Somebody who saved to this place meanwhile has swept the draft away or taken the place.
        return Err(if folder.exists() {
            ModelFolderError::Exists(folder.to_owned())
        } else {
            error
        });
    }
    draft::sweep(folder);
    sync_folder(parent_of(folder))
}

/// SHA-256 of `model.json`, in hexadecimal: two folders with one fingerprint hold one model, weights
/// included.
///
/// # Errors
/// No such folder, or it cannot be read.
pub fn model_fingerprint(folder: &Path) -> Result<String, ModelFolderError> {
    let path = folder.join(MODEL_FILE);
    let json = fs::read(&path).map_err(io_error("read", &path))?;
    Ok(bytes_hash(&json))
}

/// The card of a folder, for people; none where it has none.
///
/// # Errors
/// The card is there and cannot be read.
pub fn read_card(folder: &Path) -> Result<Option<String>, ModelFolderError> {
    let path = folder.join(CARD_FILE);
    match fs::read_to_string(&path) {
        Ok(card) => Ok(Some(card)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error("read", &path)(error)),
    }
}

/// Reads `model.json` of a folder that holds the given kind of model.
///
/// # Errors
/// No such folder, a broken file, another kind, or a newer format.
pub fn load_model<P: DeserializeOwned, S: DeserializeOwned>(
    folder: &Path,
    kind: &str,
) -> Result<ModelFile<P, S>, ModelFolderError> {
    /// What every format has, read first.
    #[derive(Deserialize)]
    struct Head {
        format: u32,
        kind: String,
    }

    let path = folder.join(MODEL_FILE);
    let json = fs::read(&path).map_err(io_error("read", &path))?;
    let malformed = |source| ModelFolderError::Malformed {
        path: path.clone(),
        source,
    };
    let head: Head = serde_json::from_slice(&json).map_err(malformed)?;
    if head.format > FORMAT {
        return Err(ModelFolderError::Newer { found: head.format });
    }
    if head.kind != kind {
        return Err(ModelFolderError::Kind {
            expected: kind.into(),
            found: head.kind,
        });
    }
    serde_json::from_slice(&json).map_err(malformed)
}

fn write_files(draft: &Path, files: &[(&str, &[u8])]) -> Result<(), ModelFolderError> {
    for (name, bytes) in files {
        write_synced(&draft.join(name), bytes)?;
    }
    sync_folder(draft)
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), ModelFolderError> {
    File::create(path)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .map_err(io_error("write", path))
}

fn parent_of(folder: &Path) -> &Path {
    match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Makes the entries of a folder durable. Windows neither needs nor allows it.
fn sync_folder(folder: &Path) -> Result<(), ModelFolderError> {
    if cfg!(windows) {
        return Ok(());
    }
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(io_error("sync", folder))
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ModelFolderError {
    let path = path.to_owned();
    move |source| ModelFolderError::Io {
        action,
        path,
        source,
    }
}

#[cfg(test)]
mod tests;
