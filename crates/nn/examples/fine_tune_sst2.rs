//! Sentiment with a pretrained encoder: all-MiniLM-L6-v2 fine-tuned on the training part of SST-2,
//! beside the multinomial naive Bayes of words in the same table.
//!
//! ```text
//! cargo xtask fetch minilm
//! cargo run --release -p rapport-nn --example fine_tune_sst2 -- [--model DIR] [--epochs N] [--device NAME]
//! ```
//! The learning rate and the number of epochs are chosen on a tenth of the training part that is held
//! back; the figures are those of the dev part, which nothing was chosen on.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

#[path = "support/reviews.rs"]
mod reviews;
#[path = "support/weights.rs"]
mod weights;

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rapport_learn::{Cancellation, Check, Context, Silent, split};
use rapport_nn::layers::{Linear, LinearConfig, dropout};
use rapport_nn::models::{Encoder, Pooling, PretrainedEncoder, TokenBatch};
use rapport_nn::ops::cross_entropy;
use rapport_nn::tokens::VocabularyParams;
use rapport_nn::train::{Fitted, Schedule, Task, TrainParams};
use rapport_nn::{DeviceName, Draws, NnError};

/// The product's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SEED: u64 = 1;
const MAX_STEPS: usize = 64;
const DROPOUT: f64 = 0.1;
/// What is tried; the held-back part chooses.
const LEARNING_RATES: [f64; 2] = [5e-5, 1e-4];

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::from_args()?;
    let folder = weights::folder(options.model.clone())?;
    let (train, dev) = (
        reviews::read("sst2", "train")?,
        reviews::read("sst2", "dev")?,
    );
    println!(
        "SST-2: {} training texts, {} dev texts",
        train.len(),
        dev.len()
    );
    let parts = split::holdout(train.len(), 0.1, SEED)?;
    let pick = |which: &[usize]| {
        which
            .iter()
            .map(|at| train[*at].clone())
            .collect::<Vec<_>>()
    };
    let (kept, held_back) = (pick(&parts.train), pick(&parts.test));

    let start = Instant::now();
    let by_words = naive_bayes(&train, &dev)?;
    let naive_seconds = start.elapsed().as_secs_f64();
    let mut best: Option<(Fitted<Classifier>, f64)> = None;
    let start = Instant::now();
    for learning_rate in LEARNING_RATES {
        let fitted = fine_tune(&folder, &kept, &held_back, learning_rate, &options)?;
        let held_back = fitted.validation.ok_or("a part was held back")?;
        println!(
            "learning rate {learning_rate:e}: {:.4} of what was held back, after epoch {} of \
             {}, {:.0} s so far",
            1.0 - held_back,
            fitted.epoch,
            options.n_epochs,
            start.elapsed().as_secs_f64()
        );
        let is_better = best
            .as_ref()
            .is_none_or(|(best, _)| best.validation > Some(held_back));
        if is_better {
            best = Some((fitted, learning_rate));
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let (fitted, learning_rate) = best.ok_or("there are learning rates to try")?;
    let encoded = Encoded::new(&PretrainedEncoder::load(&folder, &options.device)?, &dev);
    let accuracy = fitted.network.accuracy(&encoded.all());
    println!("{:28} {:>8} {:>8}", "", "dev", "seconds");
    println!(
        "{:28} {by_words:8.4} {naive_seconds:8.1}",
        "naive Bayes of words"
    );
    println!(
        "{:28} {accuracy:8.4} {seconds:8.1}",
        format!("MiniLM, rate {learning_rate:e}")
    );
    Ok(())
}

struct Options {
    model: Option<PathBuf>,
    n_epochs: usize,
    device: Device,
}

impl Options {
    fn from_args() -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            model: None,
            n_epochs: 3,
            device: DeviceName::Cpu.open()?,
        };
        let mut args = std::env::args().skip(1);
        while let Some(name) = args.next() {
            let value = args.next().ok_or(format!("{name} needs a value"))?;
            match name.as_str() {
                "--model" => options.model = Some(value.into()),
                "--epochs" => options.n_epochs = value.parse()?,
                "--device" => options.device = value.parse::<DeviceName>()?.open()?,
                _ => return Err(format!("unknown option {name}").into()),
            }
        }
        Ok(options)
    }
}

/// A pretrained encoder with a head for two classes.
#[derive(Module, Debug)]
struct Classifier {
    encoder: Encoder,
    head: Linear,
}

impl Classifier {
    fn forward(&self, batch: &TokenBatch, chance: &mut Option<Draws>) -> Tensor<2> {
        let steps = self.encoder.forward(batch, chance);
        let rows = Pooling::Mean.forward(steps, &batch.lengths);
        self.head.forward(dropout(rows, DROPOUT, chance))
    }

    /// The share of texts whose class is the likelier one.
    fn accuracy(&self, texts: &[&Text]) -> f64 {
        let encoder = self.encoder.frozen();
        // Like lengths share a batch.
        let mut texts = texts.to_vec();
        texts.sort_by_key(|text| text.0.len());
        let right: usize = texts
            .chunks(64)
            .map(|texts| {
                let (batch, classes) = batch(texts);
                let rows = Pooling::Mean.forward(encoder.forward(&batch), &batch.lengths);
                let logits = self.head.forward(rows).into_data();
                let logits = logits.try_to_vec::<f32>().expect("logits are such numbers");
                let pairs = logits.chunks(2).zip(classes.iter());
                pairs
                    .filter(|(logits, class)| usize::from(logits[1] > logits[0]) == **class)
                    .count()
            })
            .sum();
        right as f64 / texts.len() as f64
    }
}

/// A text's tokens and its class.
type Text = (Vec<usize>, usize);

struct Encoded(Vec<Text>);

impl Encoded {
    fn new(pretrained: &PretrainedEncoder, texts: &[(String, usize)]) -> Self {
        let encode = |text: &str| pretrained.tokens.encode(text, MAX_STEPS);
        Self(
            texts
                .iter()
                .map(|(text, class)| (encode(text), *class))
                .collect(),
        )
    }

    fn all(&self) -> Vec<&Text> {
        self.0.iter().collect()
    }
}

fn batch(texts: &[&Text]) -> (TokenBatch, Arc<[usize]>) {
    let ids: Vec<&[usize]> = texts.iter().map(|(ids, _)| ids.as_slice()).collect();
    let classes = texts.iter().map(|(_, class)| *class).collect();
    (TokenBatch::new(&ids, 1, MAX_STEPS), classes)
}

struct Sentiment {
    train: Encoded,
    held_back: Encoded,
}

impl Task for Sentiment {
    type Network = Classifier;

    fn n_examples(&self) -> usize {
        self.train.0.len()
    }

    fn n_steps(&self, example: usize) -> usize {
        self.train.0[example].0.len()
    }

    fn loss(
        &self,
        network: &Classifier,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let texts: Vec<&Text> = examples.iter().map(|at| &self.train.0[*at]).collect();
        let (batch, classes) = batch(&texts);
        Ok(cross_entropy(network.forward(&batch, chance), &classes).mean())
    }

    fn validate(&self, network: &Classifier) -> Result<Option<f64>, NnError> {
        Ok(Some(1.0 - network.accuracy(&self.held_back.all())))
    }
}

fn fine_tune(
    folder: &std::path::Path,
    train: &[(String, usize)],
    held_back: &[(String, usize)],
    learning_rate: f64,
    options: &Options,
) -> Result<Fitted<Classifier>, NnError> {
    let device = &options.device;
    let pretrained = PretrainedEncoder::load(folder, &device.clone().autodiff())?;
    let task = Sentiment {
        train: Encoded::new(&pretrained, train),
        held_back: Encoded::new(&pretrained, held_back),
    };
    let head = LinearConfig::new(pretrained.config.d_model, 2);
    let network = Classifier {
        encoder: pretrained.encoder.with_dropout(DROPOUT)?,
        head: head.init(&device.clone().autodiff(), &mut Draws::new(SEED, "head")),
    };
    let params = TrainParams {
        n_epochs: options.n_epochs,
        batch_size: 32,
        learning_rate,
        schedule: Schedule::Linear { warm_up: 0.1 },
        ..TrainParams::default()
    };
    let cancel = Cancellation::default();
    let context = Context::new(SEED, &Silent, &cancel);
    params
        .check()?
        .fit(&task, network, device, &context, &mut (), None)
}

/// Accuracy on the dev part of words counted with one added to each count.
fn naive_bayes(train: &[(String, usize)], dev: &[(String, usize)]) -> Result<f64, NnError> {
    let params = VocabularyParams {
        max_tokens: 20_000,
        min_count: 2,
    };
    let vocabulary = params
        .check()?
        .fit(train.iter().map(|(text, _)| text.as_str()));
    let mut counts = vec![[1.0_f64; 2]; vocabulary.n_tokens()];
    let mut n = [0.0_f64; 2];
    for (text, class) in train {
        n[*class] += 1.0;
        for token in vocabulary.encode(text) {
            counts[token][*class] += 1.0;
        }
    }
    let sums = [0, 1].map(|class| counts.iter().map(|count| count[class]).sum::<f64>());
    let score = |tokens: &[usize], class: usize| {
        let words = tokens
            .iter()
            .map(|token| (counts[*token][class] / sums[class]).ln());
        n[class].ln() + words.sum::<f64>()
    };
    let right = dev.iter().filter(|(text, class)| {
        let tokens = vocabulary.encode(text);
        usize::from(score(&tokens, 1) > score(&tokens, 0)) == *class
    });
    Ok(right.count() as f64 / dev.len() as f64)
}
