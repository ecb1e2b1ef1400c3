//! The fitted learners together.

use rapport_learn::boosting::BoostedTrees;
use rapport_learn::calibration::Platt;
use rapport_learn::{Context, Matrix};
use serde::{Deserialize, Serialize};

use super::features::Prepared;
use super::network::{Inputs, Network};
use super::{Learner, NetworkParams, trees};
use crate::IdentityError;

/// What brings the log odds of trees and network to one scale before they are blended.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Scales {
    pub(super) trees: Platt,
    pub(super) network: Platt,
}

/// Learners of one comparer. Those that it does not use are empty.
#[derive(Debug, Clone)]
pub(super) struct Ensemble {
    pub(super) trees: Vec<BoostedTrees>,
    pub(super) network_params: Option<NetworkParams>,
    pub(super) networks: Vec<Network>,
    pub(super) scales: Option<Scales>,
}

/// Log odds of pairs, `(n_pairs,)` each.
#[derive(Debug, Clone, Default)]
pub(super) struct Scores {
    pub(super) trees: Vec<f64>,
    pub(super) network: Vec<f64>,
    pub(super) scales: Option<Scales>,
}

impl Scores {
    /// Those of one learner.
    pub(super) fn of(&self, learner: Learner) -> Vec<f64> {
        match (learner, self.scales) {
            (Learner::Trees, _) => self.trees.clone(),
            (Learner::Network, _) => self.network.clone(),
            (Learner::Blend, None) => self.trees.clone(),
            (Learner::Blend, Some(scales)) => {
                let log_odds =
                    |platt: &Platt, score: f64| -(platt.slope() * score + platt.intercept());
                let both = self.trees.iter().zip(&self.network);
                both.map(|(&trees, &network)| {
                    0.5 * (log_odds(&scales.trees, trees) + log_odds(&scales.network, network))
                })
                .collect()
            }
        }
    }
}

impl Ensemble {
    pub(super) fn scores(
        &self,
        features: &Matrix,
        prepared: &Prepared,
        pairs: &[(u32, u32)],
        context: &Context<'_>,
    ) -> Result<Scores, IdentityError> {
        context.proceed()?;
        let of_trees = self
            .trees
            .iter()
            .map(|trees| trees::log_odds(trees, features));
        let trees = mean(of_trees.collect::<Result<Vec<_>, _>>()?);
        let network = match &self.network_params {
            Some(params) if !self.networks.is_empty() => {
                let bags = &prepared.bags(params);
                let inputs = Inputs {
                    bags,
                    pairs,
                    features,
                };
                let of_networks = self.networks.iter().map(|network| network.log_odds(inputs));
                mean(of_networks.collect::<Result<Vec<_>, _>>()?)
            }
            _ => Vec::new(),
        };
        Ok(Scores {
            trees,
            network,
            scales: self.scales,
        })
    }
}

/// The mean of several lists, number by number; empty where there is none.
pub(super) fn mean(lists: Vec<Vec<f64>>) -> Vec<f64> {
    let n = lists.len() as f64;
    let mut lists = lists.into_iter();
    let mut sums = lists.next().unwrap_or_default();
    for list in lists {
        for (sum, value) in sums.iter_mut().zip(list) {
            *sum += value;
        }
    }
    sums.iter_mut().for_each(|sum| *sum /= n);
    sums
}
