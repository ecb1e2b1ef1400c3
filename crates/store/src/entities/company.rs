//! Table `companies`.

use rapport_domain::{Address, Company, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec, search};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "companies")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) name_key: String,
    pub(crate) domain: Option<String>,
    pub(crate) industry: Option<String>,
    pub(crate) n_employees: Option<i64>,
    pub(crate) owner_id: Option<Uuid>,
    pub(crate) street: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) tags: String,
    pub(crate) custom: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) version: i64,
    pub(crate) search_text: String,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Company {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            domain: row.domain,
            industry: row.industry,
            n_employees: row.n_employees,
            owner_id: row.owner_id.map(Into::into),
            address: Address {
                street: row.street,
                city: row.city,
                region: row.region,
                postal_code: row.postal_code,
                country: row.country,
            },
            tags: codec::from_json("companies.tags", &row.tags)?,
            custom: codec::from_json("companies.custom", &row.custom)?,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            version: row.version,
        })
    }
}

impl Model {
    /// The row of a company that is found by its own fields and by these further words.
    pub(crate) fn with_words(company: Company, words: &[&str]) -> Self {
        Self {
            id: company.id.into(),
            name_key: codec::name_key(&company.name),
            search_text: search::company_text(&company, words),
            name: company.name,
            domain: company.domain,
            industry: company.industry,
            n_employees: company.n_employees,
            owner_id: company.owner_id.map(Into::into),
            street: company.address.street,
            city: company.address.city,
            region: company.address.region,
            postal_code: company.address.postal_code,
            country: company.address.country,
            tags: codec::to_json(&company.tags),
            custom: codec::to_json(&company.custom),
            created_at: company.created_at.as_micros(),
            updated_at: company.updated_at.as_micros(),
            version: company.version,
        }
    }
}
