//! Many pairs accepted at once, as the API shows it, and who may look at it.

use rapport_domain::{JobId, ObjectKind, Reach};
use rapport_pipelines::matching;
use rapport_store::jobs::{self, Job as StoredJob};
use rapport_store::match_pairs as stored;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult};
use crate::routes::jobs::Job;
use crate::session::Allowed;

/// Pairs that will be merged.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchAcceptanceAccepted {
    /// The job that merges them.
    pub(super) job: Job,
    /// How many they are.
    pub(super) n_pairs: u64,
}

/// A pair that was not merged, or not taken back.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RefusedMatchPair {
    /// The pair.
    match_pair_id: Uuid,
    /// Why, for programs.
    code: String,
    /// Why, in words; empty where it was erased.
    message: String,
}

/// How far many pairs are that were accepted at once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchAcceptance {
    /// The job.
    job_id: Uuid,
    /// Pairs that were chosen.
    n_pairs: u64,
    /// Pairs that are merged and not taken back.
    n_merged: u64,
    /// Pairs that are one contact by the other merges.
    n_one: u64,
    /// Pairs that could not be merged.
    n_refused: u64,
    /// Pairs that were merged and taken back.
    n_undone: u64,
    /// The first hundred that were refused, or could not be taken back.
    refused: Vec<RefusedMatchPair>,
}

impl MatchAcceptance {
    pub(super) fn of(job: JobId, acceptance: stored::Acceptance) -> Self {
        let refused = acceptance.refused.into_iter();
        Self {
            job_id: job.into(),
            n_pairs: acceptance.n_pairs,
            n_merged: acceptance.n_merged,
            n_one: acceptance.n_one,
            n_refused: acceptance.n_refused,
            n_undone: acceptance.n_undone,
            refused: refused
                .map(|refused| RefusedMatchPair {
                    match_pair_id: refused.pair.into(),
                    code: refused.code,
                    message: refused.message,
                })
                .collect(),
        }
    }
}

/// Finds a job that accepts pairs: the caller's own, or anybody's where the caller may change every contact. To
/// all others it is not there, for what was refused names contacts.
pub(super) async fn expect<P>(user: &Allowed<P>, id: JobId) -> ApiResult<StoredJob> {
    let job = jobs::find(user.app.store(), id).await?;
    let not_found = || ApiError::not_found("acceptance of match pairs");
    let job = job.ok_or_else(not_found)?;
    let author = matching::author_of(&job).ok_or_else(not_found)?;
    let policy = &user.app.access().policy;
    let is_of_all = policy.grant(ObjectKind::Contact).write == Reach::All;
    match author == user.id || is_of_all {
        true => Ok(job),
        false => Err(not_found()),
    }
}
