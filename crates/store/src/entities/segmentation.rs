//! Table `segmentations`.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "segmentations")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) method: String,
    pub(crate) k: i64,
    pub(crate) as_of: i64,
    pub(crate) created_at: i64,
    pub(crate) n_customers: i64,
    pub(crate) silhouette: Option<f64>,
    pub(crate) stability_ari: Option<f64>,
    pub(crate) status: String,
    pub(crate) model_id: Option<Uuid>,
    pub(crate) snapshot: Option<String>,
    pub(crate) baseline: Option<String>,
    pub(crate) axes: String,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
