//! Jobs: one is claimed, run under its lease, and what became of it is written down.

mod backoff;
mod guard;
mod health;
mod worker;

use std::time::Duration;

use rapport_domain::{JobProgress, Timestamp};
use rapport_store::jobs::{self, Heartbeat, Job, LeasedJob, NewJob};
use tokio_util::sync::CancellationToken;

use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::{
    bulk_edits, company_attachments, custom_fields, imports, mailboxes, matching, pools,
    segmentations,
};

pub(crate) use guard::guarded;
pub(crate) use health::WorkerHealth;
pub use worker::{run_until_over, run_worker};

/// Kinds of jobs that a worker knows, by lane. Each lane works on one job at a time, so that a file
/// that takes an hour to read does not hold up what people wait for.
const LANES: [&[&str]; 3] = [
    &[
        imports::JOB_KIND,
        segmentations::JOB_KIND,
        matching::JOB_KIND,
    ],
    &[
        imports::UNDO_KIND,
        imports::DRY_RUN_KIND,
        bulk_edits::JOB_KIND,
        bulk_edits::UNDO_KIND,
        custom_fields::JOB_KIND,
        matching::ACCEPTANCE_KIND,
        matching::UNDO_KIND,
        pools::JOB_KIND,
        company_attachments::JOB_KIND,
    ],
    // These wait for servers elsewhere, some of which never answer.
    &[mailboxes::JOB_KIND],
];
/// How long a worker may be silent before another takes its job over.
const LEASE: Duration = Duration::from_secs(120);
/// How often progress is written down at most.
const REPORT_EVERY_MICROS: i64 = 400_000;

/// Times that a job is tried that goes on where the try before stopped.
const ATTEMPTS_MAX: u32 = 5;

/// A job to be queued now, which goes on where it stopped when it is tried again.
pub(crate) fn new_job(
    workspace: &Workspace,
    kind: &str,
    payload: serde_json::Value,
    unique_key: Option<String>,
) -> NewJob {
    let now = workspace.clock.now();
    NewJob {
        id: workspace.ids.next(now),
        kind: kind.to_owned(),
        payload,
        unique_key,
        run_at: now,
        attempts_max: ATTEMPTS_MAX,
    }
}

/// What a running job is given: its lease, and where it tells how far it is.
#[derive(Debug)]
pub(crate) struct JobContext<'a> {
    workspace: &'a Workspace,
    leased: &'a LeasedJob,
    shutdown: &'a CancellationToken,
    reported_at: Option<Timestamp>,
    step: String,
}

impl<'a> JobContext<'a> {
    pub(crate) fn new(
        workspace: &'a Workspace,
        leased: &'a LeasedJob,
        shutdown: &'a CancellationToken,
    ) -> Self {
        Self {
            workspace,
            leased,
            shutdown,
            reported_at: None,
            step: String::new(),
        }
    }

    /// The job and its lease.
    pub(crate) fn leased(&self) -> &LeasedJob {
        self.leased
    }

    /// Tells how far the job is and extends its lease; called between two pieces of work.
    ///
    /// # Errors
    /// [`PipelineError::Cancelled`] where a person wants the job to stop;
    /// [`StoreError::LeaseLost`](rapport_store::StoreError::LeaseLost) where another worker has it;
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

/// Claims the next job of a lane; none where there is nothing to do.
async fn claim(workspace: &Workspace, lane: &[&str]) -> Result<Option<LeasedJob>, PipelineError> {
    let now = workspace.clock.now();
    Ok(jobs::claim(&workspace.store, lane, now, LEASE).await?)
}

/// Runs a job to whatever end. A panic in it is its failure and not the worker's.
async fn run_one(
    workspace: &Workspace,
    leased: &LeasedJob,
    shutdown: &CancellationToken,
) -> Result<serde_json::Value, PipelineError> {
    let mut context = JobContext::new(workspace, leased, shutdown);
    let outcome = guarded(async {
        match leased.job.kind.as_str() {
            imports::JOB_KIND => imports::run(workspace, payload(&leased.job)?, &mut context).await,
            imports::DRY_RUN_KIND => {
                imports::dry_run(workspace, payload(&leased.job)?, &mut context).await
            }
            imports::UNDO_KIND => {
                imports::run_undo(workspace, payload(&leased.job)?, &mut context).await
            }
            bulk_edits::JOB_KIND => {
                bulk_edits::run(workspace, payload(&leased.job)?, &mut context).await
            }
            bulk_edits::UNDO_KIND => {
                bulk_edits::run_undo(workspace, payload(&leased.job)?, &mut context).await
            }
            custom_fields::JOB_KIND => {
                custom_fields::run(workspace, payload(&leased.job)?, &mut context).await
            }
            company_attachments::JOB_KIND => {
                company_attachments::run(workspace, &mut context).await
            }
            pools::JOB_KIND => pools::run(workspace, payload(&leased.job)?, &mut context).await,
            segmentations::JOB_KIND => {
                segmentations::run(workspace, payload(&leased.job)?, &mut context).await
            }
            matching::JOB_KIND => matching::run(workspace, &mut context).await,
            matching::ACCEPTANCE_KIND => {
                matching::run_acceptance(workspace, payload(&leased.job)?, &mut context).await
            }
            matching::UNDO_KIND => {
                matching::run_undo(workspace, payload(&leased.job)?, &mut context).await
            }
            mailboxes::JOB_KIND => {
                // Connections within readings within jobs are more than a thread's stack should hold.
                let reading = mailboxes::run(workspace, payload(&leased.job)?, &mut context);
                Box::pin(reading).await
            }
            kind => Err(PipelineError::Job {
                kind: kind.to_owned(),
                reason: "nobody knows this kind".to_owned(),
            }),
        }
    });
    outcome.await
}

/// Writes down what became of a job. May be tried again after an error.
async fn settle(
    workspace: &Workspace,
    leased: &LeasedJob,
    outcome: &Result<serde_json::Value, PipelineError>,
    is_awaited: bool,
) -> Result<(), PipelineError> {
    let (store, now) = (&workspace.store, workspace.clock.now());
    match outcome {
        Ok(result) => jobs::complete(store, leased, Some(result), now).await?,
        Err(PipelineError::Cancelled) => jobs::acknowledge_cancel(store, leased, now).await?,
        // The lease is handed back, so that the next start goes on at once.
        Err(PipelineError::ShuttingDown) => jobs::release(store, leased, now).await?,
        // Somebody waits: they hear of it now, mend it and start again.
        Err(error) if is_awaited && error.needs_a_person() => {
            jobs::release(store, leased, now).await?
        }
        Err(error) if error.is_worth_a_retry() => {
            jobs::fail(store, leased, &error.to_string(), now).await?
        }
        Err(error) => jobs::give_up(store, leased, &error.to_string(), now).await?,
    };
    Ok(())
}

/// Tells screens that a job, and the import or run that it works on, are no longer what they were.
pub fn announce(workspace: &Workspace, job: &Job) {
    workspace.changes.announce(Change::Job(job.id));
    match job.kind.as_str() {
        imports::JOB_KIND | imports::UNDO_KIND | imports::DRY_RUN_KIND => {
            if let Ok(imports::ImportPayload { import_id }) = payload(job) {
                workspace.changes.announce(Change::Import(import_id));
            }
        }
        segmentations::JOB_KIND => {
            let run = segmentations::run_of(job.id);
            workspace.changes.announce(Change::Run(run));
        }
        _ => {}
    }
}

fn payload<T: serde::de::DeserializeOwned>(job: &Job) -> Result<T, PipelineError> {
    serde_json::from_value(job.payload.clone()).map_err(|error| PipelineError::Job {
        kind: job.kind.clone(),
        reason: error.to_string(),
    })
}
