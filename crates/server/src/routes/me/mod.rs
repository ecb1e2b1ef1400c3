//! One's own account.

mod change_password;
mod delete_other_sessions;
mod delete_session;
mod list_sessions;
mod show_access;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use update::check_name;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(update::update_me))
        .routes(routes!(change_password::change_password))
        .routes(routes!(
            list_sessions::list_sessions,
            delete_other_sessions::delete_other_sessions
        ))
        .routes(routes!(delete_session::delete_session))
        .routes(routes!(show_access::show_own_access))
}
