//! Table `match_acceptance_jobs`.

use sea_orm::entity::prelude::*;

/// One row: a job that accepts pairs, with who asked for it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "match_acceptance_jobs")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) min_probability: f64,
    pub(crate) created_at: i64,
    pub(crate) user_id: Uuid,
    /// The key by which it was asked for.
    pub(crate) key_id: Option<Uuid>,
    /// The latest job that takes it back.
    pub(crate) undo_id: Option<Uuid>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
