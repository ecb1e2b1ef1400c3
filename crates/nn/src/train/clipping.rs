//! The sum of gradients that single examples can pull only so far, and the noise that hides them.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Tensor, TensorData};

use super::Task;
use super::optimizer::gradient_norm;
use crate::layers::Probes;
use crate::{Draws, NnError};

/// Gradients of examples, each no longer than allowed, added up.
#[derive(Debug, Default)]
pub(super) struct ClippedSum {
    /// The sum; weights that no example touched have none.
    pub(super) gradients: GradientsParams,
    /// Sum of the examples' losses.
    pub(super) loss: f64,
    /// Examples whose gradient was shortened.
    pub(super) n_clipped: usize,
    /// The length of a gradient that is no finite number; the sum is worth nothing then.
    pub(super) diverged: Option<f64>,
}

impl ClippedSum {
    /// Adds the gradients of these examples, each shortened to `clip_norm` over all weights together.
    ///
    /// # Errors
    /// What the losses refuse, and probes that miss a weight.
    pub(super) fn add<T: Task>(
        &mut self,
        task: &T,
        network: &T::Network,
        examples: &[usize],
        clip_norm: f64,
        chance: &Draws,
    ) -> Result<(), NnError> {
        if examples.is_empty() {
            return Ok(());
        }
        let mut probes = Some(Probes::new(examples.len()));
        let draws = &mut Some(chance.clone());
        match task.probed_losses(network, examples, draws, &mut probes)? {
            Some(losses) => {
                let probes = probes.unwrap_or_else(|| Probes::new(examples.len()));
                require_all_probed(network, &probes)?;
                let norms = probes.norms(&losses.sum().backward());
                self.add_together(task, network, examples, &norms, clip_norm, chance)
            }
            None => self.add_one_by_one(task, network, examples, clip_norm, chance),
        }
    }

    /// A second way forward and back, with each loss weighed by what its gradient is shortened to.
    fn add_together<T: Task>(
        &mut self,
        task: &T,
        network: &T::Network,
        examples: &[usize],
        norms: &[f64],
        clip_norm: f64,
        chance: &Draws,
    ) -> Result<(), NnError> {
        let scales: Vec<f32> = norms
            .iter()
            .map(|norm| self.scale(*norm, clip_norm) as f32)
            .collect();
        // The same draws drop the same numbers as on the way that found the lengths.
        let draws = &mut Some(chance.clone());
        let losses = task.probed_losses(network, examples, draws, &mut None)?;
        let losses = losses.expect("a task that gave losses gives them again");
        let scales =
            Tensor::<1>::from_data(TensorData::new(scales, [examples.len()]), &losses.device());
        let gradients = (losses.clone() * scales).sum().backward();
        self.loss += f64::from(losses.sum().into_scalar::<f32>());
        let gradients = GradientsParams::from_grads(gradients, network);
        self.accumulate(network, gradients, 1.0);
        Ok(())
    }

    fn add_one_by_one<T: Task>(
        &mut self,
        task: &T,
        network: &T::Network,
        examples: &[usize],
        clip_norm: f64,
        chance: &Draws,
    ) -> Result<(), NnError> {
        let mut draws = Some(chance.clone());
        for example in examples {
            let loss = task.loss(network, &[*example], &mut draws)?;
            let gradients = GradientsParams::from_grads(loss.backward(), network);
            self.loss += f64::from(loss.into_scalar::<f32>());
            let scale = self.scale(gradient_norm(network, &gradients), clip_norm);
            self.accumulate(network, gradients, scale);
        }
        Ok(())
    }

    /// What a gradient of this length is multiplied with.
    fn scale(&mut self, norm: f64, clip_norm: f64) -> f64 {
        if norm <= clip_norm {
            return 1.0;
        }
        self.n_clipped += 1;
        if norm.is_finite() {
            return clip_norm / norm;
        }
        // Nothing shortens a gradient whose length is no number: the training must stop.
        self.diverged = Some(norm);
        0.0
    }

    fn accumulate<M: Module>(&mut self, network: &M, gradients: GradientsParams, scale: f64) {
        struct Adder<'a> {
            sum: &'a mut GradientsParams,
            gradients: GradientsParams,
            scale: f64,
        }

        impl ModuleVisitor for Adder<'_> {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                let Some(gradient) = self.gradients.remove::<D>(param.id) else {
                    return;
                };
                let gradient = gradient * self.scale;
                let sum = match self.sum.remove::<D>(param.id) {
                    Some(sum) => sum + gradient,
                    None => gradient,
                };
                self.sum.register(param.id, sum);
            }
        }

        network.visit(&mut Adder {
            sum: &mut self.gradients,
            gradients,
            scale,
        });
    }

    /// The sum plus normal noise on every weight that learns, touched or not, over the number of
    /// examples that a step sees on average.
    pub(super) fn noisy_mean<M: Module>(
        self,
        network: &M,
        deviation: f64,
        n_wanted: usize,
        noise: &mut Draws,
    ) -> GradientsParams {
        struct Noise<'a> {
            sum: GradientsParams,
            mean: GradientsParams,
            deviation: f64,
            share: f64,
            draws: &'a mut Draws,
        }

        impl ModuleVisitor for Noise<'_> {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                if !param.is_require_grad() {
                    return;
                }
                let weights = param.val().inner();
                let (sizes, device) = (weights.dims(), weights.device());
                let mut sum = match self.sum.remove::<D>(param.id) {
                    Some(sum) => sum,
                    None => Tensor::zeros(sizes, &device),
                };
                if self.deviation > 0.0 {
                    sum = sum + self.draws.normal(sizes, self.deviation, &device);
                }
                self.mean.register(param.id, sum * self.share);
            }
        }

        let mut adder = Noise {
            sum: self.gradients,
            mean: GradientsParams::new(),
            deviation,
            share: 1.0 / n_wanted as f64,
            draws: noise,
        };
        network.visit(&mut adder);
        adder.mean
    }
}

/// Refuses probes that miss a weight or see one twice: lengths would be wrong, and the guarantee with
/// them.
fn require_all_probed<M: Module>(network: &M, probes: &Probes) -> Result<(), NnError> {
    struct Learning(usize);

    impl ModuleVisitor for Learning {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0 += usize::from(param.is_require_grad());
        }
    }

    let mut learning = Learning(0);
    network.visit(&mut learning);
    NnError::require(
        learning.0 == probes.n_weights(),
        "every weight of a privately trained network has one probe",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rapport_testing::tolerance;

    use super::*;
    use crate::models::{Mlp, MlpConfig, NumericEmbedding, TableBatch};
    use crate::ops::cross_entropy;

    const N: usize = 24;

    /// Rows of two numbers and two categories, with or without probes.
    struct Rows {
        is_probed: bool,
    }

    impl Rows {
        fn losses(
            network: &Mlp,
            examples: &[usize],
            chance: &mut Option<Draws>,
            probes: &mut Option<Probes>,
        ) -> Tensor<1> {
            let device = network.devices()[0].clone();
            let number = |i: &usize| [(*i as f32).sin(), (*i as f32 * 0.7).cos() * 3.0];
            let numbers: Vec<f32> = examples.iter().flat_map(number).collect();
            let numbers = TensorData::new(numbers, [examples.len(), 2]);
            let pick = |n: usize| -> Arc<[usize]> { examples.iter().map(|i| i % n).collect() };
            let batch = TableBatch {
                numeric: Some(Tensor::from_data(numbers, &device)),
                categories: vec![pick(3), pick(5)],
            };
            cross_entropy(network.forward_probed(&batch, chance, probes), &pick(2))
        }
    }

    impl Task for Rows {
        type Network = Mlp;

        fn n_examples(&self) -> usize {
            N
        }

        fn loss(
            &self,
            network: &Mlp,
            examples: &[usize],
            chance: &mut Option<Draws>,
        ) -> Result<Tensor<1>, NnError> {
            Ok(Self::losses(network, examples, chance, &mut None).mean())
        }

        fn probed_losses(
            &self,
            network: &Mlp,
            examples: &[usize],
            chance: &mut Option<Draws>,
            probes: &mut Option<Probes>,
        ) -> Result<Option<Tensor<1>>, NnError> {
            let losses = || Self::losses(network, examples, chance, probes);
            Ok(self.is_probed.then(losses))
        }

        fn validate(&self, _network: &Mlp) -> Result<Option<f64>, NnError> {
            Ok(None)
        }
    }

    fn network(numeric: NumericEmbedding) -> Mlp {
        let config = MlpConfig {
            hidden: vec![7],
            numeric,
            ..MlpConfig::new(2, vec![3, 5], 2)
        };
        config
            .init(
                &crate::device::of_tests().autodiff(),
                &mut Draws::new(1, "weights"),
            )
            .unwrap()
    }

    fn periodic() -> NumericEmbedding {
        NumericEmbedding::Periodic {
            n_frequencies: 3,
            n_outputs: 4,
            deviation: 0.3,
        }
    }

    fn sum(is_probed: bool, network: &Mlp, examples: &[usize], clip_norm: f64) -> ClippedSum {
        let mut sum = ClippedSum::default();
        let chance = Draws::new(1, "chance");
        sum.add(&Rows { is_probed }, network, examples, clip_norm, &chance)
            .unwrap();
        sum
    }

    fn norm(network: &Mlp, sum: &ClippedSum) -> f64 {
        gradient_norm(network, &sum.gradients)
    }

    #[test]
    fn no_example_pulls_farther_than_allowed() {
        for numeric in [NumericEmbedding::None, periodic()] {
            let network = network(numeric);
            for example in 0..N {
                let free = norm(&network, &sum(true, &network, &[example], f64::INFINITY));
                let clip_norm = 0.6 * free;

                let clipped = sum(true, &network, &[example], clip_norm);

                let found = norm(&network, &clipped);
                assert!(
                    (found / clip_norm - 1.0).abs() < tolerance(1e-4),
                    "{found}, allowed {clip_norm}"
                );
                assert_eq!(clipped.n_clipped, 1);
                let loose = sum(true, &network, &[example], 1.01 * free);
                assert!((norm(&network, &loose) / free - 1.0).abs() < tolerance(1e-5));
                assert_eq!(loose.n_clipped, 0);
            }
        }
    }

    #[test]
    fn probes_give_what_one_example_at_a_time_gives() {
        let examples: Vec<usize> = (0..N).collect();
        for numeric in [NumericEmbedding::None, periodic()] {
            let network = network(numeric);
            let one = norm(&network, &sum(false, &network, &[0], f64::INFINITY));

            let together = sum(true, &network, &examples, 0.8 * one);
            let mut difference = sum(false, &network, &examples, 0.8 * one);

            assert_eq!(together.n_clipped, difference.n_clipped);
            assert!((1..N).contains(&together.n_clipped), "some are shortened");
            assert!((together.loss - difference.loss).abs() < tolerance(1e-4));
            let length = norm(&network, &together);
            difference.accumulate(&network, together.gradients, -1.0);
            let difference = norm(&network, &difference);
            assert!(
                difference < tolerance(1e-5) * length,
                "{difference} of {length}"
            );
        }
    }

    #[test]
    fn noise_reaches_weights_that_no_example_touched() {
        let network = network(NumericEmbedding::None);
        let mut noise = Draws::new(3, "noise");

        let mean = ClippedSum::default().noisy_mean(&network, 2.0, 4, &mut noise);

        // 6 x 7 + 7, 7 x 2 + 2 and the rows of both tables, each of deviation 2 / 4.
        let n = mean.len();
        let length = gradient_norm(&network, &mean);
        assert_eq!(n, 6, "two tables, two layers");
        assert!(length > 2.0, "{length}");
    }

    #[test]
    fn a_weight_without_a_probe_is_refused() {
        let error = require_all_probed(&network(NumericEmbedding::None), &Probes::new(1));

        assert!(error.unwrap_err().to_string().contains("one probe"));
    }
}
