//! Sentiment with a pretrained encoder: all-MiniLM-L6-v2 fine-tuned on the training part of SST-2,
//! beside the multinomial naive Bayes of words in the same table.
//!
//! ```text
//! cargo xtask fetch minilm
//! cargo run --release -p rapport-nn --example fine_tune_sst2 -- --help
//! ```
//! `--held-back` learns from nine tenths of the training part and judges on the last, to choose
//! settings by; without it the figures are those of the dev part, which nothing was chosen on. Each is
//! the mean of single networks, then the accuracy of all of them together. With `--push` every batch is
//! also learned pushed to where its loss is higher (fast gradient method on embeddings); with `--tweets`
//! the encoder learns from praise of and complaints about airlines first.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

#[path = "support/reviews.rs"]
mod reviews;
#[path = "support/tweets.rs"]
mod tweets;
#[path = "support/weights.rs"]
mod weights;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use clap::Parser;
use rapport_learn::{Cancellation, Check, Context, Silent, split};
use rapport_nn::adversarial::{Attack, hardened_loss};
use rapport_nn::layers::{Linear, LinearConfig, dropout};
use rapport_nn::models::{Encoder, Pooling, PretrainedEncoder, TokenBatch};
use rapport_nn::ops::cross_entropy;
use rapport_nn::tokens::VocabularyParams;
use rapport_nn::train::{Schedule, Task, TrainParams};
use rapport_nn::{DeviceName, Draws, NnError};

/// The product's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SEED: u64 = 1;
const MAX_STEPS: usize = 64;
const DROPOUT: f64 = 0.1;

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let device = options.device.open()?;
    let folder = weights::folder(options.model.clone())?;
    let (train, test) = parts(options.held_back)?;
    println!(
        "SST-2: {} texts to learn from, {} judged",
        train.len(),
        test.len()
    );
    println!("{:28} {:>8} {:>8}", "", "accuracy", "seconds");
    let start = Instant::now();
    let row = |name: &str, accuracy: f64| {
        let seconds = start.elapsed().as_secs_f64();
        println!("{name:28} {accuracy:8.4} {seconds:8.1}");
    };
    row("naive Bayes of words", naive_bayes(&train, &test)?);
    let tweets = tweets::read()?;
    let pretrained = PretrainedEncoder::load(&folder, &device)?;
    let judged = Encoded::new(&pretrained, &test);
    let sure: Vec<Vec<f32>> = (SEED..SEED + options.networks)
        .map(|seed| {
            let network = fine_tune(&folder, [&tweets, &train], seed, &options, &device)?;
            let sure = network.how_sure(&judged.0);
            row(&format!("  network {seed}"), judged.accuracy(&sure));
            Ok(sure)
        })
        .collect::<Result<_, NnError>>()?;
    let singly = sure.iter().map(|sure| judged.accuracy(sure)).sum::<f64>();
    row("one network, on average", singly / sure.len() as f64);
    let together: Vec<f32> = (0..test.len())
        .map(|at| sure.iter().map(|sure| sure[at]).sum())
        .collect();
    row("all together", judged.accuracy(&together));
    Ok(())
}

/// What is learned from, and what is judged.
fn parts(is_held_back: bool) -> Result<(Vec<Review>, Vec<Review>), Box<dyn Error>> {
    let train = reviews::read("sst2", "train")?;
    if !is_held_back {
        return Ok((train, reviews::read("sst2", "dev")?));
    }
    let parts = split::holdout(train.len(), 0.1, SEED)?;
    let pick = |which: &[usize]| which.iter().map(|at| train[*at].clone()).collect();
    Ok((pick(&parts.train), pick(&parts.test)))
}

/// A text and its class.
type Review = (String, usize);

/// Fine-tunes a pretrained encoder on SST-2 and prints every figure in one table.
#[derive(Debug, Parser)]
struct Options {
    /// Learns from nine tenths of the training part and judges on the last
    #[arg(long)]
    held_back: bool,
    /// Networks from as many seeds
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    networks: u64,
    /// Length of the push that every text is also learned with
    #[arg(long)]
    push: Option<f64>,
    /// Passes over the airline tweets beforehand
    #[arg(long, default_value_t = 0)]
    tweets: usize,
    /// Passes over the sentences
    #[arg(long, default_value_t = 3)]
    epochs: usize,
    /// Learning rate at its highest
    #[arg(long, default_value_t = 5e-5)]
    rate: f64,
    /// Folder of the encoder [default: where `cargo xtask fetch minilm` puts it]
    #[arg(long)]
    model: Option<PathBuf>,
    /// Device of the networks
    #[arg(long, default_value = "cpu")]
    device: DeviceName,
}

/// A pretrained encoder with a head for two classes.
#[derive(Module, Debug)]
struct Classifier {
    encoder: Encoder,
    head: Linear,
}

impl Classifier {
    /// Logits of both classes, `[n_batch, 2]`, from the encoder's steps before its first layer.
    fn classify(&self, x: Tensor<2>, batch: &TokenBatch, chance: &mut Option<Draws>) -> Tensor<2> {
        let steps = self.encoder.encode(x, &batch.lengths, chance);
        let rows = Pooling::Mean.forward(steps, &batch.lengths);
        self.head.forward(dropout(rows, DROPOUT, chance))
    }

    /// How sure it is of class 1, for each text: above 0 says so.
    fn how_sure(&self, texts: &[Text]) -> Vec<f32> {
        let encoder = self.encoder.frozen();
        // Like lengths share a batch.
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|at| texts[*at].0.len());
        let mut sure = vec![0.0; texts.len()];
        for which in order.chunks(64) {
            let chosen: Vec<&Text> = which.iter().map(|at| &texts[*at]).collect();
            let (batch, _) = batch(&chosen);
            let rows = Pooling::Mean.forward(encoder.forward(&batch), &batch.lengths);
            let logits = self.head.forward(rows).into_data();
            let logits = logits.try_to_vec::<f32>().expect("logits are such numbers");
            for (at, pair) in which.iter().zip(logits.chunks_exact(2)) {
                sure[*at] = pair[1] - pair[0];
            }
        }
        sure
    }
}

/// A text's tokens and its class.
type Text = (Vec<usize>, usize);

struct Encoded(Vec<Text>);

impl Encoded {
    fn new(pretrained: &PretrainedEncoder, texts: &[Review]) -> Self {
        let encode = |text: &str| pretrained.tokens.encode(text, MAX_STEPS);
        Self(
            texts
                .iter()
                .map(|(text, class)| (encode(text), *class))
                .collect(),
        )
    }

    /// The share of texts of which the right thing was said.
    fn accuracy(&self, sure: &[f32]) -> f64 {
        let right = sure
            .iter()
            .zip(&self.0)
            .filter(|(sure, (_, class))| usize::from(**sure > 0.0) == *class);
        right.count() as f64 / self.0.len() as f64
    }
}

fn batch(texts: &[&Text]) -> (TokenBatch, Arc<[usize]>) {
    let ids: Vec<&[usize]> = texts.iter().map(|(ids, _)| ids.as_slice()).collect();
    let classes = texts.iter().map(|(_, class)| *class).collect();
    (TokenBatch::new(&ids, 1, MAX_STEPS), classes)
}

struct Sentiment {
    train: Encoded,
    push: Option<f64>,
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
        let x = network.encoder.embed(&batch);
        let loss_of = |x: Tensor<2>, chance: &mut Option<Draws>| {
            cross_entropy(network.classify(x, &batch, chance), &classes).mean()
        };
        let Some(epsilon) = self.push else {
            return Ok(loss_of(x, chance));
        };
        // A push is as long as is said for each text.
        let flat = x.dims();
        let by_text = [texts.len(), batch.n_steps, flat[1]];
        let chance = chance.clone();
        Ok(hardened_loss(
            x.reshape(by_text),
            Attack::Fgm { epsilon },
            None,
            |x| loss_of(x.reshape(flat), &mut chance.clone()),
        ))
    }

    fn validate(&self, _network: &Classifier) -> Result<Option<f64>, NnError> {
        Ok(None)
    }
}

/// An encoder that learned from the tweets, where that is asked for, and then from the sentences.
fn fine_tune(
    folder: &Path,
    [tweets, sentences]: [&[Review]; 2],
    seed: u64,
    options: &Options,
    device: &Device,
) -> Result<Classifier, NnError> {
    let learning = device.clone().autodiff();
    let pretrained = PretrainedEncoder::load(folder, &learning)?;
    let stages = [(tweets, options.tweets), (sentences, options.epochs)]
        .map(|(texts, n_epochs)| (Encoded::new(&pretrained, texts), n_epochs));
    let head = LinearConfig::new(pretrained.config.d_model, 2);
    let mut network = Classifier {
        encoder: pretrained.encoder.with_dropout(DROPOUT)?,
        head: head.init(&learning, &mut Draws::new(seed, "head")),
    };
    for (train, n_epochs) in stages {
        if n_epochs == 0 {
            continue;
        }
        let params = TrainParams {
            n_epochs,
            batch_size: 32,
            learning_rate: options.rate,
            schedule: Schedule::Linear { warm_up: 0.1 },
            ..TrainParams::default()
        };
        let task = Sentiment {
            train,
            push: options.push,
        };
        let cancel = Cancellation::default();
        let context = Context::new(seed, &Silent, &cancel);
        network = params
            .check()?
            .fit(&task, network, device, &context, &mut (), None)?
            .network;
    }
    Ok(network)
}

/// Accuracy of words counted with one added to each count.
fn naive_bayes(train: &[Review], test: &[Review]) -> Result<f64, NnError> {
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
    let right = test.iter().filter(|(text, class)| {
        let tokens = vocabulary.encode(text);
        usize::from(score(&tokens, 1) > score(&tokens, 0)) == *class
    });
    Ok(right.count() as f64 / test.len() as f64)
}
