//! Campaigns: outreach to many.

mod campaign;
mod list;
mod show;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use campaign::Campaign;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_campaigns))
        .routes(routes!(show::show_campaign))
}
