//! `GET /orders`

use axum::extract::State;
use rapport_store::orders;

use super::order::{Order, OrderList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;
use crate::state::AppState;

/// Lists orders.
#[utoipa::path(
    get, path = "/orders", tag = "orders", params(ListParams),
    responses((status = 200, body = OrderList)),
)]
pub(super) async fn list_orders(
    State(app): State<AppState>,
    _: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<OrderList>> {
    let page = orders::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| OrderList {
        orders: rows.into_iter().map(Order::from).collect(),
        meta,
    }))
}
