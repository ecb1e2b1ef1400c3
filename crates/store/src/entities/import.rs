//! Table `imports`.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) source_id: Uuid,
    pub(crate) file_name: String,
    pub(crate) bytes: i64,
    pub(crate) status: String,
    pub(crate) entity: Option<String>,
    pub(crate) format: String,
    pub(crate) mapping: String,
    pub(crate) preview: String,
    pub(crate) columns: String,
    pub(crate) counts: String,
    pub(crate) rows_done: i64,
    pub(crate) rows_total: Option<i64>,
    pub(crate) bytes_done: i64,
    pub(crate) job_id: Option<Uuid>,
    pub(crate) created_by: Option<Uuid>,
    pub(crate) created_at: i64,
    pub(crate) started_at: Option<i64>,
    pub(crate) finished_at: Option<i64>,
    pub(crate) error: Option<String>,
    pub(crate) batches_done: i64,
    pub(crate) rows_unjournaled: i64,
    pub(crate) undo_job_id: Option<Uuid>,
    pub(crate) dry_run_job_id: Option<Uuid>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
