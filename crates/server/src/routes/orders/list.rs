//! `GET /orders`

use rapport_store::orders;

use super::order::{Order, OrderList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists orders.
#[utoipa::path(
    get, path = "/orders", tag = "orders", params(ListParams),
    responses((status = 200, body = OrderList)),
)]
pub(super) async fn list_orders(
    Allowed { app, .. }: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<OrderList>> {
    let page = orders::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| OrderList {
        orders: rows.into_iter().map(Order::from).collect(),
        meta,
    }))
}
