//! `PUT /imports/{id}/preset`

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

/// By which preset a file is to be mapped.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PresetChoice {
    /// Its key, as `GET /import_presets` lists them; null to drop the one that was recognized, so that
    /// names and contents of the columns alone tell.
    preset: Option<String>,
}

/// Maps the file of an import that has not run yet anew, by another preset or by none.
#[utoipa::path(
    put, path = "/imports/{id}/preset", tag = "imports", request_body = PresetChoice,
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = Import)),
)]
pub(super) async fn update_import_preset(
    Allowed { app, .. }: Allowed<ImportFiles>,
    Id(id): Id<ImportId>,
    Body(choice): Body<PresetChoice>,
) -> ApiResult<Json<Import>> {
    let chosen = imports::set_preset(app.workspace(), id, choice.preset.as_deref()).await;
    Ok(Json(Import::of(
        chosen.map_err(ApiError::from)?,
        app.now(),
    )?))
}
