//! Exports: whole lists as files, read page by page while they are sent.

mod columns;
mod rows;
mod show;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show::show_export))
}
