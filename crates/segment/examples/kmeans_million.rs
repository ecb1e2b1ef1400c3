//! Races our k-means against scikit-learn: 1,000,000 rows of 20 columns, 8 centers, the same rows
//! and the same starts, one after the other in one run.
//!
//! ```text
//! cargo run --release -p rapport-segment --example kmeans_million -- [--rows N] [--repeats N] [--python PATH]
//! ```
//! Without `--python` it uses `~/.cache/rapport/venv`, which it makes on first use from
//! `bench/peers/requirements.txt`.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rand::RngExt;
use rapport_learn::{Cancellation, Check, Context, Matrix, Silent, rng, standard_normal};
use rapport_segment::KMeansParams;
use rapport_testing::peers;

const N_COLUMNS: usize = 20;
const K: usize = 8;
const THREADS: usize = 2;

/// What both sides report for one data set.
#[derive(Debug, Clone, serde::Deserialize)]
struct Run {
    name: String,
    seconds: f64,
    inertia: f64,
    n_iterations: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::from_args()?;
    let folder = env::temp_dir().join(format!("rapport-kmeans-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    println!(
        "k-means, {} x {N_COLUMNS}, k = {K}, {THREADS} threads, median of {} runs",
        options.n_rows, options.n_repeats
    );
    for (name, records) in [
        ("blobs with noise", blobs(options.n_rows)),
        ("uniform, no clusters", uniform(options.n_rows)),
    ] {
        let centers = starts(&records);
        write_values(&folder.join("rows.f64"), records.values())?;
        write_values(&folder.join("centers.f64"), centers.values())?;
        let ours = run_ours(&records, &centers, options.n_repeats)?;
        drop(records);
        let peers = run_peer(&options, &folder)?;
        print_table(name, &ours, &peers);
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}

struct Options {
    n_rows: usize,
    n_repeats: usize,
    python: Option<PathBuf>,
}

impl Options {
    fn from_args() -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            n_rows: 1_000_000,
            n_repeats: 5,
            python: None,
        };
        let mut args = env::args().skip(1);
        while let Some(name) = args.next() {
            let value = args.next().ok_or(format!("{name} needs a value"))?;
            match name.as_str() {
                "--rows" => options.n_rows = value.parse()?,
                "--repeats" => options.n_repeats = value.parse()?,
                "--python" => options.python = Some(value.into()),
                _ => return Err(format!("unknown option {name}").into()),
            }
        }
        Ok(options)
    }
}

/// Eight overlapping blobs of different size and spread, and one row in ten anywhere.
fn blobs(n_rows: usize) -> Matrix {
    let mut generator = rng(1, "million blobs");
    let centers: Vec<f64> = (0..K * N_COLUMNS)
        .map(|_| generator.random_range(-3.0..3.0))
        .collect();
    let mut values = Vec::with_capacity(n_rows * N_COLUMNS);
    for row in 0..n_rows {
        if row % 10 == 0 {
            values.extend((0..N_COLUMNS).map(|_| generator.random_range(-5.0..5.0)));
            continue;
        }
        // The larger of two draws: later blobs are larger.
        let blob = generator
            .random_range(0..K)
            .max(generator.random_range(0..K));
        let spread = 1.0 + 0.2 * blob as f64;
        for center in &centers[blob * N_COLUMNS..(blob + 1) * N_COLUMNS] {
            values.push(center + spread * standard_normal(&mut generator));
        }
    }
    Matrix::new(n_rows, N_COLUMNS, values).expect("rows times columns values")
}

/// Nothing to find: many rounds with rows that lie between centers, the hard case for bounds.
fn uniform(n_rows: usize) -> Matrix {
    let mut generator = rng(2, "million uniform");
    let values = (0..n_rows * N_COLUMNS)
        .map(|_| generator.random::<f64>())
        .collect();
    Matrix::new(n_rows, N_COLUMNS, values).expect("rows times columns values")
}

/// Random rows: a worse start than k-means++, so more rounds to measure.
fn starts(records: &Matrix) -> Matrix {
    let mut generator = rng(3, "million starts");
    let rows: Vec<usize> = (0..K)
        .map(|_| generator.random_range(0..records.n_rows()))
        .collect();
    records.select_rows(&rows)
}

fn run_ours(records: &Matrix, centers: &Matrix, n_repeats: usize) -> Result<Run, Box<dyn Error>> {
    let cancel = Cancellation::default();
    let threads = NonZeroUsize::new(THREADS).expect("not zero");
    let context = Context::new(1, &Silent, &cancel).with_threads(threads);
    let params = KMeansParams::new(K).check()?;
    let mut seconds = Vec::new();
    let mut last = None;
    for _ in 0..n_repeats {
        let start = Instant::now();
        let (model, _) = params.fit_from(records, centers, &context)?;
        seconds.push(start.elapsed().as_secs_f64());
        last = Some(model);
    }
    let model = last.ok_or("at least one repeat is needed")?;
    Ok(Run {
        name: "rapport".into(),
        seconds: median(seconds),
        inertia: model.inertia(),
        n_iterations: model.n_iterations(),
    })
}

fn run_peer(options: &Options, folder: &Path) -> Result<Vec<Run>, Box<dyn Error>> {
    let printed = peers::output(options.python.as_deref(), "kmeans.py", |command| {
        let numbers = [N_COLUMNS, K, THREADS, options.n_repeats];
        command
            .arg(folder.join("rows.f64"))
            .arg(folder.join("centers.f64"))
            .args(numbers.map(|number| number.to_string()))
            // A forced kernel or cache size would handicap the peer's linear algebra.
            .env_remove("OPENBLAS_CORETYPE")
            .env_remove("OPENBLAS_L2_SIZE")
            .env("OMP_NUM_THREADS", THREADS.to_string());
    })?;
    Ok(serde_json::from_slice(&printed)?)
}

fn print_table(name: &str, ours: &Run, peers: &[Run]) {
    println!("\n{name}");
    println!(
        "{:<32} {:>9} {:>7} {:>7} {:>20} {:>12}",
        "", "seconds", "ratio", "rounds", "inertia", "difference"
    );
    for run in std::iter::once(ours).chain(peers) {
        println!(
            "{:<32} {:>9.3} {:>7.2} {:>7} {:>20.6} {:>12.1e}",
            run.name,
            run.seconds,
            run.seconds / ours.seconds,
            run.n_iterations,
            run.inertia,
            run.inertia / ours.inertia - 1.0,
        );
    }
}

fn write_values(path: &Path, values: &[f64]) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for value in values {
        file.write_all(&value.to_le_bytes())?;
    }
    file.flush()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
