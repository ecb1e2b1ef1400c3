//! The worker: takes one job after the other in each of its lanes, and keeps the events in order beside that.

use std::convert::Infallible;
use std::time::Duration;

use rapport_domain::{JobId, JobProgress};
use rapport_store::StoreError;
use rapport_store::jobs::{self, Job, LeasedJob};
use tokio_util::sync::CancellationToken;

use super::backoff::{Backoff, Patience};
use super::{LANES, announce, claim, run_one, settle};
use crate::Workspace;
use crate::error::PipelineError;
use crate::{custom_fields, events, mailboxes, pools, search};

/// How often an idle worker looks for work that nobody announced.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often a command that waits looks at its job.
const OBSERVE_EVERY: Duration = Duration::from_millis(100);
/// Failures of the records in a row after which a command gives up: some four seconds.
const FAILURES_MAX: u32 = 4;

/// Works on jobs until told to stop, and keeps the events in order beside that.
///
/// A failure of one job, a panic included, is written to that job; a failure of the records is
/// logged and tried again, ever less often.
pub async fn run_worker(workspace: Workspace, shutdown: CancellationToken) {
    let worker = Worker {
        workspace,
        shutdown,
        patience: Patience::Endless,
        awaited: None,
    };
    // An endless patience has no failure to tell.
    let _ = worker.run().await;
}

/// Runs the jobs of the queue until one of them is over, telling its progress.
///
/// # Errors
/// [`PipelineError::Store`] where the records cannot be read, or refuse to be written several times
/// in a row; what stopped the job where a person must mend it, as a full disk: the job waits for the
/// next start; [`PipelineError::WorkerLost`] where the worker ended by itself. That the job
/// itself failed stands in the job.
pub async fn run_until_over(
    workspace: &Workspace,
    id: JobId,
    observe: &mut dyn FnMut(&JobProgress),
) -> Result<Job, PipelineError> {
    let shutdown = CancellationToken::new();
    let worker = Worker {
        workspace: workspace.clone(),
        shutdown: shutdown.clone(),
        patience: Patience::Failures(FAILURES_MAX),
        awaited: Some(id),
    };
    let mut worker = tokio::spawn(async move { worker.run().await });
    let over = tokio::select! {
        over = wait_for(workspace, id, observe) => over,
        ended = &mut worker => {
            return Err(ended?.err().unwrap_or(PipelineError::WorkerLost));
        }
    };
    shutdown.cancel();
    worker.await??;
    over
}

async fn wait_for(
    workspace: &Workspace,
    id: JobId,
    observe: &mut dyn FnMut(&JobProgress),
) -> Result<Job, PipelineError> {
    loop {
        let found = jobs::find(&workspace.store, id).await?;
        let job = found.ok_or_else(|| StoreError::NotFound {
            object: "job",
            key: id.to_string(),
        })?;
        observe(&job.progress);
        if job.status.is_over() {
            return Ok(job);
        }
        tokio::time::sleep(OBSERVE_EVERY).await;
    }
}

struct Worker {
    workspace: Workspace,
    shutdown: CancellationToken,
    patience: Patience,
    /// The job whose end somebody waits for at a command line.
    awaited: Option<JobId>,
}

impl Worker {
    async fn run(self) -> Result<(), PipelineError> {
        let _watched = self.workspace.worker.watch(&self.shutdown);
        // Before the jobs, of which some make indices too.
        tokio::select! {
            () = self.shutdown.cancelled() => {}
            () = custom_fields::make_missing(&self.workspace) => {}
        }
        // Beside the jobs and not between them: a long job must not hold events up. What is under
        // way there when the jobs end is given up, which loses nothing.
        tokio::select! {
            ended = self.work_in_lanes() => ended,
            never = events::tend(&self.workspace) => match never {},
            never = pools::tend(&self.workspace) => match never {},
            never = self.keep_schedules() => match never {},
            never = search::tend(&self.workspace) => match never {},
        }
    }

    /// Has mailboxes read as their schedules say. A command that waits for its own job reads nobody's mail.
    async fn keep_schedules(&self) -> Infallible {
        match self.awaited {
            Some(_) => std::future::pending().await,
            None => mailboxes::tend(&self.workspace).await,
        }
    }

    /// Works in all lanes side by side until told to stop.
    async fn work_in_lanes(&self) -> Result<(), PipelineError> {
        let [long, short, mail] = LANES;
        futures::try_join!(self.work(long), self.work(short), self.work(mail)).map(|_| ())
    }

    async fn work(&self, lane: &[&str]) -> Result<(), PipelineError> {
        let mut changes = self.workspace.changes.subscribe();
        let mut backoff = Backoff::new(self.patience);
        while !self.shutdown.is_cancelled() {
            match claim(&self.workspace, lane).await {
                Ok(Some(leased)) => {
                    backoff.reset();
                    self.take_on(&leased).await?;
                    continue;
                }
                Ok(None) => {}
                Err(error) => {
                    backoff
                        .bear("claiming a job", error, &self.shutdown)
                        .await?;
                    continue;
                }
            }
            tokio::select! {
                () = self.shutdown.cancelled() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = changes.recv() => {}
            }
        }
        Ok(())
    }

    /// Runs a job and writes down what became of it. Its end is kept until the records take it, or
    /// until the process ends and the next one takes the job back.
    ///
    /// # Errors
    /// Of the job that somebody waits for: what they must mend before it is worth another try.
    async fn take_on(&self, leased: &LeasedJob) -> Result<(), PipelineError> {
        let (id, kind) = (leased.job.id, leased.job.kind.as_str());
        announce(&self.workspace, &leased.job);
        let outcome = run_one(&self.workspace, leased, &self.shutdown).await;
        if let Err(error) = &outcome {
            tracing::warn!(job = %id, kind, %error, "a job stopped");
        }
        let is_awaited = self.awaited == Some(id);
        let mut backoff = Backoff::new(self.patience);
        loop {
            match settle(&self.workspace, leased, &outcome, is_awaited).await {
                Ok(()) => break,
                // Another worker has it: what it says counts.
                Err(PipelineError::Store(StoreError::LeaseLost { .. })) => break,
                Err(error) => {
                    let what = "writing down the end of a job";
                    backoff.bear(what, error, &self.shutdown).await?;
                    if self.shutdown.is_cancelled() {
                        break;
                    }
                }
            }
        }
        announce(&self.workspace, &leased.job);
        match outcome {
            Err(error) if is_awaited && error.needs_a_person() => Err(error),
            _ => Ok(()),
        }
    }
}
