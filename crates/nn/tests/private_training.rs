//! Private training: without noise and without a limit it is plain training; with them it learns,
//! repeats itself, goes on after a stop, and counts what it spent.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;
use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use rapport_learn::privacy::NoiseKey;
use rapport_learn::{Cancellation, Check, Context, Silent};
use rapport_nn::layers::Probes;
use rapport_nn::models::{Mlp, MlpConfig, TableBatch};
use rapport_nn::ops::cross_entropy;
use rapport_nn::train::{
    Fitted, OptimizerParams, PrivacyParams, PrivacyTarget, SgdParams, Task, TrainParams,
};
use rapport_nn::{Draws, NnError};
use rapport_testing::tolerance;

/// Points left and right of a slanted line, the last quarter held back.
struct Halves {
    points: Vec<[f32; 2]>,
    classes: Vec<usize>,
    is_probed: bool,
}

impl Halves {
    fn new(n: usize) -> Self {
        let points: Vec<[f32; 2]> = (0..n)
            .map(|i| [(i as f32 * 2.4).cos(), (i as f32 * 1.7).sin()])
            .collect();
        let classes = points.iter().map(|[x, y]| usize::from(x + 0.5 * y > 0.1));
        Self {
            classes: classes.collect(),
            points,
            is_probed: true,
        }
    }

    fn n_training(&self) -> usize {
        self.points.len() * 3 / 4
    }

    fn logits(
        &self,
        network: &Mlp,
        examples: &[usize],
        chance: &mut Option<Draws>,
        probes: &mut Option<Probes>,
    ) -> Tensor<2> {
        let numbers: Vec<f32> = examples.iter().flat_map(|i| self.points[*i]).collect();
        let numbers = TensorData::new(numbers, [examples.len(), 2]);
        let batch = TableBatch {
            numeric: Some(Tensor::from_data(numbers, &network.devices()[0])),
            categories: Vec::new(),
        };
        network.forward_probed(&batch, chance, probes)
    }

    fn losses(
        &self,
        network: &Mlp,
        examples: &[usize],
        chance: &mut Option<Draws>,
        probes: &mut Option<Probes>,
    ) -> Tensor<1> {
        let classes: Arc<[usize]> = examples.iter().map(|i| self.classes[*i]).collect();
        cross_entropy(self.logits(network, examples, chance, probes), &classes)
    }

    /// Share of held-back points on the right side.
    fn accuracy(&self, network: &Mlp) -> f64 {
        let held_back: Vec<usize> = (self.n_training()..self.points.len()).collect();
        let logits = numbers(self.logits(network, &held_back, &mut None, &mut None));
        let pairs = logits.chunks(2).zip(&held_back);
        let right = pairs.filter(|(l, i)| usize::from(l[1] > l[0]) == self.classes[**i]);
        right.count() as f64 / held_back.len() as f64
    }
}

impl Task for Halves {
    type Network = Mlp;

    fn n_examples(&self) -> usize {
        self.n_training()
    }

    fn loss(
        &self,
        network: &Mlp,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        Ok(self.losses(network, examples, chance, &mut None).mean())
    }

    fn probed_losses(
        &self,
        network: &Mlp,
        examples: &[usize],
        chance: &mut Option<Draws>,
        probes: &mut Option<Probes>,
    ) -> Result<Option<Tensor<1>>, NnError> {
        let losses = || self.losses(network, examples, chance, probes);
        Ok(self.is_probed.then(losses))
    }

    fn validate(&self, _network: &Mlp) -> Result<Option<f64>, NnError> {
        Ok(None)
    }
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec::<f32>().unwrap()
}

fn params(privacy: Option<PrivacyParams>) -> TrainParams {
    let sgd = SgdParams {
        momentum: 0.9,
        weight_decay: 0.0,
    };
    TrainParams {
        n_epochs: 6,
        batch_size: 50,
        optimizer: OptimizerParams::Sgd(sgd),
        learning_rate: 0.1,
        privacy,
        ..TrainParams::default()
    }
}

fn fit_in(
    task: &Halves,
    params: TrainParams,
    seed: u64,
    folder: Option<&Path>,
) -> Result<Fitted<Mlp>, NnError> {
    let config = MlpConfig {
        hidden: vec![8],
        dropout: 0.1,
        ..MlpConfig::new(2, Vec::new(), 2)
    };
    let device = support::device();
    let network = config.init(&device.clone().autodiff(), &mut Draws::new(7, "weights"))?;
    let cancel = Cancellation::default();
    let context = Context::new(seed, &Silent, &cancel);
    params
        .check()?
        .fit(task, network, &device, &context, &mut (), folder)
}

fn fit(task: &Halves, params: TrainParams, seed: u64) -> Fitted<Mlp> {
    fit_in(task, params, seed, None).unwrap()
}

fn all_logits(task: &Halves, fitted: &Fitted<Mlp>) -> Vec<f32> {
    let all: Vec<usize> = (0..task.points.len()).collect();
    numbers(task.logits(&fitted.network, &all, &mut None, &mut None))
}

const NOISY: PrivacyParams = PrivacyParams {
    clip_norm: 0.5,
    noise_multiplier: 1.0,
    delta: 1e-5,
    key: NoiseKey::known(1),
};

/// One batch of all examples a step, so that both see the same.
#[test]
fn without_noise_and_limit_it_is_plain_gradient_descent() {
    let nothing = PrivacyParams {
        clip_norm: f64::INFINITY,
        noise_multiplier: 0.0,
        delta: 1e-5,
        key: NoiseKey::known(1),
    };
    for is_probed in [true, false] {
        let task = Halves {
            is_probed,
            ..Halves::new(80)
        };
        let whole = |privacy| TrainParams {
            batch_size: 60,
            ..params(privacy)
        };
        // Dropout draws by batch, which one example at a time cannot repeat.
        let without_dropout = |params: TrainParams| {
            let config = MlpConfig {
                hidden: vec![8],
                ..MlpConfig::new(2, Vec::new(), 2)
            };
            let device = support::device();
            let draws = &mut Draws::new(7, "weights");
            let network = config.init(&device.clone().autodiff(), draws).unwrap();
            let cancel = Cancellation::default();
            let context = Context::new(3, &Silent, &cancel);
            let valid = params.check().unwrap();
            let fitted = valid.fit(&task, network, &device, &context, &mut (), None);
            all_logits(&task, &fitted.unwrap())
        };

        let plain = without_dropout(whole(None));
        let private = without_dropout(whole(Some(nothing)));

        for (plain, private) in plain.iter().zip(private) {
            assert!(
                f64::from(plain - private).abs() < tolerance(1e-4),
                "{plain} and {private}"
            );
        }
    }
}

#[test]
fn one_seed_is_one_network_and_another_is_another() {
    let task = Halves::new(200);
    let train = |seed, key| {
        let privacy = PrivacyParams {
            key: NoiseKey::known(key),
            ..NOISY
        };
        all_logits(&task, &fit(&task, params(Some(privacy)), seed))
    };

    assert_eq!(train(1, 1), train(1, 1));
    assert_ne!(train(1, 1), train(2, 1));
    // Whoever knows the seed does not know the noise.
    assert_ne!(train(1, 1), train(1, 2));
}

#[test]
fn a_private_training_learns_and_says_what_it_spent() {
    let task = Halves::new(2000);
    let target = PrivacyTarget {
        epsilon: 3.0,
        delta: 1e-5,
        clip_norm: 0.5,
    };
    let planned = target
        .plan(task.n_examples(), &params(None), NoiseKey::known(1))
        .unwrap();

    let fitted = fit(&task, params(Some(planned)), 1);

    let accuracy = task.accuracy(&fitted.network);
    assert!(accuracy > 0.9, "{accuracy}");
    let spent = fitted.privacy.unwrap();
    let epsilon = spent.guarantee.unwrap().epsilon;
    assert!(epsilon <= 3.0 && epsilon > 2.9, "{epsilon}");
    assert_eq!(spent.phase.n_steps, 6 * 30);
}

#[test]
fn more_noise_spends_less() {
    let task = Halves::new(200);
    let epsilon = |noise_multiplier| {
        let privacy = PrivacyParams {
            noise_multiplier,
            ..NOISY
        };
        let spent = fit(&task, params(Some(privacy)), 1).privacy.unwrap();
        spent.guarantee.unwrap().epsilon
    };

    assert!(epsilon(2.0) < epsilon(1.0));
    assert!(fit(&task, params(None), 1).privacy.is_none());
}

#[test]
fn steps_add_up_batches_without_changing_what_is_learned() {
    let task = Halves::new(200);
    let train = |batch_size, n_accumulated| {
        let quiet = PrivacyParams {
            noise_multiplier: 0.0,
            ..NOISY
        };
        let params = TrainParams {
            batch_size,
            n_accumulated,
            ..params(Some(quiet))
        };
        task.accuracy(&fit(&task, params, 1).network)
    };

    // Dropout is drawn by batch, so the networks are alike but not the same.
    let (whole, parts) = (train(50, 1), train(10, 5));

    assert!((whole - parts).abs() < 0.1, "{whole} and {parts}");
}

#[test]
fn a_private_training_goes_on_from_its_checkpoint_to_the_same_bits() {
    let task = Halves::new(200);
    let whole = fit(&task, params(Some(NOISY)), 1);
    let folder = tempfile::tempdir().unwrap();
    let half = TrainParams {
        n_epochs: 3,
        ..params(Some(NOISY))
    };
    fit_in(&task, half, 1, Some(folder.path())).unwrap();

    let resumed = fit_in(&task, params(Some(NOISY)), 1, Some(folder.path())).unwrap();

    assert_eq!(all_logits(&task, &resumed), all_logits(&task, &whole));
    assert_eq!(resumed.privacy, whole.privacy);
}

#[test]
fn a_private_training_does_not_go_on_under_another_guarantee() {
    let task = Halves::new(200);
    let folder = tempfile::tempdir().unwrap();
    let little_noise = PrivacyParams {
        noise_multiplier: 0.1,
        ..NOISY
    };
    let half = |privacy| TrainParams {
        n_epochs: 3,
        ..params(privacy)
    };
    fit_in(&task, half(Some(little_noise)), 1, Some(folder.path())).unwrap();

    // Steps made with little noise must not be counted as if they had been made with much.
    for other in [Some(NOISY), None] {
        let error = fit_in(&task, params(other), 1, Some(folder.path())).err();
        assert!(error.unwrap().to_string().contains("privacy"));
    }
}
