//! `PATCH /tasks/{id}`

use rapport_domain::{ObjectKind, TaskId};
use rapport_store::tasks;

use super::show;
use super::task::{Task, TaskPatch};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::WriteRecords;
use crate::respond::Record;
use crate::routes::custom_fields::check_custom;
use crate::routes::record_patch::RecordPatch as _;
use crate::routes::references::{check_references, named_anew};
use crate::session::Allowed;

/// Changes a task by a merge patch.
#[utoipa::path(
    patch, path = "/tasks/{id}", tag = "tasks", request_body = TaskPatch,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Task)),
)]
pub(super) async fn update_task(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<TaskId>,
    IfMatch(version): IfMatch,
    Body(mut patch): Body<TaskPatch>,
) -> ApiResult<Record<Task>> {
    let task = tasks::find(app.store(), id).await?;
    let mut task = task.ok_or_else(|| ApiError::not_found("task"))?;
    let before = task.clone();
    check_custom(&app, ObjectKind::Task, &mut patch.custom).await?;
    ApiError::check(patch.apply(&mut task, app.now()))?;
    check_references(
        &app,
        [
            ("/owner_id", named_anew(before.owner_id, task.owner_id)),
            ("/subject/id", named_anew(before.subject, task.subject)),
        ],
    )
    .await?;
    task.updated_at = app.now();
    tasks::update(app.store(), task, version).await?;
    Ok(show::find(&app, id).await?.into())
}
