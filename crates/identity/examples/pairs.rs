//! Measures what is learned from decisions on pairs: learned from `train`, measured on `valid`.
//!
//! ```text
//! cargo run --release -p rapport-identity --example pairs -- FOLDER... [--seeds N] [--threads N]
//!     [--no-network] [--nested N]
//! ```
//! A folder has `train.txt.gz` and `valid.txt.gz`: a record, a record and a label, parted by tabs, records as
//! `COL name VAL value ...`. Prints one JSON object per folder. The threshold, and which learner is used, come
//! from `train`. With `--nested`, `valid` is not opened: N times a fifth of `train` is held back instead, which
//! is what settings are chosen by.
#![expect(
    clippy::print_stdout,
    reason = "the figures are what this program is for"
)]

#[path = "support/magellan.rs"]
mod magellan;

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Instant;

use magellan::{Pairs, Part};
use rapport_identity::learned::{LabelledPair, LearnedComparer, LearnedParams};
use rapport_identity::{Constraints, MatchParams, Records, resolve};
use rapport_learn::metrics::{Linkage, average_precision, precision_recall_curve};
use rapport_learn::split::holdout_stratified_by_group;
use rapport_learn::{Cancellation, Context, Silent};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut folders, mut n_threads, mut n_nested) = (Vec::new(), 2, 0);
    let mut params = LearnedParams::default();
    while let Some(argument) = arguments.next() {
        let mut number =
            || -> Result<f64, Box<dyn Error>> { Ok(arguments.next().ok_or("a number")?.parse()?) };
        match argument.as_str() {
            "--seeds" => params.n_seeds = number()? as usize,
            "--threads" => n_threads = number()? as usize,
            "--nested" => n_nested = number()? as usize,
            "--no-network" => params.network = None,
            "--rounds" => params.trees.n_rounds = number()? as usize,
            "--rate" => params.trees.learning_rate = number()?,
            "--leaves" => params.trees.max_leaves = number()? as usize,
            "--leaf" => params.trees.min_samples_leaf = number()? as usize,
            "--columns" => params.trees.column_share = number()?,
            "--rows" => params.trees.row_share = number()?,
            "--lambda" => params.trees.lambda = number()?,
            "--epochs" => network(&mut params)?.n_epochs = number()? as usize,
            "--hidden" => network(&mut params)?.n_hidden = number()? as usize,
            "--decay" => network(&mut params)?.weight_decay = number()?,
            "--step" => network(&mut params)?.learning_rate = number()?,
            "--dropout" => network(&mut params)?.dropout = number()?,
            "--words" => network(&mut params)?.n_words_max = number()? as usize,
            "--model" => network(&mut params)?.d_model = number()? as usize,
            _ => folders.push(argument),
        }
    }
    let cancel = Cancellation::default();
    let threads = NonZeroUsize::new(n_threads).ok_or("at least one thread")?;
    let context = Context::new(42, &Silent, &cancel).with_threads(threads);
    for folder in folders {
        let folder = Path::new(&folder);
        let result = match n_nested {
            0 => measure(folder, &params, &context)?,
            n => nested(folder, &params, n, &context)?,
        };
        println!("{result}");
    }
    Ok(())
}

fn network(
    params: &mut LearnedParams,
) -> Result<&mut rapport_identity::learned::NetworkParams, Box<dyn Error>> {
    Ok(params.network.as_mut().ok_or("there is no network")?)
}

/// Learned from `train`, measured on `valid`.
fn measure(
    folder: &Path,
    params: &LearnedParams,
    context: &Context<'_>,
) -> Result<Value, Box<dyn Error>> {
    let pairs = Pairs::read(&[folder.join("train.txt.gz"), folder.join("valid.txt.gz")])?;
    let (train, valid) = (pairs.of(Part::Train), pairs.of(Part::Valid));
    let mut result = learned(&pairs, &train, &valid, params, context)?;
    result["set"] = json!(folder.file_name().map(|name| name.to_string_lossy()));
    result["baseline"] = baseline(&pairs, &train, &valid, context)?;
    Ok(result)
}

/// Settings are chosen by this: parts of `train` alone.
fn nested(
    folder: &Path,
    params: &LearnedParams,
    n: usize,
    context: &Context<'_>,
) -> Result<Value, Box<dyn Error>> {
    let pairs = Pairs::read(&[folder.join("train.txt.gz")])?;
    let train = pairs.of(Part::Train);
    let groups: Vec<u64> = (0..train.len() as u64).collect();
    let strata: Vec<u64> = train.iter().map(|pair| u64::from(pair.is_match)).collect();
    let mut all = Vec::new();
    for at in 0..n {
        let split = holdout_stratified_by_group(&groups, &strata, 0.2, at as u64)?;
        let pick =
            |rows: &[usize]| -> Vec<LabelledPair> { rows.iter().map(|&row| train[row]).collect() };
        all.push(learned(
            &pairs,
            &pick(&split.train),
            &pick(&split.test),
            params,
            context,
        )?);
    }
    let mean = |path: &[&str]| {
        let of = |value: &Value| {
            path.iter()
                .fold(value, |value, key| &value[*key])
                .as_f64()
                .unwrap_or(0.0)
        };
        all.iter().map(of).sum::<f64>() / n as f64
    };
    Ok(json!({
        "set": folder.file_name().map(|name| name.to_string_lossy()),
        "f1": mean(&["f1"]),
        "f1_best_threshold": mean(&["f1_best_threshold"]),
        "average_precision": mean(&["average_precision"]),
        "seconds": mean(&["seconds"]),
        "runs": all,
    }))
}

fn learned(
    pairs: &Pairs,
    train: &[LabelledPair],
    held: &[LabelledPair],
    params: &LearnedParams,
    context: &Context<'_>,
) -> Result<Value, Box<dyn Error>> {
    let columns = pairs.columns();
    let start = Instant::now();
    let comparer = LearnedComparer::fit(&columns, train, params, context)?;
    let fit = start.elapsed().as_secs_f64();
    let asked: Vec<(u32, u32)> = held.iter().map(|pair| (pair.left, pair.right)).collect();
    let probabilities = comparer.probabilities(&columns, &asked, context)?;
    let seconds = start.elapsed().as_secs_f64() - fit;
    let outcomes: Vec<bool> = held.iter().map(|pair| pair.is_match).collect();
    let found = decided(&probabilities, &outcomes, comparer.threshold());
    let best = precision_recall_curve(&probabilities, &outcomes)?
        .iter()
        .map(|point| 2.0 * point.precision * point.recall / (point.precision + point.recall))
        .fold(0.0, f64::max);
    Ok(json!({
        "learner": comparer.learner(),
        "features": comparer.names().len(),
        "precision": found.precision, "recall": found.recall, "f1": found.f1,
        "f1_best_threshold": best,
        "average_precision": average_precision(&probabilities, &outcomes)?,
        "threshold": comparer.threshold(),
        "held_back": comparer.held_back(),
        "seconds": fit, "seconds_of_predictions": seconds,
    }))
}

/// What the matcher without labels says of the same pairs.
fn baseline(
    pairs: &Pairs,
    train: &[LabelledPair],
    valid: &[LabelledPair],
    context: &Context<'_>,
) -> Result<Value, Box<dyn Error>> {
    let records = Records::new(&pairs.columns(), context)?;
    let constraints = Constraints::none().never_within_source(&pairs.sources());
    let found = resolve(&records, &constraints, &MatchParams::default(), context)?;
    let weights = |of: &[LabelledPair]| -> Vec<f64> {
        of.iter()
            .map(|pair| found.explain(&records, pair.left, pair.right).total)
            .collect()
    };
    let outcomes =
        |of: &[LabelledPair]| -> Vec<bool> { of.iter().map(|pair| pair.is_match).collect() };
    let curve = precision_recall_curve(&weights(train), &outcomes(train))?;
    let f1 = |point: &rapport_learn::metrics::PrecisionRecallPoint| {
        2.0 * point.precision * point.recall / (point.precision + point.recall)
    };
    let best = curve
        .iter()
        .max_by(|a, b| f1(a).total_cmp(&f1(b)))
        .map_or(0.0, |point| point.threshold);
    let is_joined = |pair: &LabelledPair| {
        f64::from(found.clusters[pair.left as usize] == found.clusters[pair.right as usize])
    };
    let joined: Vec<f64> = valid.iter().map(is_joined).collect();
    Ok(json!({
        "name": "fellegi_sunter",
        "f1_without_labels": decided(&joined, &outcomes(valid), 0.5).f1,
        "f1_threshold_from_train": decided(&weights(valid), &outcomes(valid), best).f1,
    }))
}

fn decided(scores: &[f64], outcomes: &[bool], threshold: f64) -> Linkage {
    let count = |test: &dyn Fn(bool, bool) -> bool| {
        let both = scores.iter().zip(outcomes);
        both.filter(|(score, outcome)| test(**score >= threshold, **outcome))
            .count() as u64
    };
    Linkage::of_pairs(
        count(&|found, is| found && is),
        count(&|found, _| found),
        count(&|_, is| is),
    )
}
