//! What networks bear, before and after they were hardened: texts attacked as people and spammers
//! attack them (SST-2 and ChnSentiCorp), and numbers pushed along the gradient within what a person
//! could have (UCI Adult).
//!
//! ```text
//! cargo run --release -p rapport-nn --example robustness [-- sst2 chnsenticorp adult]
//! ```
//! Small networks on parts of the data, so that all takes minutes: the change matters, not the level.
//! Everything is learned from training parts; the figures are those of the dev and test parts.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

#[path = "support/adult.rs"]
mod adult;
#[path = "support/reviews.rs"]
mod reviews;
#[path = "support/attacked_texts.rs"]
mod texts;

use std::error::Error;
use std::time::Instant;

use adult::{Adult, Census, N_NUMERIC};
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::{Cancellation, Check, Context, Silent, split};
use rapport_nn::adversarial::{Attack, Challenge, Limits, RobustnessReport, attack, hardened_loss};
use rapport_nn::models::{Mlp, MlpConfig, TableBatch};
use rapport_nn::ops::cross_entropy;
use rapport_nn::train::{Task, TrainParams};
use rapport_nn::{Draws, NnError};

const SEED: u64 = 1;
const N_ROWS: usize = 12_000;
const N_TESTED: usize = 4_000;
/// Numbers that a person can change: education, capital gain and loss, hours. Age and the row's
/// weight in the census are what they are.
const MAY_CHANGE: [f32; N_NUMERIC] = [0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
/// In training three steps must do.
const HARDENING: Attack = Attack::Pgd {
    epsilon: 0.2,
    step: 0.1,
    n_steps: 3,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut wanted: Vec<String> = std::env::args().skip(1).collect();
    if wanted.is_empty() {
        wanted = ["sst2", "chnsenticorp", "adult"].map(String::from).to_vec();
    }
    for name in wanted {
        let start = Instant::now();
        let reports = match name.as_str() {
            "adult" => vec![census()?],
            _ => texts::reports(&name)?,
        };
        for report in reports {
            println!("{report}");
        }
        println!("{name} took {:.1} s\n", start.elapsed().as_secs_f64());
    }
    Ok(())
}

fn census() -> Result<RobustnessReport, Box<dyn Error>> {
    let adult = Adult::read(None)?;
    let parts = split::holdout(adult.train.n_rows(), 0.1, SEED)?;
    let task = |is_hardened| Rows {
        train: adult.train.select(&parts.train[..N_ROWS]),
        held_back: adult.train.select(&parts.test),
        is_hardened,
    };
    let plain = train(&task(false), &adult.n_categories)?;
    let hardened = train(&task(true), &adult.n_categories)?;
    let attacks = [0.05, 0.1, 0.2].map(|epsilon| {
        Challenge::Numbers(Attack::Pgd {
            epsilon,
            step: epsilon / 4.0,
            n_steps: 10,
        })
    });
    let test = adult.test.select(&(0..N_TESTED).collect::<Vec<_>>());
    Ok(RobustnessReport::measure(
        "network on UCI Adult, PGD training",
        &attacks,
        |challenge| Ok(under(&plain, &test, challenge)),
        |challenge| Ok(under(&hardened, &test, challenge)),
    )?)
}

fn train(task: &Rows, n_categories: &[usize]) -> Result<Mlp, NnError> {
    let config = MlpConfig {
        hidden: vec![64, 64],
        ..MlpConfig::new(N_NUMERIC, n_categories.to_vec(), 2)
    };
    let device = Device::flex();
    let draws = &mut Draws::new(SEED, "weights");
    let network = config.init(&device.clone().autodiff(), draws)?;
    let params = TrainParams {
        n_epochs: 12,
        batch_size: 256,
        learning_rate: 3e-3,
        patience: Some(3),
        ..TrainParams::default()
    };
    let cancel = Cancellation::default();
    let context = Context::new(SEED, &Silent, &cancel);
    let valid = params.check()?;
    let fitted = valid.fit(task, network, &device, &context, &mut (), None)?;
    Ok(fitted.network)
}

/// Whether the network gets each row right when somebody who knows the network pushes its numbers.
fn under(network: &Mlp, census: &Census, challenge: Challenge) -> Vec<bool> {
    // Pushing takes gradients by the numbers.
    let network = network.clone().train();
    let device = Device::flex().autodiff();
    let rows: Vec<usize> = (0..census.n_rows()).collect();
    rows.chunks(1000)
        .flat_map(|rows| {
            let (mut batch, classes) = census.batch(rows, &device);
            if let (Challenge::Numbers(how), Some(x)) = (challenge, batch.numeric.clone()) {
                let limits = limits(&device);
                let losses = |x| cross_entropy(with(&network, &batch, x), &classes);
                batch.numeric = Some(attack(x, how, Some(&limits), losses));
            }
            let logits = network.forward(&batch, &mut None).inner();
            let logits = logits.into_data().try_to_vec::<f32>();
            let logits = logits.expect("logits are single-precision numbers");
            let pairs = logits.chunks(2).zip(classes.iter());
            pairs
                .map(|(logits, class)| usize::from(logits[1] > logits[0]) == *class)
                .collect::<Vec<bool>>()
        })
        .collect()
}

/// Logits of the batch with other numbers.
fn with(network: &Mlp, batch: &TableBatch, x: Tensor<2>) -> Tensor<2> {
    let batch = TableBatch {
        numeric: Some(x),
        categories: batch.categories.clone(),
    };
    network.forward(&batch, &mut None)
}

/// From the least to the most that the census knows.
fn limits(device: &Device) -> Limits<2> {
    let all = |number: f32| Tensor::full([1, N_NUMERIC], number, device);
    let may_change = TensorData::new(MAY_CHANGE.to_vec(), [1, N_NUMERIC]);
    Limits {
        least: all(-1.0),
        most: all(1.0),
        may_change: Tensor::from_data(may_change, device),
    }
}

/// The census as the trainer sees it.
struct Rows {
    train: Census,
    held_back: Census,
    is_hardened: bool,
}

impl Task for Rows {
    type Network = Mlp;

    fn n_examples(&self) -> usize {
        self.train.n_rows()
    }

    fn loss(
        &self,
        network: &Mlp,
        examples: &[usize],
        _chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let device = network.devices()[0].clone();
        let (batch, classes) = self.train.batch(examples, &device);
        let losses = |x| cross_entropy(with(network, &batch, x), &classes).mean();
        let x = batch.numeric.clone().expect("the census has numbers");
        if !self.is_hardened {
            return Ok(losses(x));
        }
        Ok(hardened_loss(x, HARDENING, Some(&limits(&device)), losses))
    }

    /// Errors on held-back rows; for the hardened network on attacked ones, too.
    fn validate(&self, network: &Mlp) -> Result<Option<f64>, NnError> {
        let wrong = |challenge| {
            let is_right = under(network, &self.held_back, challenge);
            let n_wrong = is_right.iter().filter(|is_right| !**is_right).count();
            n_wrong as f64 / is_right.len() as f64
        };
        let clean = wrong(Challenge::Clean);
        if !self.is_hardened {
            return Ok(Some(clean));
        }
        Ok(Some(clean + wrong(Challenge::Numbers(HARDENING))))
    }
}
