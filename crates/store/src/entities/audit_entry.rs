//! Table `audit_entries`.

use sea_orm::entity::prelude::*;

/// One row. `seq`, `hash` are there once the entry is in the chain; `changes` and `salt` until what they
/// tell is erased.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) seq: Option<i64>,
    pub(crate) at: i64,
    pub(crate) actor: String,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) key_id: Option<Uuid>,
    pub(crate) system_actor: Option<String>,
    pub(crate) action: String,
    pub(crate) object: String,
    pub(crate) object_id: Option<Uuid>,
    pub(crate) about_id: Option<Uuid>,
    pub(crate) restores: Option<i64>,
    pub(crate) changes: Option<String>,
    pub(crate) salt: Option<Vec<u8>>,
    pub(crate) digest: Vec<u8>,
    pub(crate) hash: Option<Vec<u8>>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
