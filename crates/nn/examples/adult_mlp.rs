//! Who earns more than 50,000 dollars a year (UCI Adult): multilayer perceptrons over numbers and
//! categories, beside logistic regression and boosted trees in the same table.
//!
//! ```text
//! cargo run --release -p rapport-nn --example adult_mlp
//! ```
//! Each network stops by the log loss of a fifth of the training rows, another fifth for each
//! network of the ensemble, which answers with the mean of five. The test file is measured once;
//! settings were chosen with `--held-back`.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

#[path = "support/census/mod.rs"]
mod census;
#[path = "support/demo/mod.rs"]
mod demo;
#[path = "support/text.rs"]
mod text;

use std::error::Error;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;

use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor};
use rapport_learn::metrics::log_loss;
use rapport_learn::split::{Split, k_fold};
use rapport_learn::{Cancellation, Check, Context, Silent};
use rapport_nn::models::{Mlp, MlpConfig, NumericEmbedding};
use rapport_nn::ops::cross_entropy;
use rapport_nn::train::{AdamWParams, OptimizerParams, Task, TrainParams};
use rapport_nn::{Draws, NnError};

use census::{Census, Encoding, Rows};
use demo::{Arguments, Budget, Report, timed};

const N_MEMBERS: usize = 5;
/// Rows that are predicted at once.
const CHUNK: usize = 2_048;

fn main() -> ExitCode {
    demo::run(compare)
}

fn compare(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let census = Census::read(arguments)?;
    let seed = arguments.seed;
    println!(
        "Adult income: {} rows to learn from, {} to test on; seed {seed}",
        census.train.n_rows(),
        census.test.n_rows()
    );
    let cancel = Cancellation::default();
    let threads = NonZeroUsize::new(2).unwrap_or(NonZeroUsize::MIN);
    let context = Context::new(seed, &Silent, &cancel).with_threads(threads);
    let encoding = Encoding::fit(&census.train.table, &context)?;

    let report = Report::begin(&["AUC", "log loss", "accuracy"], 4);
    let (found, seconds) = timed(|| census::logistic_regression(&census, &context))?;
    report.row(
        "logistic regression",
        &census.test.measure(&found)?,
        seconds,
    );
    let (found, seconds) = timed(|| census::boosted_trees(&census, &encoding, seed, &context))?;
    report.row("boosted trees", &census.test.measure(&found)?, seconds);

    let n_members = if arguments.quick { 2 } else { N_MEMBERS };
    let incomes = Incomes {
        census: &census,
        train: encoding.encode(&census.train.table)?,
        test: encoding.encode(&census.test.table)?,
        folds: k_fold(census.train.n_rows(), N_MEMBERS, seed)?,
        budget: Budget::new(arguments, n_members as u32 + 1),
        params: params(arguments),
    };
    let config = config(&encoding);
    let plain = MlpConfig {
        numeric: NumericEmbedding::None,
        ..config.clone()
    };
    let (found, seconds) = timed(|| incomes.run(&plain, seed, 0))?;
    let figures = census.test.measure(&found)?;
    report.row("MLP, numbers as they are", &figures, seconds);
    let mut sum = vec![0.0; census.test.n_rows()];
    let mut sum_of_seconds = 0.0;
    for member in 0..n_members {
        let (found, seconds) = timed(|| incomes.run(&config, seed, member))?;
        let name = format!("MLP, numbers as waves, {} of {n_members}", member + 1);
        report.row(&name, &census.test.measure(&found)?, seconds);
        sum.iter_mut().zip(found).for_each(|(sum, p)| *sum += p);
        sum_of_seconds += seconds;
    }
    let means: Vec<f64> = sum.iter().map(|sum| sum / n_members as f64).collect();
    let name = format!("MLP, numbers as waves, mean of {n_members}");
    report.row(&name, &census.test.measure(&means)?, sum_of_seconds);
    Ok(())
}

fn config(encoding: &Encoding) -> MlpConfig {
    MlpConfig {
        numeric: NumericEmbedding::Periodic {
            n_frequencies: 24,
            n_outputs: 16,
            deviation: 0.3,
        },
        dropout: 0.3,
        ..MlpConfig::new(encoding.n_numeric(), encoding.n_categories(), 2)
    }
}

fn params(arguments: &Arguments) -> TrainParams {
    TrainParams {
        n_epochs: arguments.n_epochs(40),
        batch_size: 256,
        learning_rate: 1e-3,
        optimizer: OptimizerParams::AdamW(AdamWParams {
            weight_decay: 0.05,
            ..AdamWParams::default()
        }),
        patience: Some(5),
        ..TrainParams::default()
    }
}

/// What networks are trained and tested on.
struct Incomes<'a> {
    census: &'a Census,
    train: Rows,
    test: Rows,
    /// What each member learns from, and what it stops by.
    folds: Vec<Split>,
    budget: Budget,
    params: TrainParams,
}

impl Incomes<'_> {
    /// Trains one network; probabilities of the test rows.
    fn run(
        &self,
        config: &MlpConfig,
        seed: u64,
        member: usize,
    ) -> Result<Vec<f64>, Box<dyn Error>> {
        let device = Device::flex();
        // A seed of its own for each member, the same for every run.
        let seed = seed * 1_000 + member as u64;
        let draws = &mut Draws::new(seed, "weights");
        let network = config.init(&device.clone().autodiff(), draws)?;
        let cancel = Cancellation::default();
        let context = self.budget.context(seed, &cancel);
        let fold = Fold {
            rows: &self.train,
            classes: &self.census.train.classes,
            split: &self.folds[member],
        };
        let params = self.params.clone().check()?;
        let fitted = params.fit(&fold, network, &device, &context, &mut (), None)?;
        let all: Vec<usize> = (0..self.test.n_rows()).collect();
        Ok(probabilities(&fitted.network, &self.test, &all))
    }
}

/// The task of one network.
struct Fold<'a> {
    rows: &'a Rows,
    classes: &'a [u32],
    split: &'a Split,
}

impl Task for Fold<'_> {
    type Network = Mlp;

    fn n_examples(&self) -> usize {
        self.split.train.len()
    }

    fn loss(
        &self,
        network: &Mlp,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let rows: Vec<usize> = examples.iter().map(|&at| self.split.train[at]).collect();
        let classes: Arc<[usize]> = rows.iter().map(|&row| self.classes[row] as usize).collect();
        let batch = self.rows.batch(&rows, &Device::flex().autodiff());
        Ok(cross_entropy(network.forward(&batch, chance), &classes).mean())
    }

    fn validate(&self, network: &Mlp) -> Result<Option<f64>, NnError> {
        let held_back = &self.split.test;
        let found = probabilities(network, self.rows, held_back);
        let outcomes: Vec<bool> = held_back
            .iter()
            .map(|&row| self.classes[row] == 1)
            .collect();
        // Probabilities of a network that overflowed are no numbers: it is worse than any other.
        Ok(Some(log_loss(&found, &outcomes).unwrap_or(f64::INFINITY)))
    }
}

/// The probability of each of these rows to earn more.
fn probabilities(network: &Mlp, rows: &Rows, chosen: &[usize]) -> Vec<f64> {
    chosen
        .chunks(CHUNK)
        .flat_map(|chunk| {
            let logits = network.forward(&rows.batch(chunk, &Device::flex()), &mut None);
            let both: Vec<f32> = softmax(logits, 1)
                .into_data()
                .try_to_vec::<f32>()
                .expect("probabilities are single-precision numbers");
            both.chunks(2)
                .map(|pair| f64::from(pair[1]))
                .collect::<Vec<_>>()
        })
        .collect()
}
