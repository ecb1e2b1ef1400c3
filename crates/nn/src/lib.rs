#![doc = include_str!("../README.md")]

pub mod adversarial;
pub mod attribution;
mod device;
mod draws;
mod error;
pub mod layers;
pub mod models;
pub mod ops;
pub mod rules;
pub mod tokens;
pub mod train;
mod weights;

pub use device::DeviceName;
pub use draws::Draws;
pub use error::NnError;
pub use weights::WeightFolder;
