//! A small siamese network: both records pass one tower, and what the tower makes of them is compared beside
//! the features of the pair.
//!
//! A record is a bag of its words, hashed to rows of a learned table and weighted by how rare they are. The
//! difference and the product of the two, number by number, show what one record has and the other lacks, and
//! what both have, for words that the features know by their rarity only ("upgrade", "refurbished").
//!
//! # Source
//! Bromley et al. (1993), "Signature Verification Using a Siamese Time Delay Neural Network"; the comparison
//! by difference and product is that of Tai, Socher & Manning (2015).

use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::transform::{FittedImputer, FittedScaler, MedianImputer, StandardScaler};
use rapport_learn::{Check, Context, Fit, LearnError, Matrix, Transform};
use rapport_nn::layers::{Embedding, Linear, LinearConfig, dropout};
use rapport_nn::ops::cross_entropy;
use rapport_nn::train::{AdamWParams, OptimizerParams, Schedule, Task, TrainParams};
use rapport_nn::{DeviceName, Draws, NnError};
use serde::{Deserialize, Serialize};

use super::view::View;
use crate::IdentityError;

/// Numbers beyond this many deviations are cut: a rare length must not drown everything else.
const DEVIATIONS_MAX: f64 = 4.0;
/// Pairs that are scored at once.
const N_SCORED: usize = 512;

/// Sizes and training of the network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NetworkParams {
    /// Rows that words are hashed to.
    pub n_buckets: usize,
    /// Numbers per word, and of the tower.
    pub d_model: usize,
    /// Numbers of the two hidden layers over the comparison.
    pub n_hidden: usize,
    /// Share of hidden numbers that is dropped while training.
    pub dropout: f64,
    /// Words of a record at most, the first ones.
    pub n_words_max: usize,
    /// Passes over the pairs.
    pub n_epochs: usize,
    /// Pairs per step.
    pub batch_size: usize,
    /// How far steps go.
    pub learning_rate: f64,
    /// Share of the weights that is taken away per unit of the learning rate.
    pub weight_decay: f64,
}

impl Default for NetworkParams {
    fn default() -> Self {
        Self {
            n_buckets: 4096,
            d_model: 24,
            n_hidden: 64,
            dropout: 0.3,
            n_words_max: 48,
            n_epochs: 20,
            batch_size: 64,
            learning_rate: 2e-3,
            weight_decay: 0.05,
        }
    }
}

/// Words of a record as rows of the table, with weights of length 1 together.
#[derive(Debug, Clone, Default)]
pub(super) struct Bag {
    rows: Vec<usize>,
    weights: Vec<f32>,
}

impl Bag {
    pub(super) fn of(view: &View, params: &NetworkParams) -> Self {
        let words = &view.words[..view.words.len().min(params.n_words_max)];
        let length = words
            .iter()
            .map(|word| word.idf * word.idf)
            .sum::<f64>()
            .sqrt();
        let row = |hash: u64| (hash >> 1) as usize % params.n_buckets;
        Self {
            rows: words.iter().map(|word| row(word.hash)).collect(),
            weights: words
                .iter()
                .map(|word| (word.idf / length) as f32)
                .collect(),
        }
    }
}

/// Pairs as the network sees them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inputs<'a> {
    /// `(n_records,)`.
    pub(super) bags: &'a [Bag],
    /// `(n_pairs,)`: positions of the two records.
    pub(super) pairs: &'a [(u32, u32)],
    /// `(n_pairs, n_features)`.
    pub(super) features: &'a Matrix,
}

/// Weights of one layer, to be written down or read back.
pub(super) enum Weights<'a> {
    Table(&'a mut Param<Tensor<2>>),
    Row(&'a mut Param<Tensor<1>>),
}

/// The network with its weights.
#[derive(Module, Debug)]
pub(super) struct Siamese {
    words: Embedding,
    tower: Linear,
    first: Linear,
    second: Linear,
    last: Linear,
    dropout: f64,
}

impl Siamese {
    pub(super) fn init(
        params: &NetworkParams,
        n_features: usize,
        device: &Device,
        draws: &mut Draws,
    ) -> Self {
        let d = params.d_model;
        let linear =
            |n_in, n_out, draws: &mut Draws| LinearConfig::new(n_in, n_out).init(device, draws);
        Self {
            words: Embedding::init(params.n_buckets, d, 0.1, device, draws),
            tower: linear(d, d, draws),
            first: linear(2 * d + n_features, params.n_hidden, draws),
            second: linear(params.n_hidden, params.n_hidden, draws),
            last: linear(params.n_hidden, 2, draws),
            dropout: params.dropout,
        }
    }

    /// Its weights with their sizes, always in this order.
    pub(super) fn weights(&mut self) -> Vec<Weights<'_>> {
        let Self {
            words,
            tower,
            first,
            second,
            last,
            ..
        } = self;
        let mut weights = vec![Weights::Table(&mut words.table)];
        for layer in [tower, first, second, last] {
            weights.push(Weights::Table(&mut layer.weight));
            weights.push(Weights::Row(&mut layer.bias));
        }
        weights
    }

    /// `[n_pairs, 2]`: logits of "different" and "the same".
    fn forward(&self, batch: &Batch, chance: &mut Option<Draws>) -> Tensor<2> {
        let left = self.encode(&batch.left, chance); // [n_pairs, d_model]
        let right = self.encode(&batch.right, chance);
        let apart = (left.clone() - right.clone()).abs();
        let compared = Tensor::cat(vec![apart, left * right, batch.features.clone()], 1);
        let hidden = relu(
            self.first
                .forward(dropout(compared, self.dropout / 2.0, chance)),
        );
        let hidden = dropout(hidden, self.dropout, chance);
        let hidden = dropout(relu(self.second.forward(hidden)), self.dropout, chance);
        self.last.forward(hidden)
    }

    /// The tower: the weighted sum of the words' rows, and a layer.
    fn encode(&self, bags: &Bags, chance: &mut Option<Draws>) -> Tensor<2> {
        let rows = self.words.forward(&bags.rows); // [n_pairs * n_words, d_model]
        let d_model = rows.dims()[1];
        let weighted = dropout(rows * bags.weights.clone(), self.dropout, chance);
        let sum = weighted
            .reshape([bags.n_bags, bags.n_words, d_model])
            .sum_dim(1)
            .reshape([bags.n_bags, d_model]);
        sum.clone() + relu(self.tower.forward(sum))
    }
}

/// The bags of one side, padded to one length with words of weight 0.
struct Bags {
    rows: Arc<[usize]>,
    /// `[n_bags * n_words, 1]`
    weights: Tensor<2>,
    n_bags: usize,
    n_words: usize,
}

impl Bags {
    fn new(bags: &[&Bag], device: &Device) -> Self {
        let n_words = bags
            .iter()
            .map(|bag| bag.rows.len())
            .max()
            .unwrap_or(0)
            .max(1);
        let (mut rows, mut weights) = (Vec::new(), Vec::new());
        for bag in bags {
            let padding = n_words - bag.rows.len();
            rows.extend(
                bag.rows
                    .iter()
                    .copied()
                    .chain(std::iter::repeat_n(0, padding)),
            );
            weights.extend(
                bag.weights
                    .iter()
                    .copied()
                    .chain(std::iter::repeat_n(0.0, padding)),
            );
        }
        let shape = [weights.len(), 1];
        Self {
            rows: rows.into(),
            weights: Tensor::from_data(TensorData::new(weights, shape), device),
            n_bags: bags.len(),
            n_words,
        }
    }
}

struct Batch {
    left: Bags,
    right: Bags,
    /// `[n_pairs, n_features]`
    features: Tensor<2>,
}

impl Inputs<'_> {
    /// Some of the pairs as tensors; features must be scaled.
    fn batch(&self, pairs: &[usize], device: &Device) -> Batch {
        let side = |of: fn(&(u32, u32)) -> u32| {
            let bags: Vec<&Bag> = pairs
                .iter()
                .map(|&pair| &self.bags[of(&self.pairs[pair]) as usize])
                .collect();
            Bags::new(&bags, device)
        };
        let numbers: Vec<f32> = pairs
            .iter()
            .flat_map(|&pair| self.features.row(pair).iter().map(|&value| value as f32))
            .collect();
        let shape = [pairs.len(), self.features.n_columns()];
        Batch {
            left: side(|pair| pair.0),
            right: side(|pair| pair.1),
            features: Tensor::from_data(TensorData::new(numbers, shape), device),
        }
    }
}

/// The pairs of a training.
struct Training<'a> {
    inputs: Inputs<'a>,
    outcomes: &'a [bool],
    device: Device,
}

impl Task for Training<'_> {
    type Network = Siamese;

    fn n_examples(&self) -> usize {
        self.outcomes.len()
    }

    fn loss(
        &self,
        network: &Siamese,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let batch = self.inputs.batch(examples, &self.device);
        let classes: Arc<[usize]> = examples
            .iter()
            .map(|&at| usize::from(self.outcomes[at]))
            .collect();
        Ok(cross_entropy(network.forward(&batch, chance), &classes).mean())
    }

    fn validate(&self, _network: &Siamese) -> Result<Option<f64>, NnError> {
        Ok(None)
    }
}

/// A trained network and what scales its features.
#[derive(Debug, Clone)]
pub(super) struct Network {
    pub(super) imputer: FittedImputer,
    pub(super) scaler: FittedScaler,
    pub(super) siamese: Siamese,
}

impl Network {
    /// Trains on pairs with known outcomes.
    pub(super) fn fit(
        params: &NetworkParams,
        inputs: Inputs<'_>,
        outcomes: &[bool],
        context: &Context<'_>,
    ) -> Result<Self, IdentityError> {
        let imputer = MedianImputer.fit(inputs.features, context)?;
        let scaler = StandardScaler.fit(&imputer.transform(inputs.features)?, context)?;
        let features = scaled(&imputer, &scaler, inputs.features)?;
        let device = DeviceName::Cpu.open()?.autodiff();
        let siamese = Siamese::init(
            params,
            features.n_columns(),
            &device,
            &mut Draws::new(context.seed, "siamese network"),
        );
        let training = Training {
            inputs: Inputs {
                features: &features,
                ..inputs
            },
            outcomes,
            device: device.clone(),
        };
        let fitted =
            params
                .training()
                .check()?
                .fit(&training, siamese, &device, context, &mut (), None)?;
        Ok(Self {
            imputer,
            scaler,
            siamese: fitted.network,
        })
    }

    /// Log odds, `(n_pairs,)`.
    pub(super) fn log_odds(&self, inputs: Inputs<'_>) -> Result<Vec<f64>, IdentityError> {
        let features = scaled(&self.imputer, &self.scaler, inputs.features)?;
        let inputs = Inputs {
            features: &features,
            ..inputs
        };
        let device = DeviceName::Cpu.open()?;
        let all: Vec<usize> = (0..inputs.pairs.len()).collect();
        let mut log_odds = Vec::with_capacity(all.len());
        for part in all.chunks(N_SCORED) {
            let logits = self
                .siamese
                .forward(&inputs.batch(part, &device), &mut None);
            let logits = numbers(&logits);
            log_odds.extend(
                logits
                    .chunks_exact(2)
                    .map(|pair| f64::from(pair[1] - pair[0])),
            );
        }
        Ok(log_odds)
    }
}

impl NetworkParams {
    /// Refuses settings that cannot be.
    pub(super) fn check(&self) -> Result<(), IdentityError> {
        let sizes = [
            ("n_buckets", self.n_buckets),
            ("d_model", self.d_model),
            ("n_hidden", self.n_hidden),
            ("n_words_max", self.n_words_max),
        ];
        if let Some((name, value)) = sizes.into_iter().find(|(_, size)| *size == 0) {
            return Err(IdentityError::Parameter {
                name,
                value: value.to_string(),
                allowed: "use at least 1",
            });
        }
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(IdentityError::Parameter {
                name: "dropout",
                value: self.dropout.to_string(),
                allowed: "use 0 up to less than 1",
            });
        }
        self.training().check()?;
        Ok(())
    }

    fn training(&self) -> TrainParams {
        TrainParams {
            n_epochs: self.n_epochs,
            batch_size: self.batch_size,
            learning_rate: self.learning_rate,
            optimizer: OptimizerParams::AdamW(AdamWParams {
                weight_decay: self.weight_decay,
                ..AdamWParams::default()
            }),
            schedule: Schedule::Cosine {
                warm_up: 0.05,
                end: 0.02,
            },
            ..TrainParams::default()
        }
    }
}

fn scaled(
    imputer: &FittedImputer,
    scaler: &FittedScaler,
    features: &Matrix,
) -> Result<Matrix, LearnError> {
    let mut features = scaler.transform(&imputer.transform(features)?)?;
    for value in features.values_mut() {
        *value = value.clamp(-DEVIATIONS_MAX, DEVIATIONS_MAX);
    }
    Ok(features)
}

pub(super) fn numbers<const D: usize>(tensor: &Tensor<D>) -> Vec<f32> {
    let data = tensor.clone().into_data();
    data.try_to_vec::<f32>()
        .expect("tensors of the processor hold single precision")
}
