//! Bulk edits: one change of many records, which can be taken back.
//!
//! The records are chosen when the edit is asked for, each with the version that it has then, and do not
//! change any more: what comes to match the filter later is not touched, and a record that somebody else
//! has changed meanwhile is left as it is. A worker changes one batch after another, each in a transaction
//! that writes the journal and moves `batches_done`, so that a kill loses nothing and does nothing twice.
//! What each user may change is asked of the lens, as for a single record.
//!
//! Taking an edit back walks the batches from the last one: a column that still holds what the edit wrote
//! gets back what stood there before; a deleted record comes back with what hung on it.

mod batch;
mod choose;
mod delete;
mod editable;
mod erase;
mod left;
mod progress;
mod remains;
mod run;
mod undo;
mod write;

use rapport_domain::{
    BulkAction, BulkCounts, BulkEditId, BulkEditStatus, JobId, ObjectKind, Timestamp, UserId,
};
use sea_orm::{FromQueryResult as _, QueryResult};

use crate::entities::bulk_edit;
use crate::lists::{Field, Kind, Listing, page};
use crate::record::{self, Named};
use crate::sql::{self, Sql};
use crate::states::Stateful;
use crate::{ListQuery, Op, Page, Store, StoreError, codec};

pub use crate::journal::ConflictReason;
pub use batch::{run_batch, undo_batch};
pub use choose::{Chosen, ROWS_MAX, choose, choose_ids};
pub use left::{BulkConflict, RefusedRow, list_conflicts, list_refused};
pub use progress::{
    NewBulkEdit, cancel, create, finish, finish_undo, queue_undo, start, start_undo,
};
pub use run::{PREVIEW_ROWS_MAX, preview};

pub(crate) use erase::erase_in;
pub(crate) use progress::end_with_jobs;

const OBJECT: &str = "bulk edit";

/// How bulk edits are stored, as records with states.
const STATEFUL: Stateful = Stateful {
    table: "bulk_edits",
    object: OBJECT,
};

/// Records of one batch.
const BATCH_ROWS: usize = 1_000;

/// One change of many records.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkEdit {
    /// Identifier.
    pub id: BulkEditId,
    /// Kind of the records.
    pub object: ObjectKind,
    /// What is done to each.
    pub action: BulkAction,
    /// What was asked for, as the caller wrote it.
    pub asked: serde_json::Value,
    /// Where it stands.
    pub status: BulkEditStatus,
    /// Records that it is about.
    pub n_rows: u64,
    /// What became of them so far.
    pub counts: BulkCounts,
    /// Batches in all.
    pub n_batches: u64,
    /// Batches that are done and not taken back.
    pub batches_done: u64,
    /// The job that does it.
    pub job_id: Option<JobId>,
    /// The job that takes it back, or did.
    pub undo_job_id: Option<JobId>,
    /// Who asked for it.
    pub created_by: Option<Named<UserId>>,
    /// When.
    pub created_at: Timestamp,
    /// When the first record was looked at.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
}

const OBJECTS: &[&str] = &["contact", "company", "deal", "ticket", "task"];

const STATUSES: &[&str] = &[
    "queued",
    "running",
    "done",
    "failed",
    "cancelled",
    "undoing",
    "undone",
];

const FIELDS: &[Field] = &[
    Field::required("object", "b.object", Kind::Choice(OBJECTS)),
    Field::required("status", "b.status", Kind::Choice(STATUSES)),
    Field::optional("created_by", "b.created_by", Kind::Id),
    Field::required("created_at", "b.created_at", Kind::Timestamp),
    Field::optional("finished_at", "b.finished_at", Kind::Timestamp),
];

/// Who does not see all records with all their fields sees the own edits: what others did names records and
/// values that may be out of sight.
fn listing(store: &Store) -> Listing {
    let columns = record::columns::<bulk_edit::Entity>("b", "b_");
    let lens = store.lens();
    let sees_everything = lens.sees_all() && !lens.hides_any();
    let narrow = lens.user().filter(|_| !sees_everything);
    Listing {
        object: "bulk edits",
        table: "bulk_edits",
        alias: "b",
        columns: format!("{columns}, u.id AS u_id, u.name AS u_name"),
        joins: " LEFT JOIN users u ON u.id = b.created_by",
        scope: narrow.map(|user| Sql::of(store.backend(), "b.created_by = ?", [sql::id(user)])),
        fields: FIELDS,
        key: Field::required("id", "b.id", Kind::Id),
        default_sort: "-created_at",
        search: None,
    }
}

fn read(row: &QueryResult) -> Result<BulkEdit, StoreError> {
    let model = bulk_edit::Model::from_query_result(row, "b_")?;
    Ok(BulkEdit {
        id: model.id.into(),
        object: codec::member("bulk_edits.object", &model.object)?,
        action: codec::from_json("bulk_edits.action", &model.action)?,
        asked: codec::from_json("bulk_edits.asked", &model.asked)?,
        status: codec::member("bulk_edits.status", &model.status)?,
        n_rows: codec::unsigned(model.n_rows),
        counts: codec::from_json("bulk_edits.counts", &model.counts)?,
        n_batches: codec::unsigned(model.n_batches),
        batches_done: codec::unsigned(model.batches_done),
        job_id: model.job_id.map(Into::into),
        undo_job_id: model.undo_job_id.map(Into::into),
        created_by: Named::read(row, "u_")?,
        created_at: Timestamp::from_micros(model.created_at),
        started_at: codec::instant(model.started_at),
        finished_at: codec::instant(model.finished_at),
        error: model.error,
    })
}

/// Lists bulk edits, the latest first where no order is named.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<BulkEdit>, StoreError> {
    page(store, &listing(store), query, read).await
}

/// Finds a bulk edit.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: BulkEditId) -> Result<Option<BulkEdit>, StoreError> {
    let query = ListQuery::default().with("id", Op::Eq, id);
    Ok(list(store, &query).await?.items.pop())
}

/// Finds a bulk edit that must be there, whoever sees it: for who has just worked on it.
async fn as_it_is(store: &Store, id: BulkEditId) -> Result<BulkEdit, StoreError> {
    let of_all = Listing {
        scope: None,
        ..listing(store)
    };
    let query = ListQuery::default().with("id", Op::Eq, id);
    let found = page(store, &of_all, &query, read).await?.items.pop();
    found.ok_or_else(|| StoreError::not_found(OBJECT, id))
}

/// Finds a bulk edit that must be there.
async fn expect(store: &Store, id: BulkEditId) -> Result<BulkEdit, StoreError> {
    let found = find(store, id).await?;
    found.ok_or_else(|| StoreError::not_found(OBJECT, id))
}
