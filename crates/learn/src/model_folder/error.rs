//! Why a model folder cannot be written or read.

use std::io;
use std::path::PathBuf;

use super::FORMAT;

/// Why a model folder cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFolderError {
    /// The disk said no.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The folder is taken.
    #[error("{0} exists already; models are never overwritten, choose another folder")]
    Exists(PathBuf),
    /// The file is not what this code writes.
    #[error("{path} is not a model file: {source}; train the model anew")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Where it is broken.
        source: serde_json::Error,
    },
    /// The file was written by newer code.
    #[error("the model has format {found}, this program reads up to {FORMAT}; update the program")]
    Newer {
        /// Its format.
        found: u32,
    },
    /// The folder holds another kind of model.
    #[error("the folder holds a {found} model, expected {expected}")]
    Kind {
        /// The kind wanted.
        expected: String,
        /// The kind found.
        found: String,
    },
    /// The data lack features that the model needs, or bring others.
    #[error(
        "the model's features do not match: missing {missing:?}, unknown {unknown:?}; build the features that it was trained on"
    )]
    Features {
        /// Needed but not there.
        missing: Vec<String>,
        /// There but not known to the model.
        unknown: Vec<String>,
    },
    /// The same features in another order.
    #[error(
        "the features come in another order than the model was trained on: expected {expected:?}"
    )]
    FeatureOrder {
        /// The order needed.
        expected: Vec<String>,
    },
    /// The model has no file of weights.
    #[error("the model in {0} has no weights; all of it is in model.json")]
    NoWeights(PathBuf),
    /// The weights are not those that the model was saved with.
    #[error("{0} is not the file that the model was saved with; copy the whole folder again")]
    OtherWeights(PathBuf),
    /// A figure that JSON cannot hold.
    #[error("the figure {0} is not a finite number; leave it out")]
    Figure(String),
}
