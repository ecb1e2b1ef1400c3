//! `POST /bulk_edits/{id}/cancel`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::BulkEditId;
use rapport_pipelines::bulk_edits;

use super::bulk_edit::BulkEdit;
use super::show::find;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::WriteRecords;
use crate::session::Allowed;

/// Stops a bulk edit, or its undo, after the batch under way. What is done stays and can be taken back.
#[utoipa::path(
    post, path = "/bulk_edits/{id}/cancel", tag = "bulk_edits", params(("id" = uuid::Uuid, Path)),
    responses((status = 202, body = BulkEdit)),
)]
pub(super) async fn cancel_bulk_edit(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<BulkEditId>,
) -> ApiResult<(StatusCode, Json<BulkEdit>)> {
    find(&app, id).await?;
    let edit = bulk_edits::cancel(app.workspace(), id).await?;
    Ok((StatusCode::ACCEPTED, Json(edit.into())))
}
