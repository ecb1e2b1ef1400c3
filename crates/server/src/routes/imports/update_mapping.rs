//! `PUT /imports/{id}/mapping`

use axum::Json;
use rapport_domain::ImportId;
use rapport_pipelines::imports;

use super::import::{Import, Mapping};
use crate::error::ApiResult;
use crate::extract::{Body, Id};
use crate::permissions::ImportFiles;
use crate::session::Allowed;

/// Sets what becomes of the columns of an import that has not run yet.
#[utoipa::path(
    put, path = "/imports/{id}/mapping", tag = "imports", request_body = Mapping,
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = Import)),
)]
pub(super) async fn update_import_mapping(
    Allowed { app, .. }: Allowed<ImportFiles>,
    Id(id): Id<ImportId>,
    Body(mapping): Body<Mapping>,
) -> ApiResult<Json<Import>> {
    let import = imports::set_mapping(app.workspace(), id, mapping.into()).await?;
    Ok(Json(Import::of(import, app.now())?))
}
