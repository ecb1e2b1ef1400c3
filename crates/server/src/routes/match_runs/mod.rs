//! Runs of the matcher, which finds contacts of one person.

mod create;
mod list;
mod match_run;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list::list_match_runs, create::create_match_run))
}
