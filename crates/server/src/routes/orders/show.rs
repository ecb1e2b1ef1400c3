//! `GET /orders/{id}`

use axum::Json;
use rapport_domain::OrderId;
use rapport_store::orders;

use super::order::{Order, OrderDetail, OrderLine};
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows an order with its lines.
#[utoipa::path(
    get, path = "/orders/{id}", tag = "orders", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = OrderDetail)),
)]
pub(super) async fn show_order(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<OrderId>,
) -> ApiResult<Json<OrderDetail>> {
    let row = orders::find_row(app.store(), id).await?;
    let order = Order::from(row.ok_or_else(|| ApiError::not_found("order"))?);
    let lines = orders::list_lines(app.store(), id).await?;
    let currency = order.amount.currency;
    let lines = lines
        .into_iter()
        .map(|line| OrderLine::of(line, currency))
        .collect();
    Ok(Json(OrderDetail { order, lines }))
}
