//! A task for the trainer: points in two rings, which no straight line tells apart.

use std::path::Path;
use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::{Cancellation, Check, Context, Silent};
use rapport_nn::models::{Mlp, MlpConfig, TableBatch};
use rapport_nn::ops::cross_entropy;
use rapport_nn::train::{Fitted, Task, TrainParams};
use rapport_nn::{Draws, NnError};

use crate::support;

/// Points in two rings, the last quarter held back.
pub(crate) struct Rings {
    pub(crate) points: Vec<[f32; 2]>,
    pub(crate) classes: Vec<usize>,
    pub(crate) n_training: usize,
    /// What becomes of the loss of a batch.
    pub(crate) changed: fn(Tensor<1>) -> Tensor<1>,
    /// What becomes of a validation; `None` where nothing is held back.
    pub(crate) validated: fn(f64) -> Option<f64>,
}

impl Rings {
    pub(crate) fn new(n: usize) -> Self {
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
            changed: |loss| loss,
            validated: Some,
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
        cross_entropy(network.forward(&rows, chance), &classes).mean()
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
        Ok((self.changed)(self.mean_loss(network, examples, chance)))
    }

    fn validate(&self, network: &Mlp) -> Result<Option<f64>, NnError> {
        let held_back: Vec<usize> = (self.n_training..self.points.len()).collect();
        let loss = self.mean_loss(network, &held_back, &mut None);
        Ok((self.validated)(f64::from(loss.into_scalar::<f32>())))
    }
}

pub(crate) fn network() -> Mlp {
    let config = MlpConfig {
        hidden: vec![16],
        dropout: 0.1,
        ..MlpConfig::new(2, Vec::new(), 2)
    };
    config
        .init(&support::device().autodiff(), &mut Draws::new(7, "weights"))
        .unwrap()
}

pub(crate) fn params() -> TrainParams {
    TrainParams {
        n_epochs: 40,
        batch_size: 16,
        learning_rate: 0.02,
        ..TrainParams::default()
    }
}

pub(crate) fn fit(
    task: &Rings,
    params: TrainParams,
    folder: Option<&Path>,
) -> Result<Fitted<Mlp>, NnError> {
    let cancel = Cancellation::default();
    let context = Context::new(3, &Silent, &cancel);
    let device = support::device();
    params
        .check()?
        .fit(task, network(), &device, &context, &mut (), folder)
}

pub(crate) fn logits(network: &Mlp, task: &Rings) -> Vec<f32> {
    let all: Vec<usize> = (0..task.points.len()).collect();
    let (rows, _) = task.batch(&all, &support::device());
    network
        .forward(&rows, &mut None)
        .into_data()
        .try_to_vec::<f32>()
        .unwrap()
}
