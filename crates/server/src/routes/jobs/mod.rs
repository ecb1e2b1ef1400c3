//! Jobs: durable work and how far it is.

mod cancel;
mod job;
mod list;
mod show;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use job::{Job, JobAccepted};

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_jobs))
        .routes(routes!(show::show_job))
        .routes(routes!(cancel::cancel_job))
}
