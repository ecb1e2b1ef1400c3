//! `PATCH /pipelines/{id}`

use rapport_domain::{Pipeline as Draft, PipelineId, Stage, StageId, Violation};
use rapport_store::pipelines::{self, Move};

use super::pipeline::{Pipeline, PipelinePatch, StageChangeInput, StageMoveInput};
use super::show;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::ArrangePipelines;
use crate::respond::Record;
use crate::session::Allowed;
use crate::state::Desk;
use crate::wire::Patch;

/// Changes a pipeline: renames it, and renames, reorders, adds and removes its stages.
#[utoipa::path(
    patch, path = "/pipelines/{id}", tag = "pipelines", request_body = PipelinePatch,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Pipeline)),
)]
pub(super) async fn update_pipeline(
    Allowed { app, .. }: Allowed<ArrangePipelines>,
    Id(id): Id<PipelineId>,
    IfMatch(version): IfMatch,
    Body(patch): Body<PipelinePatch>,
) -> ApiResult<Record<Pipeline>> {
    let mut pipeline = show::find(&app, id).await?;
    let mut violations = Vec::new();
    patch
        .name
        .apply_required(&mut pipeline.name, "/name", &mut violations);
    match patch.stages {
        Patch::Keep => {}
        Patch::Clear => {
            let message = "cannot be empty: leave it out or name all stages";
            violations.push(Violation::new("/stages", "required", message));
        }
        Patch::Set(changes) => pipeline.stages = stages(&app, &pipeline, changes)?,
    }
    ApiError::check(violations)?;
    let moves = patch.moves.into_iter().map(Move::from).collect();
    let pipeline = pipelines::update(app.store(), pipeline, moves, version, app.now()).await?;
    Ok(Pipeline::from(pipeline).into())
}

/// The stages as they shall be; refuses an id that is none of the pipeline's, or comes twice.
fn stages(app: &Desk, pipeline: &Draft, changes: Vec<StageChangeInput>) -> ApiResult<Vec<Stage>> {
    let mut stages: Vec<Stage> = Vec::with_capacity(changes.len());
    for (idx, change) in changes.into_iter().enumerate() {
        let id = change.id.map(StageId);
        if let Some(id) = id {
            let has = |stages: &[Stage]| stages.iter().any(|stage| stage.id == id);
            if !has(&pipeline.stages) {
                let message = "the pipeline has no such stage; leave the id out to add one";
                let pointer = format!("/stages/{idx}/id");
                return Err(ApiError::unprocessable(pointer, "unknown_stage", message));
            }
            if has(&stages) {
                let message = "this stage was named before; name each stage once";
                let pointer = format!("/stages/{idx}/id");
                return Err(ApiError::unprocessable(pointer, "repeated", message));
            }
        }
        stages.push(Stage {
            id: id.unwrap_or_else(|| app.new_id()),
            name: change.name,
            outcome: change.outcome.into(),
            probability: change.probability,
        });
    }
    Ok(stages)
}

impl From<StageMoveInput> for Move {
    fn from(StageMoveInput { from, to }: StageMoveInput) -> Self {
        Self {
            from: StageId(from),
            to: StageId(to),
        }
    }
}
