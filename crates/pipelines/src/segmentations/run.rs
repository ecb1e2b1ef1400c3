//! The job: read, derive, decide, write.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use rapport_domain::{JobProgress, RunId, Timestamp};
use rapport_features::FeatureTable;
use rapport_lake::{Snapshot, first_float};
use rapport_learn::runs::RunLog;
use rapport_learn::{Cancellation, Context, Progress, Silent};
use rapport_store::contacts;
use rapport_store::models::Evidence;
use rapport_store::runs::{self as stored_runs, RunData, RunStatus};
use rapport_store::segmentations::{self, Segmentation};
use serde_json::json;

use super::compare;
use super::publish::{self, Entering, Fitted};
use super::{SegmentationRequest, told};
use crate::error::PipelineError;
use crate::jobs::JobContext;
use crate::{Workspace, runs};

/// How often the fit's progress is passed on.
const PASS_ON_EVERY: Duration = Duration::from_millis(200);

/// Makes and publishes a segmentation.
pub(crate) async fn run(
    workspace: &Workspace,
    request: SegmentationRequest,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let id = publish::id_of(job.leased().job.id);
    let run = told::run_of(job.leased().job.id);
    if let Some(published) = segmentations::find(&workspace.store, id).await? {
        // A worker was killed between the publication and the end of its job.
        end_run(workspace, run, &published, None).await?;
        return Ok(result_of(&published));
    }
    runs::begin(workspace, told::new_run(&job.leased().job, &request)).await?;
    job.report(step("building_features")).await?;
    let started = workspace.clock.now();
    let table = Arc::new(build_features(workspace).await?);
    let built = workspace.clock.now();
    job.report(step("segment_customers")).await?;
    let (fitted, evidence) = fit(workspace, &table, &request, job).await?;
    let fitted_at = workspace.clock.now();
    job.report(step("publishing")).await?;
    let log = RunLog::default();
    told::tell(&fitted, &log);
    runs::pass_on(workspace, run, &log).await?;
    let entering = Entering {
        run_id: Some(run),
        evidence,
    };
    let published = publish::publish(workspace, job.leased(), &table, &fitted, entering).await?;
    let data = RunData {
        n_rows: table.n_customers() as u64,
        fingerprint: table.fingerprint(),
        as_of: Some(table.as_of),
    };
    end_run(workspace, run, &published, Some(data)).await?;
    let mut result = result_of(&published);
    result["seconds"] = json!({
        "features": seconds(started, built),
        "fit": seconds(built, fitted_at),
    });
    Ok(result)
}

/// Ends the run of a published segmentation, unless it has been ended.
async fn end_run(
    workspace: &Workspace,
    run: RunId,
    published: &Segmentation,
    data: Option<RunData>,
) -> Result<(), PipelineError> {
    let found = stored_runs::find(&workspace.store, run).await?;
    match found {
        Some(row) if row.run.status == RunStatus::Running => {
            runs::end(workspace, run, told::ending(published, data)).await
        }
        _ => Ok(()),
    }
}

/// Features of all customers who are contacts. The events still know of those that were deleted.
pub(super) async fn build_features(workspace: &Workspace) -> Result<FeatureTable, PipelineError> {
    let snapshot = workspace.events().await?;
    let as_of = end_of_history(&snapshot, workspace.clock.now()).await?;
    let mut table = rapport_features::build(&snapshot, as_of).await?;
    let contacts = contacts::existing(&workspace.store, &table.customer_ids).await?;
    table.retain(|customer| contacts.contains(&customer));
    Ok(table)
}

fn result_of(published: &Segmentation) -> serde_json::Value {
    json!({
        "segmentation_id": published.id,
        "method": published.method,
        "k": published.k,
        "silhouette": published.silhouette,
        "stability_ari": published.stability_ari,
        "baseline": published.baseline,
        "n_customers": published.n_customers,
    })
}

fn step(name: &str) -> JobProgress {
    JobProgress {
        step: name.to_owned(),
        done: 0,
        total: None,
    }
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    (to.as_micros() - from.as_micros()) as f64 / 1e6
}

/// The instant as of which features are built: just after the latest event, and never later than
/// now. Where events keep coming that is now; a file of an old year is seen as it was then.
async fn end_of_history(snapshot: &Snapshot, now: Timestamp) -> Result<Timestamp, PipelineError> {
    let query = "SELECT CAST(max(occurred_us) AS DOUBLE) AS latest FROM events \
        WHERE customer_id IS NOT NULL AND occurred_us < $now";
    let parameters = [("now", rapport_lake::SqlValue::Integer(now.as_micros()))];
    let rows = snapshot.sql(query, &parameters).await?;
    let latest = rows.first().and_then(|batch| first_float(batch, "latest"));
    // Whole microseconds of this millennium are exact in a double.
    Ok(latest.map_or(now, |micros| Timestamp::from_micros(micros as i64 + 1)))
}

/// Fits on a thread of its own, so that the server keeps answering; passes progress on and asks
/// whether to stop.
async fn fit(
    workspace: &Workspace,
    table: &Arc<FeatureTable>,
    request: &SegmentationRequest,
    job: &mut JobContext<'_>,
) -> Result<(Fitted, Option<Evidence>), PipelineError> {
    let champion = compare::champion(workspace).await?;
    let now = workspace.clock.now();
    let cancel = Cancellation::default();
    let (sender, steps) = mpsc::channel();
    let work = {
        let (table, request, cancel) = (Arc::clone(table), request.clone(), cancel.clone());
        move || {
            let fitted = fit_here(&table, &request, sender, &cancel)?;
            let context = Context::new(request.seed, &Silent, &cancel).with_threads(threads());
            let evidence = compare::compare(&table, &fitted, champion.as_ref(), now, &context);
            Ok((fitted, evidence))
        }
    };
    let mut fit = tokio::task::spawn_blocking(work);
    let mut latest = step("segment_customers");
    loop {
        tokio::select! {
            done = &mut fit => return done?,
            () = tokio::time::sleep(PASS_ON_EVERY) => {
                latest = latest_of(&steps).unwrap_or(latest);
                // Reported even where nothing moved: this is where the job hears of its end.
                if let Err(error) = job.report(latest.clone()).await {
                    cancel.cancel();
                    // The thread stops at its next look; its result is of no use any more.
                    let _ = fit.await;
                    return Err(error);
                }
            }
        }
    }
}

pub(super) fn fit_here(
    table: &FeatureTable,
    request: &SegmentationRequest,
    steps: Sender<JobProgress>,
    cancel: &Cancellation,
) -> Result<Fitted, PipelineError> {
    let progress = Steps(std::sync::Mutex::new(steps));
    let context = Context::new(request.seed, &progress, cancel).with_threads(threads());
    publish::fit(table, request, &context)
}

fn threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

fn latest_of(steps: &Receiver<JobProgress>) -> Option<JobProgress> {
    steps.try_iter().last()
}

/// Passes a fit's progress to the job.
struct Steps(std::sync::Mutex<Sender<JobProgress>>);

impl Progress for Steps {
    fn report(&self, _step: &str, done: u64, total: u64) {
        let total = (total > 0).then_some(total);
        let progress = JobProgress {
            step: "segment_customers".to_owned(),
            done,
            total,
        };
        if let Ok(sender) = self.0.lock() {
            // The job may have stopped listening: the fit is told by its cancellation.
            let _ = sender.send(progress);
        }
    }
}
