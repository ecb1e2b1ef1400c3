//! Pipelines: the stages that deals move through.

mod board;
mod create;
mod list;
mod pipeline;
mod show;
mod show_board;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_pipelines, create::create_pipeline))
        .routes(routes!(show::show_pipeline, update::update_pipeline))
        .routes(routes!(show_board::show_deal_board))
}
