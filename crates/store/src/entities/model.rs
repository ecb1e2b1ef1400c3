//! Table `models`.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "models")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) version: i64,
    pub(crate) status: String,
    pub(crate) folder: String,
    pub(crate) metrics: String,
    pub(crate) created_at: i64,
    pub(crate) run_id: Option<Uuid>,
    pub(crate) evidence: Option<String>,
    pub(crate) files_dropped_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
