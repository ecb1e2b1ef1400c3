//! How an import moves from state to state; each step says from which states it may be taken.

use futures::FutureExt as _;
use rapport_domain::{AuditAction, AuditObject, EntityKind, ImportId, ImportStatus, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _};
use uuid::Uuid;

use super::dry_run::forget_dry_run;
use super::{Import, ImportLook, OBJECT, expect};
use crate::audit::Draft;
use crate::entities::import;
use crate::jobs::{self, Job, NewJob};
use crate::sql::{self, Sql};
use crate::states::Stateful;
use crate::{Store, StoreError, audit, codec};

/// Replaces the mapping before the import is run for the first time.
///
/// # Errors
/// [`StoreError::WrongState`] where it was run already, [`StoreError::NotFound`] where it is gone.
pub async fn set_mapping(
    store: &Store,
    id: ImportId,
    entity: EntityKind,
    mapping: &serde_json::Value,
) -> Result<Import, StoreError> {
    let set = "entity = ?, mapping = ?";
    let values = vec![
        sql::text(codec::name_of(&entity)),
        sql::text(mapping.to_string()),
    ];
    step_anew(store, id, set, values).await
}

/// Finds an import that was not run yet.
///
/// # Errors
/// [`StoreError::WrongState`] where it was run already, [`StoreError::NotFound`] where it is gone.
pub async fn find_ready(store: &Store, id: ImportId) -> Result<Import, StoreError> {
    let import = expect(store, id).await?;
    if import.status == ImportStatus::Ready {
        return Ok(import);
    }
    Err(StoreError::WrongState {
        object: OBJECT,
        state: codec::name_of(&import.status),
    })
}

/// Replaces what is known of the file before the import is run for the first time.
///
/// # Errors
/// [`StoreError::WrongState`] where it was run already, [`StoreError::NotFound`] where it is gone.
pub async fn set_look(store: &Store, id: ImportId, look: ImportLook) -> Result<Import, StoreError> {
    let set = "entity = ?, format = ?, mapping = ?, preview = ?, columns = ?, rows_total = ?";
    let values = vec![
        sql::text(codec::name_of(&look.entity)),
        sql::text(look.format.to_string()),
        sql::text(look.mapping.to_string()),
        sql::text(look.preview.to_string()),
        sql::text(codec::to_json(&look.columns)),
        codec::signed(look.rows_total).into(),
    ];
    step_anew(store, id, set, values).await
}

/// Queues an import together with the job that runs it: both or neither. An import that failed
/// or was cancelled goes on from where it stopped.
///
/// # Errors
/// [`StoreError::WrongState`] where it is under way or done, [`StoreError::NotFound`] where it is
/// gone.
pub async fn queue(
    store: &Store,
    id: ImportId,
    job: NewJob,
    now: Timestamp,
) -> Result<Job, StoreError> {
    use ImportStatus::{Cancelled, Failed, Ready};
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                // One that is stuck behind a job that is over may be started again.
                jobs::end_dependents(tx, now).await?;
                let taken_back = "other.status = 'undoing' AND EXISTS (SELECT 1 FROM jobs j \
                     WHERE j.id = other.undo_job_id AND j.status IN ('queued', 'running'))";
                check_alone(tx, id, taken_back).await?;
                let job = jobs::enqueue_in(tx, job, now).await?;
                let set = "status = 'queued', job_id = ?, error = NULL, finished_at = NULL";
                let values = vec![sql::id(job.id)];
                step_in(tx, id, &[Ready, Failed, Cancelled], set, values).await?;
                forget_dry_run(tx, id).await?;
                // What it does to records is in its journal.
                let draft = Draft::of(AuditAction::Started, AuditObject::Import, id);
                audit::write(tx, &lens, vec![draft]).await?;
                Ok(job)
            }
            .boxed()
        })
        .await
}

/// Refuses where another import of the same source is in a state that this one must not meet: what
/// one takes back the other would count as known. `others` is a condition on `other`.
pub(super) async fn check_alone(
    tx: &DatabaseTransaction,
    id: ImportId,
    others: &str,
) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    if backend == DbBackend::Postgres {
        // Two that are queued at the same time must not miss each other.
        let lock = "SELECT s.id FROM sources s JOIN imports i ON i.source_id = s.id \
                    WHERE i.id = ? FOR UPDATE OF s";
        Sql::of(backend, lock, [sql::id(id)]).one(tx).await?;
    }
    let text = format!(
        "SELECT other.id FROM imports other JOIN imports own ON own.source_id = other.source_id \
         WHERE own.id = ? AND other.id <> own.id AND {others} LIMIT 1"
    );
    match Sql::of(backend, &text, [sql::id(id)]).one(tx).await? {
        None => Ok(()),
        Some(_) => Err(StoreError::WrongState {
            object: OBJECT,
            state: "held up by another one of its source that is under way".to_owned(),
        }),
    }
}

/// Notes that a worker reads the file. A running import may be started again, by the worker that
/// takes over after a kill.
///
/// # Errors
/// [`StoreError::WrongState`] where it is not queued or running, [`StoreError::NotFound`] where it
/// is gone.
pub async fn start(store: &Store, id: ImportId, now: Timestamp) -> Result<Import, StoreError> {
    let set = "status = 'running', started_at = coalesce(started_at, ?)";
    let from = [ImportStatus::Queued, ImportStatus::Running];
    step(store, id, &from, set, vec![sql::at(now)]).await
}

/// Sets how many rows the file has, once that is known.
///
/// # Errors
/// [`StoreError::NotFound`] where the import is gone.
pub async fn set_rows_total(store: &Store, id: ImportId, total: u64) -> Result<(), StoreError> {
    let values = vec![codec::signed(total).into()];
    step(store, id, &ALL, "rows_total = ?", values).await?;
    Ok(())
}

/// Notes that all rows are in or rejected.
///
/// # Errors
/// [`StoreError::WrongState`] where it is not running, [`StoreError::NotFound`] where it is gone.
pub async fn finish(store: &Store, id: ImportId, now: Timestamp) -> Result<Import, StoreError> {
    let set = "status = 'done', rows_total = rows_done, finished_at = ?, error = NULL";
    let import = step(store, id, &[ImportStatus::Running], set, vec![sql::at(now)]).await?;
    // The pages that it has gathered need not stay in memory.
    store.release_memory().await?;
    Ok(import)
}

/// Stops an import: one that no worker reads is cancelled at once together with its job; the job
/// of one that is being read is told, and the import ends with it. What was committed stays.
///
/// # Errors
/// [`StoreError::WrongState`] where it is over already, [`StoreError::NotFound`] where it is gone.
pub async fn cancel(store: &Store, id: ImportId, now: Timestamp) -> Result<Import, StoreError> {
    store
        .write(move |tx| async move { cancel_in(tx, id, now).await }.boxed())
        .await?;
    expect(store, id).await
}

async fn cancel_in(
    tx: &DatabaseTransaction,
    id: ImportId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = import::Entity::find_by_id(Uuid::from(id)).one(tx).await?;
    let row = row.ok_or_else(|| StoreError::not_found(OBJECT, id))?;
    match (row.status.as_str(), row.job_id) {
        ("queued" | "running", Some(job)) => {
            jobs::cancel_in(tx, job.into(), now).await?;
            Ok(())
        }
        _ => {
            let set = "status = 'cancelled', finished_at = ?";
            step_in(tx, id, &[ImportStatus::Ready], set, vec![sql::at(now)]).await?;
            forget_dry_run(tx, id).await
        }
    }
}

const ALL: [ImportStatus; 8] = [
    ImportStatus::Ready,
    ImportStatus::Queued,
    ImportStatus::Running,
    ImportStatus::Done,
    ImportStatus::Failed,
    ImportStatus::Cancelled,
    ImportStatus::Undoing,
    ImportStatus::Undone,
];

async fn step(
    store: &Store,
    id: ImportId,
    from: &[ImportStatus],
    set: &'static str,
    values: Vec<sea_orm::Value>,
) -> Result<Import, StoreError> {
    let from = from.to_vec();
    store
        .write(move |tx| async move { step_in(tx, id, &from, set, values).await }.boxed())
        .await?;
    expect(store, id).await
}

/// Changes what is known of an import that was not run yet: what a dry run has told does not hold any
/// more.
async fn step_anew(
    store: &Store,
    id: ImportId,
    set: &'static str,
    values: Vec<sea_orm::Value>,
) -> Result<Import, StoreError> {
    store
        .write(move |tx| {
            async move {
                step_in(tx, id, &[ImportStatus::Ready], set, values).await?;
                forget_dry_run(tx, id).await
            }
            .boxed()
        })
        .await?;
    expect(store, id).await
}

/// How imports are stored, as records with states.
const STATEFUL: Stateful = Stateful {
    table: "imports",
    object: OBJECT,
};

/// Changes an import that is in one of the states `from`.
pub(super) async fn step_in(
    tx: &DatabaseTransaction,
    id: ImportId,
    from: &[ImportStatus],
    set: &str,
    values: Vec<sea_orm::Value>,
) -> Result<(), StoreError> {
    STATEFUL.step(tx, id.into(), from, set, values).await
}

/// Why an import could not take a step: it is in another state, or gone.
pub(super) async fn wrong_state(
    tx: &DatabaseTransaction,
    id: ImportId,
) -> Result<StoreError, StoreError> {
    STATEFUL.wrong_state(tx, id.into()).await
}
