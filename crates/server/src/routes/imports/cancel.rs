//! `POST /imports/{id}/cancel`

use axum::Json;
use rapport_domain::ImportId;
use rapport_pipelines::imports;

use super::import::Import;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ImportFiles;
use crate::session::Allowed;

/// Stops an import; what was committed stays.
#[utoipa::path(
    post, path = "/imports/{id}/cancel", tag = "imports", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Import)),
)]
pub(super) async fn cancel_import(
    Allowed { app, .. }: Allowed<ImportFiles>,
    Id(id): Id<ImportId>,
) -> ApiResult<Json<Import>> {
    let import = imports::cancel(app.workspace(), id).await?;
    Ok(Json(Import::of(import, app.now())?))
}
