//! A comparer as it stands in a file, and what is refused when it is read back.

use burn::module::Param;
use burn::tensor::{Tensor, TensorData};
use rapport_learn::boosting::BoostedTrees;
use rapport_learn::calibration::Platt;
use rapport_learn::transform::{FittedImputer, FittedScaler};
use rapport_nn::{DeviceName, Draws, NnError};
use serde::{Deserialize, Serialize};

use super::ensemble::{Ensemble, Scales};
use super::features::Describer;
use super::held_back::Judged;
use super::network::{Network, Siamese, Weights, numbers};
use super::{HeldBack, LearnedComparer, Learner, NetworkParams};

/// Where the weights of the first layer over the comparison stand among the layers.
const FIRST: usize = 3;

/// A comparer in a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Saved {
    describer: Describer,
    columns: Vec<usize>,
    trees: Vec<BoostedTrees>,
    network: Option<NetworkParams>,
    networks: Vec<SavedNetwork>,
    scales: Option<Scales>,
    learner: Learner,
    calibrator: Platt,
    threshold: f64,
    held_back: Vec<HeldBack>,
}

/// A network in a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SavedNetwork {
    imputer: FittedImputer,
    scaler: FittedScaler,
    /// Layer by layer, in the order of [`Siamese::weights`].
    weights: Vec<Vec<f32>>,
}

/// Why a comparer in a file is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum SavedError {
    #[error("{0}; the file is damaged, learn from the decisions again")]
    Damaged(String),
    #[error(transparent)]
    Network(#[from] NnError),
}

fn require(holds: bool, sentence: impl FnOnce() -> String) -> Result<(), SavedError> {
    if holds {
        Ok(())
    } else {
        Err(SavedError::Damaged(sentence()))
    }
}

impl From<LearnedComparer> for Saved {
    fn from(comparer: LearnedComparer) -> Self {
        let LearnedComparer {
            describer,
            columns,
            ensemble,
            learner,
            judged,
            held_back,
        } = comparer;
        Self {
            describer,
            columns,
            trees: ensemble.trees,
            network: ensemble.network_params,
            networks: ensemble
                .networks
                .into_iter()
                .map(SavedNetwork::from)
                .collect(),
            scales: ensemble.scales,
            learner,
            calibrator: judged.calibrator,
            threshold: judged.threshold,
            held_back,
        }
    }
}

impl From<Network> for SavedNetwork {
    fn from(mut network: Network) -> Self {
        let of = |weights: Weights<'_>| match weights {
            Weights::Table(table) => numbers(&table.val()),
            Weights::Row(row) => numbers(&row.val()),
        };
        Self {
            weights: network.siamese.weights().into_iter().map(of).collect(),
            imputer: network.imputer,
            scaler: network.scaler,
        }
    }
}

impl TryFrom<Saved> for LearnedComparer {
    type Error = SavedError;

    fn try_from(saved: Saved) -> Result<Self, SavedError> {
        saved.check()?;
        let judged = Judged {
            calibrator: saved.calibrator,
            threshold: saved.threshold,
            held_back: saved
                .held_back
                .iter()
                .find(|held_back| held_back.learner == saved.learner)
                .cloned()
                .ok_or_else(|| {
                    SavedError::Damaged("nothing tells how the learner did".to_owned())
                })?,
        };
        let n_features = saved.columns.len();
        let networks = match &saved.network {
            Some(params) => saved
                .networks
                .into_iter()
                .map(|network| network.read(params, n_features))
                .collect::<Result<Vec<_>, _>>()?,
            None => Vec::new(),
        };
        Ok(Self {
            describer: saved.describer,
            columns: saved.columns,
            ensemble: Ensemble {
                trees: saved.trees,
                network_params: saved.network,
                networks,
                scales: saved.scales,
            },
            learner: saved.learner,
            judged,
            held_back: saved.held_back,
        })
    }
}

impl Saved {
    fn check(&self) -> Result<(), SavedError> {
        let n_described = self.describer.names().len();
        let is_ascending = self.columns.windows(2).all(|two| two[0] < two[1]);
        let last = self.columns.last().copied().unwrap_or(0);
        require(is_ascending && last < n_described, || {
            format!("features of pairs are numbered up to {last}, and there are {n_described}")
        })?;
        require(self.describer.is_whole(), || {
            "a word leads to a record that is not there".to_owned()
        })?;
        let n_features = self.columns.len();
        for trees in &self.trees {
            require(
                trees.kinds().len() == n_features && trees.start().len() == 1,
                || format!("trees ask {} features of {n_features}", trees.kinds().len()),
            )?;
        }
        let (n_trees, n_networks) = (self.trees.len(), self.networks.len());
        let is_whole = match self.learner {
            Learner::Trees => n_trees > 0,
            Learner::Network => n_networks > 0,
            Learner::Blend => n_trees > 0 && n_networks > 0 && self.scales.is_some(),
        };
        require(
            is_whole && (n_networks == 0 || self.network.is_some()),
            || {
                format!(
                    "{:?} with {n_trees} trees and {n_networks} networks",
                    self.learner
                )
            },
        )?;
        let scales = self.scales.map(|scales| [scales.trees, scales.network]);
        let platts = scales.into_iter().flatten().chain([self.calibrator]);
        for platt in platts {
            require(
                platt.slope().is_finite() && platt.intercept().is_finite(),
                || "a calibration that is no number".to_owned(),
            )?;
        }
        require((0.0..=1.0).contains(&self.threshold), || {
            format!("the threshold {} is no probability", self.threshold)
        })
    }
}

impl SavedNetwork {
    fn read(self, params: &NetworkParams, n_features: usize) -> Result<Network, SavedError> {
        let refused = |error: crate::IdentityError| SavedError::Damaged(error.to_string());
        params.check().map_err(refused)?;
        let (imputer, scaler) = (&self.imputer, &self.scaler);
        let lengths = [
            imputer.medians().len(),
            scaler.centers().len(),
            scaler.spreads().len(),
        ];
        require(lengths.iter().all(|&length| length == n_features), || {
            format!("a network scales {lengths:?} features of {n_features}")
        })?;
        // Sizes are held against the file before memory is taken for them.
        let n_words = self.weights.first().map_or(0, Vec::len);
        require(
            params.n_buckets.checked_mul(params.d_model) == Some(n_words),
            || format!("a network has {n_words} numbers for its words"),
        )?;
        let n_first = (2 * params.d_model).checked_add(n_features);
        let n_first = n_first.and_then(|n_inputs| n_inputs.checked_mul(params.n_hidden));
        require(n_first == self.weights.get(FIRST).map(Vec::len), || {
            format!(
                "a network has hidden layers of other sizes than {}",
                params.n_hidden
            )
        })?;
        let device = DeviceName::Cpu.open()?;
        let mut draws = Draws::new(0, "overwritten");
        let mut siamese = Siamese::init(params, n_features, &device, &mut draws);
        let layers = siamese.weights();
        let (n_layers, n_read) = (layers.len(), self.weights.len());
        require(n_layers == n_read, || {
            format!("a network has {n_read} layers of {n_layers}")
        })?;
        for (layer, numbers) in layers.into_iter().zip(self.weights) {
            require(numbers.iter().all(|number| number.is_finite()), || {
                "a weight that is no number".to_owned()
            })?;
            match layer {
                Weights::Table(table) => {
                    let sizes = table.val().dims();
                    require(sizes[0] * sizes[1] == numbers.len(), || {
                        format!("{} weights for a layer of {sizes:?}", numbers.len())
                    })?;
                    let data = TensorData::new(numbers, sizes);
                    *table = Param::from_tensor(Tensor::from_data(data, &device));
                }
                Weights::Row(row) => {
                    let sizes = row.val().dims();
                    require(sizes[0] == numbers.len(), || {
                        format!("{} biases for a layer of {sizes:?}", numbers.len())
                    })?;
                    let data = TensorData::new(numbers, sizes);
                    *row = Param::from_tensor(Tensor::from_data(data, &device));
                }
            }
        }
        Ok(Network {
            imputer: self.imputer,
            scaler: self.scaler,
            siamese,
        })
    }
}
