//! Table `bulk_edits`.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_edits")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) object: String,
    pub(crate) action: String,
    pub(crate) asked: String,
    pub(crate) status: String,
    pub(crate) n_rows: i64,
    pub(crate) counts: String,
    pub(crate) n_batches: i64,
    pub(crate) batches_done: i64,
    pub(crate) job_id: Option<Uuid>,
    pub(crate) undo_job_id: Option<Uuid>,
    pub(crate) created_by: Option<Uuid>,
    pub(crate) created_at: i64,
    pub(crate) started_at: Option<i64>,
    pub(crate) finished_at: Option<i64>,
    pub(crate) error: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
