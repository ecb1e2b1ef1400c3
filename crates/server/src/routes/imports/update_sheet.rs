//! `PUT /imports/{id}/sheet`

use axum::Json;
use rapport_domain::ImportId;
use rapport_pipelines::imports;
use serde::Deserialize;
use utoipa::ToSchema;

use super::import::Import;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id};
use crate::permissions::ImportFiles;
use crate::session::Allowed;

/// Which sheet of a workbook is to be read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SheetChoice {
    /// The name on its tab.
    sheet: String,
}

/// Chooses the sheet of a workbook that has not run yet. The file is looked at anew: columns, first rows
/// and the proposed mapping are those of that sheet.
#[utoipa::path(
    put, path = "/imports/{id}/sheet", tag = "imports", request_body = SheetChoice,
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = Import)),
)]
pub(super) async fn update_import_sheet(
    Allowed { app, .. }: Allowed<ImportFiles>,
    Id(id): Id<ImportId>,
    Body(choice): Body<SheetChoice>,
) -> ApiResult<Json<Import>> {
    let chosen = imports::set_sheet(app.workspace(), id, &choice.sheet).await;
    let import = chosen.map_err(|error| ApiError::from(error).at_pointer("/file", "/sheet"))?;
    Ok(Json(Import::of(import, app.now())?))
}
