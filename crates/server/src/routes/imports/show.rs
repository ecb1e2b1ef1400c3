//! `GET /imports/{id}`

use axum::Json;
use rapport_domain::ImportId;
use rapport_store::imports;

use super::import::Import;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadEverything;
use crate::session::Allowed;

/// Shows an import.
#[utoipa::path(
    get, path = "/imports/{id}", tag = "imports", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Import)),
)]
pub(super) async fn show_import(
    Allowed { app, .. }: Allowed<ReadEverything>,
    Id(id): Id<ImportId>,
) -> ApiResult<Json<Import>> {
    let import = imports::find(app.store(), id).await?;
    let import = import.ok_or_else(|| ApiError::not_found("import"))?;
    Ok(Json(Import::of(import, app.now())?))
}
