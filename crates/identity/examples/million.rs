//! A million made people deduplicated, and single records matched against them.
//!
//! ```text
//! cargo run --release -p rapport-identity --example million -- [--records N] [--threads N] [--write FILE]
//! ```
//! `--link N` links two sources of N records each instead, which `--write FILE` also writes, as `FILE.left.csv`
//! and `FILE.right.csv`. Options of a search for better settings: `--block N` records of a block, `--budget N` candidates per record.
//! Three records in ten are copies of another with slips, swaps and blanks, as FEBRL's generator makes them:
//! names and places are as common as real ones (Zipf), some people share a household. `--write` only writes
//! the records as CSV, with the truth in a column `cluster`.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/made.rs"]
mod made;

use std::error::Error;
use std::num::NonZeroUsize;
use std::time::Instant;

use clock::Clock;
use made::{FIELDS, People};
use rapport_identity::{
    BlockingParams, Constraints, Field, MatchIndex, MatchParams, RawColumn, Records, resolve,
};
use rapport_learn::metrics::{b_cubed, pairwise};
use rapport_learn::{Cancellation, Context};

/// Single records that are matched against all.
const N_ASKED: usize = 2_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut n_records, mut threads, mut file) = (1_000_000, 2, None);
    let (mut params, mut n_linked) = (MatchParams::default(), None);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or("every option has a value")?;
        match argument.as_str() {
            "--records" => n_records = value.parse()?,
            "--threads" => threads = value.parse()?,
            "--write" => file = Some(value),
            "--link" => n_linked = Some(value.parse()?),
            "--block" => params.blocking.n_of_block_max = value.parse()?,
            "--fitted" => params.n_fitted_max = value.parse()?,
            "--kept" => params.kept_above = value.parse()?,
            "--budget" => params.blocking.n_per_record_max = value.parse()?,
            other => return Err(format!("{other} is no option").into()),
        }
    }
    let threads = NonZeroUsize::new(threads).ok_or("at least one thread")?;
    if let Some(n) = n_linked {
        return link(n, file.as_deref(), &params, threads);
    }
    let people = People::make(n_records, 42);
    if let Some(file) = file {
        return Ok(people.write(file.as_ref(), 0..n_records)?);
    }
    let cancel = Cancellation::default();
    let clock = Clock::new();
    let context = Context::new(42, &clock, &cancel).with_threads(threads);

    let start = Instant::now();
    clock.step("cleaning");
    let records = Records::new(&columns(&people), &context)?;
    let cleaned = start.elapsed().as_secs_f64();
    let found = resolve(&records, &Constraints::none(), &params, &context)?;
    let seconds = start.elapsed().as_secs_f64();
    clock.print();
    let (pairs, rows) = (
        pairwise(&found.clusters, &people.truth)?,
        b_cubed(&found.clusters, &people.truth)?,
    );
    println!(
        "{n_records} records, {threads} threads: {seconds:.1} s, of that {cleaned:.1} s to clean"
    );
    println!(
        "pairwise P {:.4} R {:.4} F1 {:.4}; B-cubed F1 {:.4}; peak memory {} MiB (the texts included)",
        pairs.precision,
        pairs.recall,
        pairs.f1,
        rows.f1,
        peak_mib()
    );
    println!("{:?}", found.blocking);

    let start = Instant::now();
    let mut index = MatchIndex::new(records, found.model, BlockingParams::default(), &context)?;
    println!(
        "index: {:.1} s, peak memory {} MiB",
        start.elapsed().as_secs_f64(),
        peak_mib()
    );
    let (mut seconds, mut of_processor) = (Vec::with_capacity(N_ASKED), Vec::new());
    let mut n_right = 0;
    for (original, texts) in people.asked(N_ASKED) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (start, at_work) = (Instant::now(), seconds_at_work());
        let matches = index.find(&texts, 0.0)?;
        seconds.push(start.elapsed().as_secs_f64());
        of_processor.push(seconds_at_work() - at_work);
        let best = matches
            .first()
            .map(|best| people.truth[best.record as usize]);
        n_right += usize::from(best == Some(people.truth[original]));
    }
    for (whose, mut seconds) in [
        ("by the clock", seconds),
        ("of the processor", of_processor),
    ] {
        seconds.sort_by(f64::total_cmp);
        let at = |share: f64| seconds[((N_ASKED - 1) as f64 * share) as usize] * 1e3;
        println!(
            "one record against {n_records}, {whose}: median {:.2} ms, p95 {:.2} ms, most {:.2} ms",
            at(0.5),
            at(0.95),
            at(1.0)
        );
    }
    println!(
        "right person first for {:.4}",
        n_right as f64 / N_ASKED as f64
    );
    Ok(())
}

/// Seconds that this thread was at work, from the kernel's books: on a machine that others use, too, the clock
/// also tells of them.
fn seconds_at_work() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told
        .split(' ')
        .next()
        .and_then(|first| first.parse::<f64>().ok());
    nanoseconds.unwrap_or(0.0) / 1e9
}

fn columns(people: &People) -> Vec<RawColumn<'_>> {
    let fields = FIELDS.iter().enumerate();
    fields
        .map(|(idx, &(name, kind))| RawColumn {
            field: Field::new(name, kind),
            values: people.column(idx),
        })
        .collect()
}

/// Two sources, each of which has a person once.
fn link(
    n: usize,
    file: Option<&str>,
    params: &MatchParams,
    threads: NonZeroUsize,
) -> Result<(), Box<dyn Error>> {
    let people = People::of_two_sources(n, 42);
    if let Some(file) = file {
        people.write(format!("{file}.left.csv").as_ref(), 0..n)?;
        people.write(format!("{file}.right.csv").as_ref(), n..2 * n)?;
    }
    let cancel = Cancellation::default();
    let clock = Clock::new();
    let context = Context::new(42, &clock, &cancel).with_threads(threads);
    let sources: Vec<Option<u32>> = (0..2 * n).map(|at| Some(u32::from(at >= n))).collect();

    let start = Instant::now();
    clock.step("cleaning");
    let records = Records::new(&columns(&people), &context)?;
    let constraints = Constraints::none().never_within_source(&sources);
    let found = resolve(&records, &constraints, params, &context)?;
    let seconds = start.elapsed().as_secs_f64();
    clock.print();

    let pairs = pairwise(&found.clusters, &people.truth)?;
    let rows = b_cubed(&found.clusters, &people.truth)?;
    println!(
        "{n} records linked with {n}, {threads} threads: {seconds:.2} s; pairwise P {:.4} R {:.4} F1 {:.4}; \
         B-cubed F1 {:.4}; {} pairs",
        pairs.precision, pairs.recall, pairs.f1, rows.f1, found.blocking.n_pairs
    );
    Ok(())
}

/// The most memory that the process held, from the kernel's books.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
