//! `DELETE /tasks/{id}`

use axum::http::StatusCode;
use rapport_domain::TaskId;
use rapport_store::tasks;

use super::show;
use crate::error::ApiResult;
use crate::extract::{Id, IfMatch};
use crate::permissions::WriteRecords;
use crate::session::Allowed;

/// Deletes a task; with `If-Match` only if it still has that version.
#[utoipa::path(
    delete, path = "/tasks/{id}", tag = "tasks",
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204)),
)]
pub(super) async fn delete_task(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<TaskId>,
    version: Option<IfMatch>,
) -> ApiResult<StatusCode> {
    let version = match version {
        Some(IfMatch(version)) => version,
        None => show::find(&app, id).await?.version,
    };
    tasks::delete(app.store(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
