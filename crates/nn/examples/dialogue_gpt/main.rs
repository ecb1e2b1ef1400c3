//! A GPT on real dialogues of customers with a service (Schema-Guided Dialogue), from tokens to
//! talk, beside 5-grams with modified Kneser-Ney smoothing on the same text.
//!
//! ```text
//! cargo run --release -p rapport-nn --example dialogue_gpt -- [--held-back] [--epochs N] [--rate R] [--device NAME]
//! ```
//! Learns from the training part and reports bits per character on the dev part. All models foretell
//! the same events: every character of every utterance, and its end; the number of both divides the
//! bits. With `--held-back` the last tenth of the training part takes the place of the dev part:
//! settings were chosen there.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the table is what this program is for, and a long training tells how far it is"
)]

mod dialogues;
mod gpt;

use std::error::Error;
use std::time::Instant;

use burn::module::Module;
use burn::tensor::Device;
use rapport_learn::ngram::NgramParams;
use rapport_learn::{Cancellation, Check, Context, Fit, Silent};
use rapport_nn::models::{Decoder, DecoderConfig, GenerateParams};
use rapport_nn::train::{AdamWParams, OptimizerParams, Recorder, Schedule, TrainParams};
use rapport_nn::{DeviceName, Draws, NnError};

use dialogues::{Dialogue, Tokens};
use gpt::{MAX_STEPS, Windows};

const SEED: u64 = 1;
/// Tokens of the network, and of the better token 5-gram.
const N_TOKENS: usize = 2048;

/// What may be changed when the program is called.
struct Options {
    is_held_back: bool,
    n_epochs: usize,
    learning_rate: f64,
    device: Device,
}

impl Options {
    fn from_args() -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            is_held_back: false,
            n_epochs: 5,
            learning_rate: 2e-3,
            device: DeviceName::Cpu.open()?,
        };
        let mut args = std::env::args().skip(1);
        while let Some(name) = args.next() {
            let mut value = || args.next().ok_or(format!("{name} needs a value"));
            match name.as_str() {
                "--held-back" => options.is_held_back = true,
                "--epochs" => options.n_epochs = value()?.parse()?,
                "--rate" => options.learning_rate = value()?.parse()?,
                "--device" => options.device = value()?.parse::<DeviceName>()?.open()?,
                _ => return Err(format!("unknown option {name}").into()),
            }
        }
        Ok(options)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::from_args()?;
    let mut train = dialogues::read("train_dialogues_")?;
    let test = if options.is_held_back {
        train.split_off(train.len() / 10 * 9)
    } else {
        dialogues::read("dev_dialogues_")?
    };
    let n_chars: usize = test.iter().map(Dialogue::n_chars).sum();
    println!(
        "{} dialogues to learn from; {} to foretell, {n_chars} characters and ends",
        train.len(),
        test.len()
    );
    println!("{:36} {:>10} {:>8}", "", "bits/char", "seconds");
    let bits = |nats: f64| nats / std::f64::consts::LN_2 / n_chars as f64;
    // The bytes are the characters: all but a handful of these texts are ASCII.
    for (name, n_tokens, order) in [
        ("5-gram of characters", 259, 5),
        ("9-gram of characters", 259, 9),
        ("5-gram of 2,048 tokens", N_TOKENS, 5),
        ("5-gram of 8,192 tokens", 8192, 5),
    ] {
        let start = Instant::now();
        let nats = ngram(n_tokens, order, &train, &test)?;
        row(name, bits(nats), start);
    }
    let start = Instant::now();
    let tokens = Tokens::learn(N_TOKENS, &train)?;
    let network = train_gpt(&tokens, &train, &options)?;
    let name = format!("GPT of {} weights", network.num_params());
    let test: Vec<Vec<usize>> = test
        .iter()
        .map(|dialogue| tokens.encode(dialogue))
        .collect();
    let test: Vec<Vec<usize>> = test
        .iter()
        .flat_map(|ids| gpt::windows(&tokens, ids))
        .collect();
    row(&name, bits(gpt::total_loss(&network, &test)), start);
    talk(&network, &tokens)?;
    Ok(())
}

fn row(name: &str, bits: f64, start: Instant) {
    println!(
        "{name:36} {bits:10.4} {:8.1}",
        start.elapsed().as_secs_f64()
    );
}

/// Nats of every token but the first of each dialogue, which all models are given.
fn ngram(
    n_tokens: usize,
    order: usize,
    train: &[Dialogue],
    test: &[Dialogue],
) -> Result<f64, Box<dyn Error>> {
    let tokens = Tokens::learn(n_tokens, train)?;
    let encode = |texts: &[Dialogue]| -> Vec<Vec<usize>> {
        texts
            .iter()
            .map(|dialogue| tokens.encode(dialogue))
            .collect()
    };
    let cancel = Cancellation::default();
    let params = NgramParams {
        order,
        n_tokens: tokens.n_tokens(),
    };
    let context = Context::new(SEED, &Silent, &cancel);
    let model = params.check()?.fit(&encode(train), &context)?;
    let losses = encode(test)
        .iter()
        .map(|ids| model.losses(ids).iter().skip(1).sum::<f64>())
        .sum();
    Ok(losses)
}

/// Tells on standard error how far the training is.
struct Steps(Instant);

impl Recorder for Steps {
    fn record(&mut self, name: &str, step: usize, value: f64) {
        if step.is_multiple_of(100) || name == "validation" {
            let seconds = self.0.elapsed().as_secs();
            eprintln!("step {step}, {name} {value:.4}, {seconds} s");
        }
    }
}

fn train_gpt(
    tokens: &Tokens,
    train: &[Dialogue],
    options: &Options,
) -> Result<Decoder, Box<dyn Error>> {
    // The 24th part is watched while training; it decides nothing but which epoch is kept.
    let (watched, learned): (Vec<_>, Vec<_>) = train
        .iter()
        .map(|dialogue| tokens.encode(dialogue))
        .enumerate()
        .partition(|(at, _)| at % 24 == 0);
    let plain = |texts: Vec<(usize, Vec<usize>)>| -> Vec<Vec<usize>> {
        texts.into_iter().map(|(_, ids)| ids).collect()
    };
    let windows = Windows::new(tokens, &plain(learned), &plain(watched));
    let config = DecoderConfig {
        n_layers: 4,
        dropout: 0.1,
        ..DecoderConfig::gpt(tokens.n_tokens(), MAX_STEPS, 192, 6)
    };
    let device = &options.device;
    let network = config.init(&device.clone().autodiff(), &mut Draws::new(SEED, "weights"))?;
    let params = TrainParams {
        n_epochs: options.n_epochs,
        batch_size: 8,
        optimizer: OptimizerParams::AdamW(AdamWParams {
            beta_2: 0.98,
            weight_decay: 0.1,
            ..AdamWParams::default()
        }),
        learning_rate: options.learning_rate,
        schedule: Schedule::Cosine {
            warm_up: 0.05,
            end: 0.0,
        },
        ..TrainParams::default()
    };
    let cancel = Cancellation::default();
    let context = Context::new(SEED, &Silent, &cancel);
    let steps = &mut Steps(Instant::now());
    let fitted = params
        .check()?
        .fit(&windows, network, device, &context, steps, None)?;
    Ok(fitted.network)
}

/// Lets the network answer, with its keys and values kept.
fn talk(network: &Decoder, tokens: &Tokens) -> Result<(), NnError> {
    let prompts: [&[&str]; 3] = [
        &["I would like to find a place to eat in San Jose."],
        &["Hi, can you help me find a bus to Los Angeles?"],
        &[
            "I need to transfer some money.",
            "How much should I send, and to whom?",
            "Please send 250 dollars to Mary from my checking account.",
        ],
    ];
    for prompt in prompts {
        let said: Vec<String> = prompt.iter().map(|text| (*text).to_owned()).collect();
        println!();
        for (text, who) in said.iter().zip(["customer", "service"].iter().cycle()) {
            println!("{who:>10}: {text}");
        }
        for (temperature, seed) in [(0.0, 1), (0.8, 2), (0.8, 3)] {
            let params = GenerateParams {
                max_tokens: 60,
                temperature,
                top_p: Some(0.9),
                stop: tokens.ends(),
                ..GenerateParams::default()
            };
            let prompt = tokens.open(&said);
            let start = Instant::now();
            let draws = &mut Draws::new(seed, "answer");
            let ids = params.check()?.generate(network, &prompt, draws)?;
            let rate = (ids.len() + 1) as f64 / start.elapsed().as_secs_f64();
            println!(
                "  at {temperature:3.1}   : {}  ({rate:.0} tokens/s)",
                tokens.decode(&ids)
            );
        }
    }
    Ok(())
}
