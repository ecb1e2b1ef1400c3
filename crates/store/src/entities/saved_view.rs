//! Table `saved_views`.

use rapport_domain::{SavedView, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_views")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) list: String,
    pub(crate) name: String,
    pub(crate) query: String,
    pub(crate) owner_id: Uuid,
    pub(crate) is_shared: bool,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) version: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for SavedView {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            list: codec::member("saved_views.list", &row.list)?,
            name: row.name,
            query: row.query,
            owner_id: row.owner_id.into(),
            is_shared: row.is_shared,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            version: row.version,
        })
    }
}

impl From<SavedView> for Model {
    fn from(view: SavedView) -> Self {
        Self {
            id: view.id.into(),
            list: codec::name_of(&view.list),
            name: view.name,
            query: view.query,
            owner_id: view.owner_id.into(),
            is_shared: view.is_shared,
            created_at: view.created_at.as_micros(),
            updated_at: view.updated_at.as_micros(),
            version: view.version,
        }
    }
}
