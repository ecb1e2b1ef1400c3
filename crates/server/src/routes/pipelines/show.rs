//! `GET /pipelines/{id}`

use rapport_domain::PipelineId;
use rapport_store::pipelines;

use super::pipeline::Pipeline;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::respond::Record;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows a pipeline with its stages.
#[utoipa::path(
    get, path = "/pipelines/{id}", tag = "pipelines", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Pipeline)),
)]
pub(super) async fn show_pipeline(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<PipelineId>,
) -> ApiResult<Record<Pipeline>> {
    let found = find(&app, id).await?;
    Ok(Pipeline::from(found).into())
}

/// The pipeline as it is now.
pub(super) async fn find(app: &Desk, id: PipelineId) -> ApiResult<rapport_domain::Pipeline> {
    let found = pipelines::find(app.store(), id).await?;
    found.ok_or_else(|| ApiError::not_found("pipeline"))
}
