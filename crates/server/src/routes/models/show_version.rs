//! `GET /models/{kind}/versions/{version}`

use axum::Json;
use rapport_pipelines::registry;
use rapport_store::models;

use super::show;
use super::version::{ModelVersion, ModelVersionDetail};
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows a version of a model with its card.
#[utoipa::path(
    get, path = "/models/{kind}/versions/{version}", tag = "models",
    params(("kind" = String, Path), ("version" = u64, Path)),
    responses((status = 200, body = ModelVersionDetail)),
)]
pub(super) async fn show_model_version(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id((kind, version)): Id<(String, u64)>,
) -> ApiResult<Json<ModelVersionDetail>> {
    let line = show::find(&app, &kind).await?;
    let found = models::find_version(app.store(), &kind, version).await?;
    let found = found.ok_or_else(|| ApiError::not_found("model version"))?;
    let card = registry::card(app.workspace(), &found).await?;
    Ok(Json(ModelVersionDetail {
        card,
        folder: found.folder.clone(),
        version: ModelVersion::of(found, &line),
    }))
}
