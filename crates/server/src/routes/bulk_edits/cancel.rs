//! `POST /bulk_edits/{id}/cancel`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::BulkEditId;
use rapport_pipelines::bulk_edits;

use super::bulk_edit::BulkEdit;
use super::steer::check_steering;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::WriteRecords;
use crate::session::Allowed;

/// Stops a bulk edit, or its undo, after the batch under way. What is done stays and can be taken back.
/// Open to whom its undo is.
#[utoipa::path(
    post, path = "/bulk_edits/{id}/cancel", tag = "bulk_edits", params(("id" = uuid::Uuid, Path)),
    responses((status = 202, body = BulkEdit)),
)]
pub(super) async fn cancel_bulk_edit(
    allowed: Allowed<WriteRecords>,
    Id(id): Id<BulkEditId>,
) -> ApiResult<(StatusCode, Json<BulkEdit>)> {
    check_steering(&allowed, id).await?;
    let edit = bulk_edits::cancel(allowed.app.workspace(), id).await?;
    Ok((StatusCode::ACCEPTED, Json(edit.into())))
}
