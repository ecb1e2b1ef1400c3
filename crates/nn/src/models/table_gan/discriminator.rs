//! The network that tells real rows from made ones, several rows at once.
//!
//! Its judgement may not jump between real and made rows. Two ways to hold it: normalized weights,
//! or a penalty on how long its gradient by the rows is. The tensor crate cannot differentiate a
//! gradient once more, but this network is linear between the kinks of its activations: its gradient
//! is the product of weights and slopes, and written out as that product it can be differentiated
//! like anything else. That is exact: the slopes change at the kinks alone.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::layers::{Linear, LinearConfig};
use crate::{Draws, NnError, ops};

/// Slope of the activations below zero.
const LEAK: f64 = 0.2;
/// Keeps roots away from zero, where they have no slope.
const EPSILON: f64 = 1e-12;

/// Sizes of a discriminator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DiscriminatorConfig {
    /// Numbers of a row.
    pub n_inputs: usize,
    /// Rows that are judged together.
    pub pack: usize,
    /// Numbers of each hidden layer.
    pub hidden: Vec<usize>,
    /// Share of hidden numbers dropped while training.
    pub dropout: f64,
    /// Whether each layer's weights are divided by how far they stretch at most.
    pub is_spectral: bool,
}

impl DiscriminatorConfig {
    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero or a share that is none.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<Discriminator, NnError> {
        NnError::require(
            self.n_inputs > 0 && self.pack > 0,
            "a discriminator judges rows of at least one number, at least one at once",
        )?;
        NnError::require(
            self.hidden.iter().all(|n| *n > 0),
            "hidden layers of a discriminator are not empty",
        )?;
        NnError::require((0.0..1.0).contains(&self.dropout), "dropout is in [0, 1)")?;
        let mut n_inputs = self.n_inputs * self.pack;
        let (mut layers, mut directions) = (Vec::new(), Vec::new());
        for n in self.hidden.iter().chain([&1]) {
            layers.push(LinearConfig::new(n_inputs, *n).init(device, draws));
            let direction = draws.normal([*n, 1], 1.0, device);
            directions.push(Param::from_tensor(direction).set_require_grad(false));
            n_inputs = *n;
        }
        Ok(Discriminator {
            layers,
            directions,
            pack: self.pack,
            dropout: self.dropout,
            is_spectral: self.is_spectral,
        })
    }
}

/// A discriminator with its weights.
#[derive(Module, Debug)]
pub struct Discriminator {
    layers: Vec<Linear>,
    /// Where each layer stretches most, as far as known, `[n_outputs, 1]` each.
    directions: Vec<Param<Tensor<2>>>,
    pack: usize,
    dropout: f64,
    is_spectral: bool,
}

impl Discriminator {
    /// One judgement per pack, higher for real rows: `[n_rows, n_inputs]` to `[n_rows / pack, 1]`.
    pub fn forward(&self, rows: Tensor<2>, chance: &mut Option<Draws>) -> Tensor<2> {
        self.pass(self.packs(rows), &self.weights(), chance).0
    }

    /// The gradient of each judgement by its pack: `[n_rows, n_inputs]` to
    /// `[n_rows / pack, pack * n_inputs]`, differentiable by the weights.
    pub fn gradient(&self, rows: Tensor<2>, chance: &mut Option<Draws>) -> Tensor<2> {
        let weights = self.weights();
        let packs = self.packs(rows);
        let n_packs = packs.dims()[0];
        let (_, slopes) = self.pass(packs, &weights, chance);
        let (last, hidden) = weights.split_last().expect("init makes an output layer");
        let mut gradient = last.clone().transpose().repeat_dim(0, n_packs);
        for (weight, slope) in hidden.iter().zip(slopes).rev() {
            gradient = (gradient * slope).matmul(weight.clone().transpose());
        }
        gradient
    }

    /// How far the lengths of the gradients are from 1, squared, in the mean.
    pub fn gradient_penalty(&self, rows: Tensor<2>, chance: &mut Option<Draws>) -> Tensor<1> {
        let squares = self.gradient(rows, chance).square().sum_dim(1);
        ((squares + EPSILON).sqrt() - 1.0).square().mean()
    }

    /// The same network with a better guess of where its layers stretch most; one turn per step is
    /// enough, as weights change little in between.
    #[must_use]
    pub fn turn(mut self) -> Self {
        if self.is_spectral {
            let turned = self.layers.iter().zip(self.directions);
            let turned = turned.map(|(layer, direction)| {
                let weight = layer.weight.val().detach();
                let there = weight.clone().matmul(direction.val().detach());
                let back = unit(weight.transpose().matmul(there));
                // Without a past: a step's graph is used once, and this stays for the next ones.
                direction.map(|_| back.detach())
            });
            self.directions = turned.collect();
        }
        self
    }

    /// The weights as they are used: divided by their largest stretch where asked for.
    fn weights(&self) -> Vec<Tensor<2>> {
        let layers = self.layers.iter().zip(&self.directions);
        let weights = layers.map(|(layer, direction)| {
            let weight = layer.weight.val();
            if !self.is_spectral {
                return weight;
            }
            let to = direction.val().detach();
            let from = unit(weight.clone().detach().matmul(to.clone()));
            let stretch = from.transpose().matmul(weight.clone()).matmul(unit(to)); // [1, 1]
            weight / stretch
        });
        weights.collect()
    }

    fn packs(&self, rows: Tensor<2>) -> Tensor<2> {
        let [n_rows, n_inputs] = rows.dims();
        rows.reshape([n_rows / self.pack, n_inputs * self.pack])
    }

    /// Judgements, and the slopes of the activations of each hidden layer, which are constants.
    fn pass(
        &self,
        packs: Tensor<2>,
        weights: &[Tensor<2>],
        chance: &mut Option<Draws>,
    ) -> (Tensor<2>, Vec<Tensor<2>>) {
        let mut x = packs;
        let mut slopes = Vec::new();
        for (depth, (layer, weight)) in self.layers.iter().zip(weights).enumerate() {
            x = ops::linear(x, weight.clone(), layer.bias.val());
            if depth + 1 < self.layers.len() {
                let slope = self.slope(&x, chance);
                x = x * slope.clone();
                slopes.push(slope);
            }
        }
        (x, slopes)
    }

    /// What leaky activation and dropout multiply each number with.
    fn slope(&self, x: &Tensor<2>, chance: &mut Option<Draws>) -> Tensor<2> {
        let is_above = x.clone().detach().greater_elem(0.0).float();
        let slope = is_above * (1.0 - LEAK) + LEAK;
        match chance {
            Some(draws) if self.dropout > 0.0 => {
                slope * draws.dropped(x.dims(), self.dropout, &x.device())
            }
            _ => slope,
        }
    }
}

/// A column of length 1 in the same direction.
fn unit(x: Tensor<2>) -> Tensor<2> {
    let length = (x.clone().square().sum_dim(0) + EPSILON).sqrt();
    x / length
}

#[cfg(test)]
mod tests {
    use super::*;
    use rapport_testing::tolerance;

    use crate::ops::testing::{numbers_of, values};

    fn config() -> DiscriminatorConfig {
        DiscriminatorConfig {
            n_inputs: 3,
            pack: 2,
            hidden: vec![7, 5],
            dropout: 0.0,
            is_spectral: false,
        }
    }

    fn network(config: &DiscriminatorConfig) -> Discriminator {
        let device = crate::device::of_tests().autodiff();
        config.init(&device, &mut Draws::new(4, "weights")).unwrap()
    }

    #[test]
    fn the_written_out_gradient_is_that_of_the_judgement() {
        for is_spectral in [false, true] {
            let network = network(&DiscriminatorConfig {
                is_spectral,
                ..config()
            });
            let rows = numbers_of(1, [8, 3]).require_grad();

            let judged = network.forward(rows.clone(), &mut None);
            let expected = rows.grad(&judged.sum().backward()).unwrap();
            let found = network.gradient(rows, &mut None);

            assert_eq!(found.dims(), [4, 6]);
            for (found, expected) in values(found.inner()).iter().zip(values(expected)) {
                assert!(
                    (found - expected).abs() < tolerance(1e-6) as f32,
                    "{found} and {expected}"
                );
            }
        }
    }

    /// The penalty after a step of one number of the first layer's weights, and the slopes there.
    fn moved(network: &Discriminator, at: usize, step: f32) -> (f64, Vec<f32>) {
        let mut network = network.clone();
        let weight = network.layers[0].weight.clone();
        network.layers[0].weight = weight.map(|weight| {
            let mut numbers = values(weight.clone().inner());
            numbers[at] += step;
            let sizes = weight.dims();
            let data = burn::tensor::TensorData::new(numbers, sizes);
            Tensor::from_data(data, &weight.device())
        });
        let rows = || numbers_of(1, [8, 3]);
        let penalty = network.gradient_penalty(rows(), &mut None);
        let (_, slopes) = network.pass(network.packs(rows()), &network.weights(), &mut None);
        let slopes = slopes.into_iter().flat_map(|slope| values(slope.inner()));
        (f64::from(values(penalty.inner())[0]), slopes.collect())
    }

    #[test]
    fn the_penalty_is_differentiated_as_finite_differences_say() {
        let network = network(&config());

        let penalty = network.gradient_penalty(numbers_of(1, [8, 3]), &mut None);
        let gradients = penalty.backward();
        let found = network.layers[0].weight.val().grad(&gradients).unwrap();

        let mut n_compared = 0;
        for (at, found) in values(found).into_iter().enumerate() {
            let step = 1e-3;
            let (above, slopes_above) = moved(&network, at, step);
            let (below, slopes_below) = moved(&network, at, -step);
            // Where an activation crosses its kink on the way the penalty jumps.
            if slopes_above != slopes_below {
                continue;
            }
            n_compared += 1;
            let expected = (above - below) / (2.0 * f64::from(step));
            let error = (f64::from(found) - expected).abs();
            assert!(
                error < tolerance(2e-3),
                "weight {at}: {found}, differences say {expected}"
            );
        }
        assert!(n_compared > 30, "{n_compared} of 42 weights cross no kink");
    }

    #[test]
    fn normalized_weights_stretch_nothing_by_more_than_one() {
        let mut network = network(&DiscriminatorConfig {
            is_spectral: true,
            ..config()
        });
        for _ in 0..50 {
            network = network.turn();
        }

        for weight in network.weights() {
            let mut x = numbers_of(3, [weight.dims()[1], 1]).inner();
            let weight = weight.inner();
            for _ in 0..200 {
                x = unit(weight.clone().transpose().matmul(weight.clone().matmul(x)));
            }
            let stretched = weight.matmul(x).square().sum().sqrt();
            assert!((values(stretched)[0] - 1.0).abs() < 1e-3);
        }
    }

    #[test]
    fn rows_of_a_pack_are_judged_together() {
        let network = network(&config());
        let rows = numbers_of(1, [8, 3]);
        assert_eq!(network.forward(rows.clone(), &mut None).dims(), [4, 1]);

        let zero = rows.clone().slice([0..1, 0..3]) * 0.0;
        let changed = Tensor::cat(vec![zero, rows.clone().slice([1..8, 0..3])], 0);

        let before = values(network.forward(rows, &mut None).inner());
        let after = values(network.forward(changed, &mut None).inner());
        assert_ne!(before[0], after[0]);
        assert_eq!(before[1..], after[1..]);
    }
}
