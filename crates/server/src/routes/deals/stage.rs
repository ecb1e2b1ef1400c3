//! The rule that a deal's stage belongs to its pipeline.

use rapport_domain::{Deal, Pipeline};
use rapport_store::pipelines;

use crate::error::{ApiError, ApiResult};
use crate::state::Desk;

/// Refuses a deal whose stage is none of its pipeline's.
pub(super) async fn check_stage(app: &Desk, deal: &Deal) -> ApiResult<()> {
    let all = pipelines::list(app.store()).await?;
    let Some(pipeline) = all.iter().find(|one| one.id == deal.pipeline_id) else {
        let message = "there is no such pipeline; list them at /api/v1/pipelines";
        return Err(ApiError::unprocessable("/pipeline_id", "unknown", message));
    };
    let has_stage = |one: &&Pipeline| one.stages.iter().any(|stage| stage.id == deal.stage_id);
    if has_stage(&pipeline) {
        return Ok(());
    }
    if let Some(other) = all.iter().find(has_stage) {
        let message = format!(
            "this stage belongs to the pipeline {}; choose one of {}, or move the deal there with \
             both pipeline_id and stage_id",
            other.name, pipeline.name
        );
        return Err(ApiError::unprocessable(
            "/stage_id",
            "other_pipeline",
            message,
        ));
    }
    let message = "there is no such stage; choose one of the pipeline's stages";
    Err(ApiError::unprocessable("/stage_id", "unknown", message))
}
