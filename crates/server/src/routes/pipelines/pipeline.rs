//! A pipeline as the API shows and takes it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Record;
use crate::wire::{Patch, StageOutcome};

/// An ordered set of stages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pipeline {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Name.
    pub(crate) name: String,
    /// Stages in order.
    pub(crate) stages: Vec<Stage>,
    /// Version for `If-Match`.
    pub(crate) version: i64,
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

/// Fields to set: a merge patch on a pipeline.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PipelinePatch {
    /// Name; never empty.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    pub(super) name: Patch<String>,
    /// All stages in their new order: those with an id stay, those without are added, those that
    /// are missing are removed.
    #[serde(default)]
    #[schema(value_type = Vec<StageChangeInput>, required = false)]
    pub(super) stages: Patch<Vec<StageChangeInput>>,
    /// Where the deals of removed stages go.
    #[serde(default)]
    pub(super) moves: Vec<StageMoveInput>,
}

/// A stage of a pipeline that is changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StageChangeInput {
    /// The stage as it is now; none for a new one.
    #[serde(default)]
    pub(super) id: Option<Uuid>,
    /// Name.
    pub(super) name: String,
    /// What being here means.
    pub(super) outcome: StageOutcome,
    /// Chance of a sale from here, in `[0, 1]`.
    pub(super) probability: f64,
}

/// Where the deals of a removed stage go.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StageMoveInput {
    /// The stage that is removed.
    pub(super) from: Uuid,
    /// The stage of the pipeline that takes its deals.
    pub(super) to: Uuid,
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
            version: pipeline.version,
        }
    }
}

impl From<Pipeline> for Record<Pipeline> {
    fn from(pipeline: Pipeline) -> Self {
        Self {
            version: pipeline.version,
            body: pipeline,
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
