//! Roles: what their holders see, change and do.

mod create;
mod delete;
mod fields;
mod list;
mod role;
mod show;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use role::RolePolicy;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_roles, create::create_role))
        .routes(routes!(
            show::show_role,
            update::update_role,
            delete::delete_role
        ))
}
