//! A pipeline as the API shows and takes it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::wire::StageOutcome;

/// An ordered set of stages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pipeline {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Name.
    pub(crate) name: String,
    /// Stages in order.
    pub(crate) stages: Vec<Stage>,
}

/// One stage of a pipeline.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Stage {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Name.
    pub(crate) name: String,
    /// What being here means.
    pub(crate) outcome: StageOutcome,
    /// Chance of a sale from here, in `[0, 1]`.
    pub(crate) probability: f64,
}

/// All pipelines.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PipelineList {
    /// The pipelines.
    pub(crate) pipelines: Vec<Pipeline>,
}

/// A new pipeline.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PipelineInput {
    /// Name.
    pub(super) name: String,
    /// Stages in order; one open, one won and one lost at least.
    pub(super) stages: Vec<StageInput>,
}

/// A stage of a new pipeline.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StageInput {
    /// Name.
    pub(super) name: String,
    /// What being here means.
    pub(super) outcome: StageOutcome,
    /// Chance of a sale from here, in `[0, 1]`.
    pub(super) probability: f64,
}

impl From<rapport_domain::Pipeline> for Pipeline {
    fn from(pipeline: rapport_domain::Pipeline) -> Self {
        Self {
            id: pipeline.id.0,
            name: pipeline.name,
            stages: pipeline.stages.into_iter().map(Stage::from).collect(),
        }
    }
}

impl From<rapport_domain::Stage> for Stage {
    fn from(stage: rapport_domain::Stage) -> Self {
        Self {
            id: stage.id.0,
            name: stage.name,
            outcome: stage.outcome.into(),
            probability: stage.probability,
        }
    }
}
