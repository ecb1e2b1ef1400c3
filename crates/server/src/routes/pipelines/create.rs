//! `POST /pipelines`

use rapport_domain::Stage;
use rapport_store::pipelines;

use super::pipeline::{Pipeline, PipelineInput};
use crate::error::ApiResult;
use crate::extract::Body;
use crate::permissions::ArrangePipelines;
use crate::respond::{Created, Record};
use crate::session::Allowed;

/// Creates a pipeline.
#[utoipa::path(
    post, path = "/pipelines", tag = "pipelines", request_body = PipelineInput,
    responses((status = 201, body = Pipeline)),
)]
pub(super) async fn create_pipeline(
    Allowed { app, .. }: Allowed<ArrangePipelines>,
    Body(input): Body<PipelineInput>,
) -> ApiResult<Created<Record<Pipeline>>> {
    let stage = |stage: super::pipeline::StageInput| Stage {
        id: app.new_id(),
        name: stage.name,
        outcome: stage.outcome.into(),
        probability: stage.probability,
    };
    let draft = rapport_domain::Pipeline {
        id: app.new_id(),
        name: input.name,
        stages: input.stages.into_iter().map(stage).collect(),
        version: 1,
    };
    let pipeline = pipelines::create(app.store(), draft, app.now()).await?;
    Ok(Created::new(
        "pipelines",
        pipeline.id.0,
        Pipeline::from(pipeline).into(),
    ))
}
