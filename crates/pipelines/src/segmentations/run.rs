//! The job: read, derive, decide, write.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use rapport_domain::{JobProgress, ModelId, RunId, Timestamp};
use rapport_features::FeatureTable;
use rapport_learn::runs::RunLog;
use rapport_learn::{Cancellation, Context, Persist as _, Progress, Silent};
use rapport_segment::{Report, SegmentModel};
use rapport_store::contacts;
use rapport_store::feature_snapshots;
use rapport_store::models::{self, Entry, Evidence};
use rapport_store::runs::{self as stored_runs, RunData, RunStatus};
use rapport_store::segmentations::{self, Segmentation, SegmentationStatus};
use serde_json::json;

use super::compare::{self, Champion, Fate};
use super::input::{self, Fitted};
use super::publish::{self, Learned};
use super::{MODEL_KIND, SegmentationMethod, SegmentationRequest, told};
use crate::error::PipelineError;
use crate::jobs::JobContext;
use crate::{Workspace, leftovers, runs};

/// How often the fit's progress is passed on.
const PASS_ON_EVERY: Duration = Duration::from_millis(200);

/// Why a version serves that was not better than a champion of another time.
const OUTDATED: &str = "the champion before cannot tell the segments of today's customers";

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
        let folder = workspace.model_path(ModelId(id.0));
        let model = tokio::task::spawn_blocking(move || SegmentModel::load(&folder)).await??;
        let data = run_data(workspace, &published).await?;
        end_run(workspace, run, model.report(), data).await?;
        return result_of(workspace, &published).await;
    }
    runs::begin(workspace, told::new_run(&job.leased().job, &request)).await?;
    job.report(step("building_features")).await?;
    let started = workspace.clock.now();
    let table = Arc::new(build_features(workspace).await?);
    let built = workspace.clock.now();
    job.report(step("segment_customers")).await?;
    let learned = learn(workspace, &table, &request, job).await?;
    let fitted_at = workspace.clock.now();
    let log = RunLog::default();
    told::tell(&learned.fitted, &log);
    runs::pass_on(workspace, run, &log).await?;
    // Just before, for a worker that slept through its lease would touch the files of the next one.
    job.report(step("publishing")).await?;
    let published = publish::publish(workspace, job.leased(), &table, &learned, Some(run)).await?;
    let data = RunData {
        n_rows: table.n_customers() as u64,
        fingerprint: table.fingerprint(),
        as_of: Some(table.as_of),
    };
    let report = learned.fitted.model.report();
    end_run(workspace, run, report, Some(data)).await?;
    // What this publication took off the records; a failure leaves it to the next.
    if let Err(error) = leftovers::sweep(workspace, Workspace::ORPHAN_AGE).await {
        tracing::warn!(%error, "files that no record names could not be deleted");
    }
    let mut result = result_of(workspace, &published).await?;
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
    report: &Report,
    data: Option<RunData>,
) -> Result<(), PipelineError> {
    let found = stored_runs::find(&workspace.store, run).await?;
    match found {
        Some(row) if row.run.status == RunStatus::Running => {
            runs::end(workspace, run, told::ending(report, data)).await
        }
        _ => Ok(()),
    }
}

/// Features of all customers who are contacts. The events still know of those that were deleted.
pub(super) async fn build_features(workspace: &Workspace) -> Result<FeatureTable, PipelineError> {
    let snapshot = workspace.events().await?;
    let now = workspace.clock.now();
    // Just after the latest event, and never later than now. Where events keep coming that is now; a
    // file of an old year is seen as it was then.
    let latest = rapport_features::end_of_history(&snapshot, now).await?;
    let as_of = latest.map_or(now, |latest| Timestamp::from_micros(latest.as_micros() + 1));
    let mut table = rapport_features::build(&snapshot, as_of).await?;
    let contacts = contacts::existing(&workspace.store, &table.customer_ids).await?;
    table.retain(|customer| contacts.contains(&customer));
    Ok(table)
}

/// What the run of a published segmentation learned from, as its feature snapshot says.
async fn run_data(
    workspace: &Workspace,
    published: &Segmentation,
) -> Result<Option<RunData>, PipelineError> {
    let Some(path) = &published.snapshot else {
        return Ok(None);
    };
    let snapshot = feature_snapshots::find(&workspace.store, path).await?;
    Ok(snapshot.map(|snapshot| RunData {
        n_rows: snapshot.n_customers,
        fingerprint: snapshot.fingerprint,
        as_of: Some(snapshot.as_of),
    }))
}

/// What a job tells of the segmentation that it made.
async fn result_of(
    workspace: &Workspace,
    published: &Segmentation,
) -> Result<serde_json::Value, PipelineError> {
    // A model bears the number of the job that trained it.
    let trained = ModelId(published.id.0);
    let refusal = models::find_refusal(&workspace.store, trained).await?;
    Ok(json!({
        "segmentation_id": published.id,
        "is_shown": published.status == SegmentationStatus::Current,
        "is_champion_kept": published.model_id != Some(trained),
        "refusal": refusal.map(|refusal| refusal.code()),
        "method": published.method,
        "k": published.k,
        "silhouette": published.silhouette,
        "stability_ari": published.stability_ari,
        "baseline": published.baseline,
        "n_customers": published.n_customers,
    }))
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

/// Learns on a thread of its own, so that the server keeps answering; passes progress on and asks
/// whether to stop.
async fn learn(
    workspace: &Workspace,
    table: &Arc<FeatureTable>,
    request: &SegmentationRequest,
    job: &mut JobContext<'_>,
) -> Result<Learned, PipelineError> {
    let champion = compare::champion(workspace).await?;
    let place = match champion {
        Some(champion) => Place::Taken(Box::new(champion)),
        None if models::find_line(&workspace.store, MODEL_KIND)
            .await?
            .is_some() =>
        {
            Place::Vacant
        }
        None => Place::New,
    };
    let now = workspace.clock.now();
    let cancel = Cancellation::default();
    let (sender, steps) = mpsc::channel();
    let work = {
        let (table, request, cancel) = (Arc::clone(table), request.clone(), cancel.clone());
        move || {
            let fitted = fit_here(&table, &request, sender, &cancel)?;
            let context = Context::new(request.seed, &Silent, &cancel).with_threads(threads());
            judge(&table, fitted, &request, &place, now, &context)
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

/// Who serves while a new segmentation is made.
enum Place {
    /// Nobody ever did.
    New,
    /// A person retired the champion.
    Vacant,
    /// The champion.
    Taken(Box<Champion>),
}

/// What becomes of a new segmentation. One whose method or number of segments a person chose is shown,
/// for no figure knows better what they need it for; any other must beat the champion, which else puts
/// today's customers into the segments that people know, if it can. Where a person retired the champion,
/// RFM serves until something is better than that.
fn judge(
    table: &FeatureTable,
    fitted: Fitted,
    request: &SegmentationRequest,
    place: &Place,
    now: Timestamp,
    context: &Context<'_>,
) -> Result<Learned, PipelineError> {
    let champion = match place {
        Place::Taken(champion) => Some(&**champion),
        Place::New | Place::Vacant => None,
    };
    let evidence = compare::compare(table, &fitted, champion, now, context)?;
    let is_chosen = request.method.is_some() || request.k.is_some();
    let is_better = |evidence: &Evidence| evidence.judge(None).is_ok();
    let is_vacant = matches!(place, Place::Vacant);
    if is_vacant && !is_chosen && !evidence.as_ref().is_some_and(is_better) {
        return baseline(table, request, context);
    }
    let fate = match champion.filter(|_| !is_chosen) {
        Some(champion) => compare::fate(table, champion, evidence.as_ref(), context)?,
        None => Fate::Beaten,
    };
    let (entry, kept) = match fate {
        _ if is_chosen => (Entry::ChampionBecause("a person chose its settings"), None),
        Fate::Outdated(champion) => (Entry::ChampionInsteadOf(champion, OUTDATED), None),
        Fate::Beaten => (Entry::ChampionIfFirstOrBetter, None),
        Fate::Kept(kept) => (Entry::ChampionIfFirstOrBetter, Some(*kept)),
    };
    Ok(Learned {
        fitted,
        evidence,
        entry,
        kept,
    })
}

/// RFM for all customers.
fn baseline(
    table: &FeatureTable,
    request: &SegmentationRequest,
    context: &Context<'_>,
) -> Result<Learned, PipelineError> {
    let request = SegmentationRequest {
        method: Some(SegmentationMethod::Rfm),
        ..request.clone()
    };
    Ok(Learned {
        fitted: input::fit(table, &request, context)?,
        evidence: None,
        entry: Entry::ChampionBecause("the baseline serves while nothing beats it"),
        kept: None,
    })
}

pub(super) fn fit_here(
    table: &FeatureTable,
    request: &SegmentationRequest,
    steps: Sender<JobProgress>,
    cancel: &Cancellation,
) -> Result<Fitted, PipelineError> {
    let progress = Steps(std::sync::Mutex::new(steps));
    let context = Context::new(request.seed, &progress, cancel).with_threads(threads());
    input::fit(table, request, &context)
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
