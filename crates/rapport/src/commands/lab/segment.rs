//! `rapport lab segment`.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use anyhow::Result;
use rapport_learn::{Cancellation, Context, Deadline};
use rapport_pipelines::lab::{self, Roles, SegmentLab};
use rapport_segment::{Method, SegmentParams};
use serde_json::json;

use super::files::{Logged, as_bad_input, read_all, read_one, require_new, warn_of_rejected};
use crate::cli::{LabSegmentArgs, LabSegmentModel};
use crate::commands::workspace::system_now;
use crate::memory;
use crate::output;

pub(crate) async fn run(args: LabSegmentArgs) -> Result<()> {
    require_new(args.save.as_deref())?;
    let roles = Roles::parse(&args.map, &["id", "label", "customer", "at", "amount"])
        .map_err(as_bad_input)?;
    let has_header = !args.no_header;
    let train = read_all(&args.train, has_header)?;
    let valid = read_one(args.valid.as_deref(), has_header)?;
    let test = read_one(args.test.as_deref(), has_header)?;
    let tables = [Some(&train), valid.as_ref(), test.as_ref()];
    warn_of_rejected(tables.into_iter().flatten());
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
