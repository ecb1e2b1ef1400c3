//! Table `webhooks`.

use rapport_domain::{Timestamp, Webhook};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{StoreError, codec};

/// Columns that the audit does not tell: secrets, and how sending goes.
pub(crate) const UNTOLD: &[&str] = &["secret", "old_secret", "old_secret_until", "failing_since"];

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "webhooks")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) url: String,
    pub(crate) description: String,
    pub(crate) types: String,
    pub(crate) with_imports: bool,
    pub(crate) is_enabled: bool,
    pub(crate) owner_id: Uuid,
    pub(crate) secret: Vec<u8>,
    pub(crate) old_secret: Option<Vec<u8>>,
    pub(crate) old_secret_until: Option<i64>,
    pub(crate) failing_since: Option<i64>,
    pub(crate) stop: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) version: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A new row with the secret that its deliveries are signed with.
    pub(crate) fn with_secret(webhook: Webhook, secret: Vec<u8>) -> Self {
        Self {
            id: webhook.id.into(),
            url: webhook.url,
            description: webhook.description,
            types: codec::to_json(&webhook.types),
            with_imports: webhook.with_imports,
            is_enabled: webhook.is_enabled,
            owner_id: webhook.owner_id.into(),
            secret,
            old_secret: None,
            old_secret_until: None,
            failing_since: codec::micros(webhook.failing_since),
            stop: webhook.stop.as_ref().map(codec::name_of),
            created_at: webhook.created_at.as_micros(),
            updated_at: webhook.updated_at.as_micros(),
            version: webhook.version,
        }
    }
}

impl TryFrom<Model> for Webhook {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let stop = row.stop.as_deref();
        Ok(Self {
            id: row.id.into(),
            url: row.url,
            description: row.description,
            types: codec::from_json("webhooks.types", &row.types)?,
            with_imports: row.with_imports,
            is_enabled: row.is_enabled,
            owner_id: row.owner_id.into(),
            failing_since: codec::instant(row.failing_since),
            stop: stop
                .map(|name| codec::member("webhooks.stop", name))
                .transpose()?,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            version: row.version,
        })
    }
}
