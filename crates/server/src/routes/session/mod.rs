//! Signing in and out.

mod create;
mod delete;
mod show;
mod user;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use user::{SessionUser, Theme};

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(
        create::create_session,
        show::show_session,
        delete::delete_session
    ))
}
