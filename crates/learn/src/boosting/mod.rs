//! Gradient-boosted trees with exact explanations.
//!
//! Parameters are checked, fit [`BoostingData`] and give [`BoostedTrees`], which predict and say
//! how much each feature contributed ([`BoostedTrees::shap`]).

mod bin_set;
mod binning;
mod bins;
mod classes;
mod data;
mod error;
mod fit;
mod grow;
mod histogram;
mod leaves;
mod loss;
mod model;
mod params;
mod quantile;
mod sampling;
mod shap;
mod split;
mod sums;
mod tree;
mod validation;

pub use data::BoostingData;
pub(crate) use data::CATEGORY_LIMIT;
pub use error::BoostingError;
pub use loss::Loss;
pub use model::{BoostedTrees, Importance};
pub use params::{
    BoostingParams, CategoryParams, ClassWeights, Monotone, RowSampling, ValidBoostingParams,
};
pub use shap::ShapValues;
pub use tree::{CategorySet, Node, Rule, Tree, TreeError};
pub use validation::BoostingLog;

#[cfg(test)]
mod tests;
