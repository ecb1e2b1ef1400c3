//! Proves the sentence encoder: all-MiniLM-L6-v2 from its folder, held against the numbers of
//! `transformers`, and against PyTorch and ONNX Runtime on real texts, with seconds side by side.
//!
//! ```text
//! cargo xtask fetch minilm
//! cargo run --release -p rapport-nn --example minilm -- [--model DIR] [--texts N] [--threads N] [--seconds S] [--python PATH]
//! ```
//! It fails when any cosine is below 0.9999 or any token differs.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

#[path = "support/reviews.rs"]
mod reviews;
#[path = "support/weights.rs"]
mod weights;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use burn::tensor::Device;
use rapport_nn::models::{PretrainedEncoder, SentenceEncoder};
use rapport_testing::peers;

/// The product's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The model's own limit.
const MAX_STEPS: usize = 256;
const LEAST_COSINE: f64 = 0.9999;

struct Options {
    model: Option<PathBuf>,
    n_texts: usize,
    n_threads: usize,
    seconds: f64,
    python: Option<PathBuf>,
}

impl Options {
    fn from_args() -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            model: None,
            n_texts: 300,
            n_threads: 2,
            seconds: 10.0,
            python: None,
        };
        let mut args = std::env::args().skip(1);
        while let Some(name) = args.next() {
            let value = args.next().ok_or(format!("{name} needs a value"))?;
            match name.as_str() {
                "--model" => options.model = Some(value.into()),
                "--texts" => options.n_texts = value.parse()?,
                "--threads" => options.n_threads = value.parse()?,
                "--seconds" => options.seconds = value.parse()?,
                "--python" => options.python = Some(value.into()),
                _ => return Err(format!("unknown option {name}").into()),
            }
        }
        Ok(options)
    }
}

/// What the other side reports.
#[derive(serde::Deserialize)]
struct Report {
    versions: String,
    rows: Vec<Vec<f32>>,
    torch_seconds: f64,
    onnx_seconds: f64,
    onnx_fused_seconds: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::from_args()?;
    rayon::ThreadPoolBuilder::new()
        .num_threads(options.n_threads)
        .build_global()?;
    let folder = weights::folder(options.model.clone())?;
    let start = Instant::now();
    let pretrained = PretrainedEncoder::load(&folder, &Device::flex())?;
    let encoder = SentenceEncoder::new(&pretrained, MAX_STEPS);
    println!("loaded in {:.2} s", start.elapsed().as_secs_f64());
    let cosine = against_transformers(&pretrained, &encoder)?;
    println!("smallest cosine with transformers, first numbers of fixed sentences: {cosine:.8}");

    let texts = real_texts(options.n_texts)?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let rows = encoder.embed(&texts);
    let before = best_seconds(|| encoder.embed(&texts), options.seconds / 2.0);
    let report = run_peer(&options, &folder, &texts)?;
    let after = best_seconds(|| encoder.embed(&texts), options.seconds / 2.0);
    let pairs = rows.iter().zip(&report.rows);
    let least = pairs
        .map(|(ours, theirs)| cosine_of(ours, theirs))
        .fold(f64::INFINITY, f64::min);
    println!(
        "smallest cosine with PyTorch, {} real texts: {least:.8}",
        texts.len()
    );
    print_times(&options, texts.len(), before.min(after), &report);
    if least.min(cosine) < LEAST_COSINE {
        return Err(format!("a cosine is below {LEAST_COSINE}").into());
    }
    Ok(())
}

fn print_times(options: &Options, n_texts: usize, ours: f64, report: &Report) {
    let each = |seconds: f64| 1e3 * seconds / n_texts as f64;
    let onnx = report.onnx_seconds.min(report.onnx_fused_seconds);
    println!("{}, {} threads each", report.versions, options.n_threads);
    println!("{:28} {:>10} {:>8}", "text to row", "ms each", "ratio");
    println!("{:28} {:10.3}", "Rapport", each(ours));
    println!(
        "{:28} {:10.3} {:8.2}",
        "ONNX Runtime",
        each(onnx),
        ours / onnx
    );
    let torch = report.torch_seconds;
    println!("{:28} {:10.3} {:8.2}", "PyTorch", each(torch), ours / torch);
}

#[derive(serde::Deserialize)]
struct Fixed {
    text: String,
    ids: Vec<usize>,
    /// The first numbers of the row.
    first: Vec<f32>,
}

/// The smallest cosine with the numbers that `tests/fixtures/make_bert.py` wrote down.
fn against_transformers(
    pretrained: &PretrainedEncoder,
    encoder: &SentenceEncoder,
) -> Result<f64, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/minilm.json");
    let fixed: Vec<Fixed> = serde_json::from_slice(&std::fs::read(path)?)?;
    let mut least = f64::INFINITY;
    for Fixed { text, ids, first } in &fixed {
        if pretrained.tokens.encode(text, MAX_STEPS) != *ids {
            return Err(format!("other tokens than the reference for {text:?}").into());
        }
        let row = &encoder.embed(&[text.as_str()])[0];
        least = least.min(cosine_of(&row[..first.len()], first));
    }
    Ok(least)
}

/// English and Chinese in turn, from the dev parts.
fn real_texts(n: usize) -> Result<Vec<String>, Box<dyn Error>> {
    let english = reviews::read("sst2", "dev")?;
    let chinese = reviews::read("chnsenticorp", "dev")?;
    let pairs = english.into_iter().zip(chinese);
    let texts = pairs.flat_map(|((english, _), (chinese, _))| [english, chinese]);
    Ok(texts.take(n).collect())
}

fn cosine_of(a: &[f32], b: &[f32]) -> f64 {
    let sum = |a: &[f32], b: &[f32]| -> f64 {
        a.iter()
            .zip(b)
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum()
    };
    sum(a, b) / (sum(a, a) * sum(b, b)).sqrt()
}

fn best_seconds<T>(mut work: impl FnMut() -> T, seconds: f64) -> f64 {
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let mut best = f64::INFINITY;
    while Instant::now() < end || best.is_infinite() {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
}

fn run_peer(options: &Options, model: &Path, texts: &[&str]) -> Result<Report, Box<dyn Error>> {
    let python = match &options.python {
        Some(python) => python.clone(),
        None => peers::python()?,
    };
    let mut child = Command::new(python)
        .arg(peers::folder().join("minilm.py"))
        .arg(model)
        .args([options.n_threads.to_string(), options.seconds.to_string()])
        .env("OMP_NUM_THREADS", options.n_threads.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("standard input is a pipe")?;
    stdin.write_all(texts.join("\n").as_bytes())?;
    drop(stdin);
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
