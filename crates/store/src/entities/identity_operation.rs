//! Table `identity_operations`.

use sea_orm::entity::prelude::*;

/// One row. `kept` is there until it is taken back or erased.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_operations")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) seq: i64,
    pub(crate) kind: String,
    pub(crate) at: i64,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) key_id: Option<Uuid>,
    pub(crate) system_actor: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) rule: Option<String>,
    pub(crate) model_version: Option<String>,
    pub(crate) score: Option<f64>,
    /// The contact that stays, that is left, or one of two.
    pub(crate) contact_id: Uuid,
    /// The contact that goes, that is new, or the other one.
    pub(crate) other_id: Uuid,
    /// What was done, as JSON.
    pub(crate) change: String,
    pub(crate) undone_by: Option<i64>,
    /// What taking it back needs, as JSON.
    pub(crate) kept: Option<String>,
    pub(crate) erased_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
