#![doc = include_str!("../README.md")]

mod apply;
mod baseline;
mod compare;
mod comparison;
mod distance;
mod error;
mod feature;
mod fit;
mod kmeans;
mod map;
mod model;
mod order;
mod params;
mod portrait;
mod prepare;
mod prospects;
mod rfm;
mod stability;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod ward;

pub use baseline::BaselineReport;
pub use compare::Candidate;
pub use error::SegmentError;
pub use feature::{FeatureInfo, Role, Unit};
pub use fit::{SegmentInput, Segmentation, fit};
pub use kmeans::{KMeans, KMeansParams, ValidKMeansParams};
pub use map::Axis;
pub use model::{Reason, Report, SegmentModel, WhyIn};
pub use params::{Method, SegmentParams, ValidSegmentParams};
pub use portrait::{Direction, SegmentProfile, SegmentTrait};
pub use prepare::{FeatureFate, FeatureUse};
pub use prospects::buyers;
pub use rfm::{Rfm, RfmScores, RfmSegment};
pub use ward::{Merge, Tree, ValidWardParams, Ward, WardParams};
