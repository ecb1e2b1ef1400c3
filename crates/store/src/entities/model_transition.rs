//! Table `model_transitions`.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "model_transitions")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) number: i64,
    pub(crate) kind: String,
    pub(crate) model_id: Uuid,
    pub(crate) from_stage: Option<String>,
    pub(crate) to_stage: String,
    pub(crate) reason: String,
    pub(crate) actor_id: Option<Uuid>,
    pub(crate) at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
