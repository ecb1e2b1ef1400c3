//! `GET /tasks`

use rapport_store::tasks;

use super::task::{Task, TaskList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists tasks.
#[utoipa::path(
    get, path = "/tasks", tag = "tasks", params(ListParams),
    responses((status = 200, body = TaskList)),
)]
pub(super) async fn list_tasks(
    Allowed { app, .. }: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<TaskList>> {
    let page = tasks::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| TaskList {
        tasks: rows.into_iter().map(Task::from).collect(),
        meta,
    }))
}
