//! Table `segments`.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "segments")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) segmentation_id: Uuid,
    pub(crate) idx: i64,
    pub(crate) name_en: String,
    pub(crate) name_zh: String,
    pub(crate) description_en: String,
    pub(crate) description_zh: String,
    pub(crate) color: String,
    pub(crate) size: i64,
    pub(crate) share: f64,
    pub(crate) value_minor: i64,
    pub(crate) currency: Option<String>,
    pub(crate) value_share: f64,
    pub(crate) traits: String,
    pub(crate) typical: String,
    pub(crate) rfm: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
