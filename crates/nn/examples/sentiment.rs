//! Sentiment on real sentences: a text CNN and a BiLSTM with attention from scratch, beside the
//! multinomial naive Bayes of words in the same table.
//!
//! ```text
//! cargo run --release -p rapport-nn --example sentiment -- sst2
//! cargo run --release -p rapport-nn --example sentiment -- chnsenticorp
//! ```
//! Parameters are chosen on a tenth of the training part that is held back; the figures are those of
//! the dev part, which nothing was chosen on.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use flate2::read::GzDecoder;
use rapport_learn::{Cancellation, Check, Context, Silent, split};
use rapport_nn::models::{TextCnn, TextCnnConfig, TextRnn, TextRnnConfig, TokenBatch};
use rapport_nn::ops::cross_entropy;
use rapport_nn::tokens::VocabularyParams;
use rapport_nn::train::{Task, TrainParams};
use rapport_nn::{Draws, NnError};

const SEED: u64 = 1;
const MAX_STEPS: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args()
        .nth(1)
        .ok_or("which set: sst2 or chnsenticorp?")?;
    let set = Set::read(&name)?;
    println!(
        "{name}: {} training texts, {} dev texts",
        set.train.len(),
        set.dev.len()
    );
    println!("{:24} {:>8} {:>8}", "", "dev", "seconds");
    row("naive Bayes of words", || Ok(naive_bayes(&set)))?;
    row("text CNN", || run::<TextCnn>(&set))?;
    row("BiLSTM with attention", || run::<TextRnn>(&set))?;
    Ok(())
}

fn row(name: &str, run: impl FnOnce() -> Result<f64, NnError>) -> Result<(), NnError> {
    let start = Instant::now();
    let accuracy = run()?;
    println!(
        "{name:24} {accuracy:8.4} {:8.1}",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

/// A text's token numbers and its class.
type Labeled = (Vec<usize>, usize);

struct Set {
    n_tokens: usize,
    train: Vec<Labeled>,
    dev: Vec<Labeled>,
}

impl Set {
    fn read(name: &str) -> Result<Self, Box<dyn Error>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../shared/data")
            .join(name);
        // Text, tab, label; ChnSentiCorp the other way around, with a heading.
        let label_first = name == "chnsenticorp";
        let train = read_file(folder.join("train.tsv.gz"), label_first)?;
        let dev = read_file(folder.join("dev.tsv.gz"), label_first)?;
        let params = VocabularyParams {
            max_tokens: 20_000,
            min_count: 2,
        }
        .check()?;
        let vocabulary = params.fit(train.iter().map(|(text, _)| text.as_str()));
        let encode = |texts: Vec<(String, usize)>| {
            texts
                .into_iter()
                .map(|(text, class)| (vocabulary.encode(&text), class))
                .collect()
        };
        Ok(Self {
            n_tokens: vocabulary.n_tokens(),
            train: encode(train),
            dev: encode(dev),
        })
    }
}

fn read_file(path: PathBuf, label_first: bool) -> Result<Vec<(String, usize)>, Box<dyn Error>> {
    let mut text = String::new();
    GzDecoder::new(File::open(&path)?).read_to_string(&mut text)?;
    let mut rows = Vec::new();
    for line in text.lines() {
        let (left, right) = line.split_once('\t').ok_or(format!("no tab in {line:?}"))?;
        let (text, label) = if label_first {
            (right, left)
        } else {
            (left, right)
        };
        if let Ok(label) = label.trim().parse() {
            rows.push((text.to_owned(), label));
        }
    }
    Ok(rows)
}

/// Accuracy of words counted with one added to each count.
fn naive_bayes(set: &Set) -> f64 {
    let mut counts = vec![[1.0_f64; 2]; set.n_tokens];
    let mut n = [0.0_f64; 2];
    for (text, class) in &set.train {
        n[*class] += 1.0;
        text.iter().for_each(|token| counts[*token][*class] += 1.0);
    }
    let sums = [0, 1].map(|class| counts.iter().map(|count| count[class]).sum::<f64>());
    let score = |text: &[usize], class: usize| {
        let words = text
            .iter()
            .map(|token| (counts[*token][class] / sums[class]).ln());
        n[class].ln() + words.sum::<f64>()
    };
    let right = set
        .dev
        .iter()
        .filter(|(text, class)| usize::from(score(text, 1) > score(text, 0)) == *class);
    right.count() as f64 / set.dev.len() as f64
}

/// A network of this set's size.
trait Network: Module {
    fn init(n_tokens: usize, device: &Device, draws: &mut Draws) -> Result<Self, NnError>;
    fn logits(&self, batch: &TokenBatch, chance: &mut Option<Draws>) -> Tensor<2>;
}

impl Network for TextCnn {
    fn init(n_tokens: usize, device: &Device, draws: &mut Draws) -> Result<Self, NnError> {
        TextCnnConfig::new(n_tokens, 128, 2).init(device, draws)
    }

    fn logits(&self, batch: &TokenBatch, chance: &mut Option<Draws>) -> Tensor<2> {
        self.forward(batch, chance)
    }
}

impl Network for TextRnn {
    fn init(n_tokens: usize, device: &Device, draws: &mut Draws) -> Result<Self, NnError> {
        TextRnnConfig::new(n_tokens, 128, 2).init(device, draws)
    }

    fn logits(&self, batch: &TokenBatch, chance: &mut Option<Draws>) -> Tensor<2> {
        self.forward(batch, chance)
    }
}

struct Texts<'a, N> {
    train: Vec<&'a Labeled>,
    held_back: Vec<&'a Labeled>,
    network: std::marker::PhantomData<N>,
}

fn batch(texts: &[&Labeled]) -> (TokenBatch, Arc<[usize]>) {
    let ids: Vec<&[usize]> = texts.iter().map(|(ids, _)| ids.as_slice()).collect();
    (
        TokenBatch::new(&ids, 5, MAX_STEPS),
        texts.iter().map(|(_, class)| *class).collect(),
    )
}

impl<N: Network> Task for Texts<'_, N> {
    type Network = N;

    fn n_examples(&self) -> usize {
        self.train.len()
    }

    fn n_steps(&self, example: usize) -> usize {
        self.train[example].0.len()
    }

    fn loss(
        &self,
        network: &N,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let texts: Vec<&Labeled> = examples
            .iter()
            .map(|example| self.train[*example])
            .collect();
        let (batch, classes) = batch(&texts);
        Ok(cross_entropy(network.logits(&batch, chance), &classes).mean())
    }

    fn validate(&self, network: &N) -> Result<Option<f64>, NnError> {
        Ok(Some(1.0 - accuracy(network, &self.held_back)))
    }
}

fn accuracy<N: Network>(network: &N, texts: &[&Labeled]) -> f64 {
    let right: usize = texts
        .chunks(64)
        .map(|texts| {
            let (batch, classes) = batch(texts);
            let logits: Vec<f32> = network
                .logits(&batch, &mut None)
                .into_data()
                .try_to_vec::<f32>()
                .expect("logits are single-precision numbers");
            let pairs = logits.chunks(2).zip(classes.iter());
            pairs
                .filter(|(logits, class)| usize::from(logits[1] > logits[0]) == **class)
                .count()
        })
        .sum();
    right as f64 / texts.len() as f64
}

fn run<N: Network>(set: &Set) -> Result<f64, NnError> {
    let parts = split::holdout(set.train.len(), 0.1, SEED)?;
    let task = Texts {
        train: parts.train.iter().map(|at| &set.train[*at]).collect(),
        held_back: parts.test.iter().map(|at| &set.train[*at]).collect(),
        network: std::marker::PhantomData::<N>,
    };
    let device = Device::flex();
    let draws = &mut Draws::new(SEED, "weights");
    let network = N::init(set.n_tokens, &device.clone().autodiff(), draws)?;
    let params = TrainParams {
        n_epochs: 15,
        batch_size: 50,
        learning_rate: 1e-3,
        patience: Some(4),
        ..TrainParams::default()
    };
    let cancel = Cancellation::default();
    let context = Context::new(SEED, &Silent, &cancel);
    let fitted = params
        .check()?
        .fit(&task, network, &device, &context, &mut (), None)?;
    Ok(accuracy(
        &fitted.network,
        &set.dev.iter().collect::<Vec<_>>(),
    ))
}
