//! Logistic regression on the Adult census income data: who earns more than 50,000 dollars a year?
//!
//! ```text
//! cargo run --release -p rapport-learn --example adult_linear [-- FOLDER]
//! ```
//! Without a folder it reads `../shared/data/adult_income`. Categories become columns of zeros and
//! ones; numbers are standardized, and given once more as bins of equal frequency, so that the
//! effect of age may bend. The penalty is chosen by log loss on a fifth of the training rows; the
//! test rows are looked at once.
#![expect(
    clippy::print_stdout,
    reason = "the figures are what this program is for"
)]

use std::env;
use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

use flate2::read::GzDecoder;
use rapport_learn::linear::{LogisticParams, LogisticRegression, Penalty};
use rapport_learn::metrics::{auc, log_loss};
use rapport_learn::split::holdout;
use rapport_learn::table::{Categories, Column, Kind, Labels, Schema, Table};
use rapport_learn::transform::{CategoryEncoding, FittedQuantileBinner};
use rapport_learn::transform::{OneHot, QuantileBinner, TableEncoder, TableEncoderParams};
use rapport_learn::{Cancellation, Check, Context, Examples, Fit, Matrix, Silent, Transform};

const COLUMNS: [&str; 14] = [
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
];
const N_BINS: usize = 20;
const LAMBDAS: [f64; 6] = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3];
const SEED: u64 = 42;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args()
        .nth(1)
        .map_or_else(|| "../shared/data/adult_income".into(), PathBuf::from);
    let train = read(&folder.join("adult-train.csv.gz"))?;
    let test = read(&folder.join("adult-test.csv.gz"))?;
    let labels = Labels::learn(&train.labels)?;
    let test_labels = labels.same_classes(&test.labels)?;
    let schema = Schema::guess(&COLUMNS.map(String::from), &train.rows)?;
    let (train, test) = (schema.read(&train.rows)?, schema.read(&test.rows)?);

    let cancel = Cancellation::default();
    let context = Context::new(SEED, &Silent, &cancel);
    let began = Instant::now();
    let (features, records) = Features::fit(&train, &context)?;
    println!(
        "{} training rows, {} test rows, {} columns, encoded in {:.2} s",
        records.n_rows(),
        test.n_rows(),
        records.n_columns(),
        began.elapsed().as_secs_f64()
    );

    let lambda = choose_lambda(&records, labels.codes(), &context)?;
    let began = Instant::now();
    let model = fit(&records, labels.codes(), lambda, &context)?;
    println!(
        "lambda {lambda:e}: {:?} in {:.2} s",
        model.convergence(),
        began.elapsed().as_secs_f64()
    );
    let (auc, log_loss) = measure(&model, &features.of(&test)?, test_labels.codes())?;
    println!("test AUC {auc:.4}, test log loss {log_loss:.4}");
    Ok(())
}

/// From a table to the columns of the model.
struct Features {
    binner: FittedQuantileBinner,
    encoder: TableEncoder,
}

impl Features {
    fn fit(train: &Table, context: &Context<'_>) -> Result<(Self, Matrix), Box<dyn Error>> {
        let binner = QuantileBinner { n_bins: N_BINS }
            .check()?
            .fit(&numbers(train)?, context)?;
        let encoder = TableEncoderParams {
            categories: CategoryEncoding::OneHot(OneHot {
                min_count: 20,
                ..OneHot::default()
            }),
            ..TableEncoderParams::default()
        }
        .check()?
        .fit(&with_bins(train, &binner)?, context)?;
        let features = Self { binner, encoder };
        let records = features.of(train)?;
        Ok((features, records))
    }

    fn of(&self, table: &Table) -> Result<Matrix, Box<dyn Error>> {
        Ok(self.encoder.encode(&with_bins(table, &self.binner)?)?)
    }
}

fn numeric_names(table: &Table) -> Vec<&str> {
    table
        .columns()
        .filter(|(_, column)| column.kind() == Kind::Numeric)
        .map(|(name, _)| name)
        .collect()
}

/// The numeric columns as a matrix.
fn numbers(table: &Table) -> Result<Matrix, Box<dyn Error>> {
    let names = numeric_names(table);
    let mut matrix = Matrix::zeros(table.n_rows(), names.len());
    for (position, name) in names.into_iter().enumerate() {
        for (row, value) in matrix.rows_mut().zip(table.numbers(name)?) {
            row[position] = *value;
        }
    }
    Ok(matrix)
}

/// The same table with a column of bins beside each column of numbers.
fn with_bins(table: &Table, binner: &FittedQuantileBinner) -> Result<Table, Box<dyn Error>> {
    let bins = binner.transform(&numbers(table)?)?;
    let mut columns: Vec<(String, Column)> = table
        .columns()
        .map(|(name, column)| (name.to_owned(), column.clone()))
        .collect();
    for (position, name) in numeric_names(table).into_iter().enumerate() {
        let texts = bins.column(position).map(|bin| Some(format!("bin {bin}")));
        let categories = Categories::from_texts(texts);
        columns.push((format!("{name} bin"), Column::Categorical(categories)));
    }
    Ok(Table::new(columns)?)
}

/// The strength with the least log loss on a fifth of the rows.
fn choose_lambda(
    records: &Matrix,
    labels: &[u32],
    context: &Context<'_>,
) -> Result<f64, Box<dyn Error>> {
    let split = holdout(records.n_rows(), 0.2, SEED)?;
    let pick = |rows: &[usize]| -> Vec<u32> { rows.iter().map(|&row| labels[row]).collect() };
    let (train, train_labels) = (records.select_rows(&split.train), pick(&split.train));
    let (held_back, held_labels) = (records.select_rows(&split.test), pick(&split.test));
    let mut best = (f64::INFINITY, LAMBDAS[0]);
    for lambda in LAMBDAS {
        let model = fit(&train, &train_labels, lambda, context)?;
        let (auc, log_loss) = measure(&model, &held_back, &held_labels)?;
        println!("  lambda {lambda:e}: held-back AUC {auc:.4}, log loss {log_loss:.4}");
        if log_loss < best.0 {
            best = (log_loss, lambda);
        }
    }
    Ok(best.1)
}

fn fit(
    records: &Matrix,
    labels: &[u32],
    lambda: f64,
    context: &Context<'_>,
) -> Result<LogisticRegression, Box<dyn Error>> {
    let params = LogisticParams {
        penalty: Penalty::ridge(lambda),
        tolerance: 1e-6,
        ..LogisticParams::new(2)
    };
    Ok(params
        .check()?
        .fit(&Examples::new(records, labels), context)?)
}

fn measure(
    model: &LogisticRegression,
    records: &Matrix,
    labels: &[u32],
) -> Result<(f64, f64), Box<dyn Error>> {
    let scores: Vec<f64> = model.predict_proba(records)?.column(1).collect();
    let outcomes: Vec<bool> = labels.iter().map(|&label| label == 1).collect();
    Ok((auc(&scores, &outcomes)?, log_loss(&scores, &outcomes)?))
}

/// A file's rows without their labels, and the labels.
#[derive(Default)]
struct Census {
    rows: Vec<Vec<String>>,
    labels: Vec<String>,
}

fn read(path: &Path) -> Result<Census, Box<dyn Error>> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(GzDecoder::new(file));
    let mut census = Census::default();
    for record in reader.records() {
        let mut cells: Vec<String> = record?.iter().map(String::from).collect();
        if cells.len() != COLUMNS.len() + 1 {
            continue;
        }
        // Labels of the test file end with a full stop.
        let label = cells.pop().unwrap_or_default();
        census.labels.push(label.trim_end_matches('.').to_owned());
        census.rows.push(cells);
    }
    Ok(census)
}
