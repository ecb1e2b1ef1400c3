//! Comparing by what reviewers decided: pairs are described by many numbers, and learners tell which are
//! the same.

mod alike;
mod code_features;
mod codes;
mod comparer;
mod contributions;
mod ensemble;
mod explanation;
mod features;
mod fit;
mod held_back;
mod neighbors;
mod network;
mod pairs;
mod params;
mod rarity;
mod saved;
mod text_features;
mod trees;
mod view;

use serde::{Deserialize, Serialize};

pub use comparer::LearnedComparer;
pub use contributions::Contributions;
pub use explanation::{Explanation, Reason};
pub use held_back::{HeldBack, Rated, rate};
pub use network::NetworkParams;
pub use pairs::LabelledPair;
pub use params::LearnedParams;
pub use trees::TreeParams;

/// What tells whether a pair is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learner {
    /// Boosted trees.
    Trees,
    /// The siamese network.
    Network,
    /// The mean of the log odds of both.
    Blend,
}
