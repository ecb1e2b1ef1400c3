//! A job as the API shows it.

use rapport_store::jobs;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::wire::{JobStatus, Time, without_folders};

/// A durable piece of work.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Job {
    /// Identifier.
    pub(crate) id: Uuid,
    /// What kind of work, such as `import`.
    pub(crate) kind: String,
    /// Where it stands.
    pub(crate) status: JobStatus,
    /// How far it is.
    pub(crate) progress: JobProgress,
    /// How often it was begun.
    pub(crate) attempts: u32,
    /// Why the latest attempt failed.
    pub(crate) error: Option<String>,
    /// When it was asked for.
    pub(crate) created_at: Time,
    /// When it first began.
    pub(crate) started_at: Option<Time>,
    /// When it was over.
    pub(crate) finished_at: Option<Time>,
    /// What became of a training that is done.
    pub(crate) training: Option<TrainingOutcome>,
}

/// What became of a training.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
pub(crate) struct TrainingOutcome {
    /// Whether the champion before goes on serving.
    pub(crate) is_champion_kept: bool,
    /// Why the new version does not serve, as a stable code; none where it does.
    pub(crate) refusal: Option<String>,
}

/// How far a job is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct JobProgress {
    /// What is being done, as a message key such as `importing_rows`.
    pub(crate) step: String,
    /// Units done.
    pub(crate) done: u64,
    /// Units in all, where known.
    pub(crate) total: Option<u64>,
}

/// A page of jobs, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobList {
    /// The jobs.
    pub(crate) jobs: Vec<Job>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

/// A job that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobAccepted {
    /// The job; follow it in the stream or by its address.
    pub(crate) job: Job,
}

impl From<rapport_domain::JobProgress> for JobProgress {
    fn from(progress: rapport_domain::JobProgress) -> Self {
        Self {
            step: progress.step,
            done: progress.done,
            total: progress.total,
        }
    }
}

impl From<jobs::Job> for Job {
    fn from(job: jobs::Job) -> Self {
        Self {
            id: job.id.0,
            kind: job.kind,
            status: job.status.into(),
            progress: job.progress.into(),
            attempts: job.attempts,
            error: job.error.as_deref().map(without_folders),
            created_at: Time(job.created_at),
            started_at: job.started_at.map(Time),
            finished_at: job.finished_at.map(Time),
            // Results of other kinds have other members.
            training: job
                .result
                .and_then(|result| serde_json::from_value(result).ok()),
        }
    }
}
