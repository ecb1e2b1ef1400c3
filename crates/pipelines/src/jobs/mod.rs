//! The worker: claims jobs, runs them under a lease, and says what became of them.

use std::time::Duration;

use rapport_domain::{JobId, JobProgress, Timestamp};
use rapport_store::StoreError;
use rapport_store::jobs::{self, Heartbeat, Job, LeasedJob};
use tokio_util::sync::CancellationToken;

use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::{events, imports, segmentations};

/// Kinds of jobs that this worker knows.
const KINDS: [&str; 2] = [imports::JOB_KIND, segmentations::JOB_KIND];
/// How long a worker may be silent before another takes its job over.
const LEASE: Duration = Duration::from_secs(120);
/// How often an idle worker looks for work that nobody announced.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often progress is written down at most.
const REPORT_EVERY_MICROS: i64 = 400_000;

/// What a running job is given: its lease, and where it tells how far it is.
#[derive(Debug)]
pub(crate) struct JobContext<'a> {
    workspace: &'a Workspace,
    leased: &'a LeasedJob,
    shutdown: &'a CancellationToken,
    reported_at: Option<Timestamp>,
    step: String,
}

impl JobContext<'_> {
    /// Tells how far the job is and extends its lease; called between two pieces of work.
    ///
    /// # Errors
    /// [`PipelineError::Cancelled`] where a person wants the job to stop;
    /// [`StoreError::LeaseLost`] where another worker has it;
    /// [`PipelineError::ShuttingDown`] where this process ends and the job goes on later.
    pub(crate) async fn report(&mut self, progress: JobProgress) -> Result<(), PipelineError> {
        if self.shutdown.is_cancelled() {
            return Err(PipelineError::ShuttingDown);
        }
        let now = self.workspace.clock.now();
        let is_due = self.step != progress.step
            || self
                .reported_at
                .is_none_or(|at| now.as_micros() - at.as_micros() >= REPORT_EVERY_MICROS);
        if !is_due {
            return Ok(());
        }
        let store = &self.workspace.store;
        let answer = jobs::heartbeat(store, self.leased, &progress, now, LEASE).await?;
        self.reported_at = Some(now);
        self.step = progress.step;
        self.workspace
            .changes
            .announce(Change::Job(self.leased.job.id));
        match answer {
            Heartbeat::GoOn => Ok(()),
            Heartbeat::Stop => Err(PipelineError::Cancelled),
        }
    }
}

/// Works on jobs until told to stop, and keeps the events in order meanwhile.
///
/// A failure of one job is written to that job; a failure of the store is logged and tried again.
pub async fn run_worker(workspace: Workspace, shutdown: CancellationToken) {
    let mut changes = workspace.changes.subscribe();
    let mut flushed_at = workspace.clock.now();
    while !shutdown.is_cancelled() {
        match run_next(&workspace, &shutdown).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the worker could not claim a job"),
        }
        let now = workspace.clock.now();
        if now >= flushed_at.plus_seconds(events::FLUSH_EVERY.as_secs().cast_signed()) {
            flushed_at = now;
            if let Err(error) = tend_events(&workspace).await {
                tracing::error!(%error, "events could not be moved to their files; trying again");
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = changes.recv() => {}
        }
    }
}

async fn tend_events(workspace: &Workspace) -> Result<(), PipelineError> {
    events::flush(workspace).await?;
    events::compact(workspace, false).await
}

/// Runs the jobs of the queue until one of them is over, telling its progress.
///
/// # Errors
/// [`PipelineError::Store`] where the queue cannot be read. That the job itself failed stands in
/// the job.
pub async fn run_until_over(
    workspace: &Workspace,
    id: JobId,
    observe: &mut dyn FnMut(&JobProgress),
) -> Result<Job, PipelineError> {
    let shutdown = CancellationToken::new();
    let worker = tokio::spawn(run_worker(workspace.clone(), shutdown.clone()));
    let job = loop {
        let job = jobs::find(&workspace.store, id)
            .await?
            .ok_or_else(|| StoreError::NotFound {
                object: "job",
                key: id.to_string(),
            })?;
        observe(&job.progress);
        if job.status.is_over() {
            break job;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    shutdown.cancel();
    worker.await?;
    Ok(job)
}

/// Claims and runs one job; tells whether there was one.
async fn run_next(
    workspace: &Workspace,
    shutdown: &CancellationToken,
) -> Result<bool, PipelineError> {
    let now = workspace.clock.now();
    let Some(leased) = jobs::claim(&workspace.store, &KINDS, now, LEASE).await? else {
        return Ok(false);
    };
    let id = leased.job.id;
    workspace.changes.announce(Change::Job(id));
    let outcome = run_one(workspace, &leased, shutdown).await;
    if let Err(error) = &outcome {
        tracing::warn!(job = %id, kind = leased.job.kind, %error, "a job stopped");
    }
    match settle(workspace, &leased, outcome).await {
        // Another worker has it: what it says counts.
        Err(PipelineError::Store(StoreError::LeaseLost { .. })) => {}
        other => other?,
    }
    workspace.changes.announce(Change::Job(id));
    Ok(true)
}

async fn run_one(
    workspace: &Workspace,
    leased: &LeasedJob,
    shutdown: &CancellationToken,
) -> Result<serde_json::Value, PipelineError> {
    let mut context = JobContext {
        workspace,
        leased,
        shutdown,
        reported_at: None,
        step: String::new(),
    };
    match leased.job.kind.as_str() {
        imports::JOB_KIND => imports::run(workspace, payload(leased)?, &mut context).await,
        segmentations::JOB_KIND => {
            segmentations::run(workspace, payload(leased)?, &mut context).await
        }
        kind => Err(PipelineError::Job {
            kind: kind.to_owned(),
            reason: "nobody knows this kind".to_owned(),
        }),
    }
}

/// Writes down what became of a job.
async fn settle(
    workspace: &Workspace,
    leased: &LeasedJob,
    outcome: Result<serde_json::Value, PipelineError>,
) -> Result<(), PipelineError> {
    let (store, now) = (&workspace.store, workspace.clock.now());
    match outcome {
        Ok(result) => {
            jobs::complete(store, leased, Some(&result), now).await?;
        }
        Err(PipelineError::Cancelled) => {
            jobs::acknowledge_cancel(store, leased, now).await?;
        }
        // The lease is handed back, so that the next start goes on at once.
        Err(PipelineError::ShuttingDown) => {
            jobs::release(store, leased, now).await?;
        }
        Err(error) => {
            let is_last = leased.job.attempts >= leased.job.attempts_max;
            if error.is_worth_a_retry() && !is_last {
                jobs::fail(store, leased, &error.to_string(), now).await?;
            } else {
                jobs::give_up(store, leased, &error.to_string(), now).await?;
                if leased.job.kind == imports::JOB_KIND {
                    imports::give_up(workspace, &payload(leased)?, &error).await?;
                }
            }
        }
    }
    Ok(())
}

fn payload<T: serde::de::DeserializeOwned>(leased: &LeasedJob) -> Result<T, PipelineError> {
    serde_json::from_value(leased.job.payload.clone()).map_err(|error| PipelineError::Job {
        kind: leased.job.kind.clone(),
        reason: error.to_string(),
    })
}
