//! Many pairs accepted at once: each a merge of its own in the log, done by a job, and taken back as a whole.
//!
//! The pairs are chosen when it is asked for. The transaction of each merge also notes what became of its pair,
//! so that a kill loses nothing and does nothing twice.

use futures::FutureExt as _;
use rapport_domain::{IdentityGrounds, IdentityRefusal, JobId, MatchPairId, Timestamp};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::decide::join_in;
use super::list::open;
use crate::entities::match_acceptance::{Column, Entity, Model};
use crate::identity_log::{self, Unmerge};
use crate::jobs::{self, Job, LeasedJob, NewJob};
use crate::lens::Lens;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec};

/// The rule of pairs that are accepted many at once.
pub(super) const RULE: &str = "acceptance";
/// Pairs that are accepted at once at most.
const N_PAIRS_MAX: usize = 100_000;
/// Refused pairs that are told.
const N_REFUSED_TOLD: u64 = 100;

/// What became of a pair: it waits, was merged, was one person by another merge, was refused, was taken back.
const WAITING: &str = "waiting";
const MERGED: &str = "merged";
const ONE: &str = "one";
const REFUSED: &str = "refused";
const UNDONE: &str = "undone";

/// A pair of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingPair(Model);

/// A pair that was not merged, or not taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedPair {
    /// The pair.
    pub pair: MatchPairId,
    /// Why, for programs.
    pub code: String,
    /// Why, in words; empty where it was erased.
    pub message: String,
}

/// How far a job is that accepts pairs, and what became of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Acceptance {
    /// Pairs that were chosen.
    pub n_pairs: u64,
    /// Pairs that are merged and not taken back.
    pub n_merged: u64,
    /// Pairs that are one person by the other merges.
    pub n_one: u64,
    /// Pairs that could not be merged.
    pub n_refused: u64,
    /// Pairs that were merged and taken back.
    pub n_undone: u64,
    /// Pairs that were refused, or could not be taken back: the first of them.
    pub refused: Vec<RefusedPair>,
}

/// Queues a job for the open pairs from a probability on of which the store's user sees both contacts; tells
/// how many they are.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn create_acceptance(
    store: &Store,
    min_probability: f64,
    job: NewJob,
    now: Timestamp,
) -> Result<(Job, u64), StoreError> {
    let chosen = open(store, "", min_probability, N_PAIRS_MAX).await?;
    let n_pairs = chosen.len() as u64;
    let id = job.id.into();
    let rows: Vec<Model> = chosen
        .into_iter()
        .zip(0..)
        .map(|(pair, position)| Model {
            job_id: id,
            position,
            pair_id: pair.id,
            low_id: pair.low_id,
            high_id: pair.high_id,
            probability: pair.probability,
            model_version: pair.model_version,
            outcome: WAITING.to_owned(),
            operation: None,
            code: None,
            message: None,
        })
        .collect();
    let job = store
        .write(move |tx| {
            async move {
                let job = jobs::enqueue_in(tx, job, now).await?;
                bulk::insert::<Entity>(tx, rows, "").await?;
                Ok(job)
            }
            .boxed()
        })
        .await?;
    Ok((job, n_pairs))
}

/// The next pairs of a job that wait, in the order in which they were chosen.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_waiting(
    store: &Store,
    job: JobId,
    limit: u64,
) -> Result<Vec<WaitingPair>, StoreError> {
    let rows = Entity::find()
        .filter(Column::JobId.eq(Uuid::from(job)))
        .filter(Column::Outcome.eq(WAITING))
        .order_by_asc(Column::Position)
        .limit(limit)
        .all(store.reader())
        .await?;
    Ok(rows.into_iter().map(WaitingPair).collect())
}

/// The next pairs of a job that it has merged before a place, the last one first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_accepted(
    store: &Store,
    job: JobId,
    before: Option<&WaitingPair>,
    limit: u64,
) -> Result<Vec<WaitingPair>, StoreError> {
    let mut find = Entity::find()
        .filter(Column::JobId.eq(Uuid::from(job)))
        .filter(Column::Outcome.eq(MERGED));
    if let Some(before) = before {
        find = find.filter(Column::Position.lt(before.0.position));
    }
    let rows = find
        .order_by_desc(Column::Position)
        .limit(limit)
        .all(store.reader())
        .await?;
    Ok(rows.into_iter().map(WaitingPair).collect())
}

/// Merges a pair in the name of the store's author, or notes why not.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another worker has the job; [`StoreError`] where the database fails.
pub async fn accept(
    store: &Store,
    leased: &LeasedJob,
    pair: &WaitingPair,
) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    let (row, lease) = (pair.0.clone(), leased.clone());
    let done = store
        .write(move |tx| async move { accept_in(tx, &lens, &lease, row).await }.boxed())
        .await;
    match done {
        Err(error) => refuse(store, pair, REFUSED, error).await,
        done => done,
    }
}

async fn accept_in(
    tx: &DatabaseTransaction,
    lens: &Lens,
    leased: &LeasedJob,
    row: Model,
) -> Result<(), StoreError> {
    jobs::hold(tx, leased).await?;
    let grounds = IdentityGrounds {
        reason: None,
        rule: Some(RULE.to_owned()),
        model_version: Some(row.model_version.clone()),
        score: Some(row.probability),
    };
    let merged = join_in(tx, lens, (row.low_id, row.high_id), grounds).await?;
    let outcome = if merged.is_some() { MERGED } else { ONE };
    let text = "UPDATE match_acceptances SET outcome = ?, operation = ? \
                WHERE job_id = ? AND position = ?";
    let values = [
        sql::text(outcome),
        merged.into(),
        sql::id(row.job_id),
        row.position.into(),
    ];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes the merge of a pair back in the name of the store's author, or notes why not.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another worker has the job; [`StoreError`] where the database fails.
pub async fn undo_accepted(
    store: &Store,
    leased: &LeasedJob,
    pair: &WaitingPair,
) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    let (row, lease) = (pair.0.clone(), leased.clone());
    let done = store
        .write(move |tx| {
            async move {
                jobs::hold(tx, &lease).await?;
                if let Some(operation) = row.operation {
                    identity_log::unmerge_in(tx, &lens, Unmerge::of(operation)).await?;
                }
                note_in(tx, &row, UNDONE, None).await
            }
            .boxed()
        })
        .await;
    match done {
        // Somebody has taken it back already.
        Err(StoreError::Identity(IdentityRefusal::NotInForce { .. })) => {
            note(store, pair, UNDONE, None).await
        }
        Err(error) => refuse(store, pair, MERGED, error).await,
        done => done,
    }
}

/// Notes why something was not done; what is nobody's decision is handed on.
async fn refuse(
    store: &Store,
    pair: &WaitingPair,
    outcome: &'static str,
    error: StoreError,
) -> Result<(), StoreError> {
    let code = match &error {
        StoreError::Identity(refusal) => refusal.code(),
        StoreError::NotFound { .. } => "not_found",
        StoreError::NotAllowed { .. } | StoreError::FieldsNotAllowed { .. } => "not_allowed",
        StoreError::Taken { .. } | StoreError::TakenUnseen { .. } | StoreError::TakenMeanwhile => {
            "taken"
        }
        StoreError::Conflict { .. } => "version_conflict",
        StoreError::Invalid(_) => "invalid",
        _ => return Err(error),
    };
    note(store, pair, outcome, Some((code, error.to_string()))).await
}

async fn note(
    store: &Store,
    pair: &WaitingPair,
    outcome: &'static str,
    why: Option<(&'static str, String)>,
) -> Result<(), StoreError> {
    let row = pair.0.clone();
    store
        .write(move |tx| async move { note_in(tx, &row, outcome, why).await }.boxed())
        .await
}

async fn note_in(
    tx: &DatabaseTransaction,
    row: &Model,
    outcome: &str,
    why: Option<(&'static str, String)>,
) -> Result<(), StoreError> {
    let (code, message) = why.unzip();
    let text = "UPDATE match_acceptances SET outcome = ?, code = ?, message = ? \
                WHERE job_id = ? AND position = ?";
    let values = [
        sql::text(outcome),
        code.map(str::to_owned).into(),
        message.into(),
        sql::id(row.job_id),
        row.position.into(),
    ];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    Ok(())
}

/// What became of the pairs of a job.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn acceptance(store: &Store, job: JobId) -> Result<Acceptance, StoreError> {
    let text =
        "SELECT outcome, count(*) AS n FROM match_acceptances WHERE job_id = ? GROUP BY outcome";
    let rows = Sql::of(store.backend(), text, [sql::id(job)]).all(store.reader());
    let mut found = Acceptance::default();
    for row in rows.await? {
        let (outcome, n): (String, i64) = (row.try_get("", "outcome")?, row.try_get("", "n")?);
        let n = codec::unsigned(n);
        found.n_pairs += n;
        match outcome.as_str() {
            MERGED => found.n_merged = n,
            ONE => found.n_one = n,
            REFUSED => found.n_refused = n,
            UNDONE => found.n_undone = n,
            _ => {}
        }
    }
    let told = Entity::find()
        .filter(Column::JobId.eq(Uuid::from(job)))
        .filter(Column::Code.is_not_null())
        .order_by_asc(Column::Position)
        .limit(N_REFUSED_TOLD)
        .all(store.reader())
        .await?;
    found.refused = told
        .into_iter()
        .map(|row| RefusedPair {
            pair: row.pair_id.into(),
            code: row.code.unwrap_or_default(),
            message: row.message.unwrap_or_default(),
        })
        .collect();
    Ok(found)
}
