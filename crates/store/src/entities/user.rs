//! Table `users`.

use rapport_domain::{Timestamp, User};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "users")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) language: String,
    pub(crate) theme: Option<String>,
    pub(crate) password_hash: String,
    pub(crate) created_at: i64,
    pub(crate) disabled_at: Option<i64>,
    pub(crate) role_id: Option<Uuid>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for User {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            email: codec::parse("users.email", &row.email)?,
            name: row.name,
            role: codec::member("users.role", &row.role)?,
            role_id: row.role_id.map(Into::into),
            language: codec::member("users.language", &row.language)?,
            created_at: Timestamp::from_micros(row.created_at),
            disabled_at: codec::instant(row.disabled_at),
        })
    }
}
