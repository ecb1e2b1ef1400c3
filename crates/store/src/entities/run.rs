//! Table `runs`.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "runs")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) name_key: String,
    pub(crate) task: String,
    pub(crate) model: String,
    pub(crate) status: String,
    pub(crate) tags: String,
    pub(crate) seed: i64,
    pub(crate) params: String,
    pub(crate) data: Option<String>,
    pub(crate) code_version: String,
    pub(crate) started_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) finished_at: Option<i64>,
    pub(crate) seconds: Option<f64>,
    pub(crate) error: Option<String>,
    pub(crate) headline_metric: Option<String>,
    pub(crate) headline_value: Option<f64>,
    pub(crate) headline_baseline: Option<f64>,
    pub(crate) is_higher_better: Option<bool>,
    pub(crate) n_trials: i64,
    pub(crate) has_evaluation: bool,
    pub(crate) parent_id: Option<Uuid>,
    pub(crate) job_id: Option<Uuid>,
    pub(crate) search_text: String,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
