//! Beginning a run, taking one up again, and what becomes known on the way.

use futures::FutureExt as _;
use rapport_domain::{JobId, RunId, Timestamp};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::{OBJECT, Params, Run, RunData, RunStatus};
use crate::entities::run;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, record};

/// A run that begins.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRun {
    /// Identifier.
    pub id: RunId,
    /// Name to show.
    pub name: String,
    /// What is learned, such as `segment`.
    pub task: String,
    /// By which method, such as `kmeans`.
    pub model: String,
    /// Labels.
    pub tags: Vec<String>,
    /// Seed.
    pub seed: u64,
    /// Parameters.
    pub params: Params,
    /// What it learns from, where known.
    pub data: Option<RunData>,
    /// Version of the code.
    pub code_version: String,
    /// The search that it is one trial of.
    pub parent_id: Option<RunId>,
    /// The job that it runs in; the run ends with it.
    pub job_id: Option<JobId>,
}

/// Begins a run. One of the same id is forgotten with all that was told of it, so that a job which
/// is run again begins anew.
///
/// # Errors
/// [`StoreError::BrokenReference`] where the search it belongs to is not there.
pub async fn begin(store: &Store, new: NewRun, now: Timestamp) -> Result<Run, StoreError> {
    store.write(move |tx| begin_in(tx, new, now).boxed()).await
}

async fn begin_in(
    tx: &DatabaseTransaction,
    new: NewRun,
    now: Timestamp,
) -> Result<Run, StoreError> {
    let text = "DELETE FROM runs WHERE id = ?";
    Sql::of(tx.get_database_backend(), text, [sql::id(new.id)])
        .execute(tx)
        .await?;
    let run = Run {
        id: new.id,
        name: new.name,
        task: new.task,
        model: new.model,
        status: RunStatus::Running,
        tags: new.tags,
        seed: new.seed,
        params: new.params,
        data: new.data,
        code_version: new.code_version,
        started_at: now,
        updated_at: now,
        finished_at: None,
        seconds: None,
        error: None,
        headline: None,
        n_trials: 0,
        has_evaluation: false,
        parent_id: new.parent_id,
        job_id: new.job_id,
    };
    record::create::<run::Entity>(tx, OBJECT, run.clone().into()).await?;
    Ok(run)
}

/// Lets a run go on that had ended or whose process died, with all that was told of it: for trainings
/// from a checkpoint and searches that are written down.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such run.
pub async fn resume(store: &Store, id: RunId, now: Timestamp) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            async move {
                let set = "status = 'running', finished_at = NULL, seconds = NULL, error = NULL";
                touch(tx, id, set, now).await
            }
            .boxed()
        })
        .await
}

/// Adds parameters that became known on the way; those of the same name are replaced.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such run.
pub async fn add_params(
    store: &Store,
    id: RunId,
    params: Params,
    now: Timestamp,
) -> Result<(), StoreError> {
    store
        .write(move |tx| add_params_in(tx, id, params, now).boxed())
        .await
}

async fn add_params_in(
    tx: &DatabaseTransaction,
    id: RunId,
    params: Params,
    now: Timestamp,
) -> Result<(), StoreError> {
    touch(tx, id, "", now).await?;
    let found: Option<Run> = record::find::<run::Entity, _>(tx, id).await?;
    let mut run = found.ok_or_else(|| StoreError::not_found(OBJECT, id))?;
    run.params.extend(params);
    let row = run::Model::from(run);
    let text = "UPDATE runs SET params = ?, search_text = ? WHERE id = ?";
    let values = [
        sql::text(row.params),
        sql::text(row.search_text),
        sql::id(id),
    ];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that a run was heard of, and sets columns to texts of ours. The row is locked from then on,
/// so that two writers of one run take turns.
pub(super) async fn touch(
    tx: &DatabaseTransaction,
    id: RunId,
    set: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let separator = if set.is_empty() { "" } else { ", " };
    let text = format!("UPDATE runs SET updated_at = ?{separator}{set} WHERE id = ?");
    let values = [sql::at(now), sql::id(id)];
    let statement = Sql::of(tx.get_database_backend(), &text, values);
    match statement.execute(tx).await? {
        0 => Err(StoreError::not_found(OBJECT, id)),
        _ => Ok(()),
    }
}
