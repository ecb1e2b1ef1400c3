//! Runs of the matcher: the pairs of one replace those of the run before.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use rapport_domain::{AuditAction, ContactId, JobId, MatchPairId, Timestamp};
use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, EntityTrait as _, FromQueryResult as _, QueryResult,
};
use uuid::Uuid;

use super::Evidence;
use super::list::UNDECIDED;
use crate::entities::{match_pair, match_run};
use crate::jobs::{self, LeasedJob};
use crate::lists::{Field, Kind, Listing, page};
use crate::sql::{self, Sql};
use crate::{ListQuery, Page, Store, StoreError, bulk, codec, contacts, identity_log, record};

/// How long before a run an erasure counts: one that was under way when it began, by clocks that differ.
const ERASED_BEFORE_MICROS: i64 = 600_000_000;

/// What a run did. It bears the identifier of its job.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchRun {
    /// The job.
    pub id: JobId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was done.
    pub finished_at: Option<Timestamp>,
    /// Contacts that were compared.
    pub n_records: u64,
    /// Pairs that were compared.
    pub n_candidates: u64,
    /// Pairs that it found.
    pub n_pairs: u64,
    /// Those of them that are certain.
    pub n_certain: u64,
    /// Those of them that it merged by itself.
    pub n_merged: u64,
    /// The probability from which on a pair was certain.
    pub threshold: f64,
    /// The version of the model.
    pub model_version: String,
    /// Whether it was to merge certain pairs by itself.
    pub is_automatic: bool,
}

/// A pair that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPair {
    /// Its identifier, where it is new.
    pub id: MatchPairId,
    /// The two contacts.
    pub contacts: (ContactId, ContactId),
    /// What stands for the values of each that were compared.
    pub prints: (i64, i64),
    /// The probability that they are one person.
    pub probability: f64,
    /// How much a decision teaches.
    pub value: f64,
    /// Bits before anything is compared.
    pub prior_weight: f64,
    /// Whether the whole group of records supports it.
    pub is_grouped: bool,
    /// What the fields say.
    pub fields: Vec<Evidence>,
}

/// A run with its pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRun {
    /// What it did.
    pub run: MatchRun,
    /// What it found.
    pub pairs: Vec<NewPair>,
}

/// Writes a run with its pairs. Pairs that are known keep their identifiers; those that it did not find go,
/// unless somebody has decided on them. A pair of somebody who was deleted or erased since the run began is not
/// written: what was compared is to be forgotten.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another worker has the job.
pub async fn publish(
    store: &Store,
    leased: &LeasedJob,
    new: NewRun,
    now: Timestamp,
) -> Result<(), StoreError> {
    let leased = leased.clone();
    store
        .write(move |tx| {
            async move {
                jobs::hold(tx, &leased).await?;
                write(tx, new, now).await
            }
            .boxed()
        })
        .await?;
    store.release_memory().await
}

async fn write(tx: &DatabaseTransaction, new: NewRun, now: Timestamp) -> Result<(), StoreError> {
    let (mut run, pairs) = (new.run, new.pairs);
    // An erasure comes before, and is seen, or after, and finds what is written.
    identity_log::hold(tx).await?;
    let pairs = of_those_there(tx, pairs, run.started_at).await?;
    run.n_pairs = pairs.len() as u64;
    let is_certain = |pair: &&NewPair| pair.is_grouped && pair.probability >= run.threshold;
    run.n_certain = pairs.iter().filter(is_certain).count() as u64;
    let rows: Vec<match_pair::Model> = pairs
        .into_iter()
        .map(|pair| row_of(pair, &run, now))
        .collect();
    let conflict = "ON CONFLICT (low_id, high_id) DO UPDATE SET probability = excluded.probability, \
                    value = excluded.value, prior_weight = excluded.prior_weight, \
                    is_grouped = excluded.is_grouped, fields = excluded.fields, \
                    model_version = excluded.model_version, run_id = excluded.run_id, \
                    low_print = excluded.low_print, high_print = excluded.high_print";
    bulk::insert::<match_pair::Entity>(tx, rows, conflict).await?;
    let text = format!(
        "DELETE FROM match_pairs AS p WHERE p.run_id <> ? AND {UNDECIDED} AND NOT EXISTS \
         (SELECT 1 FROM contact_merges m WHERE m.contact_id = p.low_id AND m.into_id = p.high_id) \
         AND NOT EXISTS \
         (SELECT 1 FROM contact_merges m WHERE m.contact_id = p.high_id AND m.into_id = p.low_id)"
    );
    Sql::of(tx.get_database_backend(), &text, [sql::id(run.id)])
        .execute(tx)
        .await?;
    bulk::insert::<match_run::Entity>(tx, vec![run.into()], "").await?;
    Ok(())
}

/// The pairs both of whose contacts are there, and not erased since a run began.
async fn of_those_there(
    tx: &DatabaseTransaction,
    pairs: Vec<NewPair>,
    started_at: Timestamp,
) -> Result<Vec<NewPair>, StoreError> {
    let named: BTreeSet<ContactId> = pairs
        .iter()
        .flat_map(|pair| [pair.contacts.0, pair.contacts.1])
        .collect();
    let named: Vec<ContactId> = named.into_iter().collect();
    let mut there = contacts::existing_in(tx, &named, "").await?;
    let text = "SELECT DISTINCT object_id FROM audit_entries \
                WHERE at >= ? AND action = ? AND object_id IS NOT NULL";
    let since = Timestamp::from_micros(started_at.as_micros() - ERASED_BEFORE_MICROS);
    let erased = sql::text(AuditAction::Erased.name());
    let erased = Sql::of(tx.get_database_backend(), text, [sql::at(since), erased]);
    for row in erased.all(tx).await? {
        there.remove(&ContactId(row.try_get("", "object_id")?));
    }
    let are_there = |pair: &NewPair| {
        let (one, other) = pair.contacts;
        there.contains(&one) && there.contains(&other)
    };
    Ok(pairs.into_iter().filter(are_there).collect())
}

fn row_of(pair: NewPair, run: &MatchRun, now: Timestamp) -> match_pair::Model {
    let ends: [(Uuid, i64); 2] = [
        (pair.contacts.0.into(), pair.prints.0),
        (pair.contacts.1.into(), pair.prints.1),
    ];
    let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
    match_pair::Model {
        id: pair.id.into(),
        low_id: low.0,
        high_id: high.0,
        low_print: Some(low.1),
        high_print: Some(high.1),
        probability: pair.probability,
        value: pair.value,
        prior_weight: pair.prior_weight,
        is_grouped: pair.is_grouped,
        fields: codec::to_json(&pair.fields),
        model_version: run.model_version.clone(),
        found_at: now.as_micros(),
        run_id: run.id.into(),
    }
}

/// Notes when a run was done.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn end_run(store: &Store, id: JobId, now: Timestamp) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            async move {
                let text = "UPDATE match_runs SET finished_at = ? WHERE id = ?";
                let values = [sql::at(now), sql::id(id)];
                Sql::of(tx.get_database_backend(), text, values)
                    .execute(tx)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Finds a run.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_run(store: &Store, id: JobId) -> Result<Option<MatchRun>, StoreError> {
    let row = match_run::Entity::find_by_id(Uuid::from(id)).one(store.reader());
    Ok(row.await?.map(MatchRun::from))
}

const FIELDS: &[Field] =
    &[Field::required("started_at", "m.started_at", Kind::Timestamp).indexed()];

/// Lists runs, the latest first where no order is named.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list_runs(store: &Store, query: &ListQuery) -> Result<Page<MatchRun>, StoreError> {
    let listing = Listing {
        object: "match runs",
        table: "match_runs",
        alias: "m",
        columns: record::columns::<match_run::Entity>("m", "m_"),
        joins: "",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "m.id", Kind::Id),
        default_sort: "-started_at",
        search: None,
    };
    let read = |row: &QueryResult| Ok(match_run::Model::from_query_result(row, "m_")?.into());
    page(store, &listing, query, read).await
}

impl From<match_run::Model> for MatchRun {
    fn from(row: match_run::Model) -> Self {
        Self {
            id: row.id.into(),
            started_at: Timestamp::from_micros(row.started_at),
            finished_at: codec::instant(row.finished_at),
            n_records: codec::unsigned(row.n_records),
            n_candidates: codec::unsigned(row.n_candidates),
            n_pairs: codec::unsigned(row.n_pairs),
            n_certain: codec::unsigned(row.n_certain),
            n_merged: codec::unsigned(row.n_merged),
            threshold: row.threshold,
            model_version: row.model_version,
            is_automatic: row.is_automatic,
        }
    }
}

impl From<MatchRun> for match_run::Model {
    fn from(run: MatchRun) -> Self {
        Self {
            id: run.id.into(),
            started_at: run.started_at.as_micros(),
            finished_at: codec::micros(run.finished_at),
            n_records: codec::signed(run.n_records),
            n_candidates: codec::signed(run.n_candidates),
            n_pairs: codec::signed(run.n_pairs),
            n_certain: codec::signed(run.n_certain),
            n_merged: codec::signed(run.n_merged),
            threshold: run.threshold,
            model_version: run.model_version,
            is_automatic: run.is_automatic,
        }
    }
}
