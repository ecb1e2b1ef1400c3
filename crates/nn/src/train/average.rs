//! The running average of a network's weights.
//!
//! Source: Yazıcı et al. (2019), "The Unusual Effectiveness of Averaging in GAN Training".

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;

/// The running average of a network's weights, outside of any graph.
#[derive(Debug)]
pub(crate) struct Average<M> {
    network: M,
    decay: f64,
    n_added: usize,
}

impl<M: Module> Average<M> {
    /// Starts from the weights as they are; `decay` of the average stays at each step.
    pub(crate) fn new(network: &M, decay: f64) -> Self {
        Self {
            network: network.valid(),
            decay,
            n_added: 0,
        }
    }

    /// Moves towards these weights: quickly at first, so that the first weights are forgotten.
    pub(crate) fn add(&mut self, network: &M) {
        self.n_added += 1;
        let n = self.n_added as f64;
        let kept = self.decay.min(n / (n + 10.0));
        let kept = if self.decay == 0.0 { 0.0 } else { kept };
        let mut weights = Weights(Vec::new());
        network.valid().visit(&mut weights);
        weights.0.reverse();
        let mut blend = Blend { weights, kept };
        self.network = self.network.clone().map(&mut blend);
    }

    /// The network with the averaged weights.
    pub(crate) fn network(self) -> M {
        self.network
    }
}

/// All weights, flat, in the order in which the network visits them.
struct Weights(Vec<Tensor<1>>);

impl ModuleVisitor for Weights {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        let n = tensor.dims().iter().product::<usize>();
        self.0.push(tensor.reshape([n]));
    }
}

struct Blend {
    /// The last one comes first.
    weights: Weights,
    kept: f64,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(next) = self.weights.0.pop() else {
            return param;
        };
        let kept = self.kept;
        param.map(|average| {
            let sizes = average.dims();
            average * kept + next.reshape(sizes) * (1.0 - kept)
        })
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::Draws;
    use crate::layers::{Linear, LinearConfig};
    use crate::ops::testing::values;

    fn layer(seed: u64) -> Linear {
        let device = crate::device::of_tests().autodiff();
        LinearConfig::new(2, 3).init(&device, &mut Draws::new(seed, "weights"))
    }

    #[test]
    fn the_average_goes_to_weights_that_stay() {
        let mut average = Average::new(&layer(1), 0.9);
        for _ in 0..300 {
            average.add(&layer(2));
        }

        let found = values(average.network().weight.val());
        let expected = values(layer(2).weight.val().inner());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn without_decay_the_last_weights_count() {
        let mut average = Average::new(&layer(1), 0.0);
        average.add(&layer(2));
        average.add(&layer(3));
        let expected = values(layer(3).bias.val().inner());
        assert_eq!(values(average.network().bias.val()), expected);
    }
}
