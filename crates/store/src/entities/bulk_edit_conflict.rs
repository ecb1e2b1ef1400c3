//! Table `bulk_edit_conflicts`.

use sea_orm::entity::prelude::*;

/// One row: what an undo left.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_edit_conflicts")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) seq: i64,
    pub(crate) bulk_edit_id: Uuid,
    pub(crate) record_id: Uuid,
    pub(crate) name: String,
    pub(crate) reason: String,
    pub(crate) field: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) found: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
