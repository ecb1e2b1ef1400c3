//! Jobs: durable pieces of work, as people see them.

use serde::{Deserialize, Serialize};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// Waits for a worker or for its time.
    Queued,
    /// A worker holds its lease.
    Running,
    /// Finished.
    Done,
    /// Gave up after its last attempt.
    Failed,
    /// Stopped by a person.
    Cancelled,
}

impl JobStatus {
    /// Whether nothing more will happen to the job.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct JobProgress {
    /// What is being done, as a message key such as `importing_rows`.
    pub step: String,
    /// Units done.
    pub done: u64,
    /// Units in all, where known.
    pub total: Option<u64>,
}
