//! Table `match_runs`.

use sea_orm::entity::prelude::*;

/// One row: what a run of the matcher did. It bears the identifier of its job.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "match_runs")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) started_at: i64,
    pub(crate) finished_at: Option<i64>,
    pub(crate) n_records: i64,
    pub(crate) n_candidates: i64,
    pub(crate) n_pairs: i64,
    pub(crate) n_certain: i64,
    pub(crate) n_merged: i64,
    pub(crate) threshold: f64,
    pub(crate) model_version: String,
    pub(crate) is_automatic: bool,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
