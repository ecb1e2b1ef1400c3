//! Acceptances: many pairs that somebody has merged at once, asked for, listed and taken back as a whole.

use std::collections::HashMap;

use futures::FutureExt as _;
use rapport_domain::{Actor, Author, Invalid, JobId, JobStatus, MatchPairId, Timestamp, UserId};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, FromQueryResult as _,
    QueryFilter as _, QueryOrder as _, QueryResult, QuerySelect as _,
};
use uuid::Uuid;

use super::join::Pairing;
use super::list::{Wanted, open};
use super::{accept, bands};
use crate::entities::match_acceptance::{Column, Entity, Model};
use crate::entities::{job, match_acceptance_job};
use crate::jobs::{self, Job, NewJob};
use crate::lists::{Field, Kind, Listing, page};
use crate::sql::{self, Sql};
use crate::{ListQuery, Page, Store, StoreError, bulk, codec, record};

/// What acceptances are called in errors.
const OBJECT: &str = "acceptance of match pairs";
/// Pairs that are accepted at once at most.
const N_PAIRS_MAX: usize = 100_000;
/// Refused pairs that are told.
const N_REFUSED_TOLD: u64 = 100;

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
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptance {
    /// The job.
    pub job: JobId,
    /// Where that stands.
    pub status: JobStatus,
    /// The probability from which on pairs are accepted.
    pub min_probability: f64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Who asked for it.
    pub created_by: UserId,
    /// The latest job that takes it back, and where that stands.
    pub undo: Option<(JobId, JobStatus)>,
    /// Pairs that were chosen.
    pub n_pairs: u64,
    /// Pairs that are merged and not taken back.
    pub n_merged: u64,
    /// Pairs that are one person by the other merges.
    pub n_one: u64,
    /// Pairs that could not be merged.
    pub n_refused: u64,
    /// Pairs that were left because one of the two had changed since they were compared.
    pub n_changed: u64,
    /// Pairs that were merged and taken back.
    pub n_undone: u64,
    /// Pairs that are merged and could not be taken back.
    pub n_not_undone: u64,
}

/// Pairs to be accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAcceptance {
    /// The probability from which on.
    pub min_probability: f64,
    /// The job that merges them.
    pub job: NewJob,
}

/// Queues a job for the open pairs from a probability on that their groups support and of which the store's user
/// sees both contacts; tells how many they are. Where its key has a job already, that is the one.
///
/// # Errors
/// [`StoreError::WrongState`] where it is in nobody's name, [`StoreError::Invalid`] where the user does not see all
/// that is compared and asks for more than a band.
pub async fn create_acceptance(
    store: &Store,
    new: NewAcceptance,
    now: Timestamp,
) -> Result<(Job, u64), StoreError> {
    let min_probability = new.min_probability;
    if bands::is_partial(store.lens()) && !bands::EDGES.contains(&min_probability) {
        let message = "your role hides some of what is compared; choose 0.5 or 0.9";
        return Err(Invalid::one("/min_probability", "too_fine", message).into());
    }
    let head = head_of(author_of(store)?, &new, now);
    let wanted = Wanted {
        min_probability,
        run: None,
    };
    let chosen = open(store, wanted, N_PAIRS_MAX).await?;
    let job = new.job;
    store
        .write(move |tx| {
            async move {
                let job = jobs::enqueue_in(tx, job, now).await?;
                if Uuid::from(job.id) == head.id {
                    let rows: Vec<Model> = rows_of(head.id, chosen);
                    bulk::insert::<match_acceptance_job::Entity>(tx, vec![head], "").await?;
                    bulk::insert::<Entity>(tx, rows, "").await?;
                }
                let n_pairs = n_pairs(tx, job.id).await?;
                Ok((job, n_pairs))
            }
            .boxed()
        })
        .await
}

fn author_of(store: &Store) -> Result<(UserId, Author), StoreError> {
    let author = store.author();
    let named = author.and_then(|author| Some((author.actor.user_id()?, author)));
    named.ok_or_else(|| StoreError::WrongState {
        object: OBJECT,
        state: "only asked for in somebody's name".to_owned(),
    })
}

fn head_of(
    (user, author): (UserId, Author),
    new: &NewAcceptance,
    now: Timestamp,
) -> match_acceptance_job::Model {
    match_acceptance_job::Model {
        id: new.job.id.into(),
        min_probability: new.min_probability,
        created_at: now.as_micros(),
        user_id: user.into(),
        key_id: match author.actor {
            Actor::ApiKey { key_id, .. } => Some(key_id.into()),
            Actor::User(_) | Actor::System(_) => None,
        },
        undo_id: None,
    }
}

fn rows_of(job_id: Uuid, chosen: Vec<Pairing>) -> Vec<Model> {
    let rows = chosen.into_iter().zip(0..);
    let row = |(pair, position): (Pairing, i64)| Model {
        job_id,
        position,
        pair_id: pair.id,
        low_id: pair.low_id,
        high_id: pair.high_id,
        probability: pair.probability,
        model_version: pair.model_version,
        outcome: accept::WAITING.to_owned(),
        operation: None,
        code: None,
        message: None,
        low_print: pair.low_print,
        high_print: pair.high_print,
        undo_code: None,
        undo_message: None,
    };
    rows.map(row).collect()
}

async fn n_pairs(tx: &DatabaseTransaction, job: JobId) -> Result<u64, StoreError> {
    let text = "SELECT count(*) AS n FROM match_acceptances WHERE job_id = ?";
    let count = Sql::of(tx.get_database_backend(), text, [sql::id(job)]);
    let row = count.one(tx).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get("", "n").map(codec::unsigned))?)
}

/// Queues the job that takes an acceptance back; of one key there is one at a time.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none, [`StoreError::WrongState`] while its job is under way.
pub async fn queue_undo(
    store: &Store,
    acceptance: JobId,
    undo: NewJob,
    now: Timestamp,
) -> Result<Job, StoreError> {
    store
        .write(move |tx| {
            async move {
                let accepting = record::find::<job::Entity, Job>(tx, acceptance).await?;
                let accepting =
                    accepting.ok_or_else(|| StoreError::not_found(OBJECT, acceptance))?;
                if !accepting.status.is_over() {
                    let state = "under way; wait for it or cancel it first".to_owned();
                    return Err(StoreError::WrongState {
                        object: OBJECT,
                        state,
                    });
                }
                let job = jobs::enqueue_in(tx, undo, now).await?;
                let text = "UPDATE match_acceptance_jobs SET undo_id = ? WHERE id = ?";
                let values = [sql::id(job.id), sql::id(acceptance)];
                Sql::of(tx.get_database_backend(), text, values)
                    .execute(tx)
                    .await?;
                Ok(job)
            }
            .boxed()
        })
        .await
}

const FIELDS: &[Field] =
    &[Field::required("created_at", "a.created_at", Kind::Timestamp).indexed()];

/// Lists acceptances, the latest first where no order is named: those of one user, or all.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list_acceptances(
    store: &Store,
    user: Option<UserId>,
    query: &ListQuery,
) -> Result<Page<Acceptance>, StoreError> {
    let of_user = user.map(|user| Sql::of(store.backend(), "a.user_id = ?", [sql::id(user)]));
    list_where(store, of_user, query).await
}

/// Finds an acceptance by its job.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_acceptance(store: &Store, id: JobId) -> Result<Option<Acceptance>, StoreError> {
    let of_job = Sql::of(store.backend(), "a.id = ?", [sql::id(id)]);
    let found = list_where(store, Some(of_job), &ListQuery::default()).await?;
    Ok(found.items.into_iter().next())
}

async fn list_where(
    store: &Store,
    scope: Option<Sql>,
    query: &ListQuery,
) -> Result<Page<Acceptance>, StoreError> {
    let columns = record::columns::<match_acceptance_job::Entity>("a", "a_");
    let listing = Listing {
        object: "acceptances",
        table: "match_acceptance_jobs",
        alias: "a",
        columns: format!("{columns}, j.status AS j_status, u.status AS u_status"),
        joins: " LEFT JOIN jobs j ON j.id = a.id LEFT JOIN jobs u ON u.id = a.undo_id",
        scope,
        fields: FIELDS,
        key: Field::required("id", "a.id", Kind::Id),
        default_sort: "-created_at",
        search: None,
    };
    let mut found = page(store, &listing, query, read).await?;
    count(store, &mut found.items).await?;
    Ok(found)
}

fn read(row: &QueryResult) -> Result<Acceptance, StoreError> {
    let head = match_acceptance_job::Model::from_query_result(row, "a_")?;
    let status = |column| {
        let name: Option<String> = row.try_get("", column)?;
        name.map(|name| codec::member("jobs.status", &name))
            .transpose()
    };
    let undo: Option<JobStatus> = status("u_status")?;
    Ok(Acceptance {
        job: head.id.into(),
        // A job that is no more has ended.
        status: status("j_status")?.unwrap_or(JobStatus::Done),
        min_probability: head.min_probability,
        created_at: Timestamp::from_micros(head.created_at),
        created_by: head.user_id.into(),
        undo: head.undo_id.map(JobId::from).zip(undo),
        n_pairs: 0,
        n_merged: 0,
        n_one: 0,
        n_refused: 0,
        n_changed: 0,
        n_undone: 0,
        n_not_undone: 0,
    })
}

/// Counts what became of the pairs of some acceptances.
async fn count(store: &Store, acceptances: &mut [Acceptance]) -> Result<(), StoreError> {
    let mut sql = Sql::new(store.backend());
    sql.push(
        "SELECT job_id, outcome, count(*) AS n, count(undo_code) AS n_not_undone \
         FROM match_acceptances WHERE job_id IN ",
    );
    sql.bind_list(acceptances.iter().map(|it| sql::id(it.job)));
    sql.push(" GROUP BY job_id, outcome");
    let mut of_job: HashMap<JobId, &mut Acceptance> =
        acceptances.iter_mut().map(|it| (it.job, it)).collect();
    for row in sql.all(store.reader()).await? {
        let id: Uuid = row.try_get("", "job_id")?;
        let Some(found) = of_job.get_mut(&JobId::from(id)) else {
            continue;
        };
        let outcome: String = row.try_get("", "outcome")?;
        let n = codec::unsigned(row.try_get("", "n")?);
        found.n_pairs += n;
        match outcome.as_str() {
            accept::MERGED => {
                found.n_merged = n;
                found.n_not_undone = codec::unsigned(row.try_get("", "n_not_undone")?);
            }
            accept::ONE => found.n_one = n,
            accept::REFUSED => found.n_refused = n,
            accept::CHANGED => found.n_changed = n,
            accept::UNDONE => found.n_undone = n,
            _ => {}
        }
    }
    Ok(())
}

/// The first pairs of an acceptance that could not be merged.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_refused(store: &Store, job: JobId) -> Result<Vec<RefusedPair>, StoreError> {
    let rows = of_outcome(store, job, accept::REFUSED, Column::Code).await?;
    let refused = rows.into_iter().map(|row| RefusedPair {
        pair: row.pair_id.into(),
        code: row.code.unwrap_or_default(),
        message: row.message.unwrap_or_default(),
    });
    Ok(refused.collect())
}

/// The first pairs of an acceptance that are merged and could not be taken back.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_not_undone(store: &Store, job: JobId) -> Result<Vec<RefusedPair>, StoreError> {
    let rows = of_outcome(store, job, accept::MERGED, Column::UndoCode).await?;
    let refused = rows.into_iter().map(|row| RefusedPair {
        pair: row.pair_id.into(),
        code: row.undo_code.unwrap_or_default(),
        message: row.undo_message.unwrap_or_default(),
    });
    Ok(refused.collect())
}

async fn of_outcome(
    store: &Store,
    job: JobId,
    outcome: &str,
    code: Column,
) -> Result<Vec<Model>, StoreError> {
    let find = Entity::find()
        .filter(Column::JobId.eq(Uuid::from(job)))
        .filter(Column::Outcome.eq(outcome))
        .filter(code.is_not_null())
        .order_by_asc(Column::Position)
        .limit(N_REFUSED_TOLD);
    Ok(find.all(store.reader()).await?)
}
