//! Measures the matcher on files of people whose truth is known.
//!
//! ```text
//! cargo run --release -p rapport-identity --example people -- FILE... [--threads N] [--errors N]
//! ```
//! The truth is a column `cluster`, or stands in ids such as `rec-7-dup-0` (FEBRL). It is used for scoring only.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Instant;

use flate2::read::MultiGzDecoder;
use rapport_identity::{Constraints, MatchParams, RawColumn, Records, detect, resolve};
use rapport_learn::metrics::{b_cubed, pairwise};
use rapport_learn::{Cancellation, Context, Silent};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut files, mut threads, mut n_errors) = (Vec::new(), 2, 0);
    let mut params = MatchParams::default();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--threads" => threads = arguments.next().ok_or("--threads N")?.parse()?,
            "--errors" => n_errors = arguments.next().ok_or("--errors N")?.parse()?,
            "--against" => {
                params.clustering.against_max = arguments.next().ok_or("--against N")?.parse()?
            }
            "--for" => params.clustering.for_max = arguments.next().ok_or("--for N")?.parse()?,
            "--threshold" => {
                params.clustering.threshold = arguments.next().ok_or("--threshold N")?.parse()?
            }
            "--block" => {
                params.blocking.n_of_block_max = arguments.next().ok_or("--block N")?.parse()?
            }
            "--budget" => {
                params.blocking.n_per_record_max = arguments.next().ok_or("--budget N")?.parse()?
            }
            "--fitted" => params.n_fitted_max = arguments.next().ok_or("--fitted N")?.parse()?,
            "--kept" => params.kept_above = arguments.next().ok_or("--kept N")?.parse()?,
            "--refits" => params.n_refits = arguments.next().ok_or("--refits N")?.parse()?,
            _ => files.push(argument),
        }
    }
    for file in files {
        measure(Path::new(&file), &params, threads, n_errors)?;
    }
    Ok(())
}

fn measure(
    path: &Path,
    params: &MatchParams,
    threads: usize,
    n_errors: usize,
) -> Result<(), Box<dyn Error>> {
    let table = Table::read(path)?;
    let truth = table
        .truth()
        .ok_or("no column `cluster` and no ids of FEBRL")?;
    let columns: Vec<(&str, Vec<&str>)> = table.columns();
    let cancel = Cancellation::default();
    let threads = NonZeroUsize::new(threads).ok_or("at least one thread")?;
    let context = Context::new(42, &Silent, &cancel).with_threads(threads);

    let start = Instant::now();
    let fields = detect(&columns);
    let kinds: Vec<String> = fields
        .iter()
        .map(|field| format!("{}={:?}", field.name, field.kind))
        .collect();
    let raw: Vec<RawColumn<'_>> = fields
        .into_iter()
        .zip(columns)
        .map(|(field, (_, values))| RawColumn { field, values })
        .collect();
    let records = Records::new(&raw, &context)?;
    let read = start.elapsed().as_secs_f64();
    let found = resolve(&records, &Constraints::none(), params, &context)?;
    let seconds = start.elapsed().as_secs_f64();
    let (pairs, rows) = (
        pairwise(&found.clusters, &truth)?,
        b_cubed(&found.clusters, &truth)?,
    );
    println!(
        "{}: {} records in {seconds:.2} s ({read:.2} s to clean)",
        path.display(),
        records.n_records()
    );
    println!("  {}", kinds.join(", "));
    println!(
        "  pairwise P {:.4} R {:.4} F1 {:.4}; B-cubed P {:.4} R {:.4} F1 {:.4}",
        pairs.precision, pairs.recall, pairs.f1, rows.precision, rows.recall, rows.f1
    );
    println!("  {:?}", found.blocking);
    let n_true: u64 = count_pairs(&truth);
    let kept = found
        .edges
        .iter()
        .filter(|edge| truth[edge.left as usize] == truth[edge.right as usize]);
    println!(
        "  share of true pairs among kept edges {:.4}; prior {:.2e}",
        kept.count() as f64 / n_true as f64,
        found.model.prior
    );
    if n_errors > 0 {
        for (field, levels) in found.model.fields.iter().zip(&found.model.levels) {
            let levels: Vec<String> = levels[1..]
                .iter()
                .map(|l| format!("{:.3}/{:.1e}={:.1}", l.m, l.u, l.weight))
                .collect();
            println!("  {:>18} {}", field.name, levels.join("  "));
        }
        show_errors(&records, &found, &truth, n_errors);
    }
    Ok(())
}

fn show_errors(records: &Records, found: &rapport_identity::Resolution, truth: &[u32], n: usize) {
    let mut shown = [0, 0];
    let step = (truth.len() / 400).max(1);
    for a in (0..truth.len()).step_by(step) {
        for b in 0..truth.len() {
            let (is_true, is_found) =
                (truth[a] == truth[b], found.clusters[a] == found.clusters[b]);
            if a == b || is_true == is_found || shown[usize::from(is_true)] >= n {
                continue;
            }
            shown[usize::from(is_true)] += 1;
            let why = found.explain(records, a as u32, b as u32);
            println!(
                "{} {a} {b} total {:.1}",
                if is_true { "MISSED" } else { "WRONG" },
                why.total
            );
            for (idx, step) in why.steps.iter().enumerate() {
                println!(
                    "    {:>16} {:?} | {:?} {:?} {:.1} {:+.1}",
                    step.field,
                    records.value(a, idx),
                    records.value(b, idx),
                    step.level,
                    step.weight,
                    step.rareness
                );
            }
        }
    }
}

fn count_pairs(labels: &[u32]) -> u64 {
    let mut sizes: HashMap<u32, u64> = HashMap::new();
    for label in labels {
        *sizes.entry(*label).or_default() += 1;
    }
    sizes.values().map(|n| n * (n - 1) / 2).sum()
}

struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let file = File::open(path)?;
        let plain: Box<dyn Read> = if path.extension().is_some_and(|end| end == "gz") {
            Box::new(MultiGzDecoder::new(file))
        } else {
            Box::new(file)
        };
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(plain);
        let header = reader.headers()?.iter().map(str::to_owned).collect();
        let rows: Result<Vec<Vec<String>>, csv::Error> = reader
            .records()
            .map(|row| row.map(|row| row.iter().map(str::to_owned).collect()))
            .collect();
        Ok(Self {
            header,
            rows: rows?,
        })
    }

    fn truth_column(&self) -> Option<usize> {
        self.header.iter().position(|name| name == "cluster")
    }

    fn columns(&self) -> Vec<(&str, Vec<&str>)> {
        let truth = self.truth_column();
        let kept = (0..self.header.len()).filter(|&idx| Some(idx) != truth);
        kept.map(|idx| {
            (
                self.header[idx].as_str(),
                self.rows.iter().map(|row| row[idx].as_str()).collect(),
            )
        })
        .collect()
    }

    fn truth(&self) -> Option<Vec<u32>> {
        let names: Vec<String> = match self.truth_column() {
            Some(idx) => self.rows.iter().map(|row| row[idx].clone()).collect(),
            None => {
                let names = self.rows.iter().map(|row| {
                    let (name, copy) = row[0].strip_prefix("rec-")?.split_once('-')?;
                    (copy == "org" || copy.starts_with("dup-")).then(|| name.to_owned())
                });
                names.collect::<Option<_>>()?
            }
        };
        let mut known = HashMap::new();
        let labels = names.into_iter().map(|name| {
            let next = known.len() as u32;
            *known.entry(name).or_insert(next)
        });
        Some(labels.collect())
    }
}
