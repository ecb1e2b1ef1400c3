//! Table `event_segments`.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_segments")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) path: String,
    pub(crate) n_rows: i64,
    pub(crate) n_bytes: i64,
    pub(crate) bucket: Option<i64>,
    pub(crate) n_buckets: Option<i64>,
    pub(crate) min_at: i64,
    pub(crate) max_at: i64,
    pub(crate) import_id: Option<Uuid>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
