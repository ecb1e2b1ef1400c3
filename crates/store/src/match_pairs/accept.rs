//! The work of an acceptance, pair by pair: each a merge of its own in the log, and taken back one by one.
//!
//! The transaction of each merge also notes what became of its pair, so that a kill loses nothing and does
//! nothing twice. Whatever is noted is noted under the lease of the job: a worker that was too slow writes
//! nothing over what the next one has done.

use futures::FutureExt as _;
use rapport_domain::{IdentityRefusal, JobId};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::join::{Barrier, Cause, Joined, Pairing, join_in};
use crate::entities::match_acceptance::{Column, Entity, Model};
use crate::identity_log::{self, Unmerge};
use crate::jobs::{self, LeasedJob};
use crate::lens::Lens;
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// What became of a pair: it waits, was merged, was one person by another merge, was refused, was left since one
/// of the two had changed, was taken back.
pub(super) const WAITING: &str = "waiting";
pub(super) const MERGED: &str = "merged";
pub(super) const ONE: &str = "one";
pub(super) const REFUSED: &str = "refused";
pub(super) const CHANGED: &str = "changed";
pub(super) const UNDONE: &str = "undone";

/// A pair of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingPair(Model);

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
        .write(move |tx| {
            async move {
                jobs::hold(tx, &lease).await?;
                accept_in(tx, &lens, &row).await
            }
            .boxed()
        })
        .await;
    match done {
        Err(error) => {
            let why = Why::of(error)?;
            note(store, leased, pair, Noted::Refused(why)).await
        }
        done => done,
    }
}

async fn accept_in(tx: &DatabaseTransaction, lens: &Lens, row: &Model) -> Result<(), StoreError> {
    let pair = Pairing {
        id: row.pair_id,
        low_id: row.low_id,
        high_id: row.high_id,
        probability: row.probability,
        model_version: row.model_version.clone(),
        low_print: row.low_print,
        high_print: row.high_print,
    };
    let cause = Cause::Acceptance { job: row.job_id };
    let noted = match join_in(tx, lens, &pair, cause).await? {
        Joined::Merged(operation) => Noted::Merged(operation),
        Joined::One => Noted::One,
        Joined::Left(Barrier::Changed) => Noted::Changed,
        Joined::Left(barrier) => Noted::Refused(Why {
            code: barrier.code(),
            message: barrier.to_string(),
        }),
    };
    note_in(tx, row, noted).await
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
                note_in(tx, &row, Noted::Undone(None)).await
            }
            .boxed()
        })
        .await;
    let noted = match done {
        Ok(()) => return Ok(()),
        // Somebody has taken it back already, and has decided on these two by that.
        Err(StoreError::Identity(refusal @ IdentityRefusal::NotInForce { .. })) => {
            Noted::Undone(Some(refusal.code()))
        }
        Err(error) => Noted::NotUndone(Why::of(error)?),
    };
    note(store, leased, pair, noted).await
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Why {
    code: &'static str,
    message: String,
}

impl Why {
    /// What is somebody's decision, or follows from the records; everything else is handed on.
    fn of(error: StoreError) -> Result<Self, StoreError> {
        let code = match &error {
            StoreError::Identity(refusal) => refusal.code(),
            StoreError::NotFound { .. } => "not_found",
            StoreError::NotAllowed { .. } | StoreError::FieldsNotAllowed { .. } => "not_allowed",
            StoreError::Taken { .. }
            | StoreError::TakenUnseen { .. }
            | StoreError::TakenMeanwhile => "taken",
            StoreError::Conflict { .. } => "version_conflict",
            StoreError::Invalid(_) => "invalid",
            _ => return Err(error),
        };
        let message = error.to_string();
        Ok(Self { code, message })
    }
}

/// What is noted of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Noted {
    Merged(i64),
    One,
    Refused(Why),
    Changed,
    /// Taken back; with a code where it was somebody's decision on the two.
    Undone(Option<&'static str>),
    NotUndone(Why),
}

async fn note(
    store: &Store,
    leased: &LeasedJob,
    pair: &WaitingPair,
    noted: Noted,
) -> Result<(), StoreError> {
    let (row, lease) = (pair.0.clone(), leased.clone());
    store
        .write(move |tx| {
            async move {
                jobs::hold(tx, &lease).await?;
                note_in(tx, &row, noted).await
            }
            .boxed()
        })
        .await
}

async fn note_in(tx: &DatabaseTransaction, row: &Model, noted: Noted) -> Result<(), StoreError> {
    let mut sql = Sql::new(tx.get_database_backend());
    sql.push("UPDATE match_acceptances SET ");
    match noted {
        Noted::Merged(operation) => sql.push_with(
            "outcome = ?, operation = ?",
            [sql::text(MERGED), operation.into()],
        ),
        Noted::One => sql.push_with("outcome = ?", [sql::text(ONE)]),
        Noted::Changed => sql.push_with("outcome = ?", [sql::text(CHANGED)]),
        Noted::Refused(Why { code, message }) => sql.push_with(
            "outcome = ?, code = ?, message = ?",
            [sql::text(REFUSED), sql::text(code), sql::text(message)],
        ),
        Noted::Undone(code) => sql.push_with(
            "outcome = ?, undo_code = ?, undo_message = NULL",
            [sql::text(UNDONE), code.map(str::to_owned).into()],
        ),
        Noted::NotUndone(Why { code, message }) => sql.push_with(
            "undo_code = ?, undo_message = ?",
            [sql::text(code), sql::text(message)],
        ),
    };
    sql.push_with(
        " WHERE job_id = ? AND position = ?",
        [sql::id(row.job_id), row.position.into()],
    );
    sql.execute(tx).await?;
    Ok(())
}
