//! When a shop's customers buy next, and for how much (UCI Online Retail): a recurrent autoencoder of
//! their histories beside the mean, each customer's last values and ridge regression.
//!
//! ```text
//! cargo run --release -p rapport-nn --example next_purchase
//! ```
//! The test looks at customers that were not learned from, as of an instant that lies after all that
//! was learned from; each customer is in one of five test parts. A history sees earlier orders
//! only, and its next order is the first within 60 days. First the network learns to write histories
//! back; then its summaries are given to ridge regression, or it goes on to foretell as well.
//! Settings were chosen with `--held-back`, whose instants all lie 60 days earlier.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

#[path = "support/demo/mod.rs"]
mod demo;
#[path = "support/retail/mod.rs"]
mod retail;
#[path = "support/text.rs"]
mod text;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::metrics::{mae, rmse};
use rapport_learn::split::{Split, holdout_by_group, k_fold_by_group};
use rapport_learn::{Cancellation, Check, Context, Matrix, Silent, stats};
use rapport_nn::models::{SequenceAutoencoder, SequenceAutoencoderConfig, SequenceBatch};
use rapport_nn::ops::Cell;
use rapport_nn::train::{Schedule, Task, TrainParams};
use rapport_nn::{Draws, NnError};

use demo::{Arguments, Budget, Report, timed};
use retail::{Answers, Customer, HORIZON, History, N_NUMBERS, N_TARGETS, Scale};

/// Days from one instant of training to the next.
const STRIDE: i32 = 14;
/// The first instant has this many days before it.
const FIRST: i32 = 60;
const N_FOLDS: usize = 5;
/// How much writing back counts while the network learns to foretell.
const SHARE_WRITTEN: f64 = 0.3;
/// Histories that are looked at together in a test.
const CHUNK: usize = 256;

fn main() -> ExitCode {
    demo::run(compare)
}

fn compare(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let file = "online_retail_to_2011-10-14.csv.gz";
    let customers = retail::read(&arguments.folder("online_retail").join(file))?;
    let (train, test) = histories(&customers, arguments)?;
    println!(
        "next purchase: {} histories to learn from, {} to test on, of {} customers; seed {}",
        train.len(),
        test.len(),
        customers.len(),
        arguments.seed
    );
    let groups: Vec<u64> = (0..customers.len() as u64).collect();
    let n_folds = if arguments.quick { 1 } else { N_FOLDS };
    let mut folds = Vec::new();
    for split in &k_fold_by_group(&groups, N_FOLDS, arguments.seed)?[..n_folds] {
        folds.push(Fold::new(split, &train, &test, arguments.seed)?);
    }
    let learner = Learner {
        seed: arguments.seed,
        n_epochs: [arguments.n_epochs(15), arguments.n_epochs(30)],
        budget: Budget::new(arguments, 2 * n_folds as u32),
    };

    let columns = ["days, rmse", "days, mae", "pounds, rmse", "pounds, mae"];
    let report = Report::begin(&columns, 3);
    for (name, method) in BASELINES {
        let run = || folds.iter().map(method).collect::<Result<Vec<_>, _>>();
        let (answers, seconds) = timed(run)?;
        report.row(name, &figures(&folds, &answers)?, seconds);
    }
    let written = |fold: &Fold<'_>| learner.write_back(fold);
    let (written, seconds) = timed(|| folds.iter().map(written).collect::<Result<Vec<_>, _>>())?;
    let pairs = || folds.iter().zip(&written);
    let run = || {
        pairs()
            .map(|(fold, network)| learner.ridge_on_summaries(fold, network))
            .collect::<Result<Vec<_>, _>>()
    };
    let (answers, more) = timed(run)?;
    report.row(
        "ridge on the autoencoder's summaries",
        &figures(&folds, &answers)?,
        seconds + more,
    );
    let run = || {
        pairs()
            .map(|(fold, network)| learner.foretell(fold, network))
            .collect::<Result<Vec<_>, _>>()
    };
    let (answers, more) = timed(run)?;
    report.row(
        "autoencoder that goes on to foretell",
        &figures(&folds, &answers)?,
        seconds + more,
    );

    let explained: Vec<f64> = pairs()
        .map(|(fold, network)| fold.explained(network))
        .collect();
    println!(
        "\nrmse is of logarithms, mae of days and pounds; the autoencoder wrote back {:.1} % of the\n\
         variance of histories that it had not seen",
        100.0 * stats::mean(&explained)
    );
    Ok(())
}

/// Histories to learn from, as of instants from early on, and histories to test on, as of one instant
/// after the last next order that was learned from.
fn histories(
    customers: &[Customer],
    arguments: &Arguments,
) -> Result<(Vec<History>, Vec<History>), Box<dyn Error>> {
    let days = || {
        customers
            .iter()
            .flat_map(|customer| &customer.orders)
            .map(|order| order.day)
    };
    let (first, last) = days()
        .min()
        .zip(days().max())
        .ok_or("there are no orders in the file")?;
    let end = last + 1 - if arguments.held_back { HORIZON } else { 0 };
    let (start, instant) = (first + FIRST, end - HORIZON);
    if start > instant - HORIZON {
        return Err("the file spans too few days to learn from and to test on".into());
    }
    let stride = if arguments.quick { 4 * STRIDE } else { STRIDE };
    let as_of = |day| {
        let all = (0..).zip(customers);
        all.filter_map(move |(id, customer)| retail::as_of(customer, id, day))
    };
    let known = |history: &History| history.next.is_some();
    let train = (start..=instant - HORIZON).rev().step_by(stride as usize);
    Ok((
        train.flat_map(as_of).filter(known).collect(),
        as_of(instant).filter(known).collect(),
    ))
}

/// One part of the customers to test on, the others to learn from.
struct Fold<'a> {
    train: Vec<&'a History>,
    /// Of other customers than those, to stop by.
    held_back: Vec<&'a History>,
    test: Vec<&'a History>,
    scale: Scale,
}

impl<'a> Fold<'a> {
    fn new(
        customers: &Split,
        train: &'a [History],
        test: &'a [History],
        seed: u64,
    ) -> Result<Self, Box<dyn Error>> {
        let is_tested = |history: &&History| customers.test.contains(&(history.customer as usize));
        let known: Vec<&History> = train.iter().filter(|history| !is_tested(history)).collect();
        let test: Vec<&History> = test.iter().filter(is_tested).collect();
        let groups: Vec<u64> = known.iter().map(|history| history.customer).collect();
        let parts = holdout_by_group(&groups, 0.15, seed)?;
        let pick = |rows: &[usize]| rows.iter().map(|&row| known[row]).collect();
        Ok(Self {
            train: pick(&parts.train),
            held_back: pick(&parts.test),
            test,
            scale: Scale::fit(&known),
        })
    }

    /// All that may be learned from.
    fn known(&self) -> Vec<&'a History> {
        self.train.iter().chain(&self.held_back).copied().collect()
    }

    /// The share of the variance of the test histories that is written back.
    fn explained(&self, network: &SequenceAutoencoder) -> f64 {
        let task = Recalling {
            fold: self,
            share_written: 1.0,
            share_foretold: 0.0,
        };
        let missed = task.loss_of(network, &self.test, &Device::flex());
        let Written { batch, present } = Written::new(&self.test, &self.scale, &Device::flex());
        let n_present = present.clone().sum();
        let all = (batch.steps.square() * present).sum() / n_present;
        1.0 - f64::from((missed / all).into_scalar::<f32>())
    }
}

type Baseline = fn(&Fold<'_>) -> Result<Answers, Box<dyn Error>>;

const BASELINES: [(&str, Baseline); 4] = [
    ("mean of all customers", |fold| {
        Ok(retail::mean_of_all(&fold.known(), &fold.test))
    }),
    ("the customer's last value", |fold| {
        Ok(retail::last_value(&fold.test))
    }),
    ("the customer's own mean", |fold| {
        Ok(retail::own_mean(&fold.test))
    }),
    ("ridge on recency, frequency, money", |fold| {
        let cancel = Cancellation::default();
        let context = Context::new(0, &Silent, &cancel);
        retail::ridge_on_figures(&fold.known(), &fold.test, &context)
    }),
];

/// Errors of logarithms, and of days and pounds, over the test histories of all folds.
fn figures(folds: &[Fold<'_>], answers: &[Answers]) -> Result<[f64; 4], Box<dyn Error>> {
    let mut figures = Vec::new();
    for at in 0..N_TARGETS {
        let found: Vec<f64> = answers.iter().flatten().map(|answer| answer[at]).collect();
        let next = folds
            .iter()
            .flat_map(|fold| &fold.test)
            .filter_map(|history| history.next);
        let actual: Vec<f64> = next.map(|next| next[at]).collect();
        let plain = |logarithms: &[f64]| logarithms.iter().map(|x| x.exp()).collect::<Vec<_>>();
        figures.push(rmse(&found, &actual)?);
        figures.push(mae(&plain(&found), &plain(&actual))?);
    }
    Ok([figures[0], figures[1], figures[2], figures[3]])
}

/// How networks are trained.
struct Learner {
    seed: u64,
    /// Epochs of writing back, and of foretelling.
    n_epochs: [usize; 2],
    budget: Budget,
}

impl Learner {
    /// A network that learned to write histories back.
    fn write_back(&self, fold: &Fold<'_>) -> Result<SequenceAutoencoder, Box<dyn Error>> {
        let config = SequenceAutoencoderConfig {
            cell: Cell::Gru,
            n_inputs: N_NUMBERS,
            n_hidden: 64,
            n_summary: 24,
        };
        let draws = &mut Draws::new(self.seed, "weights");
        let network = config.init(&Device::flex().autodiff(), draws)?;
        let task = Recalling {
            fold,
            share_written: 1.0,
            share_foretold: 0.0,
        };
        self.train(&task, network, self.n_epochs[0], 3e-3)
    }

    /// Answers for the test histories of a network that goes on from there to foretell.
    fn foretell(
        &self,
        fold: &Fold<'_>,
        network: &SequenceAutoencoder,
    ) -> Result<Answers, Box<dyn Error>> {
        let task = Recalling {
            fold,
            share_written: SHARE_WRITTEN,
            share_foretold: 1.0,
        };
        let network = self.train(&task, network.clone(), self.n_epochs[1], 1e-3)?;
        let next = per_history(&fold.test, &fold.scale, |batch| network.forward(batch).next);
        Ok(next.iter().map(|next| fold.scale.answer(next)).collect())
    }

    fn train(
        &self,
        task: &Recalling<'_>,
        network: SequenceAutoencoder,
        n_epochs: usize,
        learning_rate: f64,
    ) -> Result<SequenceAutoencoder, Box<dyn Error>> {
        let params = TrainParams {
            n_epochs,
            batch_size: 64,
            learning_rate,
            schedule: Schedule::Cosine {
                warm_up: 0.05,
                end: 0.05,
            },
            patience: Some(6),
            ..TrainParams::default()
        };
        let cancel = Cancellation::default();
        let context = self.budget.context(self.seed, &cancel);
        let device = Device::flex();
        let fitted = params
            .check()?
            .fit(task, network, &device, &context, &mut (), None)?;
        Ok(fitted.network)
    }

    /// Answers of a ridge regression on the summaries of a network that only learned to write back.
    fn ridge_on_summaries(
        &self,
        fold: &Fold<'_>,
        network: &SequenceAutoencoder,
    ) -> Result<Answers, Box<dyn Error>> {
        let cancel = Cancellation::default();
        let context = Context::new(self.seed, &Silent, &cancel);
        let summaries = |histories: &[&History]| {
            let rows = per_history(histories, &fold.scale, |batch| network.summarize(batch));
            let n_columns = rows.first().map_or(0, Vec::len);
            let values = rows
                .iter()
                .flatten()
                .map(|&value| f64::from(value))
                .collect();
            Matrix::new(rows.len(), n_columns, values)
        };
        let known = fold.known();
        retail::ridge(
            &summaries(&known)?,
            &known,
            &summaries(&fold.test)?,
            &context,
        )
    }
}

/// What a network says of each history.
fn per_history(
    histories: &[&History],
    scale: &Scale,
    says: impl Fn(&SequenceBatch) -> Tensor<2>,
) -> Vec<Vec<f32>> {
    let rows = histories.chunks(CHUNK).flat_map(|chunk| {
        let said = says(&Written::new(chunk, scale, &Device::flex()).batch);
        let n_columns = said.dims()[1];
        let values = said
            .into_data()
            .try_to_vec::<f32>()
            .expect("networks say single-precision numbers");
        values
            .chunks(n_columns)
            .map(<[f32]>::to_vec)
            .collect::<Vec<_>>()
    });
    rows.collect()
}

/// Histories as a network takes them.
struct Written {
    batch: SequenceBatch,
    /// 1 for a number that is there, 0 for a missing one and in the padding; as the steps,
    /// `[n_batch, n_steps, N_NUMBERS]`.
    present: Tensor<3>,
}

impl Written {
    fn new(histories: &[&History], scale: &Scale, device: &Device) -> Self {
        let lengths: Arc<[usize]> = histories
            .iter()
            .map(|history| history.steps.len())
            .collect();
        let n_steps = lengths.iter().copied().max().unwrap_or(1);
        let sizes = [histories.len(), n_steps, N_NUMBERS];
        let n_numbers = sizes.iter().product();
        let (mut steps, mut present) = (vec![0.0; n_numbers], vec![0.0_f32; n_numbers]);
        for (row, history) in histories.iter().enumerate() {
            for (at, step) in history.steps.iter().enumerate() {
                let from = (row * n_steps + at) * N_NUMBERS;
                steps[from..from + N_NUMBERS].copy_from_slice(&scale.step(step));
                for (there, number) in present[from..].iter_mut().zip(step) {
                    *there = f32::from(u8::from(!number.is_nan()));
                }
            }
        }
        let tensor = |numbers| Tensor::from_data(TensorData::new(numbers, sizes), device);
        Self {
            batch: SequenceBatch {
                steps: tensor(steps),
                lengths,
            },
            present: tensor(present),
        }
    }
}

/// The task of one network: to write back, to foretell, or both.
struct Recalling<'a> {
    fold: &'a Fold<'a>,
    share_written: f64,
    share_foretold: f64,
}

impl Recalling<'_> {
    /// The mean squared error per number that is there, by their shares.
    fn loss_of(
        &self,
        network: &SequenceAutoencoder,
        histories: &[&History],
        device: &Device,
    ) -> Tensor<1> {
        let Written { batch, present } = Written::new(histories, &self.fold.scale, device);
        let recalled = network.forward(&batch);
        let n_present = present.clone().sum();
        let errors = (recalled.steps - batch.steps).square() * present;
        let loss = errors.sum() / n_present * self.share_written;
        if self.share_foretold == 0.0 {
            return loss;
        }
        let next = histories.iter().filter_map(|history| history.next);
        let targets: Vec<f32> = next.flat_map(|next| self.fold.scale.target(next)).collect();
        let sizes = [histories.len(), N_TARGETS];
        let targets = Tensor::<2>::from_data(TensorData::new(targets, sizes), device);
        let foretold = recalled.next.slice([0..histories.len(), 0..N_TARGETS]);
        loss + (foretold - targets).square().mean() * self.share_foretold
    }

    /// The mean over many histories.
    fn mean_loss(&self, network: &SequenceAutoencoder, histories: &[&History]) -> f64 {
        let sum: f64 = histories
            .chunks(CHUNK)
            .map(|chunk| {
                let loss = self.loss_of(network, chunk, &Device::flex());
                chunk.len() as f64 * f64::from(loss.into_scalar::<f32>())
            })
            .sum();
        sum / histories.len() as f64
    }
}

impl Task for Recalling<'_> {
    type Network = SequenceAutoencoder;

    fn n_examples(&self) -> usize {
        self.fold.train.len()
    }

    fn n_steps(&self, example: usize) -> usize {
        self.fold.train[example].steps.len()
    }

    fn loss(
        &self,
        network: &SequenceAutoencoder,
        examples: &[usize],
        _: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let histories: Vec<&History> = examples.iter().map(|&at| self.fold.train[at]).collect();
        Ok(self.loss_of(network, &histories, &Device::flex().autodiff()))
    }

    fn validate(&self, network: &SequenceAutoencoder) -> Result<Option<f64>, NnError> {
        // To stop by, only what is aimed at counts.
        let aim = Recalling {
            share_written: if self.share_foretold > 0.0 { 0.0 } else { 1.0 },
            ..*self
        };
        Ok(Some(aim.mean_loss(network, &self.fold.held_back)))
    }
}
