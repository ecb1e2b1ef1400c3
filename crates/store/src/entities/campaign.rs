//! Table `campaigns`.

use rapport_domain::{Campaign, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "campaigns")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) name_key: String,
    pub(crate) channel: String,
    pub(crate) status: String,
    pub(crate) starts_at: Option<i64>,
    pub(crate) ends_at: Option<i64>,
    pub(crate) budget_minor: Option<i64>,
    pub(crate) currency: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Campaign {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let currency = row.currency.as_deref();
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            channel: codec::member("campaigns.channel", &row.channel)?,
            status: codec::member("campaigns.status", &row.status)?,
            starts_at: codec::instant(row.starts_at),
            ends_at: codec::instant(row.ends_at),
            budget: codec::money("campaigns.currency", row.budget_minor, currency)?,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<Campaign> for Model {
    fn from(campaign: Campaign) -> Self {
        Self {
            id: campaign.id.into(),
            name_key: codec::name_key(&campaign.name),
            name: campaign.name,
            channel: codec::name_of(&campaign.channel),
            status: codec::name_of(&campaign.status),
            starts_at: codec::micros(campaign.starts_at),
            ends_at: codec::micros(campaign.ends_at),
            budget_minor: campaign.budget.map(|budget| budget.amount_minor),
            currency: campaign.budget.map(|budget| budget.currency.to_string()),
            created_at: campaign.created_at.as_micros(),
            updated_at: campaign.updated_at.as_micros(),
        }
    }
}
