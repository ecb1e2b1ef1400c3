//! Table `import_creations`.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_creations")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) batch_no: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) object: String,
    pub(crate) keys: Vec<u8>,
    pub(crate) stamp: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
