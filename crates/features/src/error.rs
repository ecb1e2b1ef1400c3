//! What can go wrong while features are built.

use rapport_lake::LakeError;
use thiserror::Error;

/// A failure to build features.
#[derive(Debug, Error)]
pub enum FeatureError {
    /// The events cannot be read.
    #[error("reading events")]
    Lake(#[from] LakeError),
    /// A table of features cannot be made: a mistake of ours.
    #[error("putting features together")]
    Arrow(#[from] arrow::error::ArrowError),
    /// A customer id that is none.
    #[error("{0:?} in the event files is no customer id; restore the files from a backup")]
    CustomerId(String),
}
