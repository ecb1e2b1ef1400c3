//! The networks and what they are trained on.

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::{Cancellation, Check, Context, Silent};
use rapport_nn::adversarial::{Attack, hardened_loss};
use rapport_nn::layers::Embedding;
use rapport_nn::models::{TextCnn, TextCnnConfig, TextRnn, TextRnnConfig, TokenBatch};
use rapport_nn::ops::cross_entropy;
use rapport_nn::train::{AdamWParams, OptimizerParams, Schedule, Task, TrainParams};
use rapport_nn::{Draws, NnError};

use crate::texts::{Counted, Encoded, ORDER};

/// The number of an unknown word.
const UNKNOWN: usize = 1;

/// Which network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Cnn,
    Rnn,
}

/// How networks are made and trained.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) max_words: usize,
    pub(crate) d_model: usize,
    /// Share of words taken for unknown while training.
    pub(crate) word_dropout: f64,
    /// How far words are pushed to where the loss is higher; `None` does not push.
    pub(crate) push: Option<f64>,
    pub(crate) n_epochs: usize,
    pub(crate) learning_rate: f64,
    pub(crate) n_networks: u64,
}

/// A network over words, pairs of words, and how much both speak for a class.
#[derive(Module, Debug)]
struct Classifier {
    pairs: Embedding,
    body: Body,
}

#[derive(Module, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there are as many as networks, and a module is no box"
)]
enum Body {
    Cnn(TextCnn),
    Rnn(TextRnn),
}

struct Batch {
    words: TokenBatch,
    pairs: Arc<[usize]>,
    /// `[n_batch, n_steps, d_model]`, ratios in the last columns, zeros before.
    ratios: Tensor<3>,
    classes: Arc<[usize]>,
}

impl Classifier {
    fn init(
        kind: Kind,
        counted: &Counted,
        settings: &Settings,
        device: &Device,
        draws: &mut Draws,
    ) -> Result<Self, NnError> {
        let (n, d) = (counted.n_words(), settings.d_model);
        let body = match kind {
            Kind::Cnn => {
                let config = TextCnnConfig {
                    widths: vec![1, 2, 3, 4],
                    ..TextCnnConfig::new(n, d, 2)
                };
                Body::Cnn(config.init(device, draws)?)
            }
            Kind::Rnn => {
                let config = TextRnnConfig {
                    n_hidden: 64,
                    ..TextRnnConfig::new(n, d, 2)
                };
                Body::Rnn(config.init(device, draws)?)
            }
        };
        Ok(Self {
            pairs: Embedding::init(counted.n_pairs(), d, 0.1, device, draws),
            body,
        })
    }

    fn embed(&self, batch: &Batch) -> Tensor<3> {
        let words = match &self.body {
            Body::Cnn(network) => network.embed(&batch.words),
            Body::Rnn(network) => network.embed(&batch.words),
        };
        let pairs = self.pairs.forward(&batch.pairs).reshape(words.dims());
        words + pairs + batch.ratios.clone()
    }

    fn classify(&self, x: Tensor<3>, batch: &Batch, chance: &mut Option<Draws>) -> Tensor<2> {
        match &self.body {
            Body::Cnn(network) => network.classify(x, &batch.words, chance),
            Body::Rnn(network) => network.classify(x, &batch.words, chance),
        }
    }
}

/// Texts as a batch; with `chance` some words are taken for unknown.
fn batch(texts: &[&Encoded], settings: &Settings, chance: &mut Option<Draws>) -> Batch {
    let (d, max) = (settings.d_model, settings.max_words);
    let device = Device::flex();
    let ids: Vec<&[usize]> = texts.iter().map(|text| text.words.as_slice()).collect();
    let mut words = TokenBatch::new(&ids, 5, max);
    let pairs: Vec<&[usize]> = texts.iter().map(|text| text.pairs.as_slice()).collect();
    let mut pairs = TokenBatch::new(&pairs, 5, max).ids;
    let mut ratios = vec![0.0; words.ids.len() * d];
    for (text, of_text) in texts.iter().zip(ratios.chunks_mut(words.n_steps * d)) {
        for (row, of_word) in text.ratios.iter().zip(of_text.chunks_mut(d)) {
            of_word[d - ORDER..].copy_from_slice(row);
        }
    }
    if let Some(draws) = chance {
        let drawn = draws.uniform([words.ids.len()], 1.0, &device).into_data();
        let drawn = drawn.try_to_vec::<f32>().expect("single-precision numbers");
        // Even numbers from -1 to 1: this share of them lies below.
        let below = 2.0 * settings.word_dropout - 1.0;
        let is_dropped = |at: usize| f64::from(drawn[at]) < below;
        let mut kept = words.ids.to_vec();
        let mut kept_pairs = pairs.to_vec();
        for at in (0..kept.len()).filter(|at| is_dropped(*at)) {
            kept[at] = UNKNOWN.min(kept[at]);
            kept_pairs[at] = 0;
            ratios[(at + 1) * d - ORDER..(at + 1) * d].fill(0.0);
        }
        (words.ids, pairs) = (kept.into(), kept_pairs.into());
    }
    let shape = [texts.len(), words.n_steps, d];
    Batch {
        ratios: Tensor::from_data(TensorData::new(ratios, shape), &device),
        classes: texts.iter().map(|text| text.class).collect(),
        words,
        pairs,
    }
}

/// Training texts; held-back ones are watched, and decide nothing.
struct Train<'a> {
    settings: &'a Settings,
    train: &'a [Encoded],
    watched: Option<&'a [Encoded]>,
}

impl Task for Train<'_> {
    type Network = Classifier;

    fn n_examples(&self) -> usize {
        self.train.len()
    }

    fn n_steps(&self, example: usize) -> usize {
        self.train[example].words.len()
    }

    fn loss(
        &self,
        network: &Classifier,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let texts: Vec<&Encoded> = examples.iter().map(|at| &self.train[*at]).collect();
        let mut batch = batch(&texts, self.settings, chance);
        batch.ratios = Tensor::from_inner(batch.ratios);
        let x = network.embed(&batch);
        let loss_of = |x: Tensor<3>, chance: &mut Option<Draws>| {
            cross_entropy(network.classify(x, &batch, chance), &batch.classes).mean()
        };
        Ok(match self.settings.push {
            None => loss_of(x, chance),
            Some(epsilon) => {
                // The same numbers are dropped wherever the words are pushed to.
                let chance = chance.clone();
                hardened_loss(x, Attack::Fgm { epsilon }, None, |x| {
                    loss_of(x, &mut chance.clone())
                })
            }
        })
    }

    fn validate(&self, network: &Classifier) -> Result<Option<f64>, NnError> {
        if let Some(watched) = self.watched {
            let sure = how_sure(network, watched, self.settings);
            eprintln!("  held back {:.4}", Accuracy::new(&sure, watched).all);
        }
        Ok(None)
    }
}

/// How sure a network is of class 1 for each text: above 0 it says so.
fn how_sure(network: &Classifier, texts: &[Encoded], settings: &Settings) -> Vec<f64> {
    let batches = texts.chunks(64).flat_map(|texts| {
        let texts: Vec<&Encoded> = texts.iter().collect();
        let batch = batch(&texts, settings, &mut None);
        let logits = network.classify(network.embed(&batch), &batch, &mut None);
        let logits = logits.into_data().try_to_vec::<f32>();
        logits.expect("logits are single-precision numbers")
    });
    let logits: Vec<f32> = batches.collect();
    let pairs = logits.chunks(2);
    pairs.map(|pair| f64::from(pair[1] - pair[0])).collect()
}

/// Shares of texts whose class is the one said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accuracy {
    pub(crate) all: f64,
    /// Among those that do not stand in the training part too.
    pub(crate) unseen: f64,
}

impl Accuracy {
    /// `sure`: of class 1, one per text; above 0 says so.
    pub(crate) fn new(sure: &[f64], texts: &[Encoded]) -> Self {
        let share = |counts: &dyn Fn(&Encoded) -> bool| {
            let pairs = sure.iter().zip(texts).filter(|(_, text)| counts(text));
            let right = |(sure, text): (&f64, &Encoded)| usize::from(*sure > 0.0) == text.class;
            let right: Vec<bool> = pairs.map(right).collect();
            right.iter().filter(|is_right| **is_right).count() as f64 / right.len() as f64
        };
        Self {
            all: share(&|_| true),
            unseen: share(&|text| !text.is_known),
        }
    }

    /// Of each network on its own, on average.
    pub(crate) fn of_one(sure: &[Vec<f64>], texts: &[Encoded]) -> Self {
        let each: Vec<Self> = sure.iter().map(|sure| Self::new(sure, texts)).collect();
        let mean = |of: fn(&Self) -> f64| each.iter().map(of).sum::<f64>() / each.len() as f64;
        Self {
            all: mean(|accuracy| accuracy.all),
            unseen: mean(|accuracy| accuracy.unseen),
        }
    }

    /// Of all networks together, by the sum of how sure they are.
    pub(crate) fn of_all(sure: &[Vec<f64>], texts: &[Encoded]) -> Self {
        let summed = |at: usize| sure.iter().map(|sure| sure[at]).sum();
        let together: Vec<f64> = (0..texts.len()).map(summed).collect();
        Self::new(&together, texts)
    }
}

/// How sure each of the networks is of class 1, for each text.
pub(crate) fn run(
    kind: Kind,
    counted: &Counted,
    settings: &Settings,
    train: &[Encoded],
    test: &[Encoded],
    is_held_back: bool,
) -> Result<Vec<Vec<f64>>, NnError> {
    let task = Train {
        settings,
        train,
        watched: is_held_back.then_some(test),
    };
    let judged = (1..=settings.n_networks).map(|seed| {
        let network = fit(kind, counted, &task, seed)?;
        Ok(how_sure(&network, test, settings))
    });
    judged.collect()
}

fn fit(kind: Kind, counted: &Counted, task: &Train<'_>, seed: u64) -> Result<Classifier, NnError> {
    let device = Device::flex();
    let draws = &mut Draws::new(seed, "weights");
    let settings = task.settings;
    let network = Classifier::init(kind, counted, settings, &device.clone().autodiff(), draws)?;
    let params = TrainParams {
        n_epochs: settings.n_epochs,
        batch_size: 50,
        learning_rate: settings.learning_rate,
        schedule: Schedule::Linear { warm_up: 0.05 },
        optimizer: OptimizerParams::AdamW(AdamWParams {
            weight_decay: 0.05,
            ..AdamWParams::default()
        }),
        ..TrainParams::default()
    };
    let cancel = Cancellation::default();
    let context = Context::new(seed, &Silent, &cancel);
    let fitted = params
        .check()?
        .fit(task, network, &device, &context, &mut (), None)?;
    Ok(fitted.network)
}
