//! A product as the API shows it.

use rapport_store::reports::{Buyer, MonthlySales};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::wire::{Money, Reference, Time};

/// Something that is sold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Product {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Stock-keeping unit.
    pub(crate) sku: String,
    /// Name.
    pub(crate) name: String,
    /// Category, where the source tells one.
    pub(crate) category: Option<String>,
    /// Latest price of one unit.
    pub(crate) price: Option<Money>,
    /// Units sold, returns subtracted.
    pub(crate) units_sold: f64,
    /// Revenue, returns subtracted; none where no price tells the currency.
    pub(crate) revenue: Option<Money>,
    /// When the record was made.
    pub(crate) created_at: Time,
}

/// A page of products.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductList {
    /// The products.
    pub(crate) products: Vec<Product>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

/// A product with its sales by month and its best buyers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductDetail {
    #[serde(flatten)]
    pub(crate) product: Product,
    /// Sales by month, oldest first.
    pub(crate) monthly: Vec<ProductMonth>,
    /// Who bought most, ten at most.
    pub(crate) buyers: Vec<ProductBuyer>,
}

/// A product's sales in one month.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductMonth {
    /// The month, as `2011-01`.
    pub(crate) month: String,
    /// Units, returns subtracted.
    pub(crate) units: f64,
    /// Revenue in minor units, returns subtracted.
    pub(crate) amount_minor: i64,
}

/// A buyer of a product.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductBuyer {
    /// Who.
    pub(crate) contact: Reference,
    /// How many units.
    pub(crate) units: f64,
}

impl From<rapport_domain::Product> for Product {
    fn from(product: rapport_domain::Product) -> Self {
        let currency = product.price.map(|price| price.currency);
        Self {
            id: product.id.0,
            sku: product.sku,
            name: product.name,
            category: product.category,
            price: product.price.map(Money::from),
            units_sold: product.units_sold,
            revenue: currency.map(|currency| Money::new(product.revenue_minor, currency)),
            created_at: Time(product.created_at),
        }
    }
}

impl From<MonthlySales> for ProductMonth {
    fn from(sales: MonthlySales) -> Self {
        Self {
            month: sales.month.to_string(),
            units: sales.units,
            amount_minor: sales.amount.amount_minor,
        }
    }
}

impl From<Buyer> for ProductBuyer {
    fn from(buyer: Buyer) -> Self {
        Self {
            contact: buyer.contact.into(),
            units: buyer.units,
        }
    }
}
