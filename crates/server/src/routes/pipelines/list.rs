//! `GET /pipelines`

use axum::Json;
use rapport_store::pipelines;

use super::pipeline::{Pipeline, PipelineList};
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Lists all pipelines with their stages.
#[utoipa::path(
    get, path = "/pipelines", tag = "pipelines",
    responses((status = 200, body = PipelineList)),
)]
pub(super) async fn list_pipelines(
    Allowed { app, .. }: Allowed<ReadRecords>,
) -> ApiResult<Json<PipelineList>> {
    let pipelines = pipelines::list(app.store()).await?;
    Ok(Json(PipelineList {
        pipelines: pipelines.into_iter().map(Pipeline::from).collect(),
    }))
}
