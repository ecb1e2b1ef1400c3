#![doc = include_str!("../README.md")]

mod baseline;
mod blocking;
mod cluster;
mod compare;
mod error;
mod fellegi_sunter;
mod hash;
mod index;
mod kind;
pub mod learned;
mod matcher;
mod records;
mod schema;
pub mod standardize;

pub use baseline::exact_keys;
pub use blocking::{BlockingParams, BlockingReport};
pub use cluster::{ClusterParams, Constraints, Edge};
pub use compare::{Level, N_LEVELS};
pub use error::IdentityError;
pub use fellegi_sunter::{LevelWeight, MatchModel, Step, Waterfall};
pub use index::{Found, MatchIndex};
pub use kind::{Field, FieldKind};
pub use matcher::{MatchParams, Resolution, resolve};
pub use records::{RawColumn, Records};
pub use schema::detect;
