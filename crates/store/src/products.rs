//! Products: what is sold.

use std::collections::HashMap;

use rapport_domain::{Product, ProductId};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult as _, QueryFilter as _, QueryResult,
};

use crate::entities::product;
use crate::lists::{Field, Kind, Listing, page};
use crate::record;
use crate::search::SearchObject;
use crate::sql;
use crate::{ListQuery, Page, Store, StoreError};

const FIELDS: &[Field] = &[
    Field::required("sku", "p.sku", Kind::Text),
    Field::required("name", "p.name_key", Kind::Folded).indexed(),
    Field::optional("category", "p.category", Kind::Text),
    Field::optional("price", "p.price_minor", Kind::Integer),
    Field::required("units_sold", "p.units_sold", Kind::Number),
    Field::required("revenue", "p.revenue_minor", Kind::Integer).indexed(),
    Field::required("created_at", "p.created_at", Kind::Timestamp),
    Field::required("updated_at", "p.updated_at", Kind::Timestamp),
];

pub(crate) fn listing() -> Listing {
    let columns = record::columns::<product::Entity>("p", "p_");
    Listing {
        object: "products",
        table: "products",
        alias: "p",
        columns,
        joins: "",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "p.id", Kind::Id).indexed(),
        default_sort: "-revenue",
        search: Some(SearchObject::Product),
    }
}

fn read(row: &QueryResult) -> Result<Product, StoreError> {
    product::Model::from_query_result(row, "p_")?.try_into()
}

/// Lists products.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<Product>, StoreError> {
    page(store, &listing(), query, read).await
}

/// Finds a product.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: ProductId) -> Result<Option<Product>, StoreError> {
    record::find_seen::<product::Entity, _>(store, id).await
}

/// Finds products, in no order; those that are not there are left out.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_many(store: &Store, ids: &[ProductId]) -> Result<Vec<Product>, StoreError> {
    record::find_many_seen::<product::Entity, _>(store, ids).await
}

/// Finds products by stock-keeping unit.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_by_skus(
    store: &Store,
    skus: &[String],
) -> Result<HashMap<String, Product>, StoreError> {
    let mut found = HashMap::new();
    for chunk in skus.chunks(sql::N_KEYS_MAX) {
        let rows = product::Entity::find()
            .filter(product::Column::Sku.is_in(sql::padded(chunk.iter().map(String::as_str))))
            .all(store.reader())
            .await?;
        for row in rows {
            found.insert(row.sku.clone(), row.try_into()?);
        }
    }
    Ok(found)
}
