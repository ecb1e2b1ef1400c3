//! Made-up people (UCI Adult): how much worse are boosted trees that learned from rows that a
//! generator made than trees that learned from the real ones, both tested on real rows?
//!
//! ```text
//! cargo run --release -p rapport-nn --example synthetic_adult -- [--data FOLDER] [--seed N]
//!     [--held-back] [--params JSON]
//! ```
//! The folder holds `adult-train.csv.gz` and `adult-test.csv.gz`. With `--held-back` the test file is
//! not opened: generators learn from four fifths of the training rows and are measured on the last
//! fifth; that is how the settings below were chosen. `--params` changes settings by name, as in
//! `{"n_epochs": 20}`.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

#[path = "support/likeness.rs"]
mod likeness;

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Instant;

use flate2::read::GzDecoder;
use likeness::{Comparison, Likeness};
use rand::RngExt;
use rapport_learn::boosting::{BoostingData, BoostingParams, Loss};
use rapport_learn::split::holdout;
use rapport_learn::table::{Categories, Column, Kind, Schema, Table};
use rapport_learn::{Cancellation, Check, Context, Fit, Matrix, Predict, Progress, Silent};
use rapport_learn::{metrics, rng};
use rapport_nn::DeviceName;
use rapport_nn::models::{TableGan, TableGanParams};
use rapport_nn::train::{Curves, Schedule};

const COLUMNS: [&str; 15] = [
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education_num",
    "marital_status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital_gain",
    "capital_loss",
    "hours_per_week",
    "native_country",
    "income",
];
const TARGET: &str = "income";
const POSITIVE: &str = ">50K";
/// Share of the training rows that settings were chosen on.
const HELD_BACK: f64 = 0.2;
const THREADS: NonZeroUsize = NonZeroUsize::new(2).expect("two is not zero");

/// The settings that did best on held-back training rows.
fn chosen() -> TableGanParams {
    TableGanParams {
        target: Some(TARGET.to_owned()),
        schedule: Schedule::Linear { warm_up: 0.0 },
        n_epochs: 60,
        ..TableGanParams::default()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::from_args()?;
    let train = read(&options.folder.join("adult-train.csv.gz"))?;
    let (train, test) = if options.is_held_back {
        let parts = holdout(train.n_rows(), HELD_BACK, 1)?;
        (train.select(&parts.train), train.select(&parts.test))
    } else {
        let test = read(&options.folder.join("adult-test.csv.gz"))?;
        (train, test)
    };
    println!(
        "{} real rows to learn from, {} to test on",
        train.n_rows(),
        test.n_rows()
    );
    let comparison = Comparison::new(&train, &test);
    let real = auc_of(&train, &train, &test)?;
    println!(
        "\n{:<30}{:>9}{:>9}{:>9}{:>9}{:>9}",
        "", "AUC", "gap", "columns", "near", "copies"
    );
    let print = |name: &str, auc: f64, found: Likeness| {
        println!(
            "{name:<30}{auc:>9.4}{:>9.4}{:>9.4}{:>9.4}{:>9.4}",
            real - auc,
            found.columns,
            found.near,
            found.copies
        );
    };
    println!("{:<30}{real:>9.4}", "real rows");
    for (name, made) in [
        (
            "independent columns",
            resampled(&train, None, options.seed)?,
        ),
        (
            "independent, per class",
            resampled(&train, Some(TARGET), options.seed)?,
        ),
    ] {
        print(name, auc_of(&made, &train, &test)?, comparison.of(&made)?);
    }
    let began = Instant::now();
    let gan = train_gan(&options, &train)?;
    let fit_seconds = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let made = gan.sample(train.n_rows(), options.seed)?;
    let sample_seconds = began.elapsed().as_secs_f64();
    print(
        "conditional GAN",
        auc_of(&made, &train, &test)?,
        comparison.of(&made)?,
    );
    println!("\ntrained in {fit_seconds:.0} s, rows made in {sample_seconds:.1} s");
    println!("AUC: boosted trees that learned from these rows, on real test rows");
    println!("columns: likeness of single columns, 1 is best; near: share of rows nearer to a");
    println!("training row than all but 5 % of the test rows are; copies: share of equal rows");
    Ok(())
}

fn train_gan(options: &Options, train: &Table) -> Result<TableGan, Box<dyn Error>> {
    let device = DeviceName::Cpu.open()?;
    let cancel = Cancellation::default();
    let progress = Steps(Instant::now());
    let context = Context::new(options.seed, &progress, &cancel).with_threads(THREADS);
    let mut curves = Curves::default();
    let gan = options
        .params
        .clone()
        .check()?
        .fit(train, &device, &context, &mut curves)?;
    Ok(gan)
}

/// Tells how far the training is.
struct Steps(Instant);

impl Progress for Steps {
    fn report(&self, step: &str, done: u64, total: u64) {
        if done.is_multiple_of(1000) {
            let seconds = self.0.elapsed().as_secs_f64();
            println!("  {step} {done} of {total}, {seconds:.0} s");
        }
    }
}

/// Each column drawn by itself from the real rows; within the class of the row, where one is named.
fn resampled(train: &Table, class: Option<&str>, seed: u64) -> Result<Table, Box<dyn Error>> {
    let n_rows = train.n_rows();
    let groups = match class {
        None => vec![(0..n_rows).collect::<Vec<usize>>()],
        Some(name) => {
            let classes = train.categories(name)?;
            let mut groups = vec![Vec::new(); classes.levels().len()];
            for (row, code) in classes.codes().iter().enumerate() {
                groups[code.ok_or("a row without a class")? as usize].push(row);
            }
            groups
        }
    };
    let mut columns = Vec::new();
    for (name, _) in train.columns() {
        let mut rng = rng(seed, name);
        let rows: Vec<usize> = groups
            .iter()
            .flat_map(|group| {
                let draw = |_: &usize| group[rng.random_range(0..group.len())];
                group.iter().map(draw).collect::<Vec<usize>>()
            })
            .collect();
        columns.push((name.to_owned(), train.select(&rows).column(name)?.clone()));
    }
    Ok(Table::new(columns)?)
}

/// Area under the curve, on the test rows, of boosted trees that learned from `made`.
fn auc_of(made: &Table, real: &Table, test: &Table) -> Result<f64, Box<dyn Error>> {
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel).with_threads(THREADS);
    let (records, targets) = numbers(made, real)?;
    let (test_records, test_targets) = numbers(test, real)?;
    let kinds: Vec<Kind> = real
        .columns()
        .filter(|(name, _)| *name != TARGET)
        .map(|(_, column)| match column {
            Column::Numeric(_) => Kind::Numeric,
            Column::Categorical(_) => Kind::Categorical,
        })
        .collect();
    let model = BoostingParams::new(Loss::Logistic)
        .n_rounds(300)
        .learning_rate(0.05)
        .check()?
        .fit(&BoostingData::new(&records, &kinds, &targets), &context)?;
    let outcomes: Vec<bool> = test_targets.iter().map(|target| *target == 1.0).collect();
    Ok(metrics::auc(
        model.predict(&test_records)?.values(),
        &outcomes,
    )?)
}

/// Features and targets as numbers; categories by their place among those of the real rows.
fn numbers(table: &Table, real: &Table) -> Result<(Matrix, Vec<f64>), Box<dyn Error>> {
    let names = table.names().iter().filter(|name| *name != TARGET);
    let mut records = Matrix::zeros(table.n_rows(), table.names().len() - 1);
    for (position, name) in names.enumerate() {
        let values = match table.column(name)? {
            Column::Numeric(values) => values.clone(),
            Column::Categorical(categories) => places(categories, real.categories(name)?),
        };
        for (row, value) in records.rows_mut().zip(values) {
            row[position] = value;
        }
    }
    let classes = table.categories(TARGET)?;
    let target = |row| f64::from(u8::from(classes.text(row) == Some(POSITIVE)));
    Ok((records, (0..table.n_rows()).map(target).collect()))
}

/// Places of categories in another dictionary; missing and unknown ones are `NaN`.
fn places(categories: &Categories, dictionary: &Categories) -> Vec<f64> {
    let place = |level: &String| {
        let place = dictionary.levels().iter().position(|other| other == level);
        place.map_or(f64::NAN, |place| place as f64)
    };
    let known: Vec<f64> = categories.levels().iter().map(place).collect();
    let codes = categories.codes().iter();
    codes
        .map(|code| code.map_or(f64::NAN, |code| known[code as usize]))
        .collect()
}

fn read(path: &Path) -> Result<Table, Box<dyn Error>> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        // Labels of the test file end with a point. Cells are never quoted.
        let line = line?;
        let cells = line.trim_end_matches('.').split(',');
        let cells: Vec<String> = cells.map(|cell| cell.trim().to_owned()).collect();
        // The test file starts with a remark and both end in an empty line.
        if cells.len() == COLUMNS.len() {
            rows.push(cells);
        }
    }
    let names = COLUMNS.map(String::from);
    Ok(Schema::guess(&names, &rows)?.read(&rows)?)
}

struct Options {
    folder: PathBuf,
    seed: u64,
    is_held_back: bool,
    params: TableGanParams,
}

impl Options {
    fn from_args() -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            folder: Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/adult_income"),
            seed: 1,
            is_held_back: false,
            params: chosen(),
        };
        let mut args = std::env::args().skip(1);
        while let Some(name) = args.next() {
            let mut value = || args.next().ok_or(format!("{name} needs a value"));
            match name.as_str() {
                "--data" => options.folder = value()?.into(),
                "--seed" => options.seed = value()?.parse()?,
                "--held-back" => options.is_held_back = true,
                "--params" => options.params = changed(&options.params, &value()?)?,
                _ => return Err(format!("unknown option {name}").into()),
            }
        }
        Ok(options)
    }
}

/// The parameters with some of them changed by name.
fn changed(params: &TableGanParams, json: &str) -> Result<TableGanParams, Box<dyn Error>> {
    let mut all = serde_json::to_value(params)?;
    let changes: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json)?;
    for (name, value) in changes {
        let place = all.get_mut(&name);
        *place.ok_or_else(|| format!("there is no setting {name}"))? = value;
    }
    Ok(serde_json::from_value(all)?)
}
