//! How fast points of curves come in, and how fast 30,000 runs are listed. Figures depend on the disk;
//! the data follow from a formula.
//!
//! `cargo run --release -p rapport-store --example runs_bench`
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::time::Instant;

use rapport_domain::{IdGenerator, RunId, Timestamp};
use rapport_store::runs::{self, CurveQuery, Headline, NewRun, ParamValue, Point, RunEnd, Series};
use rapport_store::{ListQuery, Op, Store, StoreConfig, StoreError};

const N_RUNS: usize = 30_000;
const N_CURVES: usize = 5;
const N_POINTS: u64 = 1_000_000;
const N_POINTS_OF_BATCH: u64 = 1_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = tempfile::tempdir()?;
    let store = Store::open(&StoreConfig::in_directory(directory.path())).await?;
    let ids = IdGenerator::new(1);
    let now = Timestamp::from_millis(1_790_000_000_000);

    let first = points(&store, &ids, now).await?;
    let started = Instant::now();
    let query = CurveQuery {
        runs: vec![first],
        metrics: Vec::new(),
        n_points_max: 1_000,
    };
    let curves = runs::curves(&store, &query).await?;
    println!(
        "curves: {} of {N_POINTS} points thinned in {:.0} ms",
        curves[0].curves.len(),
        millis(started)
    );

    let started = Instant::now();
    for idx in 0..N_RUNS {
        one_run(&store, &ids, now.plus_seconds(idx as i64), idx).await?;
    }
    println!(
        "runs: {N_RUNS} begun, told of and ended in {:.1} s",
        millis(started) / 1e3
    );
    lists(&store).await?;
    Ok(())
}

/// Writes one run's points in batches, each durable before the next is sent.
async fn points(store: &Store, ids: &IdGenerator, now: Timestamp) -> Result<RunId, StoreError> {
    let run = runs::begin(store, new_run(ids.next(now), 0), now).await?.id;
    let started = Instant::now();
    let per_curve = N_POINTS_OF_BATCH / N_CURVES as u64;
    for first in (0..N_POINTS / N_CURVES as u64).step_by(per_curve as usize) {
        let steps = first..first + per_curve;
        let curve = |idx: usize| Series {
            metric: format!("curve_{idx}"),
            points: steps.clone().map(|step| point(step, idx)).collect(),
        };
        let series = (0..N_CURVES).map(curve).collect();
        runs::append(store, run, series, now).await?;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "points: {N_POINTS} in batches of {N_POINTS_OF_BATCH} in {seconds:.2} s, {:.0} points/s",
        N_POINTS as f64 / seconds
    );
    Ok(run)
}

fn point(step: u64, curve: usize) -> Point {
    let value = (step as f64 * 0.01).sin() / (curve + 1) as f64;
    Point { step, value }
}

async fn one_run(
    store: &Store,
    ids: &IdGenerator,
    now: Timestamp,
    idx: usize,
) -> Result<(), StoreError> {
    let id = ids.next(now);
    runs::begin(store, new_run(id, idx), now).await?;
    let curve = |curve: usize| Series {
        metric: format!("curve_{curve}"),
        points: (0..10).map(|step| point(step, curve)).collect(),
    };
    runs::append(store, id, (0..N_CURVES).map(curve).collect(), now).await?;
    let headline = Headline {
        metric: "auc".to_owned(),
        // Multiplying by a prime scatters values as trainings do.
        value: Some((idx * 7_919 % 10_000) as f64 / 10_000.0),
        baseline: Some(0.5),
        is_higher_better: true,
    };
    let later = now.plus_seconds((idx % 600) as i64);
    runs::end(store, id, RunEnd::finished(Some(headline)), later).await
}

fn new_run(id: RunId, idx: usize) -> NewRun {
    let tasks = ["segment", "score", "forecast", "recommend"];
    let params = (0..12).map(|n| {
        let value = ParamValue::number((idx * 31 + n) as f64 / 7.0);
        (format!("parameter_{n}"), value)
    });
    NewRun {
        id,
        name: format!("Training {idx} of the week"),
        task: tasks[idx % 4].to_owned(),
        model: if idx.is_multiple_of(3) {
            "logistic"
        } else {
            "boosted_trees"
        }
        .to_owned(),
        tags: vec![format!("week-{}", idx % 52)],
        seed: idx as u64,
        params: params.collect(),
        data: None,
        code_version: "0.1.0".to_owned(),
        parent_id: None,
        job_id: None,
    }
}

async fn lists(store: &Store) -> Result<(), StoreError> {
    let all = ListQuery::default;
    let score = || all().with("task", Op::Eq, "score");
    let queries = [
        ("newest first", all()),
        ("best first", all().sorted("-headline")),
        ("longest first", all().sorted("-seconds")),
        ("by model and name", all().sorted("model,name")),
        ("task, best first", score().sorted("-headline")),
        (
            "task and model, slowest",
            score().with("model", Op::Eq, "logistic").sorted("-seconds"),
        ),
        ("tag", all().with("tags", Op::Contains, "week-7")),
        (
            "text",
            ListQuery {
                search: Some("training 1234".to_owned()),
                ..all()
            },
        ),
        (
            "text and count",
            ListQuery {
                search: Some("boosted score".to_owned()),
                estimate: true,
                ..all()
            },
        ),
        (
            "500 a page",
            ListQuery {
                limit: 500,
                ..all().sorted("-headline")
            },
        ),
    ];
    for (name, query) in queries {
        let started = Instant::now();
        let page = runs::list(store, &query).await?;
        println!(
            "list, {name}: {} rows in {:.1} ms",
            page.items.len(),
            millis(started)
        );
    }
    Ok(())
}

fn millis(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e3
}
