//! Table `bulk_edit_changes`.

use sea_orm::entity::prelude::*;

/// One row: what one record held before and after.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_edit_changes")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) bulk_edit_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) batch_no: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) record_id: Uuid,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) is_restored: bool,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
