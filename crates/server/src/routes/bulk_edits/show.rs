//! `GET /bulk_edits/{id}`

use axum::Json;
use rapport_domain::BulkEditId;
use rapport_store::bulk_edits;

use super::bulk_edit::BulkEdit;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows a bulk edit.
#[utoipa::path(
    get, path = "/bulk_edits/{id}", tag = "bulk_edits", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = BulkEdit)),
)]
pub(super) async fn show_bulk_edit(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<BulkEditId>,
) -> ApiResult<Json<BulkEdit>> {
    Ok(Json(find(&app, id).await?.into()))
}

/// The bulk edit, if it is there and the caller's to see.
pub(super) async fn find(app: &Desk, id: BulkEditId) -> ApiResult<bulk_edits::BulkEdit> {
    let found = bulk_edits::find(app.store(), id).await?;
    found.ok_or_else(|| ApiError::not_found("bulk edit"))
}
