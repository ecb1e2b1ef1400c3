//! Sentiment on real sentences: a text CNN and a BiLSTM with attention from scratch, beside naive
//! Bayes in the same table.
//!
//! ```text
//! cargo run --release -p rapport-nn --example sentiment -- sst2 [--held-back] [--only cnn|rnn] [--epochs N] [--networks N] [--push E]
//! cargo run --release -p rapport-nn --example sentiment -- chnsenticorp
//! ```
//! The networks read words (Chinese: characters), pairs of words, and per word the log-count ratios
//! of naive Bayes for the grams that begin there; a training text's own part is taken out of its
//! ratios. Each figure is the mean of single networks, then the accuracy of all of them together; then
//! both once more on the texts that do not stand word for word in the training part too.
//! `--held-back` tests on a fifth of the training part, to choose settings by; without it the figures
//! are those of the dev part.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the table is what this program is for, and held-back figures are told on the way"
)]

mod networks;
#[path = "../support/reviews.rs"]
mod reviews;
mod texts;

use std::error::Error;
use std::time::Instant;

use networks::{Accuracy, Kind, Settings, run};
use texts::{Counted, Encoded, ORDER, Texts, naive_bayes};

const SEED: u64 = 1;

struct Options {
    set: String,
    is_held_back: bool,
    only: Option<Kind>,
    settings: Settings,
}

impl Options {
    fn from_args() -> Result<Self, Box<dyn Error>> {
        let mut args = std::env::args().skip(1);
        let set = args.next().ok_or("which set: sst2 or chnsenticorp?")?;
        let mut options = Self {
            settings: settings(&set),
            set,
            is_held_back: false,
            only: None,
        };
        while let Some(name) = args.next() {
            let mut value = || args.next().ok_or(format!("{name} needs a value"));
            match name.as_str() {
                "--held-back" => options.is_held_back = true,
                "--only" => match value()?.as_str() {
                    "cnn" => options.only = Some(Kind::Cnn),
                    "rnn" => options.only = Some(Kind::Rnn),
                    other => return Err(format!("`{other}` is neither cnn nor rnn").into()),
                },
                "--epochs" => options.settings.n_epochs = value()?.parse()?,
                "--networks" => options.settings.n_networks = value()?.parse()?,
                "--push" => options.settings.push = Some(value()?.parse()?),
                "--word-dropout" => options.settings.word_dropout = value()?.parse()?,
                "--numbers" => options.settings.d_model = value()?.parse()?,
                "--rate" => options.settings.learning_rate = value()?.parse()?,
                _ => return Err(format!("unknown option {name}").into()),
            }
        }
        Ok(options)
    }
}

/// Sentences of movie reviews are short and few, reviews of hotels, books and notebooks longer.
fn settings(set: &str) -> Settings {
    let base = Settings {
        max_words: 64,
        d_model: 64,
        word_dropout: 0.1,
        push: None,
        n_epochs: 4,
        learning_rate: 1e-3,
        n_networks: 5,
    };
    match set {
        "chnsenticorp" => Settings {
            max_words: 256,
            n_networks: 3,
            n_epochs: 5,
            ..base
        },
        _ => base,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let Options {
        set,
        is_held_back,
        only,
        settings,
    } = Options::from_args()?;
    let texts = Texts::read(&set, settings.max_words, is_held_back, SEED)?;
    let counted = Counted::new(&texts.train)?;
    let encode = |texts: &[texts::Labeled], was_counted: bool| -> Vec<Encoded> {
        let encoded = texts.iter().map(|text| counted.encode(text, was_counted));
        encoded.collect()
    };
    let (train, test) = (encode(&texts.train, true), encode(&texts.test, false));
    let n_known = test.iter().filter(|text| text.is_known).count();
    println!(
        "{set}: {} training texts, {} judged, {n_known} of them also training texts",
        train.len(),
        test.len()
    );
    println!(
        "{:36} {:>8} {:>8} {:>10} {:>10} {:>8}",
        "", "one", "all", "one unseen", "all unseen", "seconds"
    );
    for longest in 1..=ORDER {
        let sure: Vec<f64> = test.iter().map(|text| naive_bayes(text, longest)).collect();
        let Accuracy { all, unseen } = Accuracy::new(&sure, &test);
        let name = format!("naive Bayes of grams up to length {longest}");
        println!("{name:36} {:>8} {all:8.4} {:>10} {unseen:10.4}", "", "");
    }
    for (name, kind) in [
        ("text CNN", Kind::Cnn),
        ("BiLSTM with attention", Kind::Rnn),
    ] {
        if only.is_some_and(|only| only != kind) {
            continue;
        }
        let start = Instant::now();
        let sure = run(kind, &counted, &settings, &train, &test, is_held_back)?;
        let (one, all) = (
            Accuracy::of_one(&sure, &test),
            Accuracy::of_all(&sure, &test),
        );
        println!(
            "{:36} {:8.4} {:8.4} {:10.4} {:10.4} {:8.1}",
            format!("{name}, {} together", settings.n_networks),
            one.all,
            all.all,
            one.unseen,
            all.unseen,
            start.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
