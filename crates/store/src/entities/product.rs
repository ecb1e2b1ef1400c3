//! Table `products`.

use rapport_domain::{Product, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec, search};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "products")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) name_key: String,
    pub(crate) category: Option<String>,
    pub(crate) price_minor: Option<i64>,
    pub(crate) currency: Option<String>,
    pub(crate) custom: String,
    pub(crate) units_sold: f64,
    pub(crate) revenue_minor: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) search_text: String,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Columns that follow from the orders and that no edit of a product may change.
pub(crate) const DERIVED: &[&str] = &["units_sold", "revenue_minor"];

impl TryFrom<Model> for Product {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            sku: row.sku,
            name: row.name,
            category: row.category,
            price: codec::money(
                "products.currency",
                row.price_minor,
                row.currency.as_deref(),
            )?,
            custom: codec::from_json("products.custom", &row.custom)?,
            units_sold: row.units_sold,
            revenue_minor: row.revenue_minor,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<Product> for Model {
    fn from(product: Product) -> Self {
        Self {
            id: product.id.into(),
            name_key: codec::name_key(&product.name),
            search_text: search::product_text(&product),
            sku: product.sku,
            name: product.name,
            category: product.category,
            price_minor: product.price.map(|price| price.amount_minor),
            currency: product.price.map(|price| price.currency.to_string()),
            custom: codec::to_json(&product.custom),
            units_sold: product.units_sold,
            revenue_minor: product.revenue_minor,
            created_at: product.created_at.as_micros(),
            updated_at: product.updated_at.as_micros(),
        }
    }
}
