//! Writing the tasks of a batch.

use rapport_domain::Task;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

use super::commit::KEEP_KNOWN;
use super::journal::{Journal, RecordKey, RecordKind};
use crate::entities::task;
use crate::journal::writes_taken_back;
use crate::sql;
use crate::{StoreError, bulk, record};

/// Columns of a task that rows do not bring up to date. The version counts what people change, and the
/// next file may change the task again.
const KEPT: [&str; 3] = ["id", "created_at", "version"];

/// Writes new tasks and brings known ones up to date; returns how many of these were left alone, since a
/// person has edited them.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    new: &[Task],
    changed: &[Task],
    journal: &mut Journal<'_>,
) -> Result<u64, StoreError> {
    let ids = new.iter().chain(changed).map(|task| Uuid::from(task.id));
    let ids: Vec<Uuid> = ids.collect();
    let watched = journal
        .watch::<task::Entity>("id", sql::ids(&ids).collect())
        .await?;
    // A task outlives what it was about, so that only those of new ones must be there.
    for subject in new.iter().filter_map(|task| task.subject) {
        record::hold_subject(tx, "task", subject).await?;
    }
    let keys = new.iter().map(|task| RecordKey::of(task.id));
    journal.created(
        RecordKind::Tasks,
        keys.filter(|&key| !watched.has(key)),
        None,
    );
    let rows = new.iter().cloned().map(task::Model::from);
    bulk::insert::<task::Entity>(tx, rows.collect::<Vec<_>>(), KEEP_KNOWN).await?;
    let mut n_kept = 0;
    for task in changed {
        let id = task.id;
        let row = task.clone().into();
        let mut statement = bulk::update::<task::Entity>(tx.get_database_backend(), row, &KEPT);
        let where_unedited = concat!(
            " WHERE id = ? AND version = 1 + ",
            writes_taken_back!("tasks.id")
        );
        statement.push_with(where_unedited, [sql::id(id)]);
        n_kept += u64::from(statement.execute(tx).await? == 0);
    }
    journal.changed(&watched).await?;
    Ok(n_kept)
}
