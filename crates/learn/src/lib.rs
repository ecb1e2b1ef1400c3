#![doc = include_str!("../README.md")]

pub mod challenge;
mod context;
mod dataset;
pub mod drift;
mod error;
mod fingerprint;
mod gaussian;
mod matrix;
pub mod metrics;
mod model_folder;
mod parallel;
pub mod privacy;
mod random;
pub mod search;
pub mod split;
pub mod stats;
pub mod transform;
mod verbs;

pub use context::{Cancellation, Context, Deadline, Progress, Silent};
pub use dataset::Dataset;
pub use error::LearnError;
pub use fingerprint::fingerprint_of;
pub use matrix::Matrix;
pub use model_folder::{
    Baseline, DataRange, ModelFile, ModelFolderError, Provenance, feature_hash, load_model,
    save_model,
};
pub use parallel::map_parts;
pub use random::{rng, standard_normal};
pub use verbs::{Check, Evaluate, Explain, Fit, Metrics, Persist, Predict, Transform};
