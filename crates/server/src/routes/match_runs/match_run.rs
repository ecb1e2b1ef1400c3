//! A run of the matcher as the API shows it.

use rapport_store::match_pairs as stored;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::wire::Time;

/// What a run of the matcher did.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchRun {
    /// Identifier.
    id: Uuid,
    /// Its job.
    job_id: Uuid,
    /// When it began.
    started_at: Time,
    /// When it was done.
    finished_at: Option<Time>,
    /// Contacts that were compared.
    n_records: u64,
    /// Pairs that were compared.
    n_candidates: u64,
    /// Pairs that it found.
    n_pairs: u64,
    /// Those of them that are certain.
    n_certain: u64,
    /// Those of them that it merged by itself.
    n_merged: u64,
    /// The probability from which on a pair was certain.
    threshold: f64,
    /// The version of the model: the same weights bear the same.
    model_version: String,
    /// Whether it was to merge certain pairs by itself.
    is_automatic: bool,
}

/// A page of runs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchRunList {
    /// The runs.
    pub(super) match_runs: Vec<MatchRun>,
    /// Where the list goes on.
    pub(super) meta: Meta,
}

impl From<stored::MatchRun> for MatchRun {
    fn from(run: stored::MatchRun) -> Self {
        Self {
            id: run.id.into(),
            job_id: run.id.into(),
            started_at: run.started_at.into(),
            finished_at: run.finished_at.map(Time),
            n_records: run.n_records,
            n_candidates: run.n_candidates,
            n_pairs: run.n_pairs,
            n_certain: run.n_certain,
            n_merged: run.n_merged,
            threshold: run.threshold,
            model_version: run.model_version,
            is_automatic: run.is_automatic,
        }
    }
}
