//! `rapport lab segment`.

use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rapport_learn::{Cancellation, Context, Deadline, Progress};
use rapport_pipelines::lab::{self, LabError, LabTable, Roles, SegmentLab};
use rapport_segment::{Method, SegmentParams};
use serde_json::json;

use crate::cli::{LabSegmentArgs, LabSegmentModel};
use crate::commands::workspace::system_now;
use crate::memory;
use crate::output::{self, BadInput};

pub(crate) async fn run(args: LabSegmentArgs) -> Result<()> {
    let roles = Roles::parse(&args.map, &["id", "label", "customer", "at", "amount"])
        .map_err(as_bad_input)?;
    let train = read_all(&args)?;
    let valid = read_one(args.valid.as_deref(), &args)?;
    let test = read_one(args.test.as_deref(), &args)?;
    for table in [Some(&train), valid.as_ref(), test.as_ref()]
        .into_iter()
        .flatten()
    {
        if table.n_rejected > 0 {
            let n = table.n_rejected;
            tracing::warn!(
                file = table.file,
                "{n} rows cannot be taken apart and are left out"
            );
        }
    }
    let params = SegmentParams {
        method: match args.model {
            LabSegmentModel::Auto => Method::Auto,
            LabSegmentModel::Kmeans => Method::KMeans,
            LabSegmentModel::Ward => Method::Ward,
            LabSegmentModel::Rfm => Method::Rfm,
        },
        k: args.k.map(|k| k as usize),
        ..SegmentParams::default()
    };
    let lab = SegmentLab {
        train,
        valid,
        test,
        roles,
        params,
        save: args.save.as_deref(),
        now: system_now(),
    };
    let cancel = Cancellation::default();
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let context = Context::new(args.seed, &Logged, &cancel).with_threads(threads);
    let clock = Instant::now;
    let context = match args.budget {
        Some(seconds) => context.with_deadline(Deadline::new(
            Instant::now() + Duration::from_secs(seconds),
            &clock,
        )),
        None => context,
    };
    let result = lab::segment(lab, &context).await.map_err(as_bad_input)?;
    if args.json {
        let mut summary = result.summary;
        summary["peak_rss_mib"] = json!(memory::peak_rss_mib());
        summary["version"] = json!(env!("CARGO_PKG_VERSION"));
        output::json(&summary)?;
    } else {
        let metrics = &result.summary["metrics"];
        output::line(&format!(
            "{} segments by {}",
            result.summary["k"], result.summary["model"]
        ));
        output::line(&format!("metrics   {metrics}"));
        output::line(&format!("baseline  {}", result.summary["baseline"]));
        for (size, en, zh) in &result.segments {
            output::line(&format!("{size:>8}  {en} · {zh}"));
        }
    }
    Ok(())
}

fn read_one(path: Option<&Path>, args: &LabSegmentArgs) -> Result<Option<LabTable>> {
    let table = path.map(|path| LabTable::read(path, !args.no_header));
    table.transpose().map_err(as_bad_input)
}

fn read_all(args: &LabSegmentArgs) -> Result<LabTable> {
    let mut tables = args
        .train
        .iter()
        .map(|path| LabTable::read(path, !args.no_header));
    let first = tables
        .next()
        .ok_or_else(|| BadInput("name a training file".to_owned()))?;
    let mut all = first.map_err(as_bad_input)?;
    for table in tables {
        all.append(table.map_err(as_bad_input)?)
            .map_err(as_bad_input)?;
    }
    Ok(all)
}

/// Bad arguments and unreadable data end with code 2; a failure of learning with 1.
fn as_bad_input(error: LabError) -> anyhow::Error {
    match error {
        LabError::Learn(error) => error.into(),
        other => BadInput(other.to_string()).into(),
    }
}

/// Tells progress in the log, on standard error.
struct Logged;

impl Progress for Logged {
    fn report(&self, step: &str, done: u64, total: u64) {
        tracing::info!(done, total, "{step}");
    }
}
