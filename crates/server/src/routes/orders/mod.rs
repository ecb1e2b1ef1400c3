//! Orders: purchases and their cancellations.

mod list;
mod order;
mod show;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use order::Order;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_orders))
        .routes(routes!(show::show_order))
}
