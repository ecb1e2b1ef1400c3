//! Table `deals`.

use rapport_domain::{Deal, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "deals")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) name_key: String,
    pub(crate) pipeline_id: Uuid,
    pub(crate) stage_id: Uuid,
    pub(crate) amount_minor: Option<i64>,
    pub(crate) currency: Option<String>,
    pub(crate) expected_close_on: Option<i32>,
    pub(crate) contact_id: Option<Uuid>,
    pub(crate) company_id: Option<Uuid>,
    pub(crate) owner_id: Option<Uuid>,
    pub(crate) custom: String,
    pub(crate) stage_entered_at: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) version: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Deal {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            pipeline_id: row.pipeline_id.into(),
            stage_id: row.stage_id.into(),
            amount: codec::money("deals.currency", row.amount_minor, row.currency.as_deref())?,
            expected_close_on: codec::date("deals.expected_close_on", row.expected_close_on)?,
            contact_id: row.contact_id.map(Into::into),
            company_id: row.company_id.map(Into::into),
            owner_id: row.owner_id.map(Into::into),
            custom: codec::from_json("deals.custom", &row.custom)?,
            stage_entered_at: Timestamp::from_micros(row.stage_entered_at),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            version: row.version,
        })
    }
}

impl From<Deal> for Model {
    fn from(deal: Deal) -> Self {
        Self {
            id: deal.id.into(),
            name_key: codec::name_key(&deal.name),
            name: deal.name,
            pipeline_id: deal.pipeline_id.into(),
            stage_id: deal.stage_id.into(),
            amount_minor: deal.amount.map(|amount| amount.amount_minor),
            currency: deal.amount.map(|amount| amount.currency.to_string()),
            expected_close_on: deal.expected_close_on.map(|on| on.days_since_epoch()),
            contact_id: deal.contact_id.map(Into::into),
            company_id: deal.company_id.map(Into::into),
            owner_id: deal.owner_id.map(Into::into),
            custom: codec::to_json(&deal.custom),
            stage_entered_at: deal.stage_entered_at.as_micros(),
            created_at: deal.created_at.as_micros(),
            updated_at: deal.updated_at.as_micros(),
            version: deal.version,
        }
    }
}
