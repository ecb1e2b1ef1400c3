//! `POST /tasks`

use rapport_domain::{
    CustomValues, ObjectKind, Priority, Task as Draft, TaskId, TaskStatus, Timestamp,
};
use rapport_store::tasks;

use super::show;
use super::task::{Task, TaskPatch};
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::WriteRecords;
use crate::respond::{Created, Record};
use crate::routes::custom_fields::check_new_custom;
use crate::routes::record_patch::RecordPatch as _;
use crate::routes::references::check_references;
use crate::session::Allowed;

/// Creates a task.
#[utoipa::path(
    post, path = "/tasks", tag = "tasks", request_body = TaskPatch,
    responses((status = 201, body = Task)),
)]
pub(super) async fn create_task(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Body(mut patch): Body<TaskPatch>,
) -> ApiResult<Created<Record<Task>>> {
    check_new_custom(&app, ObjectKind::Task, &mut patch.custom).await?;
    let mut draft = empty(app.new_id(), app.now());
    ApiError::check(patch.apply(&mut draft, app.now()))?;
    check_references(
        &app,
        [
            ("/owner_id", draft.owner_id.map(Into::into)),
            ("/subject/id", draft.subject.map(Into::into)),
        ],
    )
    .await?;
    let id = tasks::create(app.store(), draft).await?.id;
    Ok(Created::new(
        "tasks",
        id.0,
        show::find(&app, id).await?.into(),
    ))
}

/// An open task without a title, which the patch must bring.
pub(super) fn empty(id: TaskId, now: Timestamp) -> Draft {
    Draft {
        id,
        title: String::new(),
        status: TaskStatus::Open,
        priority: Priority::Normal,
        due_on: None,
        subject: None,
        owner_id: None,
        custom: CustomValues::new(),
        created_at: now,
        updated_at: now,
        done_at: None,
        version: 1,
    }
}
