#![doc = include_str!("../README.md")]

mod build;
mod error;
mod feature;
mod history;
mod sequence;
mod standard;
mod table;

pub use build::build;
pub use error::FeatureError;
pub use feature::{Feature, Role, Unit};
pub use history::end_of_history;
pub use sequence::{Sequences, sequences};
pub use standard::standard_features;
pub use table::FeatureTable;
