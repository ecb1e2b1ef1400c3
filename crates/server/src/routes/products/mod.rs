//! Products: what is sold.

mod list;
mod product;
mod show;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use product::Product;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_products))
        .routes(routes!(show::show_product))
}
