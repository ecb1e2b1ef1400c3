//! Who earns more than 50,000 dollars a year (UCI Adult), learned with privacy: a network trained by
//! DP-SGD beside the same network without privacy and beside private logistic regression.
//!
//! ```text
//! cargo run --release -p rapport-nn --example private_adult [-- FOLDER]
//! ```
//! Settings are first guesses that no data were asked about; the test rows are looked at once. The last column says how well a loss tells training rows from others (0.5 is a coin).
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

#[path = "support/adult.rs"]
mod adult;

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use adult::{Adult, Census, N_NUMERIC};
use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rapport_learn::metrics::{auc, log_loss};
use rapport_learn::privacy::{NoiseKey, PrivateLogisticParams};
use rapport_learn::{Cancellation, Check, Context, Dataset, Fit, Matrix, Predict, Silent, split};
use rapport_nn::layers::Probes;
use rapport_nn::models::{Mlp, MlpConfig};
use rapport_nn::ops::cross_entropy;
use rapport_nn::train::{PrivacyTarget, Task, TrainParams};
use rapport_nn::{Draws, NnError};

const SEED: u64 = 1;
const DELTA: f64 = 1e-5;
/// Known, so that the figures come out again; what is private draws one from the operating system.
const KEY: NoiseKey = NoiseKey::known(1);
const EPSILONS: [f64; 3] = [1.0, 3.0, 8.0];

fn main() -> Result<(), Box<dyn Error>> {
    let adult = Adult::read(std::env::args().nth(1).map(PathBuf::from))?;
    let parts = split::holdout(adult.train.n_rows(), 0.1, SEED)?;
    let task = Rows {
        train: adult.train.select(&parts.train),
        held_back: adult.train.select(&parts.test),
        stops_early: false,
    };
    println!(
        "{} rows to learn from, {} held back, {} to test on; delta {DELTA:e}",
        task.train.n_rows(),
        task.held_back.n_rows(),
        adult.test.n_rows()
    );
    println!(
        "{:34} {:>8} {:>8} {:>9} {:>9} {:>9} {:>9} {:>8}",
        "", "epsilon", "noise", "held AUC", "test AUC", "log loss", "membership", "seconds"
    );
    row("always the base rate", None, || {
        base_rate(&task, &adult.test)
    })?;
    for epsilon in EPSILONS {
        row("private logistic regression", Some(epsilon), || {
            logistic(epsilon, &task, &adult)
        })?;
    }
    for epsilon in EPSILONS {
        row("private network", Some(epsilon), || {
            network(Some(epsilon), &task, &adult)
        })?;
    }
    row("network, no privacy, 20 epochs", None, || {
        network(None, &task, &adult)
    })?;
    let stopping = Rows {
        stops_early: true,
        ..task
    };
    row("network, no privacy, best epoch", None, || {
        network(None, &stopping, &adult)
    })
}

/// What a model says of the rows.
struct Scores {
    /// Probabilities of the second class.
    train: Vec<f64>,
    held_back: Vec<f64>,
    test: Vec<f64>,
    /// What was spent, and with how much noise.
    spent: Option<(f64, f64)>,
}

fn row(
    name: &str,
    wanted: Option<f64>,
    run: impl FnOnce() -> Result<Figures, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let figures = run()?;
    let name = match wanted {
        Some(epsilon) => format!("{name}, {epsilon}"),
        None => name.to_owned(),
    };
    let (epsilon, noise) = match figures.spent {
        Some((epsilon, noise)) => (format!("{epsilon:.3}"), format!("{noise:.3}")),
        None => ("-".to_owned(), "-".to_owned()),
    };
    println!(
        "{name:34} {epsilon:>8} {noise:>8} {:9.4} {:9.4} {:9.4} {:9.4} {:8.1}",
        figures.held_back,
        figures.test,
        figures.log_loss,
        figures.membership,
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

struct Figures {
    held_back: f64,
    test: f64,
    log_loss: f64,
    membership: f64,
    spent: Option<(f64, f64)>,
}

impl Figures {
    fn of(scores: &Scores, task: &Rows, test: &Census) -> Result<Self, Box<dyn Error>> {
        let outcomes = |census: &Census| -> Vec<bool> {
            census.classes.iter().map(|class| *class == 1).collect()
        };
        let tested = outcomes(test);
        // The attacker takes rows of low loss for training rows.
        let known = fit_of(&scores.train, &outcomes(&task.train));
        let unknown = fit_of(&scores.test, &tested);
        let is_member: Vec<bool> = (0..known.len() + unknown.len())
            .map(|at| at < known.len())
            .collect();
        Ok(Self {
            held_back: auc(&scores.held_back, &outcomes(&task.held_back))?,
            test: auc(&scores.test, &tested)?,
            log_loss: log_loss(&scores.test, &tested)?,
            membership: auc(&[known, unknown].concat(), &is_member)?,
            spent: scores.spent,
        })
    }
}

/// Probability that was given to what happened.
fn fit_of(scores: &[f64], outcomes: &[bool]) -> Vec<f64> {
    let pairs = scores.iter().zip(outcomes);
    pairs
        .map(|(p, happened)| if *happened { *p } else { 1.0 - p })
        .collect()
}

/// The census as the trainer sees it.
struct Rows {
    train: Census,
    held_back: Census,
    /// Whether the best epoch on held-back rows wins, rather than the last.
    stops_early: bool,
}

impl Rows {
    fn losses(
        &self,
        network: &Mlp,
        examples: &[usize],
        chance: &mut Option<Draws>,
        probes: &mut Option<Probes>,
    ) -> Tensor<1> {
        let (batch, classes) = self.train.batch(examples, &network.devices()[0]);
        cross_entropy(network.forward_probed(&batch, chance, probes), &classes)
    }
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
        Ok(Some(self.losses(network, examples, chance, probes)))
    }

    fn validate(&self, network: &Mlp) -> Result<Option<f64>, NnError> {
        if !self.stops_early {
            return Ok(None);
        }
        let happened: Vec<bool> = self.held_back.classes.iter().map(|c| *c == 1).collect();
        let fits = fit_of(&scores_of(network, &self.held_back), &happened);
        Ok(Some(
            -fits.iter().map(|p| p.ln()).sum::<f64>() / fits.len() as f64,
        ))
    }
}

/// Probabilities of the second class.
fn scores_of(network: &Mlp, census: &Census) -> Vec<f64> {
    let all: Vec<usize> = (0..census.n_rows()).collect();
    let of_rows = |rows: &[usize]| {
        let (batch, _) = census.batch(rows, &Device::flex());
        let logits = network.forward(&batch, &mut None);
        let numbers = burn::tensor::activation::softmax(logits, 1)
            .into_data()
            .try_to_vec::<f32>()
            .expect("probabilities are single-precision numbers");
        numbers
            .chunks(2)
            .map(|p| f64::from(p[1]))
            .collect::<Vec<f64>>()
    };
    all.chunks(4096).flat_map(of_rows).collect()
}

fn network(epsilon: Option<f64>, task: &Rows, adult: &Adult) -> Result<Figures, Box<dyn Error>> {
    let config = MlpConfig {
        hidden: vec![64],
        ..MlpConfig::new(N_NUMERIC, adult.n_categories.clone(), 2)
    };
    let device = Device::flex();
    let draws = &mut Draws::new(SEED, "weights");
    let first = config.init(&device.clone().autodiff(), draws)?;
    let mut params = TrainParams {
        n_epochs: 20,
        batch_size: 1024,
        learning_rate: 3e-3,
        clip_norm: None,
        ..TrainParams::default()
    };
    if let Some(epsilon) = epsilon {
        let target = PrivacyTarget {
            epsilon,
            delta: DELTA,
            clip_norm: 1.0,
        };
        params.privacy = Some(target.plan(task.n_examples(), &params, KEY)?);
    }
    let cancel = Cancellation::default();
    let context = Context::new(SEED, &Silent, &cancel);
    let valid = params.check()?;
    let fitted = valid.fit(task, first, &device, &context, &mut (), None)?;
    let spent = fitted.privacy.and_then(|spent| {
        let epsilon = spent.guarantee?.epsilon;
        Some((epsilon, spent.phase.noise_multiplier))
    });
    let scores = Scores {
        train: scores_of(&fitted.network, &task.train),
        held_back: scores_of(&fitted.network, &task.held_back),
        test: scores_of(&fitted.network, &adult.test),
        spent,
    };
    Figures::of(&scores, task, &adult.test)
}

fn logistic(epsilon: f64, task: &Rows, adult: &Adult) -> Result<Figures, Box<dyn Error>> {
    let params = PrivateLogisticParams::new(epsilon, DELTA, KEY).check()?;
    let records = indicators(&task.train, &adult.n_categories)?;
    let names = (0..records.n_columns()).map(|column| column.to_string());
    let data = Dataset::new(records, names.collect())?.with_targets(
        task.train
            .classes
            .iter()
            .map(|class| *class as f64)
            .collect(),
    )?;
    let cancel = Cancellation::default();
    let model = params.fit(&data, &Context::new(SEED, &Silent, &cancel))?;
    let of = |census: &Census| -> Result<Vec<f64>, Box<dyn Error>> {
        Ok(model.predict(&indicators(census, &adult.n_categories)?)?)
    };
    let scores = Scores {
        train: of(&task.train)?,
        held_back: of(&task.held_back)?,
        test: of(&adult.test)?,
        spent: Some((model.guarantee().epsilon, params.noise_multiplier())),
    };
    Figures::of(&scores, task, &adult.test)
}

/// Numbers, and a column of zeros and ones for each category.
fn indicators(census: &Census, n_categories: &[usize]) -> Result<Matrix, Box<dyn Error>> {
    let n_columns = N_NUMERIC + n_categories.iter().sum::<usize>();
    let mut values = Vec::with_capacity(census.n_rows() * n_columns);
    for (numbers, categories) in census.numeric.iter().zip(&census.categories) {
        values.extend(numbers.iter().map(|number| f64::from(*number)));
        for (&category, &n) in categories.iter().zip(n_categories) {
            values.extend((0..n).map(|other| f64::from(u8::from(other == category))));
        }
    }
    Ok(Matrix::new(census.n_rows(), n_columns, values)?)
}

fn base_rate(task: &Rows, test: &Census) -> Result<Figures, Box<dyn Error>> {
    let n_second = task.train.classes.iter().sum::<usize>();
    let rate = n_second as f64 / task.train.n_rows() as f64;
    let scores = Scores {
        train: vec![rate; task.train.n_rows()],
        held_back: vec![rate; task.held_back.n_rows()],
        test: vec![rate; test.n_rows()],
        spent: None,
    };
    Figures::of(&scores, task, test)
}
