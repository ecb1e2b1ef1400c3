#![doc = include_str!("../README.md")]

pub mod boosting;
pub mod calibration;
pub mod challenge;
pub mod conformal;
mod context;
mod dataset;
mod design;
pub mod drift;
mod error;
mod examples;
mod fingerprint;
pub mod linear;
mod matrix;
pub mod metrics;
mod model_folder;
pub mod naive_bayes;
pub mod ngram;
mod normal;
pub mod online;
mod parallel;
pub mod privacy;
mod probability;
mod random;
pub mod runs;
pub mod scorer;
pub mod search;
mod sparse;
pub mod split;
pub mod stacking;
pub mod stats;
pub mod table;
pub mod transform;
mod verbs;

pub use context::{Cancellation, Context, Deadline, Progress, Silent};
pub use dataset::Dataset;
pub use design::Design;
pub use error::LearnError;
pub use examples::Examples;
pub use fingerprint::fingerprint_of;
pub use matrix::Matrix;
pub use model_folder::{
    Baseline, DataRange, ModelFile, ModelFolderError, Provenance, Weights, feature_hash,
    load_model, load_weights, model_fingerprint, read_card, save_model, save_model_with_weights,
};
pub use normal::{normal_cdf, normal_density};
pub use parallel::map_parts;
pub use random::{rng, standard_normal};
pub use sparse::SparseMatrix;
pub use verbs::{Check, Evaluate, Explain, Fit, Metrics, Persist, Predict, Transform};
