//! Putting jobs in and taking them out.

use std::time::Duration;

use futures::FutureExt as _;
use rapport_domain::{JobId, JobProgress, JobStatus, Timestamp};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _,
    FromQueryResult as _, QueryFilter as _,
};

use super::endings::{end_dependents, end_hopeless};
use super::worker::{LeasedJob, lease_end};
use super::{Job, OBJECT};
use crate::entities::job;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec, record};

/// The kind of which at most one job runs, whatever keys its jobs have and whoever claims them: two that work
/// on all pairs at once would overwrite each other. The database holds it by an index, too.
const ONE_AT_A_TIME: &str = "matching";

/// A job to be queued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Identifier.
    pub id: JobId,
    /// What kind of work.
    pub kind: String,
    /// What the work needs to know.
    pub payload: serde_json::Value,
    /// Where an unfinished job has this key, no second one is queued.
    pub unique_key: Option<String>,
    /// Not before this.
    pub run_at: Timestamp,
    /// Times it may be claimed.
    pub attempts_max: u32,
}

/// Queues a job. Returns the unfinished job of the same unique key where there is one.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn enqueue(store: &Store, new: NewJob, now: Timestamp) -> Result<Job, StoreError> {
    store
        .write(move |tx| enqueue_in(tx, new, now).boxed())
        .await
}

/// Queues a job inside of a transaction.
pub(crate) async fn enqueue_in(
    tx: &DatabaseTransaction,
    new: NewJob,
    now: Timestamp,
) -> Result<Job, StoreError> {
    let row = job::Model {
        id: new.id.into(),
        kind: new.kind,
        payload: new.payload.to_string(),
        unique_key: new.unique_key.clone(),
        status: codec::name_of(&JobStatus::Queued),
        run_at: new.run_at.as_micros(),
        attempts: 0,
        attempts_max: i64::from(new.attempts_max.max(1)),
        token: 0,
        lease_until: None,
        cancel_requested: false,
        progress: codec::to_json(&JobProgress::default()),
        result: None,
        error: None,
        created_at: now.as_micros(),
        started_at: None,
        finished_at: None,
    };
    let n_new = bulk::insert::<job::Entity>(tx, vec![row], "ON CONFLICT DO NOTHING").await?;
    let stored = match new.unique_key {
        Some(key) if n_new == 0 => {
            job::Entity::find()
                .filter(job::Column::UniqueKey.eq(key))
                .filter(job::Column::Status.is_in(["queued", "running"]))
                .one(tx)
                .await?
        }
        _ => {
            job::Entity::find_by_id(uuid::Uuid::from(new.id))
                .one(tx)
                .await?
        }
    };
    stored
        .ok_or_else(|| StoreError::not_found(OBJECT, new.id))?
        .try_into()
}

/// Lets a job that waits for its time begin now; one that does not wait stays as it is.
///
/// # Errors
/// [`StoreError::NotFound`] where the job is gone.
pub async fn bring_forward(store: &Store, id: JobId, now: Timestamp) -> Result<Job, StoreError> {
    store
        .write(move |tx| {
            async move {
                let text =
                    "UPDATE jobs SET run_at = ? WHERE id = ? AND status = 'queued' AND run_at > ?";
                let values = [sql::at(now), sql::id(id), sql::at(now)];
                Sql::of(tx.get_database_backend(), text, values)
                    .execute(tx)
                    .await?;
                let job = record::find::<job::Entity, Job>(tx, id).await?;
                job.ok_or_else(|| StoreError::not_found(OBJECT, id))
            }
            .boxed()
        })
        .await
}

/// Claims the job that has waited longest among those of the given kinds whose time has come,
/// those whose lease ran out included. None where there is nothing to do.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn claim(
    store: &Store,
    kinds: &[&str],
    now: Timestamp,
    lease: Duration,
) -> Result<Option<LeasedJob>, StoreError> {
    let kinds: Vec<String> = kinds.iter().map(|&kind| kind.to_owned()).collect();
    // Asked of a reader first, so that idle workers leave the writer alone.
    let mut look = Sql::new(store.backend());
    look.push("SELECT id FROM jobs");
    push_claimable(&mut look, &kinds, now);
    if look.one(store.reader()).await?.is_none() {
        return Ok(None);
    }
    let claimed = store.write(move |tx| claim_in(tx, kinds, now, lease).boxed());
    match claimed.await {
        // Another worker has just begun the one that runs at a time.
        Err(StoreError::Duplicate { .. }) => Ok(None),
        claimed => claimed,
    }
}

/// Appends the condition for jobs that may be claimed, the one that has waited longest first.
fn push_claimable(sql: &mut Sql, kinds: &[String], now: Timestamp) {
    sql.push(" WHERE kind IN ")
        .bind_list(kinds.iter().map(sql::text));
    sql.push_with(
        " AND ((status = 'queued' AND run_at <= ? AND (kind <> ? OR NOT EXISTS (SELECT 1 FROM jobs r \
         WHERE r.kind = ? AND r.status = 'running'))) \
         OR (status = 'running' AND lease_until <= ?)) ORDER BY run_at, id LIMIT 1",
        [
            sql::at(now),
            sql::text(ONE_AT_A_TIME),
            sql::text(ONE_AT_A_TIME),
            sql::at(now),
        ],
    );
}

async fn claim_in(
    tx: &DatabaseTransaction,
    kinds: Vec<String>,
    now: Timestamp,
    lease: Duration,
) -> Result<Option<LeasedJob>, StoreError> {
    let backend = tx.get_database_backend();
    let mut unheld = Sql::new(backend);
    unheld.push_with(
        "(status = 'queued' OR (status = 'running' AND lease_until <= ?)) AND kind IN ",
        [sql::at(now)],
    );
    unheld.bind_list(kinds.iter().map(sql::text));
    end_hopeless(tx, &unheld, now).await?;
    let mut sql = Sql::new(backend);
    sql.push_with(
        "UPDATE jobs SET status = 'running', token = token + 1, attempts = attempts + 1, \
         lease_until = ?, started_at = coalesce(started_at, ?) WHERE id = (SELECT id FROM jobs",
        [sql::at(lease_end(now, lease)), sql::at(now)],
    );
    push_claimable(&mut sql, &kinds, now);
    if backend == DbBackend::Postgres {
        sql.push(" FOR UPDATE SKIP LOCKED");
    }
    sql.push(") RETURNING *");
    let Some(row) = sql.one(tx).await? else {
        return Ok(None);
    };
    let row = job::Model::from_query_result(&row, "")?;
    let token = row.token;
    let job = row.try_into()?;
    Ok(Some(LeasedJob { job, token }))
}

/// Hands every running job back to the queue: for a process that owns the records alone, and so
/// knows at its start that no worker lives that could hold a lease. A job that was to stop is
/// cancelled, one without an attempt left fails, and imports end with their jobs.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn take_back(store: &Store, now: Timestamp) -> Result<u64, StoreError> {
    store
        .write(move |tx| {
            async move {
                let backend = tx.get_database_backend();
                let mut unfinished = Sql::new(backend);
                unfinished.push("status IN ('queued', 'running')");
                end_hopeless(tx, &unfinished, now).await?;
                let text = "UPDATE jobs SET status = 'queued', run_at = ?, lease_until = NULL \
                            WHERE status = 'running'";
                Ok(Sql::of(backend, text, [sql::at(now)]).execute(tx).await?)
            }
            .boxed()
        })
        .await
}

/// Asks for a job to stop: one that waits is cancelled at once, with its import; one that runs is
/// told at its next heartbeat. One that is over stays as it is.
///
/// # Errors
/// [`StoreError::NotFound`] where the job is gone.
pub async fn cancel(store: &Store, id: JobId, now: Timestamp) -> Result<Job, StoreError> {
    store.write(move |tx| cancel_in(tx, id, now).boxed()).await
}

/// Asks for a job to stop inside of a transaction.
pub(crate) async fn cancel_in(
    tx: &DatabaseTransaction,
    id: JobId,
    now: Timestamp,
) -> Result<Job, StoreError> {
    let backend = tx.get_database_backend();
    let text = "UPDATE jobs SET status = 'cancelled', finished_at = ? \
                WHERE id = ? AND status = 'queued'";
    Sql::of(backend, text, [sql::at(now), sql::id(id)])
        .execute(tx)
        .await?;
    let text = "UPDATE jobs SET cancel_requested = ? WHERE id = ? AND status = 'running'";
    Sql::of(backend, text, [true.into(), sql::id(id)])
        .execute(tx)
        .await?;
    end_dependents(tx, now).await?;
    let job = record::find::<job::Entity, Job>(tx, id).await?;
    job.ok_or_else(|| StoreError::not_found(OBJECT, id))
}
