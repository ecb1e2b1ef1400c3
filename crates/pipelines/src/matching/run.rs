//! The job: read, match, publish, and merge what is certain where that is wanted.
//!
//! What was found is published in one transaction, and each merge is one of its own that counts itself to the
//! run. So a worker that is killed leaves either nothing, or a run whose merges the next one goes on with.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use rapport_domain::{Actor, Author, ContactId, JobProgress, SystemActor, Timestamp};
use rapport_learn::{Cancellation, Context, Progress};
use rapport_store::match_pairs::{self, AutomaticMerge, DecidedPair, MatchRun, NewPair, NewRun};
use rapport_store::settings::{self, MatchingSettings};
use serde_json::json;

use super::found::{self, Found};
use super::people::People;
use crate::Workspace;
use crate::error::PipelineError;
use crate::jobs::JobContext;

/// Where all chance of matching comes from: the same contacts give the same pairs.
const SEED: u64 = 42;
/// How often progress is passed on.
const PASS_ON_EVERY: Duration = Duration::from_millis(200);
/// Certain pairs that are merged in one run at most.
const N_CERTAIN_MAX: usize = 200_000;

/// Finds pairs and publishes them.
pub(crate) async fn run(
    workspace: &Workspace,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let (store, id) = (&workspace.store, job.leased().job.id);
    let run = match match_pairs::find_run(store, id).await? {
        // A worker was killed after it had published.
        Some(run) => run,
        None => find(workspace, job).await?,
    };
    if run.is_automatic {
        merge(workspace, &run, job).await?;
    }
    match_pairs::end_run(store, id, workspace.clock.now()).await?;
    let run = match_pairs::find_run(store, id).await?.unwrap_or(run);
    Ok(result_of(&run))
}

async fn find(workspace: &Workspace, job: &mut JobContext<'_>) -> Result<MatchRun, PipelineError> {
    let store = &workspace.store;
    let started_at = workspace.clock.now();
    job.report(progress("reading_contacts", 0, None)).await?;
    let wanted = settings::matching(store).await?;
    let distinct = wanted.distinct_sources.iter().copied().collect();
    let people = People::read(store, job, &distinct).await?;
    let apart = match_pairs::kept_apart(store).await?;
    let decided = match_pairs::decided_by_people(store).await?;
    let found = match_people(people, (apart, decided), job).await?;
    job.report(progress("publishing", 0, None)).await?;
    let (run, pairs) = published(workspace, job, (found, started_at), &wanted);
    let new = NewRun {
        run: run.clone(),
        pairs,
    };
    match_pairs::publish(store, job.leased(), new, workspace.clock.now()).await?;
    // As it was published: who was erased meanwhile is not among its pairs.
    Ok(match_pairs::find_run(store, run.id).await?.unwrap_or(run))
}

/// A run and its pairs as they are stored.
fn published(
    workspace: &Workspace,
    job: &JobContext<'_>,
    (found, started_at): (Found, Timestamp),
    wanted: &MatchingSettings,
) -> (MatchRun, Vec<NewPair>) {
    let now = workspace.clock.now();
    let pairs = found.pairs.into_iter().map(|pair| NewPair {
        id: workspace.ids.next(now),
        contacts: pair.contacts,
        prints: pair.prints,
        probability: pair.probability,
        value: pair.value,
        prior_weight: pair.prior_weight,
        is_grouped: pair.is_grouped,
        fields: pair.fields,
    });
    let pairs: Vec<NewPair> = pairs.collect();
    let is_certain = |pair: &&NewPair| pair.is_grouped && pair.probability >= wanted.threshold;
    let run = MatchRun {
        id: job.leased().job.id,
        started_at,
        // Noted once more when all that is certain is merged.
        finished_at: Some(now),
        n_records: found.n_records,
        n_candidates: found.n_candidates,
        n_pairs: pairs.len() as u64,
        n_certain: pairs.iter().filter(is_certain).count() as u64,
        n_merged: 0,
        threshold: wanted.threshold,
        model_version: found.model_version,
        is_automatic: wanted.is_automatic,
    };
    (run, pairs)
}

/// Merges what is certain, in the program's own name, for as long as that is wanted.
async fn merge(
    workspace: &Workspace,
    run: &MatchRun,
    job: &mut JobContext<'_>,
) -> Result<(), PipelineError> {
    let pairs = match_pairs::list_certain(&workspace.store, run, N_CERTAIN_MAX).await?;
    let total = pairs.len() as u64;
    for (pair, done) in pairs.iter().zip(0..) {
        job.report(progress("merging_contacts", done, Some(total)))
            .await?;
        let actor = Actor::System(SystemActor::Matching);
        let by = Author::new(actor, workspace.clock.now());
        let store = workspace.store.in_name_of(by);
        let merged = match_pairs::merge_certain(&store, job.leased(), run, pair).await?;
        if merged == AutomaticMerge::Off {
            break;
        }
    }
    Ok(())
}

/// Matches on a thread of its own, so that the server keeps answering; passes progress on and asks whether to
/// stop.
async fn match_people(
    people: People,
    (apart, decided): (Vec<(ContactId, ContactId)>, Vec<DecidedPair>),
    job: &mut JobContext<'_>,
) -> Result<Found, PipelineError> {
    let cancel = Cancellation::default();
    let (sender, steps) = mpsc::channel();
    let work = {
        let cancel = cancel.clone();
        move || {
            let told = Steps(Mutex::new(sender));
            let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
            let context = Context::new(SEED, &told, &cancel).with_threads(threads);
            found::find(&people, &apart, &decided, &context)
        }
    };
    let mut matching = tokio::task::spawn_blocking(work);
    let mut latest = progress("matching_contacts", 0, None);
    loop {
        tokio::select! {
            done = &mut matching => return done?,
            () = tokio::time::sleep(PASS_ON_EVERY) => {
                latest = latest_of(&steps).unwrap_or(latest);
                // Reported even where nothing moved: this is where the job hears of its end.
                if let Err(error) = job.report(latest.clone()).await {
                    cancel.cancel();
                    // The thread stops at its next look; its result is of no use any more.
                    let _ = matching.await;
                    return Err(error);
                }
            }
        }
    }
}

fn latest_of(steps: &Receiver<JobProgress>) -> Option<JobProgress> {
    steps.try_iter().last()
}

/// Passes the matcher's progress to the job.
struct Steps(Mutex<Sender<JobProgress>>);

impl Progress for Steps {
    fn report(&self, _step: &str, done: u64, total: u64) {
        let total = (total > 0).then_some(total);
        if let Ok(sender) = self.0.lock() {
            // The job may have stopped listening: the matcher is told by its cancellation.
            let _ = sender.send(progress("matching_contacts", done, total));
        }
    }
}

pub(super) fn progress(step: &str, done: u64, total: Option<u64>) -> JobProgress {
    JobProgress {
        step: step.to_owned(),
        done,
        total,
    }
}

/// What a job tells of its run.
fn result_of(run: &MatchRun) -> serde_json::Value {
    json!({
        "n_records": run.n_records,
        "n_candidates": run.n_candidates,
        "n_pairs": run.n_pairs,
        "n_certain": run.n_certain,
        "n_merged": run.n_merged,
        "threshold": run.threshold,
        "model_version": run.model_version,
        "is_automatic": run.is_automatic,
    })
}
