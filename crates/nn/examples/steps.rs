//! Races training steps and inference against PyTorch: the same networks, sizes and batches, one side
//! after the other in turn within one run.
//!
//! ```text
//! cargo run --release -p rapport-nn --example steps -- [--threads N] [--seconds S] [--rounds N] [--only NAME] [--python PATH]
//! ```
//! `--only encoder` runs the networks whose name begins so.
//! Without `--python` it uses `~/.cache/rapport/venv`, which it makes on first use from
//! `bench/peers/requirements.txt`.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod support;

use std::collections::BTreeMap;
use std::error::Error;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rapport_learn::{Cancellation, Check, Context, Deadline, Silent};
use rapport_nn::layers::{Linear, LinearConfig, Recurrent, RecurrentConfig};
use rapport_nn::models::{
    Encoder, EncoderConfig, Mlp, MlpConfig, Pooling, TableBatch, TextCnn, TextCnnConfig, TokenBatch,
};
use rapport_nn::ops::{Cell, cross_entropy};
use rapport_nn::train::{Recorder, Task, TrainParams};
use rapport_nn::{Draws, NnError};

use support::{Options, Run};

/// The product's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::from_args()?;
    rayon::ThreadPoolBuilder::new()
        .num_threads(options.n_threads)
        .build_global()?;
    let mut ours: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut theirs: BTreeMap<String, Run> = BTreeMap::new();
    for round in 1..=options.n_rounds {
        println!("round {round} of {}", options.n_rounds);
        for (name, times) in our_times(&options)? {
            ours.entry(name).or_default().extend(times);
        }
        for run in support::run_peer(&options)? {
            theirs
                .entry(run.name.clone())
                .and_modify(|best| best.min_ms = best.min_ms.min(run.min_ms))
                .or_insert(run);
        }
    }
    println!(
        "{:20} {:>10} {:>10} {:>8}",
        "ms per step, best", "Rapport", "PyTorch", "ratio"
    );
    for (name, times) in ours {
        let best = times.into_iter().fold(f64::INFINITY, f64::min);
        let peer = theirs
            .get(&name)
            .ok_or("PyTorch did not run the same networks")?;
        println!(
            "{name:20} {best:10.2} {:10.2} {:8.2}",
            peer.min_ms,
            best / peer.min_ms
        );
    }
    Ok(())
}

/// Runs a network for some seconds; gives milliseconds per step.
type Race = fn(f64) -> Result<Vec<f64>, NnError>;

const RACES: [(&str, Race); 5] = [
    ("mlp", mlp),
    ("lstm", lstm),
    ("text_cnn", text_cnn),
    ("encoder", encoder),
    ("encoder_inference", encoder_inference),
];

/// Milliseconds of each step of each network.
fn our_times(options: &Options) -> Result<Vec<(String, Vec<f64>)>, NnError> {
    RACES
        .iter()
        .filter(|(name, _)| name.starts_with(&options.only))
        .map(|(name, race)| Ok(((*name).to_owned(), race(options.seconds)?)))
        .collect()
}

fn draws() -> Draws {
    Draws::new(1, "race")
}

/// Classes of `n` examples, in turn.
fn classes(n: usize, n_classes: usize) -> Vec<usize> {
    (0..n).map(|i| i % n_classes).collect()
}

fn mlp(seconds: f64) -> Result<Vec<f64>, NnError> {
    let (device, mut draws) = (Device::flex().autodiff(), draws());
    let mlp = MlpConfig::new(64, Vec::new(), 8).init(&device, &mut draws)?;
    let rows = TableBatch {
        numeric: Some(draws.normal([512, 64], 1.0, &device)),
        categories: Vec::new(),
    };
    let loss = |mlp: &Mlp| mlp.forward(&rows, &mut None);
    train(mlp, classes(512, 8), loss, seconds)
}

fn lstm(seconds: f64) -> Result<Vec<f64>, NnError> {
    let (device, mut draws) = (Device::flex().autodiff(), draws());
    let lstm = Lstm {
        recurrent: RecurrentConfig::new(Cell::Lstm, 32, 128).init(&device, &mut draws)?,
        head: LinearConfig::new(128, 8).init(&device, &mut draws),
    };
    let x: Tensor<3> = draws.normal([128, 50, 32], 1.0, &device);
    let lengths: Arc<[usize]> = vec![50; 128].into();
    let loss = |lstm: &Lstm| lstm.forward(x.clone(), &lengths);
    train(lstm, classes(128, 8), loss, seconds)
}

fn text_cnn(seconds: f64) -> Result<Vec<f64>, NnError> {
    let device = Device::flex().autodiff();
    let config = TextCnnConfig {
        dropout: 0.0,
        ..TextCnnConfig::new(20_000, 100, 2)
    };
    let cnn = config.init(&device, &mut draws())?;
    let ids: Vec<usize> = (0..64 * 64).map(|i| (i * 7919) % 20_000).collect();
    let texts: Vec<&[usize]> = ids.chunks(64).collect();
    let batch = TokenBatch::new(&texts, 5, 64);
    let loss = |cnn: &TextCnn| cnn.forward(&batch, &mut None);
    train(cnn, classes(64, 2), loss, seconds)
}

fn encoder(seconds: f64) -> Result<Vec<f64>, NnError> {
    let (device, mut draws) = (Device::flex().autodiff(), draws());
    let lengths: Arc<[usize]> = vec![64; 32].into();
    let x: Tensor<2> = draws.normal([32 * 64, 384], 1.0, &device);
    let encoder = Classifier::init(&device, &mut draws)?;
    let loss = |encoder: &Classifier| encoder.forward(x.clone(), &lengths);
    train(encoder, classes(32, 8), loss, seconds)
}

fn encoder_inference(seconds: f64) -> Result<Vec<f64>, NnError> {
    let (device, mut draws) = (Device::flex(), draws());
    let lengths: Arc<[usize]> = vec![64; 32].into();
    let x: Tensor<2> = draws.normal([32 * 64, 384], 1.0, &device);
    let classifier = Classifier::init(&device, &mut draws)?;
    let encoder = classifier.encoder.frozen();
    let infer = || {
        let steps = encoder.encode(x.clone(), &lengths);
        let logits = classifier
            .head
            .forward(Pooling::Mean.forward(steps, &lengths));
        logits.sum().into_scalar::<f32>()
    };
    Ok(repeat(infer, seconds))
}

/// One LSTM layer whose last hidden state is classified.
#[derive(Module, Debug)]
struct Lstm {
    recurrent: Recurrent,
    head: Linear,
}

impl Lstm {
    fn forward(&self, x: Tensor<3>, lengths: &Arc<[usize]>) -> Tensor<2> {
        let [n_batch, n_steps, _] = x.dims();
        let hidden = self.recurrent.forward(x, lengths, &mut None);
        let last = hidden.slice([0..n_batch, n_steps - 1..n_steps]);
        self.head.forward(last.reshape([n_batch, 128]))
    }
}

/// Six layers of a BERT-shaped encoder; the mean of all steps is classified.
#[derive(Module, Debug)]
struct Classifier {
    encoder: Encoder,
    head: Linear,
}

impl Classifier {
    fn init(device: &Device, draws: &mut Draws) -> Result<Self, NnError> {
        let config = EncoderConfig {
            n_tokens: 1,
            max_steps: 64,
            n_segments: 1,
            d_model: 384,
            n_heads: 12,
            n_layers: 6,
            d_feed_forward: 1536,
            epsilon: 1e-5,
            dropout: 0.0,
        };
        Ok(Self {
            encoder: config.init(device, draws)?,
            head: LinearConfig::new(384, 8).init(device, draws),
        })
    }

    fn forward(&self, x: Tensor<2>, lengths: &Arc<[usize]>) -> Tensor<2> {
        let steps = self.encoder.encode(x, lengths, &mut None);
        self.head.forward(Pooling::Mean.forward(steps, lengths))
    }
}

/// One batch, over and over, through the product's own trainer.
struct Steps<M, F> {
    classes: Arc<[usize]>,
    logits: F,
    network: PhantomData<M>,
}

impl<M: Module, F: Fn(&M) -> Tensor<2>> Task for Steps<M, F> {
    type Network = M;

    fn n_examples(&self) -> usize {
        self.classes.len()
    }

    fn loss(
        &self,
        network: &M,
        _examples: &[usize],
        _chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        Ok(cross_entropy((self.logits)(network), &self.classes).mean())
    }

    fn validate(&self, _network: &M) -> Result<Option<f64>, NnError> {
        Ok(None)
    }
}

/// When each step was done.
#[derive(Default)]
struct Clock(Vec<Instant>);

impl Recorder for Clock {
    fn record(&mut self, name: &str, _step: usize, _value: f64) {
        if name == "loss" {
            self.0.push(Instant::now());
        }
    }
}

fn train<M: Module>(
    network: M,
    classes: Vec<usize>,
    logits: impl Fn(&M) -> Tensor<2>,
    seconds: f64,
) -> Result<Vec<f64>, NnError> {
    let params = TrainParams {
        n_epochs: usize::MAX >> 32,
        batch_size: classes.len(),
        clip_norm: None,
        ..TrainParams::default()
    };
    let task = Steps {
        classes: classes.into(),
        logits,
        network: PhantomData,
    };
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let now = Instant::now;
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel).with_deadline(Deadline::new(end, &now));
    let mut clock = Clock::default();
    match params
        .check()?
        .fit(&task, network, &Device::flex(), &context, &mut clock, None)
    {
        Err(NnError::Learn(rapport_learn::LearnError::DeadlineExceeded)) => {}
        Err(error) => return Err(error),
        Ok(_) => unreachable!("there are more epochs than seconds"),
    }
    // The first few warm the caches and the allocator.
    Ok(clock
        .0
        .windows(2)
        .skip(3)
        .map(|pair| milliseconds(pair[1] - pair[0]))
        .collect())
}

fn repeat<T>(mut step: impl FnMut() -> T, seconds: f64) -> Vec<f64> {
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let mut times = Vec::new();
    while Instant::now() < end || times.len() < 8 {
        let start = Instant::now();
        step();
        times.push(milliseconds(start.elapsed()));
    }
    times.split_off(3)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
