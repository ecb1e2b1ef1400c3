//! Table `bulk_edit_batches`.

use sea_orm::entity::prelude::*;

/// One row: the records of one batch.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_edit_batches")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) bulk_edit_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) batch_no: i64,
    pub(crate) keys: Vec<u8>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
