//! Table `consents`.

use rapport_domain::{Consent, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "consents")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) contact_id: Uuid,
    pub(crate) purpose: String,
    pub(crate) channel: Option<String>,
    pub(crate) status: String,
    pub(crate) source: String,
    pub(crate) stated_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Consent {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let channel = row.channel.as_deref();
        Ok(Self {
            id: row.id.into(),
            contact_id: row.contact_id.into(),
            purpose: codec::member("consents.purpose", &row.purpose)?,
            channel: channel
                .map(|name| codec::member("consents.channel", name))
                .transpose()?,
            status: codec::member("consents.status", &row.status)?,
            source: row.source,
            stated_at: Timestamp::from_micros(row.stated_at),
        })
    }
}

impl From<Consent> for Model {
    fn from(consent: Consent) -> Self {
        Self {
            id: consent.id.into(),
            contact_id: consent.contact_id.into(),
            purpose: codec::name_of(&consent.purpose),
            channel: consent.channel.as_ref().map(codec::name_of),
            status: codec::name_of(&consent.status),
            source: consent.source,
            stated_at: consent.stated_at.as_micros(),
        }
    }
}
