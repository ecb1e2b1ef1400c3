//! The rule that a deal's stage belongs to its pipeline.

use rapport_domain::{Deal, DealChange, Pipeline};
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

/// Refuses a move of many deals to a stage or a pipeline that is not there, or to a stage of another
/// pipeline than the one that it names. Whether a stage alone fits is told of each deal.
pub(super) async fn check_move(app: &Desk, changes: &[DealChange]) -> ApiResult<()> {
    let (mut pipeline_id, mut stage_id) = (None, None);
    for change in changes {
        match change {
            DealChange::PipelineId(id) => pipeline_id = Some(*id),
            DealChange::StageId(id) => stage_id = Some(*id),
            _ => {}
        }
    }
    if pipeline_id.is_none() && stage_id.is_none() {
        return Ok(());
    }
    let all = pipelines::list(app.store()).await?;
    let is_meant = |one: &&Pipeline| pipeline_id.is_none_or(|id| one.id == id);
    if !all.iter().any(|one| is_meant(&one)) {
        let message = "there is no such pipeline; list them at /api/v1/pipelines";
        return Err(ApiError::unprocessable("/pipeline_id", "unknown", message));
    }
    let Some(stage_id) = stage_id else {
        return Ok(());
    };
    let mut meant = all.iter().filter(is_meant);
    if meant.any(|one| one.stages.iter().any(|stage| stage.id == stage_id)) {
        return Ok(());
    }
    let message = "there is no such stage in this pipeline; choose one of its stages";
    Err(ApiError::unprocessable("/stage_id", "unknown", message))
}
