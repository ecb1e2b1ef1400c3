//! Table `stages`.

use rapport_domain::{PipelineId, Stage};
use sea_orm::entity::prelude::*;

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stages")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) pipeline_id: Uuid,
    pub(crate) position: i32,
    pub(crate) name: String,
    pub(crate) outcome: String,
    pub(crate) probability: f64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The row of a stage at its position in its pipeline.
    pub(crate) fn of(stage: &Stage, pipeline: PipelineId, position: i32) -> Self {
        Self {
            id: stage.id.into(),
            pipeline_id: pipeline.into(),
            position,
            name: stage.name.clone(),
            outcome: codec::name_of(&stage.outcome),
            probability: stage.probability,
        }
    }
}

impl TryFrom<Model> for Stage {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            outcome: codec::member("stages.outcome", &row.outcome)?,
            probability: row.probability,
        })
    }
}
