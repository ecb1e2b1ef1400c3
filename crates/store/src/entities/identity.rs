//! Table `identities`.

use rapport_domain::{SourceIdentity, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "identities")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) source_id: Uuid,
    pub(crate) profile_key: String,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) contact_id: Uuid,
    pub(crate) rule: String,
    pub(crate) linked_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for SourceIdentity {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            source_id: row.source_id.into(),
            profile_key: row.profile_key,
            email: codec::parse_option("identities.email", row.email.as_deref())?,
            phone: codec::parse_option("identities.phone", row.phone.as_deref())?,
            contact_id: row.contact_id.into(),
            rule: codec::member("identities.rule", &row.rule)?,
            linked_at: Timestamp::from_micros(row.linked_at),
        })
    }
}

impl From<SourceIdentity> for Model {
    fn from(identity: SourceIdentity) -> Self {
        Self {
            id: identity.id.into(),
            source_id: identity.source_id.into(),
            profile_key: identity.profile_key,
            email: identity.email.map(|email| email.to_string()),
            phone: identity.phone.map(|phone| phone.to_string()),
            contact_id: identity.contact_id.into(),
            rule: codec::name_of(&identity.rule),
            linked_at: identity.linked_at.as_micros(),
        }
    }
}
