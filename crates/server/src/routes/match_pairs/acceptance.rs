//! Many pairs accepted at once, as the API shows it, and who may look at it, stop it and take it back.

use rapport_domain::{JobId, ObjectKind, Reach};
use rapport_store::match_pairs::{self, Acceptance, RefusedPair};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult};
use crate::permissions::Action;
use crate::respond::Meta;
use crate::routes::jobs::Job;
use crate::session::Allowed;
use crate::state::Desk;
use crate::wire::{JobStatus, Time};

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

/// The job that takes an acceptance back.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchAcceptanceUndo {
    /// The job.
    job_id: Uuid,
    /// Where it stands.
    status: JobStatus,
}

/// Many pairs that somebody has merged at once, and how far that is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchAcceptanceSummary {
    /// The job.
    job_id: Uuid,
    /// Where it stands.
    status: JobStatus,
    /// The probability from which on pairs are accepted.
    min_probability: f64,
    /// Pairs that were chosen.
    n_pairs: u64,
    /// Pairs that are merged and not taken back.
    n_merged: u64,
    /// Pairs that are one contact by the other merges.
    n_one: u64,
    /// Pairs that could not be merged.
    n_refused: u64,
    /// Pairs that were left because one of the two had changed since they were compared.
    n_changed: u64,
    /// Pairs that were merged and taken back.
    n_undone: u64,
    /// Pairs that are merged and could not be taken back.
    n_not_undone: u64,
    /// When it was asked for.
    created_at: Time,
    /// Who asked for it.
    created_by: Option<Uuid>,
    /// The latest job that takes it back, if there is one.
    undo: Option<MatchAcceptanceUndo>,
}

/// An acceptance with what was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchAcceptance {
    /// The acceptance.
    #[serde(flatten)]
    summary: MatchAcceptanceSummary,
    /// The first hundred pairs that could not be merged.
    refused: Vec<RefusedMatchPair>,
    /// The first hundred pairs that are merged and could not be taken back.
    not_undone: Vec<RefusedMatchPair>,
}

/// A page of acceptances.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchAcceptanceList {
    /// The acceptances.
    pub(super) acceptances: Vec<MatchAcceptanceSummary>,
    /// Where the list goes on.
    pub(super) meta: Meta,
}

impl From<Acceptance> for MatchAcceptanceSummary {
    fn from(acceptance: Acceptance) -> Self {
        Self {
            job_id: acceptance.job.into(),
            status: acceptance.status.into(),
            min_probability: acceptance.min_probability,
            n_pairs: acceptance.n_pairs,
            n_merged: acceptance.n_merged,
            n_one: acceptance.n_one,
            n_refused: acceptance.n_refused,
            n_changed: acceptance.n_changed,
            n_undone: acceptance.n_undone,
            n_not_undone: acceptance.n_not_undone,
            created_at: acceptance.created_at.into(),
            created_by: Some(acceptance.created_by.into()),
            undo: acceptance.undo.map(|(job, status)| MatchAcceptanceUndo {
                job_id: job.into(),
                status: status.into(),
            }),
        }
    }
}

impl From<RefusedPair> for RefusedMatchPair {
    fn from(refused: RefusedPair) -> Self {
        Self {
            match_pair_id: refused.pair.into(),
            code: refused.code,
            message: refused.message,
        }
    }
}

/// An acceptance with what was refused, as it is now.
pub(super) async fn read(app: &Desk, id: JobId) -> ApiResult<MatchAcceptance> {
    let store = app.store();
    let acceptance = match_pairs::find_acceptance(store, id).await?;
    let refused = match_pairs::list_refused(store, id).await?;
    let not_undone = match_pairs::list_not_undone(store, id).await?;
    Ok(MatchAcceptance {
        summary: acceptance.ok_or_else(not_found)?.into(),
        refused: refused.into_iter().map(RefusedMatchPair::from).collect(),
        not_undone: not_undone.into_iter().map(RefusedMatchPair::from).collect(),
    })
}

/// Finds an acceptance: the caller's own, or anybody's where the caller may do what is named. To all others it
/// is not there, for what was refused names contacts.
pub(super) async fn expect<P>(user: &Allowed<P>, id: JobId, action: Action) -> ApiResult<()> {
    expect_where(user, id, user.may(action)).await
}

/// The same for taking it back, which whoever may change every contact may do, too.
pub(super) async fn expect_to_undo<P>(user: &Allowed<P>, id: JobId) -> ApiResult<()> {
    let policy = &user.app.access().policy;
    let is_of_all = policy.grant(ObjectKind::Contact).write == Reach::All;
    expect_where(user, id, is_of_all).await
}

async fn expect_where<P>(user: &Allowed<P>, id: JobId, may_others: bool) -> ApiResult<()> {
    let found = match_pairs::find_acceptance(user.app.store(), id).await?;
    let found = found.filter(|found| may_others || found.created_by == user.id);
    found.map(|_| ()).ok_or_else(not_found)
}

fn not_found() -> ApiError {
    ApiError::not_found("acceptance of match pairs")
}
