//! `GET /products`

use rapport_store::products;

use super::product::{Product, ProductList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists products.
#[utoipa::path(
    get, path = "/products", tag = "products", params(ListParams),
    responses((status = 200, body = ProductList)),
)]
pub(super) async fn list_products(
    Allowed { app, .. }: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<ProductList>> {
    let page = products::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| ProductList {
        products: rows.into_iter().map(Product::from).collect(),
        meta,
    }))
}
