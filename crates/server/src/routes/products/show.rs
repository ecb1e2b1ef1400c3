//! `GET /products/{id}`

use axum::Json;
use rapport_domain::ProductId;
use rapport_store::{products, reports};

use super::product::{ProductBuyer, ProductDetail, ProductMonth};
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Buyers that are shown.
const N_BUYERS: u64 = 10;

/// Shows a product with its sales by month, in the currency of its price, and its best buyers.
#[utoipa::path(
    get, path = "/products/{id}", tag = "products", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ProductDetail)),
)]
pub(super) async fn show_product(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<ProductId>,
) -> ApiResult<Json<ProductDetail>> {
    let product = products::find(app.store(), id).await?;
    let product = product.ok_or_else(|| ApiError::not_found("product"))?;
    let currency = product.price.map(|price| price.currency);
    let sales = reports::product_sales_by_month(app.store(), id).await?;
    let sales = sales
        .into_iter()
        .filter(|s| currency.is_none_or(|c| c == s.amount.currency));
    let buyers = reports::top_buyers(app.store(), id, N_BUYERS).await?;
    Ok(Json(ProductDetail {
        product: product.into(),
        monthly: sales.map(ProductMonth::from).collect(),
        buyers: buyers.into_iter().map(ProductBuyer::from).collect(),
    }))
}
