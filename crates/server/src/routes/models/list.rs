//! `GET /models`

use axum::Json;
use rapport_store::models;

use super::model::{ModelList, ModelSummary};
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Lists the kinds of models, each with the version that serves and the newest.
#[utoipa::path(
    get, path = "/models", tag = "models", responses((status = 200, body = ModelList)),
)]
pub(super) async fn list_models(
    Allowed { app, .. }: Allowed<ReadRecords>,
) -> ApiResult<Json<ModelList>> {
    let lines = models::find_lines(app.store()).await?;
    Ok(Json(ModelList {
        models: lines.into_iter().map(ModelSummary::from).collect(),
    }))
}
