//! Who earns more than 50,000 (UCI Adult): boosted trees against LightGBM and shap, on the same
//! rows and with the same settings, one after the other in one run.
//!
//! ```text
//! cargo run --release -p rapport-learn --example adult_boosting -- [--data FOLDER] [--python PATH]
//! ```
//! The folder holds `adult-train.csv.gz` and `adult-test.csv.gz`. Without `--python` it uses
//! `~/.cache/rapport/venv`, which it makes on first use from `bench/peers/requirements.txt`.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Instant;

use flate2::read::GzDecoder;
use rapport_learn::boosting::{BoostedTrees, BoostingData, BoostingParams, Loss, ShapValues};
use rapport_learn::table::Kind;
use rapport_learn::{Cancellation, Check, Context, Fit, Matrix, Predict, Silent, metrics, split};
use rapport_testing::peers;

const N_COLUMNS: usize = 14;
/// Columns whose values are names.
const CATEGORIES: [usize; 8] = [1, 3, 5, 6, 7, 8, 9, 13];
const THREADS: usize = 2;
const N_REPEATS: usize = 3;
const N_ROUNDS: usize = 500;
/// Rows whose scores are explained.
const N_EXPLAINED: usize = 10_000;
/// Rows that the interventional explanation compares with, and rows that it explains.
const N_BACKGROUND: usize = 100;
const N_AGAINST: usize = 200;

/// What both sides report.
#[derive(Debug, Default, serde::Deserialize)]
struct Run {
    auc: f64,
    log_loss: f64,
    fit_seconds: f64,
    fit_one_thread_seconds: f64,
    predict_seconds: f64,
    shap_seconds: f64,
    shap_error: f64,
    against_seconds: f64,
    against_error: f64,
}

struct Adult {
    records: Matrix,
    targets: Vec<f64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (folder, python) = options()?;
    let mut codes = Codes::default();
    let train = read(&folder.join("adult-train.csv.gz"), &mut codes)?;
    let test = read(&folder.join("adult-test.csv.gz"), &mut codes)?;
    println!(
        "{} rows to learn from, {} to test on, {N_COLUMNS} columns; {N_ROUNDS} trees for the race",
        train.targets.len(),
        test.targets.len()
    );
    let ours = run_ours(&race_params(), &train, &test)?;
    print_run("rapport", &ours, &ours);
    for (name, run) in run_peers(python.as_deref(), &train, &test)? {
        print_run(&name, &run, &ours);
    }
    println!("\nchoosing settings on a fifth of the training rows");
    let chosen = choose(&train)?;
    report_chosen(&chosen, &train, &test)
}

/// The settings of the race: LightGBM's defaults, slow steps.
fn race_params() -> BoostingParams {
    BoostingParams::new(Loss::Logistic)
        .n_rounds(N_ROUNDS)
        .learning_rate(0.05)
}

/// Tries a few settings on a fifth of the training rows and keeps the best.
fn choose(train: &Adult) -> Result<BoostingParams, Box<dyn Error>> {
    let parts = split::holdout(train.targets.len(), 0.2, 1)?;
    let pick = |rows: &[usize]| Adult {
        records: train.records.select_rows(rows),
        targets: rows.iter().map(|&row| train.targets[row]).collect(),
    };
    let (learn, held) = (pick(&parts.train), pick(&parts.test));
    let kinds = kinds();
    let mut best: Option<(f64, BoostingParams)> = None;
    for max_leaves in [8, 16, 31] {
        for lambda in [0.0, 5.0] {
            let params = BoostingParams {
                max_leaves,
                lambda,
                early_stopping_rounds: Some(50),
                ..BoostingParams::new(Loss::Logistic)
                    .n_rounds(2000)
                    .learning_rate(0.05)
            };
            let (_, log) = in_context(THREADS, |context| {
                params.clone().check()?.fit_with_validation(
                    &BoostingData::new(&learn.records, &kinds, &learn.targets),
                    &BoostingData::new(&held.records, &kinds, &held.targets),
                    context,
                )
            })?;
            let loss = log.validation_losses[log.n_rounds - 1];
            println!(
                "  {max_leaves} leaves, lambda {lambda}: {loss:.5} after {}",
                log.n_rounds
            );
            if best.as_ref().is_none_or(|(least, _)| loss < *least) {
                best = Some((loss, params.n_rounds(log.n_rounds)));
            }
        }
    }
    Ok(best.ok_or("no settings were tried")?.1)
}

fn report_chosen(
    params: &BoostingParams,
    train: &Adult,
    test: &Adult,
) -> Result<(), Box<dyn Error>> {
    let model = fit(params, train, THREADS)?;
    let (auc, log_loss) = figures(&model, test)?;
    println!(
        "chosen: {} leaves, lambda {}, {} rounds; test AUC {auc:.5}, log loss {log_loss:.5}",
        params.max_leaves, params.lambda, params.n_rounds
    );
    Ok(())
}

fn run_ours(params: &BoostingParams, train: &Adult, test: &Adult) -> Result<Run, Box<dyn Error>> {
    let (fit_seconds, model) = timed(N_REPEATS, || fit(params, train, THREADS))?;
    let (fit_one_thread_seconds, _) = timed(N_REPEATS, || fit(params, train, 1))?;
    let (predict_seconds, _) = timed(N_REPEATS, || Ok(model.predict(&test.records)?))?;
    let (auc, log_loss) = figures(&model, test)?;
    let explained = first_rows(&test.records, N_EXPLAINED);
    let (shap_seconds, shap) = timed(1, || {
        in_context(1, |context| Ok(model.shap(&explained, context)?))
    })?;
    let against_rows = first_rows(&test.records, N_AGAINST);
    let background = first_rows(&train.records, N_BACKGROUND);
    let (against_seconds, against) = timed(1, || {
        in_context(1, |context| {
            Ok(model.shap_against(&against_rows, &background, context)?)
        })
    })?;
    Ok(Run {
        auc,
        log_loss,
        fit_seconds,
        fit_one_thread_seconds,
        predict_seconds,
        shap_seconds,
        shap_error: additivity_error(&model, &explained, &shap)?,
        against_seconds,
        against_error: additivity_error(&model, &against_rows, &against)?,
    })
}

fn fit(
    params: &BoostingParams,
    train: &Adult,
    threads: usize,
) -> Result<BoostedTrees, Box<dyn Error>> {
    let kinds = kinds();
    let data = BoostingData::new(&train.records, &kinds, &train.targets);
    in_context(threads, |context| {
        Ok(params.clone().check()?.fit(&data, context)?)
    })
}

/// Area under the curve and log loss on the test rows.
fn figures(model: &BoostedTrees, test: &Adult) -> Result<(f64, f64), Box<dyn Error>> {
    let predicted = model.predict(&test.records)?;
    let outcomes: Vec<bool> = test.targets.iter().map(|&target| target == 1.0).collect();
    Ok((
        metrics::auc(predicted.values(), &outcomes)?,
        metrics::log_loss(predicted.values(), &outcomes)?,
    ))
}

/// The largest difference between base plus contributions and score.
fn additivity_error(
    model: &BoostedTrees,
    records: &Matrix,
    shap: &ShapValues,
) -> Result<f64, Box<dyn Error>> {
    let scores = model.predict_scores(records)?;
    let sums = shap.values[0]
        .rows()
        .map(|row| shap.base[0] + row.iter().sum::<f64>());
    let errors = sums
        .zip(scores.values())
        .map(|(sum, score)| (sum - score).abs());
    Ok(errors.fold(0.0, f64::max))
}

/// Numbers of the names in each column, in the order in which they come.
#[derive(Default)]
struct Codes(BTreeMap<(usize, String), u32>, [u32; N_COLUMNS]);

impl Codes {
    fn of(&mut self, column: usize, name: &str) -> u32 {
        let Self(codes, next) = self;
        *codes.entry((column, name.to_owned())).or_insert_with(|| {
            next[column] += 1;
            next[column] - 1
        })
    }
}

fn read(path: &Path, codes: &mut Codes) -> Result<Adult, Box<dyn Error>> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(GzDecoder::new(file));
    let (mut values, mut targets) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record?;
        // The test file starts with a remark and ends in an empty line.
        if record.len() != N_COLUMNS + 1 {
            continue;
        }
        for (column, text) in record.iter().take(N_COLUMNS).enumerate() {
            values.push(match text {
                "?" => f64::NAN,
                name if CATEGORIES.contains(&column) => f64::from(codes.of(column, name)),
                number => number.parse()?,
            });
        }
        targets.push(f64::from(u8::from(record[N_COLUMNS].starts_with(">50K"))));
    }
    Ok(Adult {
        records: Matrix::new(targets.len(), N_COLUMNS, values)?,
        targets,
    })
}

fn kinds() -> [Kind; N_COLUMNS] {
    std::array::from_fn(|column| {
        if CATEGORIES.contains(&column) {
            Kind::Categorical
        } else {
            Kind::Numeric
        }
    })
}

fn first_rows(records: &Matrix, n: usize) -> Matrix {
    records.select_rows(&(0..n.min(records.n_rows())).collect::<Vec<_>>())
}

fn in_context<R>(threads: usize, work: impl FnOnce(&Context<'_>) -> R) -> R {
    let cancel = Cancellation::default();
    let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
    work(&Context::new(1, &Silent, &cancel).with_threads(threads))
}

/// Median seconds of some runs, and what the last gave.
fn timed<R>(
    n_repeats: usize,
    mut work: impl FnMut() -> Result<R, Box<dyn Error>>,
) -> Result<(f64, R), Box<dyn Error>> {
    let mut seconds = Vec::new();
    loop {
        let start = Instant::now();
        let result = work()?;
        seconds.push(start.elapsed().as_secs_f64());
        if seconds.len() >= n_repeats {
            seconds.sort_by(f64::total_cmp);
            return Ok((seconds[seconds.len() / 2], result));
        }
    }
}

fn print_run(name: &str, run: &Run, ours: &Run) {
    let times = |seconds: f64, ours: f64| {
        if seconds > 0.0 {
            format!("{seconds:.3} s ({:.2}x)", seconds / ours)
        } else {
            "-".to_owned()
        }
    };
    println!("\n{name}");
    println!("  test AUC                        {:.5}", run.auc);
    println!("  test log loss                   {:.5}", run.log_loss);
    let rows = [
        ("fit, two threads", run.fit_seconds, ours.fit_seconds),
        (
            "fit, one thread",
            run.fit_one_thread_seconds,
            ours.fit_one_thread_seconds,
        ),
        (
            "predict 16,281, one thread",
            run.predict_seconds,
            ours.predict_seconds,
        ),
        (
            "shap 10,000, one thread",
            run.shap_seconds,
            ours.shap_seconds,
        ),
        (
            "shap 200 against 100",
            run.against_seconds,
            ours.against_seconds,
        ),
    ];
    for (what, seconds, ours) in rows {
        println!("  {what:<31} {}", times(seconds, ours));
    }
    println!("  largest additivity error        {:.1e}", run.shap_error);
    println!(
        "  largest error, against          {:.1e}",
        run.against_error
    );
}

fn run_peers(
    python: Option<&Path>,
    train: &Adult,
    test: &Adult,
) -> Result<BTreeMap<String, Run>, Box<dyn Error>> {
    let folder = env::temp_dir().join(format!("rapport-boosting-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    for (name, data) in [("train", train), ("test", test)] {
        write_values(
            &folder.join(format!("{name}.rows.f64")),
            data.records.values(),
        )?;
        write_values(&folder.join(format!("{name}.targets.f64")), &data.targets)?;
    }
    let sizes = [
        N_COLUMNS,
        N_ROUNDS,
        THREADS,
        N_REPEATS,
        N_EXPLAINED,
        N_BACKGROUND,
        N_AGAINST,
    ];
    let printed = peers::output(python, "boosting.py", |command| {
        command
            .arg(&folder)
            .args(sizes.map(|number| number.to_string()))
            .arg(CATEGORIES.map(|column| column.to_string()).join(","));
    });
    fs::remove_dir_all(&folder)?;
    Ok(serde_json::from_slice(&printed?)?)
}

fn write_values(path: &Path, values: &[f64]) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for value in values {
        file.write_all(&value.to_le_bytes())?;
    }
    file.flush()
}

fn options() -> Result<(PathBuf, Option<PathBuf>), Box<dyn Error>> {
    let mut folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/adult_income");
    let mut python = None;
    let mut args = env::args().skip(1);
    while let Some(name) = args.next() {
        let value = args.next().ok_or(format!("{name} needs a value"))?;
        match name.as_str() {
            "--data" => folder = value.into(),
            "--python" => python = Some(value.into()),
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    Ok((folder, python))
}
