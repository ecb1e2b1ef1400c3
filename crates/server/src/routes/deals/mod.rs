//! Deals: possible sales.

mod bulk;
mod create;
mod deal;
mod delete;
mod list;
mod show;
mod stage;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use deal::Deal;
pub(crate) use show::find;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_deals, create::create_deal))
        .routes(routes!(bulk::create_deal_bulk_edit))
        .routes(routes!(
            show::show_deal,
            update::update_deal,
            delete::delete_deal
        ))
}
