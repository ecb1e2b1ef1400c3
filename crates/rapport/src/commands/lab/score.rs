//! `rapport lab score`.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use anyhow::Result;
use rapport_learn::scorer::{ScorerMethod, ScorerParams};
use rapport_learn::{Cancellation, Context, Deadline};
use rapport_pipelines::lab::{self, Roles, ScoreLab};
use serde_json::json;

use super::files::{Logged, as_bad_input, read_all, read_one, require_new, warn_of_rejected};
use crate::cli::{LabScoreArgs, LabScoreModel};
use crate::commands::workspace::system_now;
use crate::memory;
use crate::output::{self, BadInput};

pub(crate) fn run(args: &LabScoreArgs) -> Result<()> {
    require_new(args.save.as_deref())?;
    let roles = Roles::parse(&args.map, &["target", "id"]).map_err(as_bad_input)?;
    let has_header = !args.no_header;
    let test = read_one(Some(&args.test), has_header)?;
    let lab = ScoreLab {
        train: read_all(&args.train, has_header)?,
        valid: read_one(args.valid.as_deref(), has_header)?,
        test: test.ok_or_else(|| BadInput("name a test file".to_owned()))?,
        roles,
        positive: args.positive.clone(),
        params: ScorerParams {
            method: match args.model {
                LabScoreModel::Auto => ScorerMethod::Auto,
                LabScoreModel::Logistic => ScorerMethod::Logistic,
                LabScoreModel::BoostedTrees => ScorerMethod::BoostedTrees,
            },
            ..ScorerParams::default()
        },
        save: args.save.as_deref(),
        now: system_now(),
    };
    let tables = [Some(&lab.train), lab.valid.as_ref(), Some(&lab.test)];
    warn_of_rejected(tables.into_iter().flatten());
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
    let mut summary = lab::score(&lab, &(), &context).map_err(as_bad_input)?;
    if args.json {
        summary["peak_rss_mib"] = json!(memory::peak_rss_mib());
        summary["version"] = json!(env!("CARGO_PKG_VERSION"));
        return output::json(&summary);
    }
    output::line(&format!("scored by {}", summary["model"]));
    output::line(&format!("metrics   {}", summary["metrics"]));
    output::line(&format!("baseline  {}", summary["baseline"]));
    Ok(())
}
