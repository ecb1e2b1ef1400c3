//! Table `contacts`.

use rapport_domain::{Address, Contact, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec, search};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "contacts")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) name_key: String,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) company_id: Option<Uuid>,
    pub(crate) owner_id: Option<Uuid>,
    pub(crate) street: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) tags: String,
    pub(crate) language: Option<String>,
    pub(crate) custom: String,
    pub(crate) n_orders: i64,
    pub(crate) total_spent_minor: i64,
    pub(crate) currency: Option<String>,
    pub(crate) first_order_at: Option<i64>,
    pub(crate) last_order_at: Option<i64>,
    pub(crate) last_activity_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) version: i64,
    pub(crate) search_text: String,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Columns that follow from other records and that no edit of a contact may change.
pub(crate) const DERIVED: &[&str] = &[
    "n_orders",
    "total_spent_minor",
    "currency",
    "first_order_at",
    "last_order_at",
    "last_activity_at",
];

impl TryFrom<Model> for Contact {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            first_name: row.first_name,
            last_name: row.last_name,
            email: codec::parse_option("contacts.email", row.email.as_deref())?,
            phone: codec::parse_option("contacts.phone", row.phone.as_deref())?,
            title: row.title,
            company_id: row.company_id.map(Into::into),
            owner_id: row.owner_id.map(Into::into),
            address: Address {
                street: row.street,
                city: row.city,
                region: row.region,
                postal_code: row.postal_code,
                country: row.country,
            },
            tags: codec::from_json("contacts.tags", &row.tags)?,
            language: row.language,
            custom: codec::from_json("contacts.custom", &row.custom)?,
            n_orders: row.n_orders,
            total_spent_minor: row.total_spent_minor,
            currency: codec::parse_option("contacts.currency", row.currency.as_deref())?,
            first_order_at: codec::instant(row.first_order_at),
            last_order_at: codec::instant(row.last_order_at),
            last_activity_at: codec::instant(row.last_activity_at),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            version: row.version,
        })
    }
}

impl Model {
    /// The row of a contact that is found by its own fields and by these further words.
    pub(crate) fn with_words(contact: Contact, words: &[&str]) -> Self {
        Self {
            id: contact.id.into(),
            name_key: codec::name_key(&contact.name),
            search_text: search::contact_text(&contact, words),
            name: contact.name,
            first_name: contact.first_name,
            last_name: contact.last_name,
            email: contact.email.map(|email| email.to_string()),
            phone: contact.phone.map(|phone| phone.to_string()),
            title: contact.title,
            company_id: contact.company_id.map(Into::into),
            owner_id: contact.owner_id.map(Into::into),
            street: contact.address.street,
            city: contact.address.city,
            region: contact.address.region,
            postal_code: contact.address.postal_code,
            country: contact.address.country,
            tags: codec::to_json(&contact.tags),
            language: contact.language,
            custom: codec::to_json(&contact.custom),
            n_orders: contact.n_orders,
            total_spent_minor: contact.total_spent_minor,
            currency: contact.currency.map(|currency| currency.to_string()),
            first_order_at: codec::micros(contact.first_order_at),
            last_order_at: codec::micros(contact.last_order_at),
            last_activity_at: codec::micros(contact.last_activity_at),
            created_at: contact.created_at.as_micros(),
            updated_at: contact.updated_at.as_micros(),
            version: contact.version,
        }
    }
}
