//! What the holder of a lease says of its job. Every statement names the lease's token.

use std::time::Duration;

use futures::FutureExt as _;
use rapport_domain::{JobId, JobProgress, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};

use super::Job;
use super::endings::end_dependents;
use crate::entities::job;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec, record};

/// Wait before the second attempt; it doubles with each further one.
const BACKOFF_FIRST: Duration = Duration::from_secs(2);

/// The longest wait between attempts.
const BACKOFF_MAX: Duration = Duration::from_secs(3600);

/// A job and the right to work on it until the lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct LeasedJob {
    /// The job.
    pub job: Job,
    /// Fences this lease from later ones.
    pub token: i64,
}

/// What a worker learns from a heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heartbeat {
    /// The lease is extended; go on.
    GoOn,
    /// A person wants the job to stop; stop and [`acknowledge_cancel`].
    Stop,
}

/// Reports progress, extends the lease and tells whether to stop.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another worker has the job or it is over.
pub async fn heartbeat(
    store: &Store,
    leased: &LeasedJob,
    progress: &JobProgress,
    now: Timestamp,
    lease: Duration,
) -> Result<Heartbeat, StoreError> {
    let values = vec![
        sql::text(codec::to_json(progress)),
        sql::at(lease_end(now, lease)),
    ];
    let job = say(store, leased, "progress = ?, lease_until = ?", values).await?;
    Ok(if job.cancel_requested {
        Heartbeat::Stop
    } else {
        Heartbeat::GoOn
    })
}

/// Ends a job that did its work.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another worker has the job or it is over.
pub async fn complete(
    store: &Store,
    leased: &LeasedJob,
    result: Option<&serde_json::Value>,
    now: Timestamp,
) -> Result<Job, StoreError> {
    let result = result.map(ToString::to_string);
    let set = "status = 'done', result = ?, error = NULL, finished_at = ?, lease_until = NULL";
    say(store, leased, set, vec![result.into(), sql::at(now)]).await
}

/// Ends an attempt that failed: the job waits for its next attempt, each time twice as long, or is
/// `failed` after the last one.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another worker has the job or it is over.
pub async fn fail(
    store: &Store,
    leased: &LeasedJob,
    error: &str,
    now: Timestamp,
) -> Result<Job, StoreError> {
    let job = &leased.job;
    if job.attempts >= job.attempts_max {
        return give_up(store, leased, error, now).await;
    }
    let run_at = lease_end(now, backoff(job.attempts));
    let set = "status = 'queued', error = ?, run_at = ?, lease_until = NULL";
    say(store, leased, set, vec![sql::text(error), sql::at(run_at)]).await
}

/// Ends a job for which another attempt would be no better, and its import with it.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another worker has the job or it is over.
pub async fn give_up(
    store: &Store,
    leased: &LeasedJob,
    error: &str,
    now: Timestamp,
) -> Result<Job, StoreError> {
    let set = "status = 'failed', error = ?, finished_at = ?, lease_until = NULL";
    let values = vec![sql::text(error), sql::at(now)];
    end(store, leased, set, values, now).await
}

/// Hands a job back unfinished, so that the next worker goes on at once. The attempt does not count.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another worker has the job or it is over.
pub async fn release(store: &Store, leased: &LeasedJob, now: Timestamp) -> Result<Job, StoreError> {
    let set = "status = 'queued', run_at = ?, attempts = attempts - 1, lease_until = NULL";
    say(store, leased, set, vec![sql::at(now)]).await
}

/// Ends a job that a person wanted to stop, and its import with it.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another worker has the job or it is over.
pub async fn acknowledge_cancel(
    store: &Store,
    leased: &LeasedJob,
    now: Timestamp,
) -> Result<Job, StoreError> {
    let set = "status = 'cancelled', finished_at = ?, lease_until = NULL";
    end(store, leased, set, vec![sql::at(now)], now).await
}

/// How long to wait after the given attempt (from 1).
fn backoff(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(20);
    BACKOFF_FIRST
        .saturating_mul(1 << doublings)
        .min(BACKOFF_MAX)
}

/// An instant this much later.
pub(super) fn lease_end(now: Timestamp, lease: Duration) -> Timestamp {
    let micros = i64::try_from(lease.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_micros(now.as_micros().saturating_add(micros))
}

/// Refuses where the lease is over, and keeps others from taking the job until the transaction ends.
pub(crate) async fn hold(tx: &DatabaseTransaction, leased: &LeasedJob) -> Result<(), StoreError> {
    let lease = (leased.job.id, leased.token);
    say_in(tx, lease, "token = token", Vec::new())
        .await
        .map(|_| ())
}

/// Changes a job if the lease still holds.
async fn say(
    store: &Store,
    leased: &LeasedJob,
    set: &'static str,
    values: Vec<Value>,
) -> Result<Job, StoreError> {
    let lease = (leased.job.id, leased.token);
    store
        .write(move |tx| say_in(tx, lease, set, values).boxed())
        .await
}

/// Ends a job without success if the lease still holds, and its import in the same transaction.
async fn end(
    store: &Store,
    leased: &LeasedJob,
    set: &'static str,
    values: Vec<Value>,
    now: Timestamp,
) -> Result<Job, StoreError> {
    let lease = (leased.job.id, leased.token);
    let job = store
        .write(move |tx| {
            async move {
                let job = say_in(tx, lease, set, values).await?;
                end_dependents(tx, now).await?;
                Ok(job)
            }
            .boxed()
        })
        .await?;
    store.release_memory().await?;
    Ok(job)
}

async fn say_in(
    tx: &DatabaseTransaction,
    (id, token): (JobId, i64),
    set: &'static str,
    values: Vec<Value>,
) -> Result<Job, StoreError> {
    let mut sql = Sql::new(tx.get_database_backend());
    sql.push("UPDATE jobs SET ").push_with(set, values);
    sql.push_with(
        " WHERE id = ? AND token = ? AND status = 'running'",
        [sql::id(id), token.into()],
    );
    if sql.execute(tx).await? == 0 {
        return Err(StoreError::LeaseLost { job: id });
    }
    stored(tx, id).await
}

async fn stored(tx: &DatabaseTransaction, id: JobId) -> Result<Job, StoreError> {
    let job = record::find::<job::Entity, Job>(tx, id).await?;
    job.ok_or(StoreError::LeaseLost { job: id })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_an_hour() {
        let waits: Vec<u64> = [1, 2, 3, 11, 12, 40].map(|n| backoff(n).as_secs()).into();

        assert_eq!(waits, [2, 4, 8, 2048, 3600, 3600]);
    }
}
