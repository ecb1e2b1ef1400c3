//! `rapport lab match`.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rapport_identity::MatchParams;
use rapport_learn::{Cancellation, Context, Deadline};
use rapport_pipelines::lab::{self, MATCH_ROLES, MatchLab, PairsLab, Roles};
use serde_json::{Value, json};

use super::files::{Logged, as_bad_input, read_one, require_new, warn_of_rejected};
use crate::cli::LabMatchArgs;
use crate::memory;
use crate::output::{self, BadInput};

pub(crate) fn run(args: &LabMatchArgs) -> Result<()> {
    require_new(args.save.as_deref())?;
    let roles = Roles::parse(&args.map, &MATCH_ROLES).map_err(as_bad_input)?;
    if let Some(folder) = &args.pairs {
        return run_pairs(args, folder, roles);
    }
    let has_header = !args.no_header;
    let left = read_one(args.records.as_deref().or(args.left.as_deref()), has_header)?;
    let lab = MatchLab {
        left: left.ok_or_else(|| {
            BadInput("name a file with --records, or two with --left and --right".to_owned())
        })?,
        right: read_one(args.right.as_deref(), has_header)?,
        truth: read_one(args.truth.as_deref(), true)?,
        roles,
        params: MatchParams::default(),
    };
    warn_of_rejected([Some(&lab.left), lab.right.as_ref()].into_iter().flatten());
    let cancel = Cancellation::default();
    let clock = Instant::now;
    let context = context(args, &cancel, &clock);
    let found = lab::match_records(&lab, &context).map_err(as_bad_input)?;
    if let Some(path) = &args.save {
        save(path, &found.groups)?;
    }
    if args.json {
        return print_json(found.summary);
    }
    output::line(&format!(
        "{} groups in {} rows",
        found.summary["groups"],
        found.groups.len()
    ));
    output::line(&format!("metrics   {}", found.summary["metrics"]));
    output::line(&format!("baseline  {}", found.summary["baseline"]));
    Ok(())
}

/// Learns from labelled pairs and measures on others.
fn run_pairs(args: &LabMatchArgs, folder: &Path, roles: Roles) -> Result<()> {
    let lab = PairsLab::read(folder, roles).map_err(as_bad_input)?;
    warn_of_rejected([&lab.left, &lab.right, &lab.train, &lab.valid]);
    let cancel = Cancellation::default();
    let clock = Instant::now;
    let summary = lab::match_pairs(&lab, &context(args, &cancel, &clock)).map_err(as_bad_input)?;
    if args.json {
        return print_json(summary);
    }
    output::line(&format!("learner   {}", summary["model"]));
    output::line(&format!("metrics   {}", summary["metrics"]));
    output::line(&format!("baseline  {}", summary["baseline"]));
    Ok(())
}

/// Seed, threads and the deadline that were asked for.
fn context<'c>(
    args: &LabMatchArgs,
    cancel: &'c Cancellation,
    clock: &'c (dyn Fn() -> Instant + Sync),
) -> Context<'c> {
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let context = Context::new(args.seed, &Logged, cancel).with_threads(threads);
    match args.budget {
        Some(seconds) => {
            let at = Instant::now() + Duration::from_secs(seconds);
            context.with_deadline(Deadline::new(at, clock))
        }
        None => context,
    }
}

fn print_json(mut summary: Value) -> Result<()> {
    summary["peak_rss_mib"] = json!(memory::peak_rss_mib());
    summary["version"] = json!(env!("CARGO_PKG_VERSION"));
    output::json(&summary)
}

/// Every row's file, id and group, as CSV.
fn save(path: &Path, groups: &[(String, String, u32)]) -> Result<()> {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut text = "file,id,group\n".to_owned();
    for (file, id, group) in groups {
        text += &format!("{},{},{group}\n", cell(file), cell(id));
    }
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}
