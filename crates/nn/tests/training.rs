//! The trainer: it learns, repeats itself to the bit, goes on after a stop, and stops when it must.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::{Cancellation, Check, Context, Deadline, LearnError, Silent};
use rapport_nn::models::{Mlp, MlpConfig, TableBatch};
use rapport_nn::ops::cross_entropy;
use rapport_nn::train::{
    Curves, Fitted, OptimizerParams, Recorder, Schedule, SgdParams, StopReason, Task, TrainParams,
};
use rapport_nn::{Draws, NnError};

/// Points in two rings, which no straight line tells apart.
struct Rings {
    points: Vec<[f32; 2]>,
    classes: Vec<usize>,
    n_training: usize,
    /// Multiplies the loss: not a number makes a training diverge.
    scale: f64,
}

impl Rings {
    fn new(n: usize) -> Self {
        let points = (0..n).map(|i| {
            let angle = i as f32 * 2.4;
            let radius = if i % 2 == 0 { 0.5 } else { 1.5 };
            [radius * angle.cos(), radius * angle.sin()]
        });
        let classes = (0..n).map(|i| i % 2).collect();
        Self {
            points: points.collect(),
            classes,
            n_training: n * 3 / 4,
            scale: 1.0,
        }
    }

    fn batch(&self, examples: &[usize], device: &Device) -> (TableBatch, Arc<[usize]>) {
        let numbers: Vec<f32> = examples.iter().flat_map(|i| self.points[*i]).collect();
        let numbers = TensorData::new(numbers, [examples.len(), 2]);
        let numeric = Some(Tensor::from_data(numbers, device));
        let classes = examples.iter().map(|i| self.classes[*i]).collect();
        (
            TableBatch {
                numeric,
                categories: Vec::new(),
            },
            classes,
        )
    }

    fn mean_loss(
        &self,
        network: &Mlp,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Tensor<1> {
        let device = network.devices()[0].clone();
        let (rows, classes) = self.batch(examples, &device);
        cross_entropy(network.forward(&rows, chance), &classes).mean() * self.scale
    }
}

impl Task for Rings {
    type Network = Mlp;

    fn n_examples(&self) -> usize {
        self.n_training
    }

    fn loss(
        &self,
        network: &Mlp,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        Ok(self.mean_loss(network, examples, chance))
    }

    fn validate(&self, network: &Mlp) -> Result<Option<f64>, NnError> {
        let held_back: Vec<usize> = (self.n_training..self.points.len()).collect();
        let loss = self.mean_loss(network, &held_back, &mut None);
        Ok(Some(f64::from(loss.into_scalar::<f32>())))
    }
}

fn network() -> Mlp {
    let config = MlpConfig {
        hidden: vec![16],
        dropout: 0.1,
        ..MlpConfig::new(2, Vec::new(), 2)
    };
    config
        .init(&support::device().autodiff(), &mut Draws::new(7, "weights"))
        .unwrap()
}

fn params() -> TrainParams {
    TrainParams {
        n_epochs: 40,
        batch_size: 16,
        learning_rate: 0.02,
        ..TrainParams::default()
    }
}

fn fit(task: &Rings, params: TrainParams, folder: Option<&Path>) -> Result<Fitted<Mlp>, NnError> {
    let cancel = Cancellation::default();
    let context = Context::new(3, &Silent, &cancel);
    let device = support::device();
    params
        .check()?
        .fit(task, network(), &device, &context, &mut (), folder)
}

fn logits(network: &Mlp, task: &Rings) -> Vec<f32> {
    let all: Vec<usize> = (0..task.points.len()).collect();
    let (rows, _) = task.batch(&all, &support::device());
    network
        .forward(&rows, &mut None)
        .into_data()
        .try_to_vec::<f32>()
        .unwrap()
}

#[test]
fn it_learns_what_a_line_cannot() {
    let task = Rings::new(200);

    let fitted = fit(&task, params(), None).unwrap();

    let right = logits(&fitted.network, &task)
        .chunks(2)
        .zip(&task.classes)
        .skip(task.n_training)
        .filter(|(logits, class)| usize::from(logits[1] > logits[0]) == **class)
        .count();
    assert!(right >= 48, "{right} of 50 held-back points");
    assert!(fitted.validation.unwrap() < 0.2);
    assert_eq!(fitted.stopped, StopReason::Done);
}

#[test]
fn gradient_descent_learns_it_too() {
    let task = Rings::new(200);
    let sgd = SgdParams {
        momentum: 0.9,
        weight_decay: 0.0,
    };
    let optimizer = OptimizerParams::Sgd(sgd);

    let fitted = fit(
        &task,
        TrainParams {
            optimizer,
            learning_rate: 0.1,
            ..params()
        },
        None,
    )
    .unwrap();

    assert!(fitted.validation.unwrap() < 0.2);
}

#[test]
fn the_same_seed_trains_the_same_bits() {
    let task = Rings::new(100);
    let train = || logits(&fit(&task, params(), None).unwrap().network, &task);

    assert_eq!(train(), train());
}

#[test]
fn a_training_that_stopped_goes_on_to_the_same_bits() {
    let task = Rings::new(100);
    let folder = tempfile::tempdir().unwrap();
    let schedule = Schedule::Cosine {
        warm_up: 0.1,
        end: 0.0,
    };
    let params = TrainParams {
        schedule,
        ..params()
    };
    let whole = fit(&task, params.clone(), None).unwrap();

    // Cancelled after some epochs, by the recorder that counts them.
    let cancel = Cancellation::default();
    let context = Context::new(3, &Silent, &cancel);
    let mut stopper = Stopper {
        cancel: &cancel,
        epochs: Cell::new(0),
    };
    let stopped = params.clone().check().unwrap().fit(
        &task,
        network(),
        &support::device(),
        &context,
        &mut stopper,
        Some(folder.path()),
    );
    assert!(matches!(
        stopped,
        Err(NnError::Learn(LearnError::Cancelled))
    ));

    let resumed = fit(&task, params, Some(folder.path())).unwrap();

    assert_eq!(
        logits(&resumed.network, &task),
        logits(&whole.network, &task)
    );
    assert_eq!(
        (resumed.validation, resumed.epoch),
        (whole.validation, whole.epoch)
    );
}

struct Stopper<'a> {
    cancel: &'a Cancellation,
    epochs: Cell<usize>,
}

impl Recorder for Stopper<'_> {
    fn record(&mut self, name: &str, _step: usize, _value: f64) {
        if name == "validation" {
            self.epochs.set(self.epochs.get() + 1);
            if self.epochs.get() == 12 {
                self.cancel.cancel();
            }
        }
    }
}

#[test]
fn a_training_that_is_done_is_not_done_again() {
    let task = Rings::new(100);
    let folder = tempfile::tempdir().unwrap();
    let first = fit(&task, params(), Some(folder.path())).unwrap();

    let again = fit(&task, params(), Some(folder.path())).unwrap();

    assert_eq!(logits(&again.network, &task), logits(&first.network, &task));
}

#[test]
fn accumulated_batches_are_one_large_batch() {
    let task = Rings::new(64);
    let one_step = |batch_size, n_accumulated| {
        let config = MlpConfig {
            hidden: vec![8],
            ..MlpConfig::new(2, Vec::new(), 2)
        };
        let network = config
            .init(&support::device().autodiff(), &mut Draws::new(7, "weights"))
            .unwrap();
        let params = TrainParams {
            n_epochs: 1,
            batch_size,
            n_accumulated,
            ..params()
        };
        let cancel = Cancellation::default();
        let context = Context::new(3, &Silent, &cancel);
        let device = support::device();
        let fitted = params
            .check()
            .unwrap()
            .fit(&task, network, &device, &context, &mut (), None);
        logits(&fitted.unwrap().network, &task)
    };

    let (whole, parts) = (one_step(48, 1), one_step(16, 3));

    for (whole, parts) in whole.iter().zip(parts) {
        assert!((whole - parts).abs() < 1e-4, "{whole} and {parts}");
    }
}

#[test]
fn a_training_without_progress_stops_and_keeps_the_best() {
    let mut task = Rings::new(60);
    // Held-back classes at random: nothing learned helps there for long.
    for (i, class) in task.classes[45..].iter_mut().enumerate() {
        *class = (i * i / 3) % 2;
    }
    let params = TrainParams {
        n_epochs: 500,
        patience: Some(5),
        ..params()
    };

    let fitted = fit(&task, params, None).unwrap();

    assert_eq!(fitted.stopped, StopReason::NoLongerBetter);
    let validation = task.validate(&fitted.network).unwrap().unwrap();
    assert_eq!(Some(validation), fitted.validation);
}

#[test]
fn a_deadline_keeps_the_best_network_so_far() {
    let task = Rings::new(100);
    // A clock that ticks once per step: 75 examples in batches of 16 are five steps an epoch.
    let (start, steps) = (Instant::now(), AtomicU64::new(0));
    let now = || start + Duration::from_secs(steps.fetch_add(1, Ordering::Relaxed));
    let fit_until = |n_steps| {
        steps.store(0, Ordering::Relaxed);
        let cancel = Cancellation::default();
        let deadline = Deadline::new(start + Duration::from_secs(n_steps), &now);
        let context = Context::new(3, &Silent, &cancel).with_deadline(deadline);
        params().check()?.fit(
            &task,
            network(),
            &support::device(),
            &context,
            &mut (),
            None,
        )
    };

    let after_two_epochs = fit_until(12).unwrap();
    let within_the_first = fit_until(4).unwrap_err();

    assert_eq!(after_two_epochs.stopped, StopReason::OutOfTime);
    let validation = task.validate(&after_two_epochs.network).unwrap();
    assert_eq!(validation, after_two_epochs.validation);
    assert!(matches!(
        within_the_first,
        NnError::Learn(LearnError::DeadlineExceeded)
    ));
}

#[test]
fn a_training_that_diverges_says_at_which_step() {
    let task = Rings {
        scale: f64::NAN,
        ..Rings::new(100)
    };

    let error = fit(&task, params(), None).unwrap_err();

    assert!(
        matches!(error, NnError::Diverged { step: 1, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("lower the learning rate"));
}

#[test]
fn nothing_to_train_on_is_refused() {
    let error = fit(&Rings::new(0), params(), None).unwrap_err();
    assert!(matches!(error, NnError::NoExamples));
}

#[test]
fn a_checkpoint_cut_short_is_refused_by_name() {
    let task = Rings::new(100);
    let folder = tempfile::tempdir().unwrap();
    fit(&task, params(), Some(folder.path())).unwrap();
    let weights = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains("network-"))
        .unwrap();
    let bytes = std::fs::read(&weights).unwrap();
    std::fs::write(&weights, &bytes[..bytes.len() / 2]).unwrap();

    let error = fit(&task, params(), Some(folder.path())).unwrap_err();

    assert!(error.to_string().contains("network-"), "{error}");
}

#[test]
fn curves_hold_every_step() {
    let task = Rings::new(100);
    let cancel = Cancellation::default();
    let context = Context::new(3, &Silent, &cancel);
    let mut curves = Curves::default();
    let params = TrainParams {
        n_epochs: 2,
        ..params()
    }
    .check()
    .unwrap();

    params
        .fit(
            &task,
            network(),
            &support::device(),
            &context,
            &mut curves,
            None,
        )
        .unwrap();

    assert_eq!(
        curves.of("loss").len(),
        10,
        "75 examples in batches of 16, twice"
    );
    assert_eq!(curves.of("validation").len(), 2);
    assert_eq!(curves.of("nothing"), []);
}
