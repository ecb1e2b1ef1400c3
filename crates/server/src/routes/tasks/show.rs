//! `GET /tasks/{id}`

use rapport_domain::TaskId;
use rapport_store::tasks;

use super::task::Task;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::respond::Record;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows a task.
#[utoipa::path(
    get, path = "/tasks/{id}", tag = "tasks", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Task)),
)]
pub(super) async fn show_task(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<TaskId>,
) -> ApiResult<Record<Task>> {
    Ok(find(&app, id).await?.into())
}

/// The task as it is now.
pub(crate) async fn find(app: &Desk, id: TaskId) -> ApiResult<Task> {
    let row = tasks::find_row(app.store(), id).await?;
    row.map(Task::from)
        .ok_or_else(|| ApiError::not_found("task"))
}
