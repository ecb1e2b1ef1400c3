//! Building a demo: files, imports, segments, and what came of them. Steps that an earlier run of
//! the same demo finished are not done again.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use rapport_domain::{ImportStatus, JobStatus};
use rapport_pipelines::{Workspace, imports, jobs, keep_first_pipeline, segmentations};
use rapport_store::imports::Import;
use rapport_store::jobs::Job;
use rapport_store::{ListQuery, Op, reports};
use rapport_twin::TwinParams;

use super::summary::{Rows, SegmentSummary, SegmentationSummary, Summary};
use crate::cli::DemoArgs;
use crate::commands::{files, mapping};
use crate::memory;
use crate::output::BadInput;
use crate::progress::Step;

/// How the learner says that there are too few customers: a job keeps only the words.
const TOO_FEW: &str = "customers are too few to segment";

/// A file to import, and what to call the system that it comes from.
struct Source {
    path: PathBuf,
    name: String,
}

/// Imports everything and finds the segments.
pub(super) async fn build(workspace: &Workspace, args: &DemoArgs) -> Result<Summary> {
    let mut summary = Summary {
        seed: args.seed,
        version: env!("CARGO_PKG_VERSION"),
        ..Summary::default()
    };
    let started = Instant::now();
    let sources = match args.data.as_slice() {
        [] => timed(&mut summary, "make_company", || {
            make_company(workspace, args)
        })?,
        files => files.iter().map(|path| source_of(path)).collect(),
    };
    keep_first_pipeline(workspace).await?;
    let import_started = Instant::now();
    for source in &sources {
        let import = import_file(workspace, source).await?;
        add(&mut summary.rows, &import);
        summary.files.push(import.file_name);
    }
    let seconds = import_started.elapsed().as_secs_f64();
    summary.seconds.insert("import".to_owned(), seconds);
    summary.rows_per_second = (seconds > 0.0).then(|| summary.rows.read as f64 / seconds);
    find_segments(workspace, args, &mut summary).await?;
    count(workspace, &mut summary).await?;
    summary
        .seconds
        .insert("total".to_owned(), started.elapsed().as_secs_f64());
    summary.peak_rss_mib = memory::peak_rss_mib();
    Ok(summary)
}

fn timed<T>(
    summary: &mut Summary,
    step: &'static str,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let started = Instant::now();
    let outcome = work()?;
    summary
        .seconds
        .insert(step.to_owned(), started.elapsed().as_secs_f64());
    Ok(outcome)
}

fn source_of(path: &Path) -> Source {
    let name = super::stem(path);
    Source {
        path: path.to_owned(),
        name,
    }
}

/// Writes the make-believe company's files, unless they are there.
fn make_company(workspace: &Workspace, args: &DemoArgs) -> Result<Vec<Source>> {
    // Another company is another folder, so that a chosen data directory does not serve an old one.
    let name = format!("twin-{}-{}", args.customers, args.seed);
    let folder = workspace.data_dir().join(name);
    let done = folder.join("truth").join("README.md");
    if !done.exists() {
        let twin = TwinParams::new(args.seed, args.customers).check()?;
        let step = Step::start("Making up a company");
        let counts = twin
            .write(&folder, &mut |done, total| step.update(done, Some(total)))
            .with_context(|| format!("writing to {}", folder.display()))?;
        step.finish(&format!("{} people", counts.people));
    }
    let files = rapport_twin::sources();
    Ok(files
        .iter()
        .map(|file| Source {
            path: folder.join(file.file_name),
            name: file.source.to_owned(),
        })
        .collect())
}

/// Imports one file, or goes on with its import.
async fn import_file(workspace: &Workspace, source: &Source) -> Result<Import> {
    let file_name = files::name(&source.path);
    let import = match earlier(workspace, source, &file_name).await? {
        Some(import) if import.status == ImportStatus::Done => return Ok(import),
        Some(import) => import,
        None => {
            let file = tokio::fs::File::open(&source.path).await.map_err(|error| {
                BadInput(format!("cannot read {}: {error}", source.path.display()))
            })?;
            let import = imports::upload(workspace, &file_name, &source.name, None, u64::MAX, file)
                .await
                .map_err(mapping::as_bad_input)?;
            mapping::show(&import)?;
            import
        }
    };
    run(workspace, import).await
}

/// Runs an import to its end, with a progress bar.
pub(crate) async fn run(workspace: &Workspace, import: Import) -> Result<Import> {
    let job_id = match (import.status, import.job_id) {
        // A run that was killed left its job behind: the worker takes it up.
        (ImportStatus::Queued | ImportStatus::Running, Some(job_id)) => job_id,
        _ => imports::start(workspace, import.id).await?.id,
    };
    let step = Step::start(&format!("Importing {}", import.file_name));
    let job = jobs::run_until_over(workspace, job_id, &mut |progress| {
        step.update(progress.done, progress.total);
    })
    .await?;
    let import = rapport_store::imports::find(&workspace.store, import.id)
        .await?
        .context("the import is gone")?;
    if job.status != JobStatus::Done {
        let reason = job.error.unwrap_or_else(|| "it was cancelled".to_owned());
        bail!("importing {} stopped: {reason}", import.file_name);
    }
    step.finish(&format!(
        "{} rows taken, {} rejected",
        import.counts.accepted,
        import.counts.n_rejected()
    ));
    Ok(import)
}

/// The import of this file by an earlier run: of its name, and of what it holds today.
async fn earlier(
    workspace: &Workspace,
    source: &Source,
    file_name: &str,
) -> Result<Option<Import>> {
    let query = ListQuery {
        limit: 100,
        ..ListQuery::default()
    };
    let query = query.with("file_name", Op::Eq, file_name);
    let page = rapport_store::imports::list(&workspace.store, &query).await?;
    Ok(page
        .items
        .into_iter()
        .find(|import| files::is_same(&workspace.upload_path(import.id), &source.path)))
}

fn add(rows: &mut Rows, import: &Import) {
    rows.read += import.counts.read;
    rows.accepted += import.counts.accepted;
    rows.unchanged += import.counts.unchanged;
    for (reason, n) in &import.counts.rejected {
        *rows.rejected.entry(*reason).or_default() += n;
    }
}

async fn find_segments(
    workspace: &Workspace,
    args: &DemoArgs,
    summary: &mut Summary,
) -> Result<()> {
    let store = &workspace.store;
    if !is_segmented(workspace).await? {
        let started = Instant::now();
        let request = segmentations::SegmentationRequest {
            seed: args.seed,
            ..segmentations::SegmentationRequest::default()
        };
        let job = segmentations::start(workspace, request).await?;
        let step = Step::start("Finding segments");
        let job = jobs::run_until_over(workspace, job.id, &mut |progress| {
            step.update(progress.done, progress.total);
        })
        .await?;
        step.finish(job.error.as_deref().unwrap_or("done"));
        tell_failure(&job, summary);
        for (name, seconds) in segmentations::seconds_of(&job) {
            summary.seconds.insert(name, seconds);
        }
        summary
            .seconds
            .insert("segments".to_owned(), started.elapsed().as_secs_f64());
    }
    let Some(current) = rapport_store::segmentations::find_current(store).await? else {
        return Ok(());
    };
    let segments = rapport_store::segmentations::list_segments(store, current.id).await?;
    summary.segmentation = Some(SegmentationSummary {
        method: current.method,
        k: current.k,
        silhouette: current.silhouette,
        stability_ari: current.stability_ari,
        baseline: current.baseline.map(serde_json::to_value).transpose()?,
        segments: segments
            .into_iter()
            .map(|segment| SegmentSummary {
                name: segment.name,
                size: segment.size,
                share: segment.share,
            })
            .collect(),
    });
    Ok(())
}

/// Whether the current segmentation knows all that was imported.
async fn is_segmented(workspace: &Workspace) -> Result<bool> {
    let store = &workspace.store;
    let Some(current) = rapport_store::segmentations::find_current(store).await? else {
        return Ok(false);
    };
    let later = ListQuery {
        limit: 1,
        ..ListQuery::default()
    };
    let later = later.with("finished_at", Op::Gt, current.created_at);
    let later = later.with("status", Op::Eq, "done");
    let later = rapport_store::imports::list(store, &later).await?;
    Ok(later.items.is_empty())
}

/// Tells why a training failed; that a shop has few customers is no failure of the demo.
fn tell_failure(job: &Job, summary: &mut Summary) {
    if job.status == JobStatus::Done {
        return;
    }
    let error = job.error.clone();
    let error = error.unwrap_or_else(|| "it was cancelled".to_owned());
    if error.contains(TOO_FEW) {
        summary.segmentation_note = Some(error);
    } else {
        summary.training_error = Some(error);
    }
}

async fn count(workspace: &Workspace, summary: &mut Summary) -> Result<()> {
    let totals = reports::totals(&workspace.store).await?;
    summary.customers = totals.n_contacts;
    summary.companies = totals.n_companies;
    summary.deals = totals.n_deals;
    summary.orders = totals.n_orders;
    summary.products = totals.n_products;
    summary.events = workspace.events().await?.n_events();
    Ok(())
}

#[cfg(test)]
mod tests {
    use rapport_segment::SegmentError;

    use super::*;

    #[test]
    fn too_few_customers_are_known_by_the_learners_words() {
        let error = SegmentError::TooFewCustomers {
            needed: 20,
            found: 3,
        };

        assert!(error.to_string().contains(TOO_FEW), "{error}");
    }
}
