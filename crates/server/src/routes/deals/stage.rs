//! The rule that a deal's stage belongs to its pipeline.

use rapport_domain::Deal;
use rapport_store::pipelines;

use crate::error::{ApiError, ApiResult};
use crate::state::AppState;

/// Refuses a deal whose stage is none of its pipeline's.
pub(super) async fn check_stage(app: &AppState, deal: &Deal) -> ApiResult<()> {
    let Some(pipeline) = pipelines::find(app.store(), deal.pipeline_id).await? else {
        let message = "there is no such pipeline; list them at /api/v1/pipelines";
        return Err(ApiError::unprocessable("/pipeline_id", "unknown", message));
    };
    if pipeline
        .stages
        .iter()
        .any(|stage| stage.id == deal.stage_id)
    {
        return Ok(());
    }
    let message = "the pipeline has no such stage; choose one of its stages";
    Err(ApiError::unprocessable("/stage_id", "unknown", message))
}
