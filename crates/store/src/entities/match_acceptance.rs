//! Table `match_acceptances`.

use sea_orm::entity::prelude::*;

/// One row: a pair that a job accepts, with what became of it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "match_acceptances")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) job_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) position: i64,
    pub(crate) pair_id: Uuid,
    pub(crate) low_id: Uuid,
    pub(crate) high_id: Uuid,
    pub(crate) probability: f64,
    pub(crate) model_version: String,
    pub(crate) outcome: String,
    pub(crate) operation: Option<i64>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    /// What was compared of the two when the pair was found; none where it was erased.
    pub(crate) low_print: Option<i64>,
    pub(crate) high_print: Option<i64>,
    /// Why its merge was not taken back.
    pub(crate) undo_code: Option<String>,
    pub(crate) undo_message: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
