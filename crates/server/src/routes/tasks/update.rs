//! `PATCH /tasks/{id}`

use axum::extract::State;
use rapport_domain::{ObjectKind, TaskId};
use rapport_store::tasks;

use super::show;
use super::task::{Task, TaskPatch};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::WriteRecords;
use crate::respond::Record;
use crate::routes::custom_fields::check_custom;
use crate::routes::references::check_references;
use crate::session::Allowed;
use crate::state::AppState;

/// Changes a task by a merge patch.
#[utoipa::path(
    patch, path = "/tasks/{id}", tag = "tasks", request_body = TaskPatch,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Task)),
)]
pub(super) async fn update_task(
    State(app): State<AppState>,
    _: Allowed<WriteRecords>,
    Id(id): Id<TaskId>,
    IfMatch(version): IfMatch,
    Body(mut patch): Body<TaskPatch>,
) -> ApiResult<Record<Task>> {
    let task = tasks::find(app.store(), id).await?;
    let mut task = task.ok_or_else(|| ApiError::not_found("task"))?;
    check_custom(&app, ObjectKind::Task, &mut patch.custom).await?;
    let subject_before = task.subject;
    ApiError::check(patch.apply(&mut task, app.now()))?;
    // What a task is about may be gone by now; that keeps nobody from ticking it off.
    let subject = task.subject.filter(|_| task.subject != subject_before);
    check_references(
        &app,
        [
            ("/owner_id", task.owner_id.map(Into::into)),
            ("/subject/id", subject.map(Into::into)),
        ],
    )
    .await?;
    task.updated_at = app.now();
    tasks::update(app.store(), task, version).await?;
    Ok(show::find(&app, id).await?.into())
}
