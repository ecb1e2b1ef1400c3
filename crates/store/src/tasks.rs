//! Tasks: things to do.

use std::collections::HashSet;

use futures::FutureExt as _;
use rapport_domain::{ContactId, ObjectKind, Task, TaskId, UserId};
use sea_orm::{FromQueryResult as _, QueryResult};
use uuid::Uuid;

use crate::entities::task;
use crate::lists::{Field, Kind, Listing, page};
use crate::record::{self, Guarded, Named};
use crate::search::SearchObject;
use crate::{ListQuery, Op, Page, Store, StoreError, journal};

const OBJECT: &str = "task";

/// How access to it is decided.
pub(crate) const GUARDED: Guarded = Guarded {
    table: "tasks",
    object: OBJECT,
    kind: ObjectKind::Task,
};

/// A task as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRow {
    /// The task.
    pub task: Task,
    /// The person it is about, if it is about one.
    pub contact: Option<Named<ContactId>>,
    /// Who does it.
    pub owner: Option<Named<UserId>>,
}

const FIELDS: &[Field] = &[
    Field::required("title", "t.title", Kind::Text),
    Field::required("status", "t.status", Kind::Choice(&["open", "done"])),
    Field::required(
        "priority",
        "t.priority",
        Kind::Rank(&["low", "normal", "high", "urgent"]),
    ),
    Field::optional("due_on", "t.due_on", Kind::Date),
    Field::optional(
        "contact_id",
        "CASE WHEN t.subject_kind = 'contact' THEN t.subject_id END",
        Kind::Id,
    ),
    Field::optional("subject_id", "t.subject_id", Kind::Id),
    Field::optional("owner_id", "t.owner_id", Kind::Id),
    Field::required("created_at", "t.created_at", Kind::Timestamp),
    Field::required("updated_at", "t.updated_at", Kind::Timestamp),
    Field::optional("done_at", "t.done_at", Kind::Timestamp),
];

pub(crate) fn listing(store: &Store) -> Listing {
    let lens = store.lens();
    let columns = lens.columns::<task::Entity>(store.backend(), "t", "t_");
    Listing {
        object: "tasks",
        table: "tasks",
        alias: "t",
        columns: format!(
            "{columns}, c.id AS c_id, c.name AS c_name, u.id AS u_id, u.name AS u_name"
        ),
        joins: " LEFT JOIN contacts c ON t.subject_kind = 'contact' AND c.id = t.subject_id LEFT JOIN users u ON u.id = t.owner_id",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "t.id", Kind::Id),
        default_sort: "due_on,-priority",
        search: Some(SearchObject::Task),
    }
}

fn read(row: &QueryResult) -> Result<TaskRow, StoreError> {
    Ok(TaskRow {
        task: task::Model::from_query_result(row, "t_")?.try_into()?,
        contact: Named::read(row, "c_")?,
        owner: Named::read(row, "u_")?,
    })
}

/// Lists tasks.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<TaskRow>, StoreError> {
    page(store, &listing(store), query, read).await
}

/// Finds a task with what lists show beside it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_row(store: &Store, id: TaskId) -> Result<Option<TaskRow>, StoreError> {
    let query = ListQuery::default().with("id", Op::Eq, id);
    Ok(list(store, &query).await?.items.pop())
}

/// Finds a task.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: TaskId) -> Result<Option<Task>, StoreError> {
    record::find_seen::<task::Entity, _>(store, id).await
}

/// Finds tasks, in no order; those that are not there are left out.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_many(store: &Store, ids: &[TaskId]) -> Result<Vec<Task>, StoreError> {
    record::find_many_seen::<task::Entity, _>(store, ids).await
}

/// Those of some tasks that people have edited since an import made them; a bulk edit that was taken back
/// counts for nothing.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn edited_by_people(
    store: &Store,
    ids: &[TaskId],
) -> Result<HashSet<TaskId>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|&id| id.into()).collect();
    let edited = journal::edited_since(store, "tasks", &ids).await?;
    Ok(edited.into_iter().map(TaskId::from).collect())
}

/// Writes a new task.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules, [`StoreError::BrokenReference`] where its owner or
/// what it is about does not exist or is not seen.
pub async fn create(store: &Store, mut task: Task) -> Result<Task, StoreError> {
    task.check()?;
    let lens = store.lens().clone();
    task.owner_id = lens.owner_of_new(ObjectKind::Task, task.owner_id);
    let (id, subject, custom) = (task.id, task.subject, task.custom.clone());
    let row = task.clone().into();
    store
        .write(move |tx| {
            async move {
                if let Some(subject) = subject {
                    record::hold_seen_subject(tx, &lens, OBJECT, subject).await?;
                }
                GUARDED
                    .create::<task::Entity>(&lens, tx, (id, &custom), row)
                    .await
            }
            .boxed()
        })
        .await?;
    Ok(task)
}

/// Writes a changed task and returns it with its new version.
///
/// # Errors
/// [`StoreError::Conflict`] where it no longer has the version `expected`,
/// [`StoreError::NotFound`] where it is gone, [`StoreError::Invalid`] where it breaks its rules.
pub async fn update(store: &Store, mut task: Task, expected: i64) -> Result<Task, StoreError> {
    task.check()?;
    let lens = store.lens().clone();
    let (id, subject, custom) = (task.id, task.subject, task.custom.clone());
    let row = task.clone().into();
    store
        .write(move |tx| {
            async move {
                // A task outlives what it was about, and can be done then, too.
                let before = record::find::<task::Entity, Task>(tx, id).await?;
                if let Some(subject) = subject
                    && before.is_none_or(|before| before.subject != Some(subject))
                {
                    record::hold_seen_subject(tx, &lens, OBJECT, subject).await?;
                }
                GUARDED
                    .update::<task::Entity>(&lens, tx, (id, expected, &custom), row, &[])
                    .await
            }
            .boxed()
        })
        .await?;
    task.version = expected + 1;
    Ok(task)
}

/// Deletes a task.
///
/// # Errors
/// [`StoreError::Conflict`], [`StoreError::NotFound`] as for [`update`].
pub async fn delete(store: &Store, id: TaskId, expected: i64) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                GUARDED
                    .delete::<task::Entity>(&lens, tx, (id, expected))
                    .await
            }
            .boxed()
        })
        .await
}
