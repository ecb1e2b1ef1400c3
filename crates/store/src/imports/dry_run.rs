//! Dry runs: what each row of a file would do, told without doing it.
//!
//! The outcome belongs to the job that works on it, and to the mapping that it followed. It goes when the
//! file is mapped anew or read in.

use std::collections::BTreeMap;

use futures::FutureExt as _;
use rapport_domain::{ImportId, ImportStatus, JobId, RejectReason, RejectedRow, Timestamp};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, FromQueryResult as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::compare::ColumnChange;
use super::progress::{step_in, wrong_state};
use super::rejected::REASONS;
use crate::entities::dry_run_row;
use crate::imports::commit::KEEP;
use crate::jobs::{self, Job, NewJob};
use crate::lists::{Field, Kind, Listing, page};
use crate::sql::{self, Sql};
use crate::{ListQuery, Page, Store, StoreError, bulk, codec, record};

/// What a row would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Make a record.
    Created,
    /// Change a record.
    Changed,
    /// Nothing: all that it tells is here already.
    Unchanged,
    /// Nothing: it would be rejected.
    Rejected,
}

/// Why a row would be rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Name of the offending column.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// Why.
    pub reason: RejectReason,
    /// What to do.
    pub message: String,
}

/// What one row would do.
#[derive(Debug, Clone, PartialEq)]
pub struct DryRunRow {
    /// Line in the file where the row begins.
    pub line: u64,
    /// What it would do.
    pub verdict: Verdict,
    /// The record that it is about, where that is here already.
    pub record_id: Option<Uuid>,
    /// What people call the record.
    pub name: String,
    /// What it would change.
    pub changes: Vec<ColumnChange>,
    /// Why it would be rejected.
    pub rejection: Option<Rejection>,
}

impl DryRunRow {
    /// A row that would be rejected.
    pub fn rejected(row: RejectedRow) -> Self {
        Self {
            line: row.line,
            verdict: Verdict::Rejected,
            record_id: None,
            name: String::new(),
            changes: Vec::new(),
            rejection: Some(Rejection {
                column: row.column,
                value: row.value,
                reason: row.reason,
                message: row.message,
            }),
        }
    }
}

/// Queues the dry run of an import that was not run yet. One that is under way loses its hold on the
/// outcome.
///
/// # Errors
/// [`StoreError::WrongState`] where the import was run already, [`StoreError::NotFound`] where it is
/// gone.
pub async fn queue_dry_run(
    store: &Store,
    id: ImportId,
    job: NewJob,
    now: Timestamp,
) -> Result<Job, StoreError> {
    store
        .write(move |tx| {
            async move {
                let job = jobs::enqueue_in(tx, job, now).await?;
                let set = "dry_run_job_id = ?";
                step_in(tx, id, &[ImportStatus::Ready], set, vec![sql::id(job.id)]).await?;
                Ok(job)
            }
            .boxed()
        })
        .await
}

/// Forgets what a dry run has told so far, before it is told anew.
///
/// # Errors
/// As [`add_dry_run_rows`].
pub async fn begin_dry_run(store: &Store, id: ImportId, job: JobId) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            async move {
                hold(tx, id, job).await?;
                delete_rows(tx, id).await
            }
            .boxed()
        })
        .await
}

/// Adds what some rows would do.
///
/// # Errors
/// [`StoreError::WrongState`] where the import is run by now, mapped anew, or another dry run of it was
/// started, so that the job works for nobody; [`StoreError::NotFound`] where it is gone.
pub async fn add_dry_run_rows(
    store: &Store,
    id: ImportId,
    job: JobId,
    rows: Vec<DryRunRow>,
) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            async move {
                hold(tx, id, job).await?;
                let rows: Vec<_> = rows.into_iter().map(|row| model_of(id, row)).collect();
                bulk::insert::<dry_run_row::Entity>(tx, rows, KEEP).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Makes sure that the outcome is still wanted, until the transaction ends.
async fn hold(tx: &DatabaseTransaction, id: ImportId, job: JobId) -> Result<(), StoreError> {
    let wanted = "UPDATE imports SET dry_run_job_id = dry_run_job_id \
                  WHERE id = ? AND dry_run_job_id = ? AND status = 'ready'";
    let backend = tx.get_database_backend();
    let held = Sql::of(backend, wanted, [sql::id(id), sql::id(job)]);
    match held.execute(tx).await? {
        1 => Ok(()),
        _ => Err(wrong_state(tx, id).await?),
    }
}

/// Forgets the dry run of an import, whose outcome does not hold any more.
pub(super) async fn forget_dry_run(
    tx: &DatabaseTransaction,
    id: ImportId,
) -> Result<(), StoreError> {
    let text = "UPDATE imports SET dry_run_job_id = NULL WHERE id = ?";
    let backend = tx.get_database_backend();
    Sql::of(backend, text, [sql::id(id)]).execute(tx).await?;
    delete_rows(tx, id).await
}

async fn delete_rows(tx: &DatabaseTransaction, id: ImportId) -> Result<(), StoreError> {
    let text = "DELETE FROM dry_run_rows WHERE import_id = ?";
    let backend = tx.get_database_backend();
    Sql::of(backend, text, [sql::id(id)]).execute(tx).await?;
    Ok(())
}

const VERDICTS: &[&str] = &["created", "changed", "unchanged", "rejected"];

const FIELDS: &[Field] = &[
    Field::required("verdict", "d.verdict", Kind::Choice(VERDICTS)),
    Field::optional("reason", "d.reason", Kind::Choice(REASONS)),
    Field::optional("record_id", "d.record_id", Kind::Id),
];

/// Lists what the rows of an import would do, in the file's order.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list_dry_run_rows(
    store: &Store,
    import: ImportId,
    query: &ListQuery,
) -> Result<Page<DryRunRow>, StoreError> {
    let listing = Listing {
        object: "dry run rows",
        table: "dry_run_rows",
        alias: "d",
        columns: record::columns::<dry_run_row::Entity>("d", "d_"),
        joins: "",
        scope: Some(Sql::of(
            store.backend(),
            "d.import_id = ?",
            [sql::id(import)],
        )),
        fields: FIELDS,
        key: Field::required("line", "d.line", Kind::Integer),
        default_sort: "line",
        search: None,
    };
    page(store, &listing, query, |row| {
        dry_run_row::Model::from_query_result(row, "d_")?.try_into()
    })
    .await
}

/// How many rows would do what, as far as the dry run has come.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn count_dry_run_rows(
    store: &Store,
    import: ImportId,
) -> Result<BTreeMap<Verdict, u64>, StoreError> {
    let text = "SELECT verdict, count(*) AS n FROM dry_run_rows WHERE import_id = ? \
                GROUP BY verdict";
    let counted = Sql::of(store.backend(), text, [sql::id(import)]);
    let rows = counted.all(store.reader()).await?;
    let count = rows.iter().map(|row| {
        let verdict: String = row.try_get("", "verdict")?;
        let n: i64 = row.try_get("", "n")?;
        let verdict = codec::member("dry_run_rows.verdict", &verdict)?;
        Ok((verdict, codec::unsigned(n)))
    });
    count.collect()
}

fn model_of(import: ImportId, row: DryRunRow) -> dry_run_row::Model {
    let (rejection, mut model) = (
        row.rejection,
        dry_run_row::Model {
            import_id: import.into(),
            line: codec::signed(row.line),
            verdict: codec::name_of(&row.verdict),
            record_id: row.record_id,
            name: row.name,
            changes: codec::to_json(&row.changes),
            column_name: None,
            value: None,
            reason: None,
            message: None,
        },
    );
    if let Some(rejection) = rejection {
        model.column_name = rejection.column;
        model.value = rejection.value;
        model.reason = Some(codec::name_of(&rejection.reason));
        model.message = Some(rejection.message);
    }
    model
}

impl TryFrom<dry_run_row::Model> for DryRunRow {
    type Error = StoreError;

    fn try_from(row: dry_run_row::Model) -> Result<Self, StoreError> {
        let rejection = match row.reason {
            None => None,
            Some(reason) => Some(Rejection {
                column: row.column_name,
                value: row.value,
                reason: codec::member("dry_run_rows.reason", &reason)?,
                message: row.message.unwrap_or_default(),
            }),
        };
        Ok(Self {
            line: codec::unsigned(row.line),
            verdict: codec::member("dry_run_rows.verdict", &row.verdict)?,
            record_id: row.record_id,
            name: row.name,
            changes: codec::from_json("dry_run_rows.changes", &row.changes)?,
            rejection,
        })
    }
}
