//! A classifier of real rows that says what the columns of a row have to do with its target.
//!
//! Source: Zhao, Kunar, Birke & Chen (2021), "CTAB-GAN: Effective Table Data Synthesizing", which
//! rewards made rows for being easy to classify. Rows easier than the real ones are no likeness
//! either, so here made rows are to be as hard as real ones.

use std::ops::Range;
use std::sync::Arc;

use burn::module::Module;
use burn::tensor::activation::{log_softmax, softmax};
use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::{Check, Context, Matrix};

use super::fit::gather;
use crate::models::{Mlp, MlpConfig, TableBatch};
use crate::ops::{Block, cross_entropy};
use crate::train::{Schedule, Task, TrainParams};
use crate::{Draws, NnError};

/// Passes of the classifier over the real rows: enough to rank well, few enough not to know them by
/// heart.
const N_EPOCHS: usize = 8;
/// Steps that it takes at least, where the rows are few.
const N_STEPS: usize = 400;
const BATCH: usize = 256;

/// A classifier that is done learning.
#[derive(Debug, Clone)]
pub(super) struct Guide {
    network: Mlp,
    target: Range<usize>,
    /// Ones, and zeros where the target stands: `[1, n_columns]`.
    without_target: Tensor<2>,
}

impl Guide {
    /// Learns to tell the block `target` of encoded rows from all others.
    pub(super) fn fit(
        rows: &Matrix,
        target: Range<usize>,
        device: &Device,
        context: &Context<'_>,
    ) -> Result<Self, NnError> {
        let n_columns = rows.n_columns();
        let mask = (0..n_columns).map(|k| f32::from(u8::from(!target.contains(&k))));
        let mask = TensorData::new(mask.collect::<Vec<f32>>(), [1, n_columns]);
        let config = MlpConfig {
            hidden: vec![128, 64],
            dropout: 0.3,
            ..MlpConfig::new(n_columns, Vec::new(), target.len())
        };
        let mut draws = Draws::new(context.seed, "weights of the guide");
        let task = Classify {
            rows,
            target: target.clone(),
            without_target: Tensor::from_data(mask, device),
            device,
        };
        let params = TrainParams {
            n_epochs: N_EPOCHS.max(N_STEPS / rows.n_rows().div_ceil(BATCH)),
            batch_size: BATCH,
            schedule: Schedule::Linear { warm_up: 0.1 },
            ..TrainParams::default()
        };
        let network = config.init(device, &mut draws)?;
        let fitted = params
            .check()?
            .fit(&task, network, device, context, &mut (), None)?;
        Ok(Self {
            network: fitted.network.train().no_grad(),
            target,
            without_target: task.without_target,
        })
    }

    /// How far the mean difficulty of made rows is from that of real ones, in nats.
    ///
    /// The target of a made row may be soft; gradients go to it as well as to the other columns.
    pub(super) fn difference(&self, made: Tensor<2>, real: Tensor<2>) -> Tensor<1> {
        (self.difficulty(made) - self.difficulty(real)).abs()
    }

    /// The same for use alone: it learns no more and takes no gradients.
    pub(super) fn settled(self) -> Self {
        Self {
            network: self.network.valid(),
            without_target: self.without_target.inner(),
            ..self
        }
    }

    /// Draws the target of made rows from what their other columns say of it, `(n, n_columns)`. Other
    /// blocks are taken for what they are read as: the place of their largest number.
    pub(super) fn draw_targets(
        &self,
        rows: &mut [f32],
        blocks: &[Block],
        draws: &mut Draws,
        device: &Device,
    ) {
        let n_columns = self.without_target.dims()[1];
        let mut read = rows.to_vec();
        for row in read.chunks_exact_mut(n_columns) {
            for block in blocks {
                if let Block::Softmax(range) = block {
                    harden(&mut row[range.clone()]);
                }
            }
        }
        let shape = [rows.len() / n_columns, n_columns];
        let read = Tensor::from_data(TensorData::new(read, shape), device);
        let logits = classify(&self.network, read, &self.without_target, &mut None);
        let shares = softmax(logits, 1).into_data().try_to_vec::<f32>();
        let shares = shares.expect("networks give single-precision numbers");
        let of_rows = rows.chunks_exact_mut(n_columns);
        for (row, shares) in of_rows.zip(shares.chunks_exact(self.target.len())) {
            let mut left = draws.share() as f32;
            let drawn = shares.iter().position(|share| {
                left -= share;
                left < 0.0
            });
            let target = &mut row[self.target.clone()];
            target.fill(0.0);
            target[drawn.unwrap_or(shares.len() - 1)] = 1.0;
        }
    }

    fn difficulty(&self, rows: Tensor<2>) -> Tensor<1> {
        let n_rows = rows.dims()[0];
        let target = rows.clone().slice([0..n_rows, self.target.clone()]);
        let logits = classify(&self.network, rows, &self.without_target, &mut None);
        let log_probabilities = log_softmax(logits, 1);
        (target * log_probabilities).sum_dim(1).mean().neg()
    }
}

/// One at the place of the largest number, zeros elsewhere.
fn harden(block: &mut [f32]) {
    let largest = block.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    let largest = largest.map(|(place, _)| place);
    for (place, number) in block.iter_mut().enumerate() {
        *number = f32::from(u8::from(Some(place) == largest));
    }
}

/// Logits of the target's categories from all other columns.
fn classify(
    network: &Mlp,
    rows: Tensor<2>,
    without_target: &Tensor<2>,
    chance: &mut Option<Draws>,
) -> Tensor<2> {
    let batch = TableBatch {
        numeric: Some(rows * without_target.clone()),
        categories: Vec::new(),
    };
    network.forward(&batch, chance)
}

struct Classify<'a> {
    rows: &'a Matrix,
    target: Range<usize>,
    without_target: Tensor<2>,
    device: &'a Device,
}

impl Task for Classify<'_> {
    type Network = Mlp;

    fn n_examples(&self) -> usize {
        self.rows.n_rows()
    }

    fn loss(
        &self,
        network: &Mlp,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let class = |&row: &usize| {
            let ones = &self.rows.row(row)[self.target.clone()];
            ones.iter().position(|one| *one == 1.0).unwrap_or(0)
        };
        let classes: Arc<[usize]> = examples.iter().map(class).collect();
        let rows = gather(self.rows, examples, self.device);
        let logits = classify(network, rows, &self.without_target, chance);
        Ok(cross_entropy(logits, &classes).mean())
    }

    fn validate(&self, _network: &Mlp) -> Result<Option<f64>, NnError> {
        Ok(None)
    }
}
