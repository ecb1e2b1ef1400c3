//! Models: the registry, with versions, stages, and the trail of their changes.

mod create_rollback;
mod create_transition;
mod list;
mod model;
mod reason;
mod show;
mod show_version;
mod version;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use model::ModelSummary;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_models))
        .routes(routes!(show::show_model))
        .routes(routes!(show_version::show_model_version))
        .routes(routes!(create_transition::create_model_transition))
        .routes(routes!(create_rollback::create_model_rollback))
}
