//! Imports: files on their way in, how far they are, and what became of their rows.
//!
//! An import is made `ready`, `queued` with a job, `running` while a worker commits one
//! [`ImportBatch`] after another, and ends `done`, `failed` or `cancelled`. Each batch moves
//! `rows_done` in the transaction that writes the rows, so that a killed import goes on from
//! there without doubling.
//!
//! Each batch also leaves in the journal what it has made and changed, so that an import can be
//! taken back: it is then `undoing` while a worker takes back one batch after another, the last one
//! first, and ends `undone`. `batches_done` counts down in the transaction that takes a batch back.

mod account;
mod batch;
mod commit;
mod compare;
mod deals;
mod dry_run;
mod journal;
mod people;
mod progress;
mod rejected;
mod tasks;
mod undo;

use std::collections::HashSet;

use futures::FutureExt as _;
use rapport_domain::{
    EntityKind, ImportCounts, ImportId, ImportStatus, JobId, SourceId, Timestamp, UserId,
};
use sea_orm::{FromQueryResult as _, QueryResult};
use uuid::Uuid;

use crate::entities::import;
use crate::lists::{Field, Kind, Listing, page};
use crate::record::{self, Named};
use crate::sql::Sql;
use crate::{ListQuery, Op, Page, Store, StoreError, codec};

pub use crate::journal::ConflictReason;
pub use batch::{
    CommittedBatch, IdentityKeys, ImportBatch, ImportedTicket, SeenRecord, SourceRecord,
};
pub use commit::commit_batch;
pub(crate) use commit::write_outside;
pub(crate) use compare::{CUSTOM, differ, flat};
pub use compare::{ColumnChange, Imported, differences};
pub use dry_run::{
    DryRunRow, Rejection, Verdict, add_dry_run_rows, begin_dry_run, count_dry_run_rows,
    list_dry_run_rows, queue_dry_run,
};
pub use journal::{Effects, RecordKind, effects, has_made};
pub use progress::{
    cancel, find_ready, finish, queue, set_look, set_mapping, set_rows_total, start,
};
pub use rejected::{list_rejected, list_rejected_after};
pub use undo::{
    HistoryKeys, ImportConflict, Kept, KeptHistory, finish_undo, has_kept_history, kept_history,
    list_conflicts, queue_undo, released, undo_batch,
};

const OBJECT: &str = "import";

/// A file on its way in.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Identifier.
    pub id: ImportId,
    /// System that the file comes from.
    pub source: Named<SourceId>,
    /// Name of the file.
    pub file_name: String,
    /// Size of the file as uploaded.
    pub bytes: u64,
    /// Where it stands.
    pub status: ImportStatus,
    /// What its rows are about, once mapped.
    pub entity: Option<EntityKind>,
    /// How the file is written, as the reader describes it.
    pub format: serde_json::Value,
    /// Which column is which field, as the reader describes it.
    pub mapping: serde_json::Value,
    /// The first rows, for people to look at.
    pub preview: serde_json::Value,
    /// Names of the columns in the file's order; source records hold their cells in it.
    pub columns: Vec<String>,
    /// What became of the rows so far.
    pub counts: ImportCounts,
    /// Rows that are in or rejected; a retry goes on after them.
    pub rows_done: u64,
    /// Rows in all, where known.
    pub rows_total: Option<u64>,
    /// Bytes of the file that the rows so far came from.
    pub bytes_done: u64,
    /// The job that runs it.
    pub job_id: Option<JobId>,
    /// Who uploaded it.
    pub created_by: Option<UserId>,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When its first row was read.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
    /// Batches that are in and not taken back.
    pub batches_done: u64,
    /// Rows that were read in before the journal was kept: they cannot be taken back.
    pub rows_unjournaled: u64,
    /// The job that takes it back, or did.
    pub undo_job_id: Option<JobId>,
    /// The job that tells what its rows would do, or did; none where that does not hold any more.
    pub dry_run_job_id: Option<JobId>,
}

/// A file that was uploaded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewImport {
    /// Identifier.
    pub id: ImportId,
    /// System that the file comes from.
    pub source_id: SourceId,
    /// Name of the file.
    pub file_name: String,
    /// Size of the file as uploaded.
    pub bytes: u64,
    /// What its rows seem to be about.
    pub entity: Option<EntityKind>,
    /// How the file is written.
    pub format: serde_json::Value,
    /// Which column seems to be which field.
    pub mapping: serde_json::Value,
    /// The first rows.
    pub preview: serde_json::Value,
    /// Names of the columns in the file's order.
    pub columns: Vec<String>,
    /// Who uploaded it.
    pub created_by: Option<UserId>,
}

/// What a look at a file found.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportLook {
    /// What its rows seem to be about.
    pub entity: EntityKind,
    /// How the file is written.
    pub format: serde_json::Value,
    /// Which column seems to be which field.
    pub mapping: serde_json::Value,
    /// The first rows.
    pub preview: serde_json::Value,
    /// Names of the columns in the file's order.
    pub columns: Vec<String>,
    /// About how many rows there are.
    pub rows_total: u64,
}

const STATUSES: &[&str] = &[
    "ready",
    "queued",
    "running",
    "done",
    "failed",
    "cancelled",
    "undoing",
    "undone",
];

const FIELDS: &[Field] = &[
    Field::required("file_name", "i.file_name", Kind::Text),
    Field::required("status", "i.status", Kind::Choice(STATUSES)),
    Field::required("source_id", "i.source_id", Kind::Id),
    Field::optional("job_id", "i.job_id", Kind::Id),
    Field::required("created_at", "i.created_at", Kind::Timestamp),
    Field::optional("finished_at", "i.finished_at", Kind::Timestamp),
];

fn listing() -> Listing {
    let columns = record::columns::<import::Entity>("i", "i_");
    Listing {
        object: "imports",
        table: "imports",
        alias: "i",
        columns: format!("{columns}, q.id AS q_id, q.name AS q_name"),
        joins: " JOIN sources q ON q.id = i.source_id",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "i.id", Kind::Id),
        default_sort: "-created_at",
        search: None,
    }
}

fn read(row: &QueryResult) -> Result<Import, StoreError> {
    let model = import::Model::from_query_result(row, "i_")?;
    let source = Named::read(row, "q_")?;
    let entity = model.entity.as_deref();
    Ok(Import {
        id: model.id.into(),
        source: source.ok_or_else(|| StoreError::not_found("source", model.source_id))?,
        file_name: model.file_name,
        bytes: codec::unsigned(model.bytes),
        status: codec::member("imports.status", &model.status)?,
        entity: entity
            .map(|name| codec::member("imports.entity", name))
            .transpose()?,
        format: codec::from_json("imports.format", &model.format)?,
        mapping: codec::from_json("imports.mapping", &model.mapping)?,
        preview: codec::from_json("imports.preview", &model.preview)?,
        columns: codec::from_json("imports.columns", &model.columns)?,
        counts: codec::from_json("imports.counts", &model.counts)?,
        rows_done: codec::unsigned(model.rows_done),
        rows_total: model.rows_total.map(codec::unsigned),
        bytes_done: codec::unsigned(model.bytes_done),
        job_id: model.job_id.map(Into::into),
        created_by: model.created_by.map(Into::into),
        created_at: Timestamp::from_micros(model.created_at),
        started_at: codec::instant(model.started_at),
        finished_at: codec::instant(model.finished_at),
        error: model.error,
        batches_done: codec::unsigned(model.batches_done),
        rows_unjournaled: codec::unsigned(model.rows_unjournaled),
        undo_job_id: model.undo_job_id.map(Into::into),
        dry_run_job_id: model.dry_run_job_id.map(Into::into),
    })
}

/// Lists imports, the latest first where no order is named.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<Import>, StoreError> {
    page(store, &listing(), query, read).await
}

/// Finds an import.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: ImportId) -> Result<Option<Import>, StoreError> {
    let query = ListQuery::default().with("id", Op::Eq, id);
    Ok(list(store, &query).await?.items.pop())
}

/// All imports.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_ids(store: &Store) -> Result<HashSet<ImportId>, StoreError> {
    let mut sql = Sql::new(store.backend());
    sql.push("SELECT id FROM imports");
    let rows = sql.all(store.reader()).await?;
    let id = |row: QueryResult| -> Result<ImportId, StoreError> {
        Ok(row.try_get_by_index::<Uuid>(0)?.into())
    };
    rows.into_iter().map(id).collect()
}

/// Finds an import that must be there.
async fn expect(store: &Store, id: ImportId) -> Result<Import, StoreError> {
    let found = find(store, id).await?;
    found.ok_or_else(|| StoreError::not_found(OBJECT, id))
}

/// Writes a new import; it waits for a look at its mapping.
///
/// # Errors
/// [`StoreError::BrokenReference`] where its source does not exist.
pub async fn create(store: &Store, new: NewImport, now: Timestamp) -> Result<Import, StoreError> {
    let id = new.id;
    let row = import::Model {
        id: id.into(),
        source_id: new.source_id.into(),
        file_name: new.file_name,
        bytes: codec::signed(new.bytes),
        status: codec::name_of(&ImportStatus::Ready),
        entity: new.entity.as_ref().map(codec::name_of),
        format: new.format.to_string(),
        mapping: new.mapping.to_string(),
        preview: new.preview.to_string(),
        columns: codec::to_json(&new.columns),
        counts: codec::to_json(&ImportCounts::default()),
        rows_done: 0,
        rows_total: None,
        bytes_done: 0,
        job_id: None,
        created_by: new.created_by.map(Into::into),
        created_at: now.as_micros(),
        started_at: None,
        finished_at: None,
        error: None,
        batches_done: 0,
        rows_unjournaled: 0,
        undo_job_id: None,
        dry_run_job_id: None,
    };
    store
        .write(move |tx| record::create::<import::Entity>(tx, OBJECT, row).boxed())
        .await?;
    expect(store, id).await
}
