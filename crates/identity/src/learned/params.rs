//! How a comparer learns.

use serde::{Deserialize, Serialize};

use super::features::Prepared;
use super::network::Bag;
use super::{NetworkParams, TreeParams};
use crate::IdentityError;

/// How a comparer learns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearnedParams {
    /// Parts of the decisions of which each is held back once, 2 to 10.
    pub n_folds: usize,
    /// Fits of each learner, each with a seed of its own, that are averaged; at least 1.
    pub n_seeds: usize,
    /// How trees are boosted.
    pub trees: TreeParams,
    /// The network; none where trees are enough.
    pub network: Option<NetworkParams>,
}

impl Default for LearnedParams {
    /// Five folds and three seeds; trees and the network.
    fn default() -> Self {
        Self {
            n_folds: 5,
            n_seeds: 3,
            trees: TreeParams::default(),
            network: Some(NetworkParams::default()),
        }
    }
}

impl LearnedParams {
    /// Refuses settings that cannot be.
    ///
    /// # Errors
    /// [`IdentityError::Parameter`] with what it may be, and what the learners refuse.
    pub fn check(&self) -> Result<(), IdentityError> {
        let refuse = |name, value: String, allowed| {
            Err(IdentityError::Parameter {
                name,
                value,
                allowed,
            })
        };
        if !(2..=10).contains(&self.n_folds) {
            return refuse("n_folds", self.n_folds.to_string(), "use 2 to 10");
        }
        if self.n_seeds == 0 {
            return refuse("n_seeds", "0".to_owned(), "use at least 1");
        }
        self.trees.check()?;
        self.network.as_ref().map_or(Ok(()), NetworkParams::check)
    }

    /// What the network sees of records; nothing where there is none.
    pub(super) fn bags(&self, prepared: &Prepared) -> Vec<Bag> {
        self.network
            .as_ref()
            .map_or_else(Vec::new, |params| prepared.bags(params))
    }
}
