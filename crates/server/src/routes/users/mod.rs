//! Users: who signs in. Managed by administrators; everybody sees the names.

mod create;
mod delete_sessions;
mod list;
mod list_sessions;
mod show;
mod update;
mod user;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_users, create::create_user))
        .routes(routes!(show::show_user, update::update_user))
        .routes(routes!(
            list_sessions::list_sessions,
            delete_sessions::delete_sessions
        ))
}
