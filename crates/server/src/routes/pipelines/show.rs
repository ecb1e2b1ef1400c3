//! `GET /pipelines/{id}`

use axum::Json;
use axum::extract::State;
use rapport_domain::PipelineId;
use rapport_store::pipelines;

use super::pipeline::Pipeline;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::AppState;

/// Shows a pipeline with its stages.
#[utoipa::path(
    get, path = "/pipelines/{id}", tag = "pipelines", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Pipeline)),
)]
pub(super) async fn show_pipeline(
    State(app): State<AppState>,
    _: Allowed<ReadRecords>,
    Id(id): Id<PipelineId>,
) -> ApiResult<Json<Pipeline>> {
    let found = pipelines::find(app.store(), id).await?;
    let found = found.ok_or_else(|| ApiError::not_found("pipeline"))?;
    Ok(Json(found.into()))
}
