//! What holds for the whole workspace.

mod show;
mod update;
mod workspace;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show::show_settings, update::update_settings))
}
