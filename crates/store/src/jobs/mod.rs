//! Jobs: durable work, done by whoever holds its lease.
//!
//! A job waits `queued` until its time, is `running` under a lease, and ends `done`, `failed` or
//! `cancelled`. A lease carries a token that grows with each claim; everything a worker says of a
//! job is checked against it, so that a worker that was too slow cannot touch a job that another
//! has taken over. An import ends in the transaction that ends its job, so that neither is left
//! waiting for the other. Time comes in as an argument everywhere.

mod endings;
mod queue;
mod worker;

use rapport_domain::{JobId, JobProgress, JobStatus, Timestamp};
use sea_orm::{FromQueryResult as _, QueryResult};

use crate::entities::job;
use crate::lists::{Field, Kind, Listing, page};
use crate::{ListQuery, Page, Store, StoreError, codec, record};

pub use endings::reconcile;
pub use queue::{NewJob, bring_forward, cancel, claim, enqueue, take_back};
pub use worker::{
    Heartbeat, LeasedJob, acknowledge_cancel, complete, fail, give_up, heartbeat, release,
};

pub(crate) use endings::end_dependents;
pub(crate) use queue::{cancel_in, enqueue_in};
pub(crate) use worker::hold;

const OBJECT: &str = "job";

/// A durable piece of work.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Identifier.
    pub id: JobId,
    /// What kind of work, such as `import`.
    pub kind: String,
    /// What the work needs to know.
    pub payload: serde_json::Value,
    /// Of jobs with one key, at most one is unfinished.
    pub unique_key: Option<String>,
    /// Where it stands.
    pub status: JobStatus,
    /// Not before this.
    pub run_at: Timestamp,
    /// Times it was claimed.
    pub attempts: u32,
    /// Times it may be claimed.
    pub attempts_max: u32,
    /// Whether a person wants it to stop.
    pub cancel_requested: bool,
    /// How far it is.
    pub progress: JobProgress,
    /// What came of it.
    pub result: Option<serde_json::Value>,
    /// Why its last attempt failed.
    pub error: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it was first claimed.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

impl TryFrom<job::Model> for Job {
    type Error = StoreError;

    fn try_from(row: job::Model) -> Result<Self, StoreError> {
        let count = |number: i64| u32::try_from(number).unwrap_or(0);
        Ok(Self {
            id: row.id.into(),
            kind: row.kind,
            payload: codec::from_json("jobs.payload", &row.payload)?,
            unique_key: row.unique_key,
            status: codec::member("jobs.status", &row.status)?,
            run_at: Timestamp::from_micros(row.run_at),
            attempts: count(row.attempts),
            attempts_max: count(row.attempts_max),
            cancel_requested: row.cancel_requested,
            progress: codec::from_json("jobs.progress", &row.progress)?,
            result: codec::from_json_option("jobs.result", row.result.as_deref())?,
            error: row.error,
            created_at: Timestamp::from_micros(row.created_at),
            started_at: codec::instant(row.started_at),
            finished_at: codec::instant(row.finished_at),
        })
    }
}

const STATUSES: &[&str] = &["queued", "running", "done", "failed", "cancelled"];

const FIELDS: &[Field] = &[
    Field::required("kind", "j.kind", Kind::Text),
    Field::required("status", "j.status", Kind::Choice(STATUSES)),
    Field::required("run_at", "j.run_at", Kind::Timestamp),
    Field::required("created_at", "j.created_at", Kind::Timestamp),
    Field::optional("finished_at", "j.finished_at", Kind::Timestamp),
];

/// Lists jobs, the latest first where no order is named.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<Job>, StoreError> {
    let listing = Listing {
        object: "jobs",
        table: "jobs",
        alias: "j",
        columns: record::columns::<job::Entity>("j", "j_"),
        joins: "",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "j.id", Kind::Id),
        default_sort: "-created_at",
        search: None,
    };
    let read = |row: &QueryResult| job::Model::from_query_result(row, "j_")?.try_into();
    page(store, &listing, query, read).await
}

/// Finds a job.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: JobId) -> Result<Option<Job>, StoreError> {
    record::find_seen::<job::Entity, _>(store, id).await
}
