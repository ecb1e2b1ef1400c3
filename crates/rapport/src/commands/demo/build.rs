//! Building a demo: files, imports, segments, and what came of them. Steps that an earlier run of
//! the same demo finished are not done again.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use rapport_domain::{ImportStatus, JobStatus};
use rapport_pipelines::{Workspace, imports, jobs, segmentations};
use rapport_store::imports::Import;
use rapport_store::{ListQuery, reports};
use rapport_twin::TwinParams;

use super::summary::{Rows, SegmentSummary, SegmentationSummary, Summary};
use crate::cli::DemoArgs;
use crate::commands::mapping;
use crate::memory;
use crate::output::BadInput;
use crate::progress::Step;

/// A file to import, and what to call the system that it comes from.
struct Source {
    path: PathBuf,
    name: String,
}

/// Says what is wrong with a file before anything is made.
pub(super) fn check_readable(path: &Path) -> Result<()> {
    let opened = std::fs::File::open(path).and_then(|file| file.metadata());
    match opened {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Ok(_) => bail!(BadInput(format!(
            "{} is not a file; name a file",
            path.display()
        ))),
        Err(error) => bail!(BadInput(format!("cannot read {}: {error}", path.display()))),
    }
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
    let folder = workspace.data_dir().join("twin");
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
    let file_name = source
        .path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let import = match earlier(workspace, &file_name).await? {
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

/// The import of this file by an earlier run of the same demo.
async fn earlier(workspace: &Workspace, file_name: &str) -> Result<Option<Import>> {
    let query = ListQuery {
        limit: 100,
        ..ListQuery::default()
    };
    let page = rapport_store::imports::list(&workspace.store, &query).await?;
    Ok(page
        .items
        .into_iter()
        .find(|import| import.file_name == file_name))
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
    if rapport_store::segmentations::find_current(store)
        .await?
        .is_none()
    {
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

async fn count(workspace: &Workspace, summary: &mut Summary) -> Result<()> {
    let totals = reports::totals(&workspace.store).await?;
    summary.customers = totals.n_contacts;
    summary.companies = totals.n_companies;
    summary.orders = totals.n_orders;
    summary.products = totals.n_products;
    summary.events = workspace.events().await?.n_events();
    Ok(())
}
